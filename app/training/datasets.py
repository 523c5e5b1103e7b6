"""The sets of images that a run can learn from: MNIST, and what a host has put into the folder for others."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network import idx, mnist
from app.network.mnist import DataError, Images
from app.network.normalise import SIDE
from app.training.recipe import DATASET_NAME

MNIST = "mnist"
DIGITS = tuple("0123456789")
MOST_CLASSES = len(DIGITS)
# Of the training images at most so many, and so large a part, are held out.
_MOST_HELD_OUT, _HELD_OUT_PART = 10_000, 6
# EMNIST's digits are 240,000. As inputs, in 32 bits, and again as the network sees them, these take 2 GB.
_MOST_IMAGES = 300_000
_CLASSES_FILE, _MOST_CLASSES_FILE, _MOST_CLASS_NAME = "classes.txt", 4096, 40
_ROLES = ("training images", "training labels", "test images", "test labels")
_FILE_NAME = re.compile(r"(?:.*-)?(?P<part>train|test|t10k)-(?P<kind>images|labels)[-.]idx[13]-ubyte(?:\.gz)?")
_TURNED = "emnist-"
# Stands in the place of a name for what is wrong with the whole folder.
FOLDER = "DESCENT_DATASETS_DIR"


class _File(NamedTuple):
    """A file as it was when it was looked at: another time or size is another content."""

    path: Path
    modified_ns: int
    size: int

    @property
    def is_turned(self) -> bool:
        """EMNIST's files hold every image with its rows as columns."""
        return self.path.name.startswith(_TURNED)


class _Files(NamedTuple):
    training_images: _File
    training_labels: _File
    test_images: _File
    test_labels: _File


@dataclass(frozen=True)
class Dataset:
    """Images of 28x28 in at most ten classes. `classes` are their names, by label; the counts are of images.

    The last `held_out` of the training images are held out of training, `training` are those before them, and the
    `test` images choose nothing. Two are equal if nothing has touched their files in between.
    """

    name: str
    classes: tuple[str, ...]
    training: int
    held_out: int
    test: int
    files: _Files

    @property
    def title(self) -> str:
        """The name as a sentence has it."""
        return "MNIST" if self.name == MNIST else self.name

    @property
    def reads_digits(self) -> bool:
        """Whether its classes are the ten digits."""
        return self.classes == DIGITS

    def read_training(self) -> Images:
        """All training images, also those to be held out. Raises DataError."""
        if self.name == MNIST:
            return mnist.read_training(self.files.training_images.path.parent)
        return self._read(self.files.training_images, self.files.training_labels)

    def read_test(self) -> Images:
        """The test images, which choose nothing: they are for the last figure only. Raises DataError."""
        if self.name == MNIST:
            return mnist.read_test(self.files.test_images.path.parent)
        return self._read(self.files.test_images, self.files.test_labels)

    def sha256(self) -> str:
        """One digest over what the four files hold, however they are packed, in 64 hexadecimal digits.

        It is SHA-256 of the lines with the digests of the unpacked training images, training labels, test images and
        test labels; " turned" stands behind that of images that are turned, as they are others then. Raises DataError.
        """
        if self.name == MNIST:
            digests = list(mnist.CHECKSUMS.values())
        else:
            images = (self.files.training_images, self.files.test_images)
            digests = [_sha256(file) + " turned" * (file.is_turned and file in images) for file in self.files]
        return hashlib.sha256("".join(f"{digest}\n" for digest in digests).encode()).hexdigest()

    def _read(self, images: _File, labels: _File) -> Images:
        found = _array(images)
        if images.is_turned:
            found = np.ascontiguousarray(found.transpose(0, 2, 1))
        answers = _array(labels)
        if found.shape != (len(answers), SIDE, SIDE) or answers.max(initial=0) >= len(self.classes):
            raise DataError(f"{images.path} or its labels were changed just now. Try again.")
        return Images(found, answers)


class Datasets:
    """All of them, as they are on the disk whenever one is asked for."""

    def __init__(self, mnist_dir: Path, datasets_dir: Path | None = None) -> None:
        self._mnist_dir, self._datasets_dir = mnist_dir, datasets_dir

    def names(self) -> list[str]:
        """Those that can be used: MNIST first, then by the alphabet."""
        return [name for name, found in self._all() if isinstance(found, Dataset)]

    def problems(self) -> dict[str, str]:
        """By the name of each folder that can't be used, a sentence on what to change."""
        return {name: found for name, found in self._all() if isinstance(found, str)}

    def get(self, name: str) -> Dataset:
        """The data set of that name. Raises DataError, which says what to change or which names there are."""
        found = dict(self._all())
        if name not in found:
            names = ", ".join(name for name, one in found.items() if isinstance(one, Dataset)) or "none"
            raise DataError(f"There is no data set {name!r}. There are: {names}. {found.get(FOLDER, '')}".rstrip())
        dataset = found[name]
        if isinstance(dataset, str):
            raise DataError(dataset)
        return dataset

    def _all(self) -> Iterator[tuple[str, Dataset | str]]:
        """Each name with its data set, or with the sentence on why there is none."""
        yield MNIST, _or_sentence(MNIST, self._mnist_dir)
        if self._datasets_dir is None:
            return
        try:
            folders = sorted(path for path in self._datasets_dir.iterdir() if path.is_dir() and path.name[0] != ".")
        except OSError as error:
            yield FOLDER, f"{self._datasets_dir} can't be read ({error.strerror}). Make it, or change {FOLDER}."
            return
        for folder in folders:
            if folder.name == MNIST:
                yield str(folder), f"{folder} has the name of MNIST itself. Give the folder another name."
            elif re.fullmatch(DATASET_NAME, folder.name) is None:
                yield folder.name, f"{folder}: name the folder with at most 32 letters, digits, - and _ alone."
            else:
                yield folder.name, _or_sentence(folder.name, folder)


def _or_sentence(name: str, folder: Path) -> Dataset | str:
    try:
        return _mnist(folder) if name == MNIST else _in_folder(folder)
    except DataError as error:
        return str(error)


def _mnist(folder: Path) -> Dataset:
    # Their content is checked against known sums whenever it is read: then there are 60,000 and 10,000 images.
    try:
        files = _Files(*(_looked_at(mnist.path_of(folder, name)) for name in mnist.CHECKSUMS))
    except DataError as error:
        raise DataError(f"{error} {mnist.CURE}") from error
    return Dataset(MNIST, DIGITS, 50_000, 10_000, 10_000, files)


def _in_folder(folder: Path) -> Dataset:
    """What the folder holds, by the headers of its images and by its labels: images are unpacked when they are read."""
    files = _find(folder)
    training, test = (_count(*files[start : start + 2]) for start in (0, 2))
    if training < _HELD_OUT_PART:
        raise DataError(
            f"{files.training_images.path} has {training} images, too few to learn from. Put at least"
            f" {_HELD_OUT_PART} there: a sixth is held out."
        )
    held_out = min(_MOST_HELD_OUT, training // _HELD_OUT_PART)
    highest = max(_highest_label(files.training_labels), _highest_label(files.test_labels))
    return Dataset(folder.name, _classes(folder, highest), training - held_out, held_out, test, files)


def _find(folder: Path) -> _Files:
    found: dict[str, list[Path]] = {role: [] for role in _ROLES}
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise DataError(f"{folder} can't be read ({error.strerror}). Let the server's user read it.") from error
    for path in paths:
        if match := _FILE_NAME.fullmatch(path.name):
            found[f"{'training' if match['part'] == 'train' else 'test'} {match['kind']}"].append(path)
    for role, candidates in found.items():
        if not candidates:
            part, kind = role.replace("training", "train").split()
            number = 3 if kind == "images" else 1
            raise DataError(
                f"{folder} has no {role}. Put a file there that is named {part}-{kind}-idx{number}-ubyte.gz."
            )
        if len(candidates) > 1:
            names = " and ".join(path.name for path in candidates[:2])
            raise DataError(
                f"{folder} has two files of {role}: {names}. Keep one, and each set in a folder of its own."
            )
    return _Files(*(_looked_at(found[role][0]) for role in _ROLES))


def _looked_at(path: Path) -> _File:
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing.") from error
    except OSError as error:
        raise DataError(f"{path} can't be read ({error.strerror}).") from error
    return _File(path, state.st_mtime_ns, state.st_size)


def _count(images: _File, labels: _File) -> int:
    """How many images there are, as both headers must say. Raises DataError."""
    shape, labelled = _shape(images), _shape(labels)
    if len(shape) != 3 or shape[1:] != (SIDE, SIDE):
        size = " x ".join(map(str, shape[1:])) or "no"
        raise DataError(f"{images.path} has {size} pixels an image. Put images of {SIDE} x {SIDE} there.")
    if len(labelled) != 1:
        raise DataError(f"{labels.path} holds no list of labels. Put the labels of {images.path.name} there.")
    if labelled[0] != shape[0]:
        raise DataError(
            f"{labels.path} has {labelled[0]:,} labels for the {shape[0]:,} images of {images.path.name}. Put the two"
            " files of one set there."
        )
    if shape[0] == 0:
        raise DataError(f"{images.path} has no images. Put a file there that has some.")
    if shape[0] > _MOST_IMAGES:
        raise DataError(f"{images.path} has {shape[0]:,} images. Put at most {_MOST_IMAGES:,} there.")
    return shape[0]


def _shape(file: _File) -> tuple[int, ...]:
    try:
        return idx.read_shape(file.path)
    except idx.IdxError as error:
        raise DataError(_put_anew(file, error)) from error


def _array(file: _File) -> NDArray[np.uint8]:
    try:
        return idx.read_array(file.path)
    except idx.IdxError as error:
        raise DataError(_put_anew(file, error)) from error


@functools.lru_cache(maxsize=256)
def _sha256(file: _File) -> str:
    try:
        return idx.sha256(file.path)
    except idx.IdxError as error:
        raise DataError(_put_anew(file, error)) from error


@functools.lru_cache(maxsize=256)
def _highest_label(file: _File) -> int:
    """Below `MOST_CLASSES`, or DataError."""
    highest = int(_array(file).max())
    if highest >= MOST_CLASSES:
        raise DataError(
            f"{file.path} has labels up to {highest}. Put a set of at most {MOST_CLASSES} classes there, from 0 on."
        )
    return highest


def _put_anew(file: _File, error: idx.IdxError) -> str:
    return f"{file.path} {error}. Put the file there anew, as IDX, gzipped or not."


def _classes(folder: Path, highest: int) -> tuple[str, ...]:
    """The classes' names, at least as many as there are labels. Raises DataError."""
    path = folder / _CLASSES_FILE
    try:
        with path.open(encoding="utf-8-sig") as file:
            lines = file.read(_MOST_CLASSES_FILE)
    except FileNotFoundError:
        return DIGITS[: highest + 1]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} can't be read ({error}). Write it in UTF-8, a class name a line.") from error
    names = tuple(" ".join(line.split()) for line in lines.rstrip().splitlines())
    if not highest < len(names) <= MOST_CLASSES:
        raise DataError(
            f"{path} has {len(names)} lines for the labels 0 to {highest}. Write a class name a line, {highest + 1} to"
            f" {MOST_CLASSES} of them."
        )
    if any(not name.isprintable() or not 1 <= len(name) <= _MOST_CLASS_NAME for name in names):
        raise DataError(f"{path} has a name that can't be shown. Write 1 to {_MOST_CLASS_NAME} characters a line.")
    if len(set(names)) < len(names):
        raise DataError(f"{path} has a name twice. Write another one a line.")
    return names
