"""Questions about one drawing and their answers: why that digit, how it was prepared, what learning changes."""

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
    """Steps of learning on one drawing. For the last one, new = before - learning rate * gradient.

    `activations` (with the input), the `slopes` of the hidden neurons, and `deltas` are from the last step's backprop;
    `activation` and `cost` are the names of the network's functions.
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
    """How much each pixel supports the digit. Their sum and `bias_share` add up to `score`.

    The score is the digit's `weighted_input` minus the mean of all ten.
    """

    evidence: list[float]
    weighted_input: float
    score: float
    bias_share: float


class Stage(BaseModel):
    """One step from the stroke to the input: a picture, 0 = paper and 255 = ink, row by row."""

    name: str
    width: int
    height: int
    pixels: list[int]


class Preparation(BaseModel):
    """All steps from a picture to the input, and the answer.

    `place` maps a point of the input (0..28) to the sheet (0..1), as a canvas's transform(a, b, c, d, e, f).
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
    """The smallest dab that changes the answer; `brush` is null if no small dab does.

    `most_radius` is the radius of the largest dab that is tried, in 0..1 of the sheet.
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
    """The wrong answers of highest confidence; `wrong` of the `images` test images are answered wrong."""

    model: str
    version: str
    images: int
    wrong: int
    mistakes: list[Mistake]
