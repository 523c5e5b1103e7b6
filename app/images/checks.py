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

BLANK = "The image is blank, so the answer means nothing. Send 0 for paper and up to 255 for ink."
INVERTED = "The image looks inverted, so the answer is probably wrong. Send 0 for paper and 255 for ink."
UNIT_RANGE = "The numbers are 0 to 1, so 1 was read as full ink. Send 0 for paper and 255 for ink."


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
