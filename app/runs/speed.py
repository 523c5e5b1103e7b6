"""Measures the speed of this machine, and estimates from it how long a run takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from app.data.datasets import HELD_OUT, TEST, TRAINING
from app.images.augment import augment
from app.images.normalise import normalise
from app.network import Descent, Network
from app.network.descent import steps_per_epoch
from app.network.inputs import PIXELS
from app.network.network import CLASSIC_SIZES, parameter_count
from app.runs.recipe import AUGMENTATIONS, PRESETS, RunSettings
from app.runs.trainer import total_steps

# To start a process and import NumPy.
_START_SECONDS = 1.0
# Two networks and two batch sizes, far enough apart to separate what grows with either from what does not.
_WIDE_SIZES = (PIXELS, 256, 10)
_SMALL_BATCH, _LARGE_BATCH = 10, 256
# For the classic network and for the wide one.
_STEPS, _WIDE_STEPS = {_SMALL_BATCH: 150, _LARGE_BATCH: 24}, {_SMALL_BATCH: 24, _LARGE_BATCH: 9}
_PARTS = 3
# Too many for the processor's caches, as in a run.
_IMAGES = 8_000
_PICTURES = 384
# Unpacking and checking a file takes half as long again as normalising its images.
_UNPACKING = 1.5
# Each epoch, descent also computes the gradient's norm over this many images.
_NORM_IMAGES = 10_000
# The cost of feedforward alone, relative to feedforward and backprop.
_FORWARDS = 0.5
# The share of the images that is distorted in each epoch.
_DISTORTED = 0.5


@dataclass(frozen=True)
class Speed:
    """Seconds that each part of a run takes on one core of this machine; all are at least 0."""

    start: Annotated[float, Field(description="Before anything is read")]
    image_read: Annotated[float, Field(description="To read and normalise an image")]
    step: Annotated[float, Field(description="For each step")]
    parameter_sgd: Annotated[float, Field(description="For each parameter in a step of sgd")]
    parameter_momentum: Annotated[float, Field(description="For each parameter in a step of momentum")]
    parameter_adam: Annotated[float, Field(description="For each parameter in a step of adam")]
    image: Annotated[float, Field(description="Feedforward and backprop of an image")]
    image_parameter: Annotated[float, Field(description="The same, for each parameter")]
    image_augmented: Annotated[float, Field(description="To distort and normalise an image")]

    def parameter(self, optimizer: str) -> float:
        """The seconds of each parameter in a step of "sgd", "momentum" or "adam"."""
        return float(getattr(self, f"parameter_{optimizer}"))


class ImageCounts(NamedTuple):
    """The images of a data set: to learn from, held out, and to test on."""

    training: int = TRAINING
    held_out: int = HELD_OUT
    test: int = TEST


def expected_seconds(speed: Speed, recipe: RunSettings, images: ImageCounts) -> float:
    """Seconds that a run takes, from its start to its end, if nothing stops it.

    With n = training images, P = parameters of the network, T = parameters of its teacher, or 0:

        steps   = ceil(n / batch_size), 1 in full batch
        images  = n + min(n, 10000), or n in full batch, + held_out / 2
        taught  = image_parameter * T / 2
        view    = n / 2 * (image_augmented + taught) with augmentation, 0 without
        epoch   = steps * (step + parameter_OPTIMIZER * P) + images * (image + image_parameter * P) + view
        seconds = start + image_read * (n + held_out + test) + epochs * max(pace, epoch)
                  + (view with augmentation, n * taught without)

    `epochs` is a fraction where `last_step` ends the run within an epoch.
    """
    n, steps = images.training, steps_per_epoch(images.training, recipe.batch_size)
    parameters, is_augmented = parameter_count(recipe.sizes), recipe.augmentation != "none"
    seen = n + (min(n, _NORM_IMAGES) if steps > 1 else 0) + _FORWARDS * images.held_out
    taught = _FORWARDS * speed.image_parameter * teacher_parameters(recipe.teacher)
    view = _DISTORTED * n * (speed.image_augmented + taught) if is_augmented else 0.0
    epoch = (
        steps * (speed.step + speed.parameter(recipe.optimizer) * parameters)
        + seen * (speed.image + speed.image_parameter * parameters)
        + view
    )
    epochs = total_steps(recipe, n) / steps
    first = view if is_augmented else n * taught
    return speed.start + speed.image_read * sum(images) + epochs * max(recipe.pace, epoch) + first


def teacher_parameters(teacher: str | None) -> int:
    """The parameters of the network that a preset of that name makes; 0 without one."""
    return parameter_count(RunSettings.model_validate({"preset": teacher}).sizes) if teacher in PRESETS else 0


def measure() -> Speed:
    """Measures the speed of this machine with real descents on random images, in about 0.3 s on one core.

    Differences separate what grows with the batch, with the parameters, with both and with neither.
    """
    images = np.random.default_rng(0).random((_IMAGES, PIXELS), np.float32)
    small, wide = (
        {batch: _step_seconds(sizes, batch, "sgd", images) for batch in _STEPS}
        for sizes in (CLASSIC_SIZES, _WIDE_SIZES)
    )
    few, many = (
        Network.random(np.random.default_rng(0), sizes).parameters.size for sizes in (CLASSIC_SIZES, _WIDE_SIZES)
    )
    of_image, of_wide_image = (
        max(0.0, (seconds[_LARGE_BATCH] - seconds[_SMALL_BATCH]) / (_LARGE_BATCH - _SMALL_BATCH))
        for seconds in (small, wide)
    )
    image_parameter = max(0.0, (of_wide_image - of_image) / (many - few))
    of_step = max(0.0, small[_SMALL_BATCH] - _SMALL_BATCH * of_image)
    of_wide_step = wide[_SMALL_BATCH] - _SMALL_BATCH * of_wide_image
    parameter_sgd = max(0.0, (of_wide_step - of_step) / (many - few))
    dearer = {
        optimizer: max(0.0, _step_seconds(_WIDE_SIZES, _SMALL_BATCH, optimizer, images) - wide[_SMALL_BATCH]) / many
        for optimizer in ("momentum", "adam")
    }
    normalising, distorting = _picture_seconds()
    return Speed(
        start=_START_SECONDS,
        image_read=_UNPACKING * normalising,
        step=max(0.0, of_step - parameter_sgd * few),
        parameter_sgd=parameter_sgd,
        parameter_momentum=parameter_sgd + dearer["momentum"],
        parameter_adam=parameter_sgd + dearer["adam"],
        image=max(0.0, of_image - image_parameter * few),
        image_parameter=image_parameter,
        image_augmented=distorting + normalising,
    )


def _step_seconds(sizes: tuple[int, ...], batch_size: int, optimizer: str, images: NDArray[np.float32]) -> float:
    """Seconds of one step: the median of a few means, since one of them may have been interrupted."""
    steps = (_STEPS if sizes == CLASSIC_SIZES else _WIDE_STEPS)[batch_size] // _PARTS
    rng = np.random.default_rng(0)
    labels = rng.integers(0, sizes[-1], len(images), np.uint8)
    descent = Descent(Network.random(rng, sizes), 1e-3, batch_size, epochs=2, optimizer=optimizer, norm_images=0)
    reports = descent.run(images, labels, steps_per_epoch(len(images), batch_size) // steps)
    # The first one also allocates the arrays.
    next(reports)
    means = []
    for _ in range(_PARTS):
        began, step = time.perf_counter(), descent.step
        next(reports)
        means.append((time.perf_counter() - began) / (descent.step - step))
    return median(means)


def _picture_seconds() -> tuple[float, float]:
    """Seconds to normalise one picture, and to distort it strongly."""
    rng = np.random.default_rng(0)
    pictures = rng.random((_PICTURES, PIXELS), np.float32)
    began = time.perf_counter()
    distorted = augment(pictures, AUGMENTATIONS["strong"], rng)
    between = time.perf_counter()
    normalise(distorted)
    return (time.perf_counter() - between) / _PICTURES, (between - began) / _PICTURES
