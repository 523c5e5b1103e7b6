"""Augmentation: random distortions of an image, so that a network learns the digit and not one hand.

Small rotations, shears, changes of scale and shifts (LeCun et al. 1998, section III-C), an elastic field of
displacements (Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks", 2003, section 2), and
thinner or thicker strokes, by grey erosion and dilation.

The images of a group share one distortion, and each epoch has new groups and distortions. Pixels then move as whole
rows of a (pixels, group) array, several times faster than image by image.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.inputs import PIXELS, SIDE

Floats32 = NDArray[np.float32]

_GROUP = 64
# The elastic field is smooth over this many pixels: Simard's sigma of 4.
_SMOOTH = 4.0
_ROWS, _COLUMNS = np.mgrid[1 : SIDE + 1, 1 : SIDE + 1]


class Augmentation(NamedTuple):
    """How much images are distorted. Each amount is drawn uniformly from minus to plus its value here.

    `turn` is a rotation in radians; `shear` is sideways pixels per row; `scale` is a share of the size, drawn for
    each direction; `shift` is in pixels; `elastic` is the root mean square of the displacements in pixels, drawn from
    0 up; `thickness` 1 adds or removes one pixel on both sides of a stroke. `share` of the images is distorted; the
    others keep the sharpness of originals, since moving pixels blurs them a little.
    """

    turn: float = 0.0
    shear: float = 0.0
    scale: float = 0.0
    shift: float = 0.0
    elastic: float = 0.0
    thickness: float = 0.0
    share: float = 1.0


def augment(images: Floats32, how: Augmentation, rng: np.random.Generator) -> Floats32:
    """Images (n, 784) float32 in 0..1, distorted: a new array of the same shape, order and range."""
    augmented = images.copy()
    order = rng.permutation(len(images))[: round(how.share * len(images))]
    groups = -(-len(order) // _GROUP)
    down, right = _displacements(how, groups, rng)
    thickness = rng.uniform(-how.thickness, how.thickness, groups).astype(np.float32)
    for number in range(groups):
        members = order[number * _GROUP : (number + 1) * _GROUP]
        pixels = np.ascontiguousarray(images[members].T)
        if how.thickness:
            pixels = _thicken(pixels, thickness[number])
        augmented[members] = _move(pixels, down[number], right[number]).T
    return augmented


def _displacements(how: Augmentation, groups: int, rng: np.random.Generator) -> tuple[Floats32, Floats32]:
    """Where each pixel is read from, as offsets down and right of its own place, (groups, 28, 28) each."""

    def uniform(amount: float) -> Floats32:
        return rng.uniform(-amount, amount, (groups, 1, 1)).astype(np.float32)

    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32) - np.float32((SIDE - 1) / 2)
    turn, taller, wider, shear = uniform(how.turn), uniform(how.scale), uniform(how.scale), uniform(how.shear)
    down = (np.cos(turn) - 1 + taller) * y - np.sin(turn) * x + uniform(how.shift)
    right = (np.cos(turn) - 1 + wider) * x + (np.sin(turn) + shear) * y + uniform(how.shift)
    if how.elastic:
        distance = np.arange(SIDE)[:, None] - np.arange(SIDE)
        smooth = np.exp(-0.5 * (distance / _SMOOTH) ** 2).astype(np.float32)
        field = smooth @ rng.standard_normal((2, groups, SIDE, SIDE), dtype=np.float32) @ smooth
        field *= rng.uniform(0, how.elastic, (groups, 1, 1)) / np.sqrt(
            np.square(field).mean(axis=(2, 3), keepdims=True)
        )
        down, right = down + field[0], right + field[1]
    return down, right


def _move(pixels: Floats32, down: Floats32, right: Floats32) -> Floats32:
    """Pixels (784, m) read at the displaced places: bilinear, with paper outside the picture."""
    # A frame of paper, one pixel wide, to which places outside are clipped.
    frame = np.zeros((SIDE + 2, SIDE + 2, pixels.shape[1]), np.float32)
    frame[1:-1, 1:-1] = pixels.reshape(SIDE, SIDE, -1)
    framed = frame.reshape((SIDE + 2) ** 2, -1)
    y = np.clip(_ROWS + down, 0, SIDE + 0.999).ravel().astype(np.float32)
    x = np.clip(_COLUMNS + right, 0, SIDE + 0.999).ravel().astype(np.float32)
    top, left = y.astype(np.intp), x.astype(np.intp)
    y, x = (y - top)[:, None], (x - left)[:, None]
    corner = top * (SIDE + 2) + left
    moved, neighbour = np.empty_like(pixels), np.empty_like(pixels)
    np.multiply(framed.take(corner, 0, neighbour, "clip"), (1 - y) * (1 - x), out=moved)
    for step, weight in ((1, (1 - y) * x), (SIDE + 2, y * (1 - x)), (SIDE + 3, y * x)):
        framed.take(corner + step, 0, neighbour, "clip")
        neighbour *= weight
        moved += neighbour
    return moved


def _thicken(pixels: Floats32, amount: np.float32) -> Floats32:
    """Strokes of (784, m) thicker (amount up to 1) or thinner (down to -1) by up to a pixel on both sides."""
    extreme = np.maximum if amount > 0 else np.minimum
    picture = pixels.reshape(SIDE, SIDE, -1)
    thick = picture.copy()
    extreme(thick[1:], picture[:-1], out=thick[1:])
    extreme(thick[:-1], picture[1:], out=thick[:-1])
    extreme(thick[:, 1:], picture[:, :-1], out=thick[:, 1:])
    extreme(thick[:, :-1], picture[:, 1:], out=thick[:, :-1])
    thick -= picture
    thick *= abs(amount)
    thick += picture
    return np.asarray(thick.reshape(PIXELS, -1))
