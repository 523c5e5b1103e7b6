"""28x28 images to the inputs of a network: centred by mass, straightened, brought to one size, scaled to 0..1.

Training images and drawings go through this same function, so they can't drift apart.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.inputs import PIXELS, SIDE

# A slant of more than 45 degrees is a horizontal stroke, not slanted handwriting: straightening it would be wrong.
MAX_SHEAR = 1.0
# Four standard deviations of the ink, along its longer side, become this many pixels.
_EXTENT = 20.0
# A narrow digit is widened, so that its strokes stay apart, but it stays narrow: the ratio of its sides is raised to
# this power. 1 would keep the proportions, 0 would make every digit square.
_ASPECT = 0.2
# The smallest and largest number of image pixels per input pixel, so that a dot or a line stays one.
_MIN_STEP, _MAX_STEP = 0.4, 2.0
# The arrays of one pass over this many images fit into the processor's cache.
_CHUNK = 128

_MIDDLE = np.float32((SIDE - 1) / 2)
_GRID = np.arange(SIDE, dtype=np.float32) - _MIDDLE
_Y, _X = (part.ravel() for part in np.meshgrid(_GRID, _GRID, indexing="ij"))
# An image times these columns: its mass, and its first and second moments about the middle of the picture.
_MOMENTS = np.stack([np.ones_like(_X), _X, _Y, _X * _X, _X * _Y, _Y * _Y], axis=1)
# Paper on both sides of a row, for reads outside the picture.
_MARGIN = 2
_ROW = SIDE + 2 * _MARGIN
_STARTS = np.arange(_CHUNK * SIDE, dtype=np.int32).reshape(_CHUNK, SIDE, 1) * _ROW + _MARGIN


# The steps of `normalise`, in order. The lessons leave some out, to show what each is for.
STEPS = ("centre", "straighten", "size")


class Frames(NamedTuple):
    """The part of each of n images that becomes its input, each field (n,) float32, in pixels.

    The input's middle is at (x, y) from the image's middle; one pixel of the input is x_step wide and y_step high; a
    row d below the middle is read d * shear further to the right.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    shear: NDArray[np.float32]
    x_step: NDArray[np.float32]
    y_step: NDArray[np.float32]


def normalise(images: NDArray[np.generic], without: Collection[str] = ()) -> NDArray[np.float32]:
    """Images (n, 28, 28), or (n, 784), of any real dtype with 0 = paper, as inputs (n, 784) float32 in 0..1.

    The image's brightest pixel becomes 1; an image without ink stays 0. The slant is removed by the horizontal shear
    that makes the second moment mu_11 zero (LeCun et al. 1998, section III-A, "deslanting"), about the centre of
    mass, which is brought to the middle of the picture. The second moments then give every digit one size, whatever
    stray ends its strokes have (Liu et al., "Handwritten digit recognition: investigation of normalization and
    feature extraction techniques", 2004, "moment normalization"). `without` names those of STEPS to leave out.
    """
    images = images.reshape(-1, PIXELS)
    inputs = np.empty((len(images), PIXELS), np.float32)
    for start in range(0, len(images), _CHUNK):
        chunk = _full_ink(images[start : start + _CHUNK])
        inputs[start : start + _CHUNK] = _read(chunk, _frames(chunk, without))
    return inputs


def frames(images: NDArray[np.generic], without: Collection[str] = ()) -> Frames:
    """The part of each of the images (n, 28, 28) or (n, 784) that `normalise` reads."""
    return _frames(_full_ink(images.reshape(-1, PIXELS)), without)


def _full_ink(images: NDArray[np.generic]) -> NDArray[np.float32]:
    inked = images.astype(np.float32)
    peak = inked.max(axis=1, keepdims=True)
    peak[peak <= 0] = 1
    inked /= peak
    return inked


def _frames(images: NDArray[np.float32], without: Collection[str]) -> Frames:
    mass, x, y, xx, xy, yy = (images @ _MOMENTS).T
    mass = np.maximum(mass, np.float32(1e-6))
    x, y = x / mass, y / mass
    # At least the variance of one pixel, since a line one pixel wide has a width.
    mu_20 = np.maximum(xx / mass - x * x, np.float32(1 / 12))
    mu_02 = np.maximum(yy / mass - y * y, np.float32(1 / 12))
    mu_11 = xy / mass - x * y
    shear = np.minimum(np.maximum(mu_11 / mu_02, -MAX_SHEAR), MAX_SHEAR)
    if "straighten" in without:
        shear = np.zeros_like(shear)
    width = np.sqrt(np.maximum(mu_20 - shear * (2 * mu_11 - shear * mu_02), np.float32(1 / 12)))
    height = np.sqrt(mu_02)
    x_step, y_step = _steps(width, height), _steps(height, width)
    if "centre" in without:
        x, y = np.zeros_like(x), np.zeros_like(y)
    if "size" in without:
        x_step, y_step = np.ones_like(x_step), np.ones_like(y_step)
    return Frames(x, y, shear, x_step, y_step)


def _read(images: NDArray[np.float32], frames: Frames) -> NDArray[np.float32]:
    x, y, shear, x_step, y_step = frames
    # Rows first: each row of the input is interpolated between the two nearest rows of the image.
    rows = y_step[:, None] * _GRID
    nearness = np.abs((rows + (y + _MIDDLE)[:, None])[:, :, None] - np.arange(SIDE, dtype=np.float32))
    np.subtract(1, nearness, out=nearness)
    np.maximum(nearness, 0, out=nearness)
    padded = np.zeros((len(images), SIDE, _ROW), np.float32)
    np.matmul(nearness, images.reshape(-1, SIDE, SIDE), out=padded[:, :, _MARGIN:-_MARGIN])

    # Then each pixel is interpolated along its row, shifted by the shear.
    left = (x + _MIDDLE)[:, None] + shear[:, None] * rows
    columns = left[:, :, None] + (x_step[:, None] * _GRID)[:, None, :]
    np.maximum(columns, -_MARGIN, out=columns)
    np.minimum(columns, SIDE, out=columns)
    whole = np.floor(columns)
    columns -= whole
    places = whole.astype(np.int32)
    places += _STARTS[: len(images)]
    flat = padded.reshape(-1)
    near = flat.take(places)
    places += 1
    far = flat.take(places)
    far -= near
    far *= columns
    far += near
    return np.asarray(far.reshape(-1, PIXELS))


def _steps(side: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The image pixels per input pixel in one direction, from the standard deviations along it and across it."""
    ratio = np.minimum(side / other, 1) ** np.float32(_ASPECT)
    return np.asarray(np.minimum(np.maximum(side * np.float32(4 / _EXTENT) / ratio, _MIN_STEP), _MAX_STEP))
