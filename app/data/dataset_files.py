"""Finds and reads the four IDX files of a data set of 28x28 images in a folder."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data import idx
from app.data.mnist import DataError, Images, printable, shown
from app.data.orientation import Orientation, orientation
from app.network.inputs import SIDE

MAX_CLASSES = 10
# EMNIST has 240,000 digits. As float32 inputs, with a distorted copy, 300,000 images take 2 GB.
_MAX_IMAGES = 300_000
_ROLES = ("training images", "training labels", "test images", "test labels")
_FILE_NAME = re.compile(r"(?:.*-)?(?P<part>train|test|t10k)-(?P<kind>images|labels)[-.]idx[13]-ubyte(?:\.gz)?")
_SAMPLES_PER_CLASS = 10
_MAX_DAMAGED = 256


class File(NamedTuple):
    """A file with its time and size, as a cache key: a changed file is another one."""

    path: Path
    modified_ns: int
    size: int


# What is wrong with a file, until it changes.
_damaged: dict[File, str] = {}


class Files(NamedTuple):
    """The four files of a data set, in the order of its digest."""

    training_images: File
    training_labels: File
    test_images: File
    test_labels: File


def find(folder: Path) -> Files:
    """The four files by their names: train or test (or t10k), images or labels. Raises DataError."""
    name = printable(folder.name)
    found: dict[str, list[Path]] = {role: [] for role in _ROLES}
    try:
        named = sorted(path for path in folder.iterdir() if _FILE_NAME.fullmatch(path.name) and path.name[0] != ".")
        # Of these alone: another one may be a link to where the server may not look.
        paths = [path for path in named if path.is_file()]
    except OSError as error:
        raise DataError(f"The folder {name} can't be read ({error.strerror}). Let the server read it.") from error
    for path in paths:
        if match := _FILE_NAME.fullmatch(path.name):
            found[f"{'training' if match['part'] == 'train' else 'test'} {match['kind']}"].append(path)
    for role, candidates in found.items():
        if not candidates:
            part, kind = role.replace("training", "train").split()
            number = 3 if kind == "images" else 1
            raise DataError(
                f"The folder {name} has no {role}. Put a file there that is named {part}-{kind}-idx{number}-ubyte.gz."
            )
        if len(candidates) > 1:
            names = " and ".join(shown(path) for path in candidates[:2])
            raise DataError(f"There are two files of {role}: {names}. Keep one, and each set in a folder of its own.")
    return Files(*(file_at(found[role][0]) for role in _ROLES))


def file_at(path: Path) -> File:
    """The file as it is now. Raises DataError if it is missing."""
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise DataError(f"{shown(path)} is missing.") from error
    except OSError as error:
        raise DataError(f"{shown(path)} can't be read ({error.strerror}).") from error
    return File(path, state.st_mtime_ns, state.st_size)


def count(images: File, labels: File) -> int:
    """How many images there are, as both headers must say. Raises DataError."""
    shape, labelled = _shape(images), _shape(labels)
    if len(shape) != 3 or shape[1:] != (SIDE, SIDE):
        size = " x ".join(map(str, shape[1:])) or "no"
        raise DataError(f"{shown(images.path)} has {size} pixels an image. Put images of {SIDE} x {SIDE} there.")
    if len(labelled) != 1:
        raise DataError(f"{shown(labels.path)} holds no list of labels. Put the labels of {shown(images.path)} there.")
    if labelled[0] != shape[0]:
        raise DataError(
            f"{shown(labels.path)} has {labelled[0]:,} labels for the {shape[0]:,} images of {shown(images.path)}."
            " Put the two files of one set there."
        )
    if shape[0] == 0:
        raise DataError(f"{shown(images.path)} has no images. Put a file there that has some.")
    if shape[0] > _MAX_IMAGES:
        raise DataError(f"{shown(images.path)} has {shape[0]:,} images. Put at most {_MAX_IMAGES:,} there.")
    return shape[0]


@contextlib.contextmanager
def _reading(file: File) -> Iterator[None]:
    """Raises DataError for an IdxError, and at once for a file that was found damaged: to find it may take long."""
    if file in _damaged:
        raise DataError(_damaged[file])
    try:
        yield
    except idx.IdxError as error:
        sentence = f"{shown(file.path)} {error}. Put the file there again, as an IDX file of bytes, gzipped or not."
        if isinstance(error, idx.DamagedError):
            if len(_damaged) == _MAX_DAMAGED:
                _damaged.clear()
            _damaged[file] = sentence
        raise DataError(sentence) from error


def _shape(file: File) -> tuple[int, ...]:
    with _reading(file):
        return idx.read_shape(file.path)


def array(file: File, first: int | None = None) -> NDArray[np.uint8]:
    """The array in the file, read-only, or its `first` entries. Raises DataError."""
    with _reading(file):
        return idx.read_array(file.path, first)


@functools.lru_cache(maxsize=256)
def sha256(file: File) -> str:
    """SHA-256 of the unpacked file, cached until the file changes. Raises DataError."""
    with _reading(file):
        return idx.sha256(file.path)


@functools.lru_cache(maxsize=256)
def orientation_of(images: File, labels: File) -> Orientation:
    """How the images lie, by the first ones of each class, cached until a file changes. Raises DataError."""
    answers = array(labels)
    chosen = np.concatenate([np.nonzero(answers == label)[0][:_SAMPLES_PER_CLASS] for label in np.unique(answers)])
    return orientation(Images(array(images, int(chosen.max()) + 1)[chosen], answers[chosen]), images.path.name)


@functools.lru_cache(maxsize=256)
def highest_label(file: File) -> int:
    """The highest label, below `MAX_CLASSES`, cached until the file changes. Raises DataError."""
    highest = int(array(file).max())
    if highest >= MAX_CLASSES:
        raise DataError(
            f"{shown(file.path)} has labels up to {highest}. Put a set of at most {MAX_CLASSES} classes there."
        )
    return highest
