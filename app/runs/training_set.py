"""The images that a run learns from, with drawings if asked for, and their augmentation from epoch to epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data import pens
from app.data.dataset import Dataset, ErasedError
from app.data.datasets import Datasets
from app.data.mnist import DataError
from app.data.nondigits import nondigits
from app.data.styles import draw_styles, read_styles
from app.images.augment import Augmentation, augment
from app.images.normalise import normalise
from app.network import Network
from app.network.inputs import PIXELS
from app.network.network import one_hot
from app.runs.recipe import RecipeError, RunSettings

# How often each pen drawing and each letter is drawn, each time with another pen, size and place.
DRAWN = 3
NONDIGITS = 3000
# Beside a data set there is at most nine times as much of another one.
_REST = 9
# Each epoch distorts one part of the images, in rotation: distorting all would take longer than learning from them.
_PARTS = 2


class TrainingSet(NamedTuple):
    """Pictures (n, 784) uint8 to learn from, 0 = paper, normalised as inputs (n, 784) float32 in 0..1, with labels.

    Labels are digits (n,), or soft labels (n, 10). The last images of the data set are held out. With a teacher, the
    answers of that larger network are learned in place of the labels: distillation (Hinton, Vinyals and Dean,
    "Distilling the Knowledge in a Neural Network", 2015). No temperature softens them: a shipped network is calibrated.
    `measured` are inputs and labels of another data set, which are answered after each epoch too.
    """

    pictures: NDArray[np.uint8]
    inputs: NDArray[np.float32]
    labels: NDArray[np.uint8] | NDArray[np.float32]
    held_out_inputs: NDArray[np.float32]
    held_out_labels: NDArray[np.uint8]
    teacher: Network | None = None
    measured: tuple[NDArray[np.float32], NDArray[np.uint8]] | None = None

    @property
    def targets(self) -> NDArray[np.uint8] | NDArray[np.float32]:
        """What is learned for the inputs: the labels, or the teacher's answers (n, 10)."""
        return self.labels if self.teacher is None else np.asarray(self.teacher.feedforward(self.inputs))


class RecipeSets(NamedTuple):
    """The data sets that a recipe names: `dataset`, `also` and `measured_on`."""

    dataset: Dataset
    also: Dataset | None = None
    measured_on: Dataset | None = None

    @property
    def repeats(self) -> tuple[int, int]:
        """How often an epoch uses the training images of `dataset` and of `also`: both are a tenth of all, or more."""
        if self.also is None:
            return 1, 0
        few, many = self.dataset.training, self.also.training
        return max(1, -(-many // (_REST * few))), max(1, -(-few // (_REST * many)))

    @property
    def training(self) -> int:
        """The images in an epoch, without drawings in other styles."""
        return sum(
            times * dataset.training
            for times, dataset in zip(self.repeats, (self.dataset, self.also), strict=True)
            if dataset
        )


def sets_of(recipe: RunSettings, datasets: Datasets) -> RecipeSets:
    """The data sets of a recipe; of its collection, those images that `collection_sha256` names.

    Raises RecipeError if they don't fit the recipe or each other, ErasedError if the collection's images are erased,
    and DataError if the first one can't be used.
    """
    _ = recipe.collection  # there is one at most
    dataset = datasets.get(recipe.dataset, recipe.collection_sha256)
    require_images_of(recipe, dataset)
    others: list[Dataset | None] = []
    for field, name in (("also", recipe.also), ("measured_on", recipe.measured_on)):
        if name is None:
            others.append(None)
            continue
        if field == "also" and name == recipe.dataset:
            raise RecipeError(f"also: the run learns from {name!r} already. Name another data set, or leave it out.")
        try:
            other = datasets.get(name, recipe.collection_sha256)
        except ErasedError:
            raise
        except DataError as error:
            raise RecipeError(f"{field}: {error}") from error
        if not (dataset.reads_digits and other.reads_digits):
            raise RecipeError(f"{field}: {recipe.dataset!r} and {name!r} must both have the ten digits as classes.")
        others.append(other)
    return RecipeSets(dataset, *others)


def require_images_of(recipe: RunSettings, dataset: Dataset) -> None:
    """Raises RecipeError unless the images are those that the recipe names, DataError if they can't be read."""
    if recipe.data_sha256 not in (None, dataset.sha256()):
        raise RecipeError(
            f"data_sha256: the images of {recipe.dataset!r} here are not those of this recipe. Put the same files"
            " there, or leave data_sha256 out."
        )


def read_data(dataset: Dataset) -> TrainingSet:
    """The training images of the data set, with its last ones held out. Raises DataError."""
    images, labels = dataset.read_training()
    pictures, inputs, count = images.reshape(-1, PIXELS), normalise(images), dataset.training
    return TrainingSet(pictures[:count], inputs[:count], labels[:count], inputs[count:], labels[count:])


def read_sets(sets: RecipeSets) -> TrainingSet:
    """The images of a recipe's data sets. Raises DataError."""
    data = read_data(sets.dataset)
    if sets.also:
        images, labels = (array[: sets.also.training] for array in sets.also.read_training())
        data = data._replace(
            pictures=_mixed(data.pictures, images.reshape(-1, PIXELS), sets.repeats),
            inputs=_mixed(data.inputs, normalise(images), sets.repeats),
            labels=_mixed(data.labels, labels, sets.repeats),
        )
    if sets.measured_on:
        measured = sets.measured_on.read_held_out()
        data = data._replace(measured=(normalise(measured.images), measured.labels))
    return data


def _mixed(first: NDArray[Any], second: NDArray[Any], repeats: tuple[int, int]) -> NDArray[Any]:
    return np.concatenate([first] * repeats[0] + [second] * repeats[1])


def with_styles(data: TrainingSet, count: int, seed: int) -> TrainingSet:
    """The data, which has no soft labels yet, with `count` drawings in the styles of data/styles. Raises DataError."""
    if count == 0:
        return data
    rng = np.random.default_rng([seed, count])
    drawn = draw_styles(count, rng, read_styles())
    return _with(data, pens.render(drawn, rng).images, drawn.labels)


def with_pens(data: TrainingSet, drawn_from: pens.Pens, seed: int, letters: Sequence[pens.Pens] = ()) -> TrainingSet:
    """The data with each pen drawing added `DRAWN` times, and with drawings that are no digit: the letters as often.

    The labels become soft: a drawing that is no digit should get a tenth for each of the ten.
    """
    rng = np.random.default_rng([seed, DRAWN])
    drawn = [pens.render(drawn_from, rng).images for _ in range(DRAWN)]
    data = data._replace(labels=one_hot(np.asarray(data.labels, np.uint8)))
    data = _with(data, np.concatenate(drawn), one_hot(np.tile(drawn_from.labels, DRAWN)))
    others = [nondigits(NONDIGITS, drawn_from, rng), *DRAWN * list(letters)]
    images = np.concatenate([pens.render(other, rng).images for other in others])
    return _with(data, images, np.full((len(images), 10), 0.1, np.float32))


def _with(data: TrainingSet, images: NDArray[np.uint8], labels: NDArray[Any]) -> TrainingSet:
    pictures = images.reshape(-1, PIXELS)
    return data._replace(
        pictures=np.concatenate([data.pictures, pictures]),
        inputs=np.concatenate([data.inputs, normalise(pictures)]),
        labels=np.concatenate([data.labels, labels]),
    )


class AugmentedEpochs:
    """The inputs and labels of each epoch: distorted, normalised, and labelled by the teacher if there is one.

    A teacher that labels each distorted image teaches far more than one that labels the originals (Beyer et al.,
    "Knowledge distillation: A good teacher is patient and consistent", 2022). The arrays depend only on the seed and
    the epoch, and are overwritten by the next call.
    """

    def __init__(self, data: TrainingSet, how: Augmentation, seed: int) -> None:
        self._data, self._how, self._seed = data, how, seed
        self._inputs = np.empty_like(data.inputs)
        self._labels = np.zeros((len(data.inputs), 10), np.float32) if data.teacher else data.labels
        self._rotations: list[int | None] = [None] * _PARTS

    def __call__(self, epoch: int) -> tuple[NDArray[np.float32], NDArray[np.uint8] | NDArray[np.float32]]:
        for part in range(_PARTS):
            rotation = (epoch - part) // _PARTS + 1
            if rotation != self._rotations[part]:
                self._rotations[part] = rotation
                self._distort(slice(part, None, _PARTS), np.random.default_rng([self._seed, part, rotation]))
        return self._inputs, self._labels

    def _distort(self, chosen: slice, rng: np.random.Generator) -> None:
        pictures = self._data.pictures[chosen] * np.float32(1 / 255)
        inputs = self._inputs[chosen] = normalise(augment(pictures, self._how, rng))
        if self._data.teacher:
            self._labels[chosen] = self._data.teacher.feedforward(inputs)
