"""Whether a data set's images are transposed or inverted, by what a few of them show."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data.mnist import DataError, Images
from app.images.checks import is_inverted
from app.images.normalise import normalise
from app.network import Network
from app.network.weights import WeightsError, read_weights
from app.settings import ROOT

_EMNIST = "emnist-"
_READER = ROOT / "models" / "classic.safetensors"
# Of MNIST's images, the network reads 98% as they are, 18% transposed.
_READS, _MARGIN = 0.5, 0.25


class Orientation(NamedTuple):
    """What has to be undone before the images are upright, and light ink on dark paper."""

    transposed: bool
    inverted: bool


UPRIGHT = Orientation(transposed=False, inverted=False)


def orientation(sample: Images, file_name: str) -> Orientation:
    """How the images lie in the file of that name. Raises DataError if the network that reads them is missing.

    They are transposed if a network reads most of them that way, and clearly fewer as they are. Images that it can't
    read either way, such as letters, are transposed if the file is named as EMNIST's are.
    """
    images, labels = sample
    inverted = bool(is_inverted(images).mean() > 0.5)
    if inverted:
        images = 255 - images
    upright, transposed = _share_read(images, labels), _share_read(images.transpose(0, 2, 1), labels)
    if max(upright, transposed) < _READS:
        return Orientation(file_name.lower().startswith(_EMNIST), inverted)
    return Orientation(transposed > upright + _MARGIN, inverted)


def _share_read(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> float:
    return float((_reader().feedforward(normalise(images)).argmax(axis=1) == labels).mean())


@functools.cache
def _reader() -> Network:
    try:
        return read_weights(_READER).network
    except WeightsError as error:
        raise DataError(f"{error} Restore models from the repository.") from error
