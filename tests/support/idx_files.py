"""Small sets of IDX files for tests."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.data.mnist import Images


def content(array: NDArray[np.uint8]) -> bytes:
    """The array as an IDX file has it."""
    header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return header + array.tobytes()


def write_set(
    folder: Path, training: int = 24, test: int = 10, classes: int = 10, before: str = "", packed: bool = True
) -> Path:
    """A set of random images, whose labels count up. `before` stands in front of the usual names."""
    rng = np.random.default_rng(0)
    first, second = (
        Images(rng.integers(0, 256, (count, 28, 28), np.uint8), (np.arange(count) % classes).astype(np.uint8))
        for count in (training, test)
    )
    return write_images(folder, first, second, before, packed)


def write_images(folder: Path, training: Images, test: Images, before: str = "", packed: bool = True) -> Path:
    """A set of these images. `before` stands in front of the usual names."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, (images, labels) in (("train", training), ("test" if before else "t10k", test)):
        for name, array in ((f"{part}-images-idx3-ubyte", images), (f"{part}-labels-idx1-ubyte", labels)):
            file = content(array)
            path = folder / f"{before}{name}{'.gz' if packed else ''}"
            path.write_bytes(gzip.compress(file, 1) if packed else file)
    return folder


def write_digits(folder: Path, digits: Images, training: int = 1200, test: int = 300) -> Path:
    """A set of the first of these digits."""
    first = Images(*(part[:training] for part in digits))
    return write_images(folder, first, Images(*(part[training : training + test] for part in digits)))
