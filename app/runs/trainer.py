"""Training: the loop from settings to a network, as a generator of reports.

It knows no store and no process: `runner` trains a run of the store with it, and the command line trains with it too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data.dataset import Dataset, public_name
from app.images.normalise import normalise
from app.network import Descent, Network
from app.network.calibration import with_temperature
from app.network.descent import steps_per_epoch
from app.network.network import one_hot
from app.runs.figures import EpochFigures
from app.runs.recipe import AUGMENTATIONS, RunSettings, arithmetic, public_settings
from app.runs.training_set import AugmentedEpochs, TrainingSet
from app.served.answers import accuracy_by_class

REPORTS_PER_EPOCH = 30
# A long epoch is reported more often, so that viewers see progress and a request to stop takes effect soon.
_CHECKS_PER_EPOCH, _REPORT_SECONDS = 300, 0.25


class Report(NamedTuple):
    """The progress of a run: the cost of the last batch before its step, and `ended` if that step ended an epoch."""

    step: int
    epoch: int
    cost: float
    ended: EpochFigures | None


def accuracy(network: Network, pictures: NDArray[np.float32], labels: NDArray[np.uint8]) -> float:
    """The share of the normalised pictures (n, 784) whose most likely answer is the label, in 0..1."""
    return float((network.feedforward(pictures).argmax(axis=1) == labels).mean())


def accuracy_on_test(network: Network, dataset: Dataset) -> float:
    """The accuracy on the test images of the data set. Raises DataError."""
    images, labels = dataset.read_test()
    return accuracy(network, normalise(images), labels)


def start(settings: RunSettings) -> Descent:
    """A descent from random parameters."""
    network = Network.random(np.random.default_rng(settings.seed), settings.sizes, settings.activation, settings.cost)
    return Descent(
        network,
        settings.learning_rate,
        settings.batch_size,
        settings.epochs,
        settings.seed,
        settings.optimizer,
        settings.decay,
        settings.tolerance,
        settings.weight_decay,
        settings.centred,
        rates=list(settings.rates),
        last_step=settings.last_step,
    )


def train(
    descent: Descent,
    data: TrainingSet,
    pace: float = 0.0,
    wait: Callable[[float], object] = time.sleep,
    augmentation: str = "none",
) -> Iterator[Report]:
    """Runs the descent and yields a Report now and then. After any of them the descent can be resumed by another call.

    An epoch takes at least `pace` seconds; `wait` sleeps. The time that the caller takes between two reports is not
    counted. `augmentation`, "none" or one of `AUGMENTATIONS`, distorts the images differently in each epoch, depending
    only on the descent's seed and the epoch.
    """

    network, wanted = descent.network, one_hot(data.held_out_labels)
    per_epoch = steps_per_epoch(len(data.inputs), descent.batch_size)
    epoch_started, descending, first_step = time.perf_counter(), 0.0, descent.step
    if augmentation == "none":
        progress = descent.run(data.inputs, data.targets, _CHECKS_PER_EPOCH)
    else:
        views = AugmentedEpochs(data, AUGMENTATIONS[augmentation], descent.seed)
        progress = descent.run(data.inputs, data.labels, _CHECKS_PER_EPOCH, views)
    reported, reported_at = descent.step, epoch_started
    while True:
        called = time.perf_counter()
        here = next(progress, None)
        descending += time.perf_counter() - called
        if here is None:
            return
        done = (here.step - first_step) / per_epoch
        ahead = pace * done - (time.perf_counter() - epoch_started)
        if ahead > 0:
            wait(ahead)
        is_due = here.step * REPORTS_PER_EPOCH // per_epoch > reported * REPORTS_PER_EPOCH // per_epoch
        is_last = here.step == descent.last_step
        if not is_due and not is_last and time.perf_counter() - reported_at < _REPORT_SECONDS:
            continue
        reported = here.step
        if here.gradient_norm is None:
            left_at = time.perf_counter()
            yield Report(here.step, here.epoch, here.cost, None)
            reported_at = time.perf_counter()
            epoch_started += reported_at - left_at
            continue
        outputs = network.feedforward(data.held_out_inputs)
        answers = outputs.argmax(axis=1)
        ended = EpochFigures(
            epoch=here.epoch,
            cost=network.cost.mean(outputs, wanted),
            accuracy=float((answers == data.held_out_labels).mean()),
            measured_accuracy=accuracy(network, *data.measured) if data.measured else None,
            gradient_norm=here.gradient_norm,
            seconds=time.perf_counter() - epoch_started,
            images_per_second=done * len(data.inputs) / descending,
            by_class=accuracy_by_class(answers, data.held_out_labels),
        )
        yield Report(here.step, here.epoch, here.cost, ended)
        epoch_started = reported_at = time.perf_counter()
        descending, first_step = 0.0, here.step


def total_steps(settings: RunSettings, images: int) -> int:
    """How many steps a run on that many images takes if nothing stops it."""
    steps = settings.epochs * steps_per_epoch(images, settings.batch_size)
    return min(steps, settings.last_step or steps)


class Trained(NamedTuple):
    """A trained network, its accuracy on the held-out and on the test images, and the metadata of its file."""

    network: Network
    held_out: float
    test: float
    metadata: dict[str, str]


def finish(
    descent: Descent,
    settings: RunSettings,
    data: TrainingSet,
    dataset: Dataset,
    seconds: float,
    with_pens: bool = False,
    left_out: Sequence[str] = (),
) -> Trained:
    """The network of a descent that took `seconds`, with its temperature applied. Raises DataError."""
    network = with_temperature(descent.network, settings.temperature)
    held_out = accuracy(network, data.held_out_inputs, data.held_out_labels)
    test = accuracy_on_test(network, dataset)
    and_also = f"; those of {public_name(settings.also)} too" if settings.also else ""
    and_pens = f"; pen drawings{', save of ' + ', '.join(left_out) if left_out else ''}" if with_pens else ""
    metadata = {
        "settings": json.dumps(public_settings(settings.model_dump())),
        "seed": str(settings.seed),
        "data": f"{public_name(dataset.title)}, the first {dataset.training:,} training images;"
        f" the last {dataset.held_out:,} held out{and_also}{and_pens}",
        **arithmetic(),
        "dataset": public_name(dataset.name),
        "data_sha256": dataset.sha256(),
        "classes": json.dumps(dataset.classes),
        "pens": json.dumps(with_pens),
        "left_out": json.dumps(list(left_out)),
        "accuracy": json.dumps(test),
        "held_out_accuracy": json.dumps(held_out),
        "parameters": str(network.parameters.size),
        "seconds": json.dumps(round(seconds, 1)),
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return Trained(network, held_out, test, metadata)
