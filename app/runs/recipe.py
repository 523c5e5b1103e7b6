"""The recipe of a run: its settings with their limits, the presets, and the settings that repeat a run exactly."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.data.dataset import DATASET_NAME, MNIST, is_collection, public_name
from app.images.augment import Augmentation
from app.network import ACTIVATIONS, COSTS
from app.store.records import Event, Run


class RecipeError(Exception):
    """A run's settings can't be used; the message names the setting."""


PRESETS: dict[str, dict[str, Any]] = {
    # The settings of Nielsen's first chapter.
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
    # The settings of models/classic.safetensors.
    "classic": {
        "activation": "leaky-relu",
        "cost": "cross-entropy",
        "optimizer": "adam",
        "learning_rate": 0.01,
        "batch_size": 256,
        "epochs": 300,
        "decay": True,
        "centred": True,
        "augmentation": "mixed",
        "styles": 4000,
        "teacher": "wide",
        "temperature": 0.85,
    },
    # The settings of models/wide.safetensors, whose seed is 1.
    "wide": {
        "hidden": [512, 320],
        "activation": "relu",
        "cost": "cross-entropy",
        "optimizer": "adam",
        "learning_rate": 0.0015,
        "batch_size": 256,
        "epochs": 240,
        "decay": True,
        "weight_decay": 0.1,
        "augmentation": "mixed",
        "styles": 8000,
        "temperature": 1.25,
    },
}

# How far images are distorted before normalisation, which undoes shifts, slants and sizes.
_STRONG = Augmentation(turn=0.24, scale=0.16, elastic=1.4, thickness=1.0)
AUGMENTATIONS: dict[str, Augmentation] = {
    "mild": Augmentation(turn=0.1, scale=0.08, elastic=0.7, thickness=0.5),
    "strong": _STRONG,
    "mixed": _STRONG._replace(share=0.75),
}

Neurons = Annotated[int, Field(ge=1, le=512)]
Rate = Annotated[float, Field(ge=1e-6, le=100, allow_inf_nan=False)]
# More than a thousand epochs of 60,000 images, one image a step.
MAX_STEPS = 10**9
# Not strict, since JSON has lists only.
RateChange = Annotated[tuple[Annotated[int, Field(ge=0, le=MAX_STEPS)], Rate], Field(strict=False)]
MAX_RATES = 200
# The settings that name a data set.
SETS = ("dataset", "also", "measured_on")


# The names come from the code that does the work; a type checker can't see them, and takes any.
if TYPE_CHECKING:
    ActivationName: TypeAlias = str
    CostName: TypeAlias = str
else:
    ActivationName, CostName = Literal[tuple(ACTIVATIONS)], Literal[tuple(COSTS)]


class RunSettings(BaseModel):
    """The settings of a run. All have defaults; a preset changes the defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    preset: Literal["article", "quick", "classic", "wide"] | None = Field(
        None, description="A named set of the settings below."
    )
    hidden: list[Neurons] = Field([16, 16], max_length=4, description="Neurons of each hidden layer.")
    activation: ActivationName = Field("relu", description="What a hidden neuron does with its sum.")
    cost: CostName = Field("cross-entropy", description="How a wrong answer is measured.")
    optimizer: Literal["sgd", "momentum", "adam"] = Field("sgd", description="How a step follows from the gradient.")
    learning_rate: Rate = Field(0.1, description="Eta, the size of a step.")
    batch_size: int | None = Field(
        32, ge=1, le=60_000, description="Images in a step; null for all of them, full batch."
    )
    epochs: int = Field(20, ge=1, le=1000, description="How many times every image is used.")
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Seeds the random parameters and the order of the images.")
    tolerance: float = Field(
        0.0, ge=0, allow_inf_nan=False, description="Stop when the norm of the gradient is below this."
    )
    pace: float = Field(
        0.0, ge=0, le=60, allow_inf_nan=False, description="Minimum seconds of an epoch, to slow it down for watching."
    )
    decay: bool = Field(False, description="Whether the learning rate falls to 0 along half a cosine.")
    centred: bool = Field(False, description="Whether to descend as if each image had the mean image subtracted.")
    weight_decay: float = Field(
        0.0, ge=0, le=1, allow_inf_nan=False, description="The share of eta by which each step reduces the weights."
    )
    temperature: float = Field(
        1.0,
        ge=0.25,
        le=4,
        allow_inf_nan=False,
        description="Divides the last layer after training: above 1, less confident.",
    )
    teacher: Literal["wide"] | None = Field(
        None, description="A network whose answers are learned in place of the labels."
    )
    augmentation: Literal["none", "mild", "strong", "mixed"] = Field(
        "none", description="How far images are distorted, differently in each epoch, as if drawn by other people."
    )
    styles: int = Field(
        0, ge=0, le=60_000, description="Drawings of the ways to write a digit in data/styles, added to the images."
    )
    dataset: str = Field(MNIST, pattern=DATASET_NAME, description="The name of the data set.")
    data_sha256: str | None = Field(
        None,
        pattern="^[0-9a-f]{64}$",
        description="The hash of those images, from GET /datasets/NAME; a run with other images is refused.",
    )
    also: str | None = Field(
        None,
        pattern=DATASET_NAME,
        description="Another data set of digits whose training images are added; of the two, the smaller is repeated"
        " until it is a tenth of all, since it would hardly count otherwise.",
    )
    measured_on: str | None = Field(
        None,
        pattern=DATASET_NAME,
        description="Another data set of digits whose held-out images are answered after each epoch too.",
    )
    collection_sha256: str | None = Field(
        None,
        pattern="^[0-9a-f]{64}$",
        description="The hash of a room's images as an earlier run kept them; null for those that it has now.",
    )
    rates: list[RateChange] = Field(
        [],
        max_length=MAX_RATES,
        description="Other learning rates, each for the steps after one: [[step, learning rate], ...].",
    )
    last_step: int | None = Field(None, ge=1, le=MAX_STEPS, description="Stop after this step, also within an epoch.")

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

    @property
    def collection(self) -> str | None:
        """The collection among its data sets, or None. Raises RecipeError if there are several."""
        names = {name for field in SETS if (name := getattr(self, field)) and is_collection(name)}
        if len(names) > 1:
            raise RecipeError(f"A run can use one room, and this recipe names {' and '.join(sorted(names))}. Keep one.")
        return names.pop() if names else None


def public_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a run for everybody, without the codes of rooms: see `public_name`."""
    names = {field: public_name(settings[field]) for field in SETS if settings.get(field)}
    return {**settings, **names}


def settings_to_repeat(run: Run, events: Iterable[Event], data_sha256: str | None) -> dict[str, Any]:
    """All settings of the run, with the learning rates of its `rate` events, its last step, and the hash of its data.

    On one machine, with one version of NumPy, a run with these settings takes the same steps, bit for bit.
    """
    settings = RunSettings.model_validate(run.settings)
    changes = [(event.data["step"], event.data["learning_rate"]) for event in events if event.name == "rate"]
    # These end before their last step, or may, with the network of the last step reported.
    ended_early = run.status in ("stopped", "diverged") and run.step > 0
    return {
        # A preset may stand for other settings in another version.
        **settings.model_dump(exclude={"preset"}),
        "rates": effective_rates([*settings.rates, *changes]),
        "last_step": run.step if ended_early else settings.last_step,
        # The images of a collection have their own hash.
        "data_sha256": None if is_collection(settings.dataset) else data_sha256 or settings.data_sha256,
    }


def effective_rates(rates: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The learning rates (step, eta) that take effect, with rising steps.

    Descent uses the last one in the list whose step is reached, so a later one replaces all of later steps before it.
    """
    kept: list[tuple[int, float]] = []
    for step, rate in rates:
        kept = [(earlier, eta) for earlier, eta in kept if earlier < step]
        kept.append((step, rate))
    return kept


def arithmetic() -> dict[str, str]:
    """What rounding depends on here: the versions of NumPy and Python, the machine, and the BLAS library."""
    built: Any = np.show_config("dicts")
    blas = built["Build Dependencies"]["blas"]
    return {
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {blas['name']} {blas['version']}",
    }
