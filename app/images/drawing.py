"""A picture of a digit, as somebody drew or photographed it, to 28x28 as MNIST would have it.

MNIST's own way: the ink is cropped, scaled into a 20x20 box with its proportions, and centred by its mass in 28x28
(LeCun et al. 1998, section III-A).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.images.ink import Strokes, cut_out, find_strokes
from app.images.picture import (
    FORMATS,
    MAX_BYTES,
    MAX_PIXELS,
    DrawingError,
    TooLargeError,
    UnsupportedError,
    decode,
    open_picture,
)

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "STEPS",
    "DrawingError",
    "Placement",
    "TooLargeError",
    "UnsupportedError",
    "open_picture",
    "place",
    "place_ink",
    "read",
    "read_image",
    "read_opened",
]

# What can be left out of placing a digit, to see what it is good for.
STEPS = ("crop", "scale", "centre")
_SIDE, _BOX = 28, 20
# Where MNIST's centres of mass are, in pixels from the first one's middle: 13.5 to 14.5 in all its images.
_CENTRE = 14


def read(picture: bytes) -> NDArray[np.uint8]:
    """The digit in a picture file, as (28, 28) uint8 with 0 = paper and 255 = ink.

    Dark on light and light on dark are both read: what most of it is, is paper. What is transparent is paper.
    Raises TooLargeError, UnsupportedError, or DrawingError for a broken picture and for one without ink.
    """
    return read_opened(open_picture(picture))


def read_opened(image: Image.Image) -> NDArray[np.uint8]:
    """The digit in a picture that `open_picture` opened: what is left of `read`, and the most of its work.

    Raises UnsupportedError or DrawingError.
    """
    return read_image(decode(image))


def read_image(image: Image.Image) -> NDArray[np.uint8]:
    """The digit in an image that is already decoded, of mode L or RGBA: what `read` does once it has opened the file.

    Raises DrawingError for an image without ink.
    """
    return _placed(find_strokes(image)).placed


class Placement(NamedTuple):
    """How a digit came to lie in 28x28: the part `box` (left, top, right, bottom) of the picture, `scale` times as
    large, with its corner at (left, top) of the 28x28. All are in the pixels that the picture was worked on."""

    placed: NDArray[np.uint8]
    strokes: Strokes
    box: tuple[int, int, int, int]
    scale: float
    left: int
    top: int

    @property
    def picture(self) -> Image.Image:
        """The ink as it was drawn, mode F."""
        return Image.fromarray(_whole(self.strokes))


def place(picture: bytes, without: Collection[str] = ()) -> Placement:
    """What `read` does to a picture, with the way it took. `without` names those of STEPS to leave out.

    Raises as `read` does.
    """
    return _placed(find_strokes(decode(open_picture(picture))), without)


def place_ink(ink: Image.Image, without: Collection[str] = ()) -> Placement:
    """Crops the ink, in mode F, scales its longer side to 20, and puts its centre of mass in the middle of 28x28.

    Raises DrawingError when there is none.
    """
    return _placed(cut_out(np.asarray(ink)), without)


def _placed(strokes: Strokes | None, without: Collection[str] = ()) -> Placement:
    if strokes is None:
        raise DrawingError("There is no ink in the picture. Draw a digit that stands out from its background.")
    digit, box, size = strokes
    if "crop" in without:
        digit, box = _whole(strokes), (0, 0, *size)
    to_sheet = _SIDE / max(size)
    scale = to_sheet if "scale" in without else _BOX / max(digit.shape)
    height, width = (max(1, round(side * scale)) for side in digit.shape)
    small = np.asarray(Image.fromarray(digit).resize((width, height), Image.Resampling.BILINEAR))
    mass = float(small.sum())
    if "centre" in without:
        # Where it was drawn: the sheet is a square with the picture in its middle.
        left = round(_SIDE / 2 + ((box[0] + box[2]) - size[0]) / 2 * to_sheet - width / 2)
        top = round(_SIDE / 2 + ((box[1] + box[3]) - size[1]) / 2 * to_sheet - height / 2)
    else:
        left = round(_CENTRE - float(small.sum(axis=0) @ np.arange(width)) / mass)
        top = round(_CENTRE - float(small.sum(axis=1) @ np.arange(height)) / mass)
    # All of a digit stays in the picture; the empty paper around it need not.
    if "crop" not in without:
        left, top = min(max(left, 0), _SIDE - width), min(max(top, 0), _SIDE - height)
    # A stroke that is thin in a large picture is pale in a small one: the darkest ink is made full ink again.
    full = np.round(small * (255 / small.max())).astype(np.uint8)
    placed = np.zeros((_SIDE, _SIDE), np.uint8)
    seen = placed[max(top, 0) : top + height, max(left, 0) : left + width]
    seen[:] = full[max(-top, 0) :, max(-left, 0) :][: seen.shape[0], : seen.shape[1]]
    return Placement(placed, strokes, box, scale, left, top)


def _whole(strokes: Strokes) -> NDArray[np.float32]:
    """The ink in all of the picture."""
    (left, top, right, bottom), (width, height) = strokes.box, strokes.size
    whole = np.zeros((height, width), np.float32)
    whole[top:bottom, left:right] = strokes.ink
    return whole
