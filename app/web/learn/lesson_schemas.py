"""The requests and answers of the lessons' endpoints."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from app.lessons.descents import MAX_STEPS
from app.lessons.digits import MEASURED
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

# Of all batches of a path together, so that a surface takes at most some 200 ms.
MAX_IMAGES = 40_000


class AlongParameter(ParameterName):
    """The line on which one parameter changes. A position on it is that parameter's value."""

    kind: Literal["parameter"] = Field(description="A line along one parameter")


class AlongDirection(Body):
    """A line through the network at position 0: in a random direction, or to an identical network at position 1."""

    kind: Literal["random", "twin"] = Field(description="A random direction, or towards an identical network")
    seed: Seed = Field(1, description="Chooses the direction")


Direction = Annotated[AlongParameter | AlongDirection, Field(discriminator="kind")]


class ForwardQuestion(NetworkQuestion):
    input: Input


class GradientQuestion(NetworkQuestion):
    about: Subject | None = Field(None, description="One drawing; null for the 1,000 images of the lessons")


class SliceQuestion(GradientQuestion):
    direction: Direction = Field(description="The line")
    low: Number = Field(description="The first position")
    high: Number = Field(description="The last position")
    around: bool = Field(False, description="Whether low and high are relative to the network's own position")
    count: int = Field(61, ge=2, le=121, description="How many positions")


class WalkQuestion(GradientQuestion):
    direction: Direction = Field(description="The line")
    start: Number | None = Field(None, description="Null starts at the network's own position")
    learning_rate: LearningRate = Field(description="The learning rate")
    steps: int = Field(ge=1, le=60, description="How many steps at most")


class RandomPlane(Body):
    """A random plane through the network."""

    kind: Literal["random"] = Field(description="A random plane")
    seed: Seed = Field(1, description="Chooses the plane")


class PathSettings(Body):
    """A descent from a random start, over the 1,000 images of the lessons."""

    learning_rate: LearningRate = Field(0.1, description="The learning rate")
    batch_size: int | None = Field(32, ge=1, le=1000, description="Images in a step; null for all of them")
    steps: int = Field(200, ge=2, le=400, description=f"Times batch_size at most {MAX_IMAGES:,}")

    @model_validator(mode="after")
    def _check_images(self) -> Self:
        images = self.batch_size or MEASURED
        if self.steps * images > MAX_IMAGES:
            most = MAX_IMAGES // images
            raise ValueError(f"With {images:,} images in a step, take at most {most} steps, or choose a smaller batch")
        return self


class PathPlane(PathSettings):
    """The plane that shows the most of a descent, or of two descents from one start."""

    kind: Literal["path"] = Field(description="The plane of a descent")
    seed: Seed = Field(1, description="Chooses the start")
    rival: PathSettings | None = Field(None, description="A second descent from the same start")


class SurfaceQuestion(NetworkQuestion):
    plane: Annotated[RandomPlane | PathPlane, Field(discriminator="kind")] = Field(description="The plane")
    side: int = Field(27, ge=2, le=41, description="Points along each side of the plane")
    learning_rate: LearningRate = Field(30.0, description="Of the path on a random plane")
    steps: int = Field(40, ge=1, le=100, description="Of the path on a random plane")


class DescentQuestion(Body):
    model: str = Field("classic", description="The network whose shape is used")
    seed: Seed = Field(1, description="Chooses the start")
    learning_rate: LearningRate = Field(0.1, description="The learning rate")
    batch_size: int | None = Field(32, ge=1, le=4000, description="Images in a step; null for all of them")
    since: int = Field(0, ge=0, le=MAX_STEPS, description="The step after which the answer begins")
    until: int = Field(ge=0, le=MAX_STEPS, description="The step at which it ends, or earlier")
    input: Input | None = Field(None, description="A drawing that the network is asked about")
    pictures: bool = Field(True, description="Whether the answer has first_weights, which are most of its bytes")


class Parameters(BaseModel):
    """All weights and biases of a network, to five digits."""

    model: str = Field(description="The network")
    version: str = Field(description="Its version")
    sizes: list[int] = Field(description="Neurons of each layer")
    activation: str = Field(description="The name of the hidden neurons' activation")
    cost: str = Field(description="The name of the cost")
    parameters: int = Field(description="The number of weights and biases")
    layers: list[LayerNumbers] = Field(description="The layers after the input, from from_layer on")


class Forward(BaseModel):
    """The weighted inputs and the activations of each layer after the input, and the answer."""

    weighted_inputs: list[list[float]] = Field(description="Of each layer after the input")
    activations: list[list[float]] = Field(description="Of each layer after the input")
    probabilities: list[float] = Field(description="The probability of each digit")
    digit: int = Field(description="The answer")
    confidence: float = Field(description="Its probability")


class MeanCost(BaseModel):
    images: int = Field(description="The number of images")
    quadratic: float = Field(description="The mean quadratic cost")
    cross_entropy: float = Field(description="The mean cross-entropy")
    accuracy: float = Field(description="The share of right answers, 0..1")


class ImageCost(BaseModel):
    label: int = Field(description="The digit it shows")
    digit: int = Field(description="The answer")
    quadratic: float = Field(description="The quadratic cost")
    cross_entropy: float = Field(description="The cross-entropy")


class Costs(BaseModel):
    """Both costs of one drawing, their mean over many images, and those of the first images among them."""

    outputs: list[float] = Field(description="The ten outputs for the drawing")
    wanted: list[float] = Field(description="The ten outputs that are wanted")
    quadratic: float = Field(description="The quadratic cost of the drawing")
    cross_entropy: float = Field(description="Its cross-entropy")
    mean: MeanCost = Field(description="The means over the 1,000 images of the lessons")
    sample: list[ImageCost] = Field(description="The costs of the first 100 of them")


class CostAt(BaseModel):
    value: float = Field(description="The position")
    cost: float = Field(description="The cost there")
    slope: float = Field(description="The cost's slope there")


class CostSlice(BaseModel):
    """The cost and its slope at positions along a line, and at the network's own position."""

    values: list[float] = Field(description="The positions")
    costs: list[float] = Field(description="The cost at each")
    slopes: list[float] = Field(description="The slope at each")
    here: CostAt = Field(description="At the network's own position")


class CostWalk(BaseModel):
    """Steps along a line, each by learning rate times slope."""

    points: list[CostAt] = Field(description="The positions, the start first")
    diverged: bool = Field(description="Whether the steps left the bounds")


class PathPoint(BaseModel):
    """A point of a path."""

    step: int = Field(description="Steps taken")
    x: float = Field(description="The position in the plane")
    y: float = Field(description="The position in the plane")
    cost: float = Field(description="The cost there")
    norm: float = Field(description="The length of the gradient, or of its part in a random plane")


class Surface(BaseModel):
    """The cost over a plane, and paths of descent on it."""

    xs: list[float] = Field(description="The positions along one side")
    ys: list[float] = Field(description="Those along the other")
    costs: list[list[float]] = Field(description="The cost at each, by y and x")
    path: list[PathPoint] = Field(description="The path of descent")
    rival: list[PathPoint] | None = Field(description="The second path")
    images: int = Field(description="The number of images the cost is over")
    in_plane: float = Field(description="The share of the movement that lies in the plane, 0..1")


class Gradient(BaseModel):
    """The gradient of the cost, in the shape of the layers, and its length."""

    cost: float = Field(description="The cost")
    norm: float = Field(description="The gradient's length")
    gradient: list[LayerNumbers] = Field(description="The slope of the cost by each parameter")


class DescentStretch(BaseModel):
    """Steps of a descent, and the network after the last: on the 1,000 images of the lessons, and on one drawing."""

    step: int = Field(description="Steps taken")
    steps_total: int = Field(description="The most steps of a descent")
    costs: list[float] = Field(description="The cost of each step's batch")
    seconds: float = Field(description="The computing time of all steps so far")
    images: int = Field(description="The number of images it learns from")
    cost: float = Field(description="The cost after the last step")
    accuracy: float = Field(description="The accuracy after the last step, 0..1")
    gradient_norm: float = Field(description="The length of the gradient after the last step")
    first_weights: list[list[float]] | None = Field(description="The weights of the first layer, by neuron")
    probabilities: list[float] | None = Field(description="The answer to the drawing")
    diverged: bool = Field(description="Whether the descent ends here, since the next step would leave the bounds")
