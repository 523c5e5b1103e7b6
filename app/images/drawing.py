"""A picture of a digit, drawn or photographed, to a 28x28 image like those in MNIST.

As in MNIST, the ink is cropped, scaled into a 20x20 box with its proportions, and centred by its mass in 28x28
(LeCun et al. 1998, section III-A).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.images.ink import find_ink
from app.images.picture import (
    FORMATS,
    MAX_BYTES,
    MAX_PIXELS,
    DrawingError,
    TooLargeError,
    UnsupportedError,
    decode,
    decode_small,
    open_picture,
    pixels_of,
)
from app.images.pieces import main_strokes
from app.images.strokes import Strokes, cut_out

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "STEPS",
    "DrawingError",
    "Placement",
    "TooLargeError",
    "UnsupportedError",
    "decode_small",
    "open_picture",
    "place",
    "place_ink",
    "read",
    "read_image",
    "read_opened",
]

# The steps of placing a digit, the first of which leaves out what is not the digit. The lessons leave some out, to show
# what each is for.
STEPS = ("others", "crop", "scale", "centre")
_SIDE, _BOX = 28, 20
# MNIST's centres of mass, in pixels from the middle of the first pixel: 13.5 to 14.5 in all its images.
_CENTRE = 14


def read(picture: bytes) -> NDArray[np.uint8]:
    """The digit in a picture file, as (28, 28) uint8 with 0 = paper and 255 = ink.

    Dark on light and light on dark are both read: paper is the shade of most of it. Transparent pixels are paper.
    Raises TooLargeError, UnsupportedError, or DrawingError for a damaged picture or one without ink.
    """
    return read_image(pixels_of(picture))


def read_opened(image: Image.Image) -> NDArray[np.uint8]:
    """The digit in a picture that `open_picture` opened: the second and slower part of `read`.

    Raises UnsupportedError or DrawingError.
    """
    return read_image(decode(image))


def read_image(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digit in the pixels of a picture as `decode` gives them: the last part of `read`.

    Raises DrawingError for a picture without ink.
    """
    return _placed(find_ink(pixels)).placed


class Placement(NamedTuple):
    """A digit placed in 28x28: the picture's part `box` (left, top, right, bottom), in the decoded picture's pixels,
    scaled by `scale`, with its corner at (left, top) of the 28x28. `found` is all ink, `strokes` that of the digit."""

    placed: NDArray[np.uint8]
    found: Strokes
    strokes: Strokes
    box: tuple[int, int, int, int]
    scale: float
    left: int
    top: int

    @property
    def picture(self) -> Image.Image:
        """The digit's ink as it was drawn, mode F."""
        return Image.fromarray(self.strokes.whole)


def place(picture: bytes, without: Collection[str] = ()) -> Placement:
    """What `read` does, with the box, scale and place that it chose. `without` names the STEPS to leave out.

    Raises as `read` does.
    """
    return _placed(find_ink(pixels_of(picture)), without)


def place_ink(ink: Image.Image, without: Collection[str] = ()) -> Placement:
    """Crops the digit's ink, mode F, scales its longer side to 20, and puts its centre of mass in the middle of 28x28.

    Raises DrawingError when there is none.
    """
    return _placed(cut_out(np.asarray(ink)), without)


def _placed(found: Strokes | None, without: Collection[str] = ()) -> Placement:
    if found is None:
        raise DrawingError("There is no ink in the picture. Draw a digit that stands out from its background.")
    strokes = found if "others" in without else main_strokes(found)
    digit, box, size = strokes.ink, strokes.box, strokes.size
    if "crop" in without:
        digit, box = strokes.whole, (0, 0, *size)
    to_sheet = _SIDE / max(size)
    scale = to_sheet if "scale" in without else _BOX / max(digit.shape)
    height, width = (max(1, round(side * scale)) for side in digit.shape)
    small = np.asarray(Image.fromarray(digit).resize((width, height), Image.Resampling.BILINEAR))
    mass = float(small.sum())
    if "centre" in without:
        # Keep the place where it was drawn: the sheet is a square with the picture in its middle.
        left = round(_SIDE / 2 + ((box[0] + box[2]) - size[0]) / 2 * to_sheet - width / 2)
        top = round(_SIDE / 2 + ((box[1] + box[3]) - size[1]) / 2 * to_sheet - height / 2)
    else:
        left = round(_CENTRE - float(small.sum(axis=0) @ np.arange(width)) / mass)
        top = round(_CENTRE - float(small.sum(axis=1) @ np.arange(height)) / mass)
    # The whole digit stays inside. Without the crop, paper around it may be cut off.
    if "crop" not in without:
        left, top = min(max(left, 0), _SIDE - width), min(max(top, 0), _SIDE - height)
    # A thin stroke in a large picture becomes pale when scaled down: make the darkest ink 255 again.
    full = np.round(small * (255 / small.max())).astype(np.uint8)
    placed = np.zeros((_SIDE, _SIDE), np.uint8)
    seen = placed[max(top, 0) : top + height, max(left, 0) : left + width]
    seen[:] = full[max(-top, 0) :, max(-left, 0) :][: seen.shape[0], : seen.shape[1]]
    return Placement(placed, found, strokes, box, scale, left, top)
