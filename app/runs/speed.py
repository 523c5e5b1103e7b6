"""How fast a machine learns, measured in a moment, and how long a run would then take."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.images.augment import augment
from app.images.normalise import normalise
from app.network import Descent, Network
from app.network.descent import steps_per_epoch
from app.network.inputs import PIXELS
from app.network.network import CLASSIC_SIZES
from app.runs.recipe import AUGMENTATIONS

# A process begins, and loads NumPy and what is ours.
_START_SECONDS = 1.0
# Two networks and two batches, far enough apart that what grows with either is told from what does not.
_WIDE_SIZES = (PIXELS, 256, 10)
_SMALL_BATCH, _LARGE_BATCH = 10, 256
# Of the classic network and of the wide one, in all.
_STEPS, _WIDE_STEPS = {_SMALL_BATCH: 150, _LARGE_BATCH: 24}, {_SMALL_BATCH: 24, _LARGE_BATCH: 9}
_PARTS = 3
# Too many for the processor's caches, as those of a run are.
_IMAGES = 8_000
_PICTURES = 384
# Files are unpacked and checked besides, which takes half as long again as to normalise what they hold.
_UNPACKING = 1.5
# What descent itself looks at besides the steps: the gradient's norm is taken over so many images an epoch.
_NORM_IMAGES = 10_000
# Forwards alone, where a step also goes back, to all layers but the first.
_FORWARDS = 0.5
# The share of the pictures that is distorted anew each epoch.
_DISTORTED = 0.5


@dataclass(frozen=True)
class Speed:
    """Seconds that each part of a run takes on this machine, on one of its cores; all are at least 0.

    `start`: before anything is read. `image_read`: to read an image and bring it to its size. `step`, and of each
    parameter in a step, by the optimizer, `parameter_sgd`, `parameter_momentum`, `parameter_adam`. `image`, and of
    each image and parameter, `image_parameter`: feedforward and backprop. `image_augmented`: to distort an image and
    bring it to its size again.
    """

    start: float
    image_read: float
    step: float
    parameter_sgd: float
    parameter_momentum: float
    parameter_adam: float
    image: float
    image_parameter: float
    image_augmented: float

    def parameter(self, optimizer: str) -> float:
        """The seconds of each parameter in a step of "sgd", "momentum" or "adam"."""
        return float(getattr(self, f"parameter_{optimizer}"))


@dataclass(frozen=True)
class Work:
    """What a run has to do, as its settings say: see RunSettings. `batch_size` None is full batch.

    `parameters` are those of the network, weights and biases, `teacher_parameters` those of its teacher, 0 without.
    `training`, `held_out` and `test` are the images of its data set. `pace` is the least an epoch takes, in seconds.
    """

    parameters: int
    epochs: int
    batch_size: int | None = 32
    optimizer: Literal["sgd", "momentum", "adam"] = "sgd"
    is_augmented: bool = False
    teacher_parameters: int = 0
    pace: float = 0.0
    training: int = 50_000
    held_out: int = 10_000
    test: int = 10_000


def expected_seconds(speed: Speed, work: Work) -> float:
    """How long the run takes, from its start to its end, if nothing stops it. With n = training, P = parameters:

        steps   = ceil(n / batch_size), 1 in full batch
        images  = n + min(n, 10,000) for the gradient's norm, 0 in full batch, + held_out / 2
        taught  = image_parameter * teacher_parameters / 2
        view    = n / 2 * (image_augmented + taught), 0 unless augmented
        epoch   = steps * (step + parameter_OPTIMIZER * P) + images * (image + image_parameter * P) + view
        seconds = start + image_read * (n + held_out + test) + epochs * max(pace, epoch) + first

    where `first` is what the first epoch has to do besides: view if it is augmented, otherwise n * taught.
    """
    n, steps = work.training, steps_per_epoch(work.training, work.batch_size)
    images = n + (min(n, _NORM_IMAGES) if steps > 1 else 0) + _FORWARDS * work.held_out
    taught = _FORWARDS * speed.image_parameter * work.teacher_parameters
    view = _DISTORTED * n * (speed.image_augmented + taught) if work.is_augmented else 0.0
    epoch = (
        steps * (speed.step + speed.parameter(work.optimizer) * work.parameters)
        + images * (speed.image + speed.image_parameter * work.parameters)
        + view
    )
    first = view if work.is_augmented else n * taught
    reading = speed.image_read * (n + work.held_out + work.test)
    return speed.start + reading + work.epochs * max(work.pace, epoch) + first


def measure() -> Speed:
    """The speed of this machine, in about 0.3 s of one core: of real descents on random images.

    What grows with the batch, with the parameters, with both and with neither is told apart by the differences.
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
    """Of one step: the middle one of a few means, as one of them may have been interrupted."""
    steps = (_STEPS if sizes == CLASSIC_SIZES else _WIDE_STEPS)[batch_size] // _PARTS
    rng = np.random.default_rng(0)
    labels = rng.integers(0, sizes[-1], len(images), np.uint8)
    descent = Descent(Network.random(rng, sizes), 1e-3, batch_size, epochs=2, optimizer=optimizer, norm_images=0)
    reports = descent.run(images, labels, steps_per_epoch(len(images), batch_size) // steps)
    # The first one also makes the arrays.
    next(reports)
    means = []
    for _ in range(_PARTS):
        began, step = time.perf_counter(), descent.step
        next(reports)
        means.append((time.perf_counter() - began) / (descent.step - step))
    return median(means)


def _picture_seconds() -> tuple[float, float]:
    """Of one picture: to normalise it, and to distort it strongly."""
    rng = np.random.default_rng(0)
    pictures = rng.random((_PICTURES, PIXELS), np.float32)
    began = time.perf_counter()
    distorted = augment(pictures, AUGMENTATIONS["strong"], rng)
    between = time.perf_counter()
    normalise(distorted)
    return (time.perf_counter() - between) / _PICTURES, (between - began) / _PICTURES
