"""What a run is made of: its settings with their limits, and the presets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.data.datasets import DATASET_NAME, MNIST
from app.images.augment import Augmentation
from app.network import ACTIVATIONS, COSTS

PRESETS: dict[str, dict[str, Any]] = {
    # As the classic explanation has it, with the figures of Nielsen's first chapter.
    "article": {
        "activation": "sigmoid",
        "cost": "quadratic",
        "optimizer": "sgd",
        "learning_rate": 3.0,
        "batch_size": 10,
        "epochs": 30,
        "decay": False,
    },
    "quick": {
        "activation": "relu",
        "cost": "cross-entropy",
        "optimizer": "adam",
        "learning_rate": 0.004,
        "batch_size": 64,
        "epochs": 4,
        "decay": True,
    },
    # What models/classic.safetensors was made by.
    "classic": {
        "activation": "leaky-relu",
        "cost": "cross-entropy",
        "optimizer": "adam",
        "learning_rate": 0.01,
        "batch_size": 256,
        "epochs": 200,
        "decay": True,
        "centred": True,
        "augmentation": "strong",
        "teacher": "wide",
        "temperature": 0.93,
    },
    # What models/wide.safetensors was made by.
    "wide": {
        "hidden": [512, 320],
        "activation": "relu",
        "cost": "cross-entropy",
        "optimizer": "adam",
        "learning_rate": 0.0015,
        "batch_size": 256,
        "epochs": 240,
        "decay": True,
        "weight_decay": 0.03,
        "augmentation": "strong",
        "temperature": 1.25,
    },
}

# How far pictures are distorted before they are normalised, which takes shifts, slants and sizes off again.
AUGMENTATIONS: dict[str, Augmentation] = {
    "mild": Augmentation(turn=0.1, scale=0.08, elastic=0.7, thickness=0.5),
    "strong": Augmentation(turn=0.24, scale=0.16, elastic=1.4, thickness=1.0),
}

Neurons = Annotated[int, Field(ge=1, le=512)]
Rate = Annotated[float, Field(ge=1e-6, le=100, allow_inf_nan=False)]
# A thousand epochs of 60,000 images, one at a time, are fewer.
MOST_STEPS = 10**9
# JSON has lists alone.
RateChange = Annotated[tuple[Annotated[int, Field(ge=0, le=MOST_STEPS)], Rate], Field(strict=False)]
MOST_RATES = 200


# The names come from the code that does the work; a type checker can't see them, and takes any.
if TYPE_CHECKING:
    ActivationName: TypeAlias = str
    CostName: TypeAlias = str
else:
    ActivationName, CostName = Literal[tuple(ACTIVATIONS)], Literal[tuple(COSTS)]


class RunSettings(BaseModel):
    """The settings of a run. A preset fills in what is not given; everything has a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    preset: Literal["article", "quick", "classic", "wide"] | None = Field(
        None, description="A named set of the settings below."
    )
    hidden: list[Neurons] = Field([16, 16], max_length=4, description="Neurons of each hidden layer.")
    activation: ActivationName = Field("relu", description="What a hidden neuron does with its sum.")
    cost: CostName = Field("cross-entropy", description="How a wrong answer is measured.")
    optimizer: Literal["sgd", "momentum", "adam"] = Field("sgd", description="How the step follows from the gradient.")
    learning_rate: Rate = Field(0.1, description="Eta, the size of a step.")
    batch_size: int | None = Field(
        32, ge=1, le=60_000, description="Images a step looks at; null for all of them, full batch."
    )
    epochs: int = Field(20, ge=1, le=1000, description="How often every image is seen.")
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Of the random start and the order of the images.")
    tolerance: float = Field(
        0.0, ge=0, allow_inf_nan=False, description="Stop when the norm of the gradient is below this."
    )
    pace: float = Field(
        0.0, ge=0, le=60, allow_inf_nan=False, description="Seconds an epoch takes at least, to watch it."
    )
    decay: bool = Field(False, description="Whether the learning rate falls to 0 along half a cosine.")
    centred: bool = Field(False, description="Whether steps are taken as if the mean image were taken off every image.")
    weight_decay: float = Field(
        0.0, ge=0, le=1, allow_inf_nan=False, description="The share of eta by which each step draws weights towards 0."
    )
    temperature: float = Field(
        1.0, ge=0.25, le=4, allow_inf_nan=False, description="Divides the last layer once trained: above 1, less sure."
    )
    teacher: Literal["wide"] | None = Field(
        None, description="A served network whose answers are learned in place of the labels."
    )
    augmentation: Literal["none", "mild", "strong"] = Field(
        "none", description="How far images are distorted, anew each epoch, as other hands would draw them."
    )

    dataset: str = Field(MNIST, pattern=DATASET_NAME, description="The images it learns from, by their name.")
    data_sha256: str | None = Field(
        None,
        pattern="^[0-9a-f]{64}$",
        description="Of those images, as GET /datasets/NAME tells it: with others the run is refused.",
    )
    rates: list[RateChange] = Field(
        [],
        max_length=MOST_RATES,
        description="Other learning rates, each from after a step on: [[step, learning rate], ...].",
    )
    last_step: int | None = Field(
        None, ge=1, le=MOST_STEPS, description="Stop after this step, wherever in an epoch it is."
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in_preset(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("preset"), str):
            return {**PRESETS.get(given["preset"], {}), **given}
        return given

    @property
    def sizes(self) -> tuple[int, ...]:
        """Layer sizes, from 784 pixels to 10 digits."""
        return (784, *self.hidden, 10)
