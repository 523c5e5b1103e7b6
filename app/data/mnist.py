"""The MNIST database: four gzipped IDX files to arrays, checked by SHA-256."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data import idx

# SHA-256 of the unpacked files.
CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
RESTORE_HINT = "Restore data/mnist from the repository, or let DESCENT_MNIST_DIR name a folder that has its four files."


class DataError(Exception):
    """A data file is missing or wrong; the message names the file and what to do.

    It may be sent to anyone, so it has no path of the server: see `shown`.
    """


def shown(path: Path) -> str:
    """The name of a file with that of its folder, printable."""
    return printable(f"{path.parent.name}/{path.name}")


def printable(name: str) -> str:
    """The name with its control characters, and bytes that are not UTF-8, escaped as in Python."""
    return repr(name)[1:-1]


class Images(NamedTuple):
    """Images (n, 28, 28) uint8, 0 = paper and 255 = ink, and labels (n,) uint8 in 0..9."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def path_of(folder: Path, name: str) -> Path:
    """The path in `folder` of a file named in `CHECKSUMS`."""
    return folder / f"{name}.gz"


def read_idx(folder: Path, name: str) -> NDArray[np.uint8]:
    """The array of the IDX file `name`.gz in `folder`.

    Raises DataError if it is missing, can't be read, or its SHA-256 differs from `CHECKSUMS`.
    """
    path = path_of(folder, name)
    try:
        array = idx.read_array(path)
    except idx.IdxError as error:
        raise DataError(f"{shown(path)} {error}. {RESTORE_HINT}") from error
    if idx.sha256_of(array) != CHECKSUMS[name]:
        raise DataError(f"{shown(path)} is not the MNIST file of that name: its SHA-256 differs. {RESTORE_HINT}")
    return array


def read_training(folder: Path) -> Images:
    """The 60,000 training images. Raises DataError."""
    return Images(read_idx(folder, "train-images-idx3-ubyte"), read_idx(folder, "train-labels-idx1-ubyte"))


def read_test(folder: Path) -> Images:
    """The 10,000 test images, for the final accuracy only. Raises DataError."""
    return Images(read_idx(folder, "t10k-images-idx3-ubyte"), read_idx(folder, "t10k-labels-idx1-ubyte"))
