"""What a run learns from: MNIST's training images, pen drawings beside them, and how both look from epoch to epoch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data import pens
from app.data.datasets import Dataset
from app.data.nondigits import nondigits
from app.images.augment import Augmentation, augment
from app.images.normalise import normalise
from app.network import Network
from app.network.inputs import PIXELS
from app.network.network import one_hot

# How often each pen drawing is drawn, with another pen, at another size and place: with all, the pens are then as
# many as two thirds of MNIST's images.
DRAWN = 3
NONDIGITS = 3000
# Each epoch one part of the pictures is distorted anew, in turns: to do all of them would take longer than to learn.
_PARTS = 2


class TrainingSet(NamedTuple):
    """Pictures (n, 784) uint8 to learn from, 0 = paper, normalised as inputs (n, 784) float32 in 0..1, with labels.

    Labels are digits (n,), or soft, (n, 10). The last ones are held out. With a teacher, what that better network
    answers is learned in place of the labels: distillation (Hinton, Vinyals and Dean, "Distilling the Knowledge in a
    Neural Network", 2015). Its answers are taken as sure as they are, since a shipped network is calibrated.
    """

    pictures: NDArray[np.uint8]
    inputs: NDArray[np.float32]
    labels: NDArray[np.uint8] | NDArray[np.float32]
    held_out_inputs: NDArray[np.float32]
    held_out_labels: NDArray[np.uint8]
    teacher: Network | None = None


def read_data(dataset: Dataset) -> TrainingSet:
    """The training images of the data set, its last ones held out. Raises DataError."""
    images, labels = dataset.read_training()
    pictures, inputs, count = images.reshape(-1, PIXELS), normalise(images), dataset.training
    return TrainingSet(pictures[:count], inputs[:count], labels[:count], inputs[count:], labels[count:])


def with_pens(data: TrainingSet, drawn_from: pens.Pens, seed: int) -> TrainingSet:
    """The data with each pen drawing drawn `DRAWN` times, to learn from as well, and drawings of no digit.

    The labels become soft: what is no digit is wanted to look like each of the ten a tenth.
    """
    rng = np.random.default_rng([seed, DRAWN])
    drawn = [pens.render(drawn_from, rng).images for _ in range(DRAWN)]
    drawn.append(pens.render(nondigits(NONDIGITS, drawn_from, rng), rng).images)
    pictures = np.concatenate(drawn).reshape(-1, PIXELS)
    labels = one_hot(np.concatenate([data.labels, *[drawn_from.labels] * DRAWN]))
    return data._replace(
        pictures=np.concatenate([data.pictures, pictures]),
        inputs=np.concatenate([data.inputs, normalise(pictures)]),
        labels=np.concatenate([labels, np.full((NONDIGITS, 10), 0.1, np.float32)]),
    )


def labels_of(data: TrainingSet) -> NDArray[np.uint8] | NDArray[np.float32]:
    """What is wanted of the data's inputs: its labels, or its teacher's answers (n, 10)."""
    return data.labels if data.teacher is None else np.asarray(data.teacher.feedforward(data.inputs))


class AugmentedEpochs:
    """The data as it is seen in each epoch: distorted anew, normalised, and with its teacher's answer to just that.

    A teacher that is asked about each distorted picture teaches far more than one that is asked once (Beyer et al.,
    "Knowledge distillation: A good teacher is patient and consistent", 2022). An epoch's view follows from the seed
    and the epoch alone. It is good until the next is asked for.
    """

    def __init__(self, data: TrainingSet, how: Augmentation, seed: int) -> None:
        self._data, self._how, self._seed = data, how, seed
        self._inputs = np.empty_like(data.inputs)
        self._labels = np.zeros((len(data.inputs), 10), np.float32) if data.teacher else data.labels
        self._turns: list[int | None] = [None] * _PARTS

    def __call__(self, epoch: int) -> tuple[NDArray[np.float32], NDArray[np.uint8] | NDArray[np.float32]]:
        for part in range(_PARTS):
            turn = (epoch - part) // _PARTS + 1
            if turn != self._turns[part]:
                self._turns[part] = turn
                self._distort(slice(part, None, _PARTS), np.random.default_rng([self._seed, part, turn]))
        return self._inputs, self._labels

    def _distort(self, chosen: slice, rng: np.random.Generator) -> None:
        pictures = self._data.pictures[chosen] * np.float32(1 / 255)
        inputs = self._inputs[chosen] = normalise(augment(pictures, self._how, rng))
        if self._data.teacher:
            self._labels[chosen] = self._data.teacher.feedforward(inputs)
