"""What is asked and told of one drawing: why that answer, how it came about, and what learning from it changes."""

from __future__ import annotations

from pydantic import BaseModel, Field

from app.web.shared.network_schemas import CostsQuestion, LayerNumbers, LearningRate, Subject


class LearningQuestion(CostsQuestion):
    learning_rate: LearningRate
    steps: int = Field(1, ge=1, le=100)


class EvidenceQuestion(Subject):
    pass


class LearningStep(BaseModel):
    cost: float
    norm: float
    outputs: list[float]


class Learning(BaseModel):
    """Steps of learning on one drawing: new = before - learning rate * gradient, for the last of them.

    `activations` (with the input), the `slopes` of the hidden neurons and `deltas` are those of the last step's
    backprop; `activation` and `cost` name what the network is made of.
    """

    steps: list[LearningStep]
    before: list[LayerNumbers]
    gradient: list[LayerNumbers]
    activations: list[list[float]]
    slopes: list[list[float]]
    deltas: list[list[float]]
    activation: str
    cost: str
    after_digit: int


class Evidence(BaseModel):
    """How much each pixel spoke for the digit: it adds up, with `bias_share`, to `score`.

    The score is the digit's `weighted_input` less the mean of all ten.
    """

    evidence: list[float]
    weighted_input: float
    score: float
    bias_share: float


class Stage(BaseModel):
    """One picture on the way from the stroke to the input, 0 = paper and 255 = ink, row by row."""

    name: str
    width: int
    height: int
    pixels: list[int]


class Preparation(BaseModel):
    """The way from a picture to the input, and the answer at its end.

    `place` maps a place on the input (0..28) to one on the sheet (0..1), as a canvas's transform(a, b, c, d, e, f).
    """

    stages: list[Stage]
    input: list[float]
    place: list[float]
    probabilities: list[float]
    digit: int
    confidence: float


class Brush(BaseModel):
    """A dab of ink or eraser, in 0..1 of the sheet, and the answer after it."""

    kind: str
    x: float
    y: float
    radius: float
    digit: int
    confidence: float


class Mind(BaseModel):
    """What would change the network's mind; no `brush` when nothing small does.

    `most_radius` is that of the largest dab that is tried, in 0..1 of the sheet.
    """

    digit: int
    brush: Brush | None
    most_radius: float


class Dream(BaseModel):
    digit: int
    pixels: list[float]
    probability: float


class Dreams(BaseModel):
    """What the network would like to see for each digit."""

    model: str
    dreams: list[Dream]


class Mistake(BaseModel):
    number: int
    label: int
    digit: int
    confidence: float
    pixels: list[int]


class Mistakes(BaseModel):
    """The test images of which the network is surest and wrong; `wrong` is how many of `images` it gets wrong."""

    model: str
    version: str
    images: int
    wrong: int
    mistakes: list[Mistake]
