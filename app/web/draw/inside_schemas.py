"""Questions about one drawing and their answers: why that digit, how it was prepared, what learning changes."""

from __future__ import annotations

from pydantic import BaseModel, Field

from app.web.shared.network_schemas import CostsQuestion, LayerNumbers, LearningRate, Subject


class LearningQuestion(CostsQuestion):
    learning_rate: LearningRate
    steps: int = Field(1, ge=1, le=100, description="How many steps of gradient descent to take")


class EvidenceQuestion(Subject):
    pass


class LearningStep(BaseModel):
    cost: float = Field(description="The cost before the step")
    norm: float = Field(description="The length of the gradient")
    outputs: list[float] = Field(description="The ten outputs before the step")


class Learning(BaseModel):
    """Steps of learning on one drawing. For the last one, new = before - learning rate * gradient."""

    steps: list[LearningStep] = Field(description="The steps, and at the end the network after them")
    before: list[LayerNumbers] = Field(description="The layers before the last step")
    gradient: list[LayerNumbers] = Field(description="The gradient of the last step")
    activations: list[list[float]] = Field(description="The activations of each layer, the input first")
    slopes: list[list[float]] = Field(description="The slopes of the hidden neurons' activations, by layer")
    deltas: list[list[float]] = Field(description="The deltas of backprop, by layer")
    activation: str = Field(description="The name of the hidden neurons' activation")
    cost: str = Field(description="The name of the cost")
    after_digit: int = Field(description="The answer after the steps")


class Evidence(BaseModel):
    """How much each pixel supports the digit. Their sum and `bias_share` add up to `score`."""

    evidence: list[float] = Field(description="Of each of the 784 pixels: above 0 for the digit, below 0 against it")
    weighted_input: float = Field(description="The weighted input z of the digit's output")
    score: float = Field(description="z minus the mean of all ten")
    bias_share: float = Field(description="The part of the score that comes from no pixel")


class Stage(BaseModel):
    """One step from the stroke to the input: a picture."""

    name: str = Field(description="The step's name")
    width: int = Field(description="In pixels")
    height: int = Field(description="In pixels")
    pixels: list[int] = Field(description="Row by row, 0 = paper and 255 = ink")


class Preparation(BaseModel):
    """All steps from a picture to the input, and the answer."""

    stages: list[Stage] = Field(description="The pictures, in their order")
    input: list[float] = Field(description="The network's 784 inputs, 0..1")
    place: list[float] = Field(description="A canvas's transform from the input (0..28) to the sheet (0..1)")
    probabilities: list[float] = Field(description="The probability of each digit")
    digit: int = Field(description="The answer")
    confidence: float = Field(description="Its probability")


class Brush(BaseModel):
    """A spot of ink or eraser, in 0..1 of the sheet, and the answer after it."""

    kind: str = Field(description="ink or eraser")
    x: float = Field(description="Its middle, from the left")
    y: float = Field(description="Its middle, from the top")
    radius: float = Field(description="Its radius")
    digit: int = Field(description="The answer after it")
    confidence: float = Field(description="Its probability")


class Mind(BaseModel):
    """The smallest spot that changes the answer."""

    digit: int = Field(description="The answer to the picture as it is")
    brush: Brush | None = Field(description="The spot that changes it; null if no small spot does")
    most_radius: float = Field(description="The radius of the largest spot that is tried, in 0..1 of the sheet")


class Dream(BaseModel):
    digit: int = Field(description="The digit")
    pixels: list[float] = Field(description="784 inputs, 0..1")
    probability: float = Field(description="The network's probability for the digit")


class Dreams(BaseModel):
    """What the network would like to see for each digit."""

    model: str = Field(description="The network")
    dreams: list[Dream] = Field(description="One input for each digit")


class Mistake(BaseModel):
    number: int = Field(description="The image's number among the test images")
    label: int = Field(description="The digit it shows")
    digit: int = Field(description="The wrong answer")
    confidence: float = Field(description="Its probability")
    pixels: list[int] = Field(description="784 pixels, 0 = paper and 255 = ink")


class Mistakes(BaseModel):
    """The wrong answers of highest confidence."""

    model: str = Field(description="The network")
    version: str = Field(description="Its version")
    images: int = Field(description="The number of test images")
    wrong: int = Field(description="How many of them it answers wrong")
    mistakes: list[Mistake] = Field(description="The wrong answers, the highest confidence first")
