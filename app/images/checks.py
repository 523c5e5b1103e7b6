"""Checks of images that come as numbers: blank, inverted, or 0 to 1 where 0 to 255 is meant.

On MNIST none of the 70,000 images is called blank or inverted, and each is called inverted when it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.network.inputs import PIXELS, SIDE

# The least contrast between ink and paper, as a share of the range of the numbers.
_MIN_CONTRAST = 24 / 255
_IS_BORDER = np.pad(np.zeros((SIDE - 2, SIDE - 2), bool), 1, constant_values=True).ravel()


def warnings_of(images: NDArray[np.generic]) -> dict[int, list[str]]:
    """What may be wrong with images (n, 28, 28) or (n, 784), 0 = paper and 255 = ink: sentences by image number.

    Images without a warning have no entry.
    """
    found: dict[int, list[str]] = {}
    for is_found, sentence in (
        (is_blank(images), "The image is blank, so the answer means nothing. Send 0 for paper and 255 for ink."),
        (
            is_inverted(images),
            "The image looks inverted: the answer may be wrong. Send 0 for paper and 255 for ink.",
        ),
        (is_unit_range(images), "The numbers are 0 to 1, so 1 was read as full ink. Send 0 for paper and 255 for ink."),
    ):
        for number in np.flatnonzero(is_found).tolist():
            found.setdefault(number, []).append(sentence)
    return found


def is_blank(images: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Whether each image (n, 28, 28) or (n, 784), of any real dtype, lacks ink: (n,). Its numbers hardly differ."""
    images = images.reshape(-1, PIXELS)
    darkest, lightest = images.min(axis=1).astype(np.float32), images.max(axis=1).astype(np.float32)
    return np.asarray(lightest - darkest < _MIN_CONTRAST * np.where(lightest <= 1, np.float32(1), np.float32(255)))


def is_inverted(images: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Whether each image (n, 28, 28) or (n, 784), of any real dtype, has paper above ink: (n,).

    Paper is at the border and covers most of an image. Blank images are not inverted.
    """
    images = images.reshape(-1, PIXELS)
    middle = (images.min(axis=1).astype(np.float32) + images.max(axis=1)) / 2
    is_light = (images[:, _IS_BORDER].mean(axis=1) > middle) & (images.mean(axis=1) > middle)
    return np.asarray(is_light & ~is_blank(images))


def is_unit_range(images: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Whether each image (n, 28, 28) or (n, 784), of any real dtype, has ink but no number above 1: (n,)."""
    return np.asarray((images.reshape(-1, PIXELS).max(axis=1) <= 1) & ~is_blank(images))
