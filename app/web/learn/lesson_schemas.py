"""The requests and answers of the lessons' endpoints."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from app.lessons.descents import MAX_STEPS
from app.web.shared.network_schemas import (
    Body,
    Input,
    LayerNumbers,
    LearningRate,
    NetworkQuestion,
    Number,
    ParameterName,
    Seed,
    Subject,
)

MAX_WHOLE_STEPS = 40


class AlongParameter(ParameterName):
    """The line on which one parameter changes. A position on it is that parameter's value."""

    kind: Literal["parameter"]


class AlongDirection(Body):
    """A line through the network at position 0: in a random direction, or to an identical network at position 1."""

    kind: Literal["random", "twin"]
    seed: Seed = 1


Direction = Annotated[AlongParameter | AlongDirection, Field(discriminator="kind")]


class ForwardQuestion(NetworkQuestion):
    input: Input


class GradientQuestion(NetworkQuestion):
    about: Subject | None = None


class SliceQuestion(GradientQuestion):
    direction: Direction
    low: Number
    high: Number
    around: bool = Field(False, description="Whether low and high are relative to the network's own position")
    count: int = Field(61, ge=2, le=121)


class WalkQuestion(GradientQuestion):
    direction: Direction
    start: Number | None = Field(None, description="Null starts at the network's own position")
    learning_rate: LearningRate
    steps: int = Field(ge=1, le=60)


class RandomPlane(Body):
    """A random plane through the network."""

    kind: Literal["random"]
    seed: Seed = 1


class PathSettings(Body):
    """A descent from a random start, over the 1,000 images of the lessons. `batch_size` null is full batch."""

    learning_rate: LearningRate = 0.1
    batch_size: int | None = Field(32, ge=1, le=1000)
    steps: int = Field(200, ge=2, le=400, description="With full batch, which takes longer, at most 40")

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.batch_size is None and self.steps > MAX_WHOLE_STEPS:
            raise ValueError(f"Full batch takes at most {MAX_WHOLE_STEPS} steps here.")
        return self


class PathPlane(PathSettings):
    """The plane that shows the most of a descent, or of two descents from one start."""

    kind: Literal["path"]
    seed: Seed = 1
    rival: PathSettings | None = None


class SurfaceQuestion(NetworkQuestion):
    plane: Annotated[RandomPlane | PathPlane, Field(discriminator="kind")]
    side: int = Field(27, ge=2, le=41)
    learning_rate: LearningRate = Field(30.0, description="Of the path on a random plane")
    steps: int = Field(40, ge=1, le=100, description="Of the path on a random plane")


class DescentQuestion(Body):
    model: str = "classic"
    seed: Seed = 1
    learning_rate: LearningRate = 0.1
    batch_size: int | None = Field(32, ge=1, le=4000)
    since: int = Field(0, ge=0, le=MAX_STEPS)
    until: int = Field(ge=0, le=MAX_STEPS)
    input: Input | None = None
    pictures: bool = Field(True, description="Whether the answer has first_weights, which are most of its bytes")


class Parameters(BaseModel):
    """All weights and biases of a network, to five digits."""

    model: str
    version: str
    sizes: list[int]
    activation: str
    cost: str
    parameters: int
    layers: list[LayerNumbers]


class Forward(BaseModel):
    """The weighted inputs and the activations of each layer after the input, and the answer."""

    weighted_inputs: list[list[float]]
    activations: list[list[float]]
    probabilities: list[float]
    digit: int
    confidence: float


class MeanCost(BaseModel):
    images: int
    quadratic: float
    cross_entropy: float
    accuracy: float


class ImageCost(BaseModel):
    label: int
    digit: int
    quadratic: float
    cross_entropy: float


class Costs(BaseModel):
    """Both costs of one drawing, their mean over many images, and those of the first images among them."""

    outputs: list[float]
    wanted: list[float]
    quadratic: float
    cross_entropy: float
    mean: MeanCost
    sample: list[ImageCost]


class CostAt(BaseModel):
    value: float
    cost: float
    slope: float


class CostSlice(BaseModel):
    """The cost and its slope at positions along a line, and at the network's own position."""

    values: list[float]
    costs: list[float]
    slopes: list[float]
    here: CostAt


class CostWalk(BaseModel):
    """Steps along a line, each by learning rate times slope. `diverged` says that they left the bounds."""

    points: list[CostAt]
    diverged: bool


class PathPoint(BaseModel):
    """A point of a path after `step` steps. `norm` is the length of the gradient, or of its part in a random plane."""

    step: int
    x: float
    y: float
    cost: float
    norm: float


class Surface(BaseModel):
    """The cost over a plane, costs[y][x], a path of descent, and its rival's when it has one.

    `in_plane` is the share of the movement that lies in the plane.
    """

    xs: list[float]
    ys: list[float]
    costs: list[list[float]]
    path: list[PathPoint]
    rival: list[PathPoint] | None
    images: int
    in_plane: float


class Gradient(BaseModel):
    """The gradient of the cost, in the shape of the layers, and its length."""

    cost: float
    norm: float
    gradient: list[LayerNumbers]


class DescentStretch(BaseModel):
    """Steps of a descent, and the network after the last: on the 1,000 images of the lessons, and on one drawing.

    `diverged` says that the descent ends here, because the next step would leave the bounds. `images` is the number of
    images it learns from, `seconds` the computing time of its steps up to `step`.
    """

    step: int
    steps_total: int
    costs: list[float]
    seconds: float
    images: int
    cost: float
    accuracy: float
    gradient_norm: float
    first_weights: list[list[float]] | None
    probabilities: list[float] | None
    diverged: bool
