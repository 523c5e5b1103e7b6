"""A picture of a digit, as somebody drew or photographed it, to 28x28 as MNIST would have it.

MNIST's own way: the ink is cropped, scaled into a 20x20 box with its proportions, and centred by its mass in 28x28
(LeCun et al. 1998, section III-A).
"""

from __future__ import annotations

import io
from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
# What can be left out of placing a digit, to see what it is good for.
STEPS = ("crop", "scale", "centre")
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 16_000_000
# A picture 16 million pixels wide and one high is small by area, but not for what scales it.
MOST_SIDE = 16_384
_SIDE, _BOX = 28, 20
# Where MNIST's centres of mass are, in pixels from the first one's middle: 13.5 to 14.5 in all its images.
_CENTRE = 14
# Ink differs from the paper by at least this much, of 255: less is noise or an empty page.
_LEAST_INK = 24
# What is fainter than this share of the darkest ink is shade or an artefact of compression, not a stroke.
_FAINT = 0.2
# A picture of any size is worked on at about this one, still fifty times finer than what becomes of it.
_WORKING_SIDE = 1024
# Where this share of the border is of one shade, give or take, light falls evenly.
_MOSTLY = 0.8
_FITS = 20
_NO_INK = "There is no ink in the picture. Draw a digit that stands out from its background."
_UPRIGHT = 1
# What the orientations of EXIF ask for.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# How large a picture may be is decided here, by its header and before it is decoded.
Image.MAX_IMAGE_PIXELS = None


class DrawingError(Exception):
    """The picture can't be read as a digit; the message says what to change."""


class TooLargeError(DrawingError):
    """The picture is larger than is read."""


class UnsupportedError(DrawingError):
    """The bytes are no picture in one of the formats that are read."""


def read(picture: bytes) -> NDArray[np.uint8]:
    """The digit in a picture file, as (28, 28) uint8 with 0 = paper and 255 = ink.

    Dark on light and light on dark are both read: the border tells which is paper. What is transparent is paper.
    Raises TooLargeError, UnsupportedError, or DrawingError for a broken picture and for one without ink.
    """
    return read_image(_open(picture))


def read_image(image: Image.Image) -> NDArray[np.uint8]:
    """The digit in an image that is already decoded: what `read` does once it has opened the file.

    Raises DrawingError for an image without ink.
    """
    return _placed(_stroke(image)).placed


class _Stroke(NamedTuple):
    """The ink that is a stroke, (height, width) float32, without the empty paper around it: what is inside of `box`
    (left, top, right, bottom) of a picture of `size`."""

    ink: NDArray[np.float32]
    box: tuple[int, int, int, int]
    size: tuple[int, int]


def _stroke(image: Image.Image) -> _Stroke:
    """Shade and traces of compression are gone, and so is the paper."""
    if image.mode == "L":
        shades = np.asarray(image)
        paper = _even_paper(shades)
        if paper is not None:
            return _stroke_on(shades, paper)
    ink = _ink(image)
    strength = ink.max()
    if strength < _LEAST_INK:
        raise DrawingError(_NO_INK)
    return _cut_out(np.where(ink < _FAINT * strength, 0, ink))


def _stroke_on(shades: NDArray[np.uint8], paper: np.float32) -> _Stroke:
    """What most drawings are, and read with the least work: strokes on a paper (height, width) of one shade."""
    lightest, darkest = shades.max(), shades.min()
    is_light = lightest - paper > paper - darkest
    strength = lightest - paper if is_light else paper - darkest
    if strength < _LEAST_INK:
        raise DrawingError(_NO_INK)
    faint = _FAINT * strength
    # The strongest of each row and column tells whether there is ink in it.
    rows, columns = ((shades.max(axis) - paper if is_light else paper - shades.min(axis)) >= faint for axis in (1, 0))
    box = _extent(rows, columns)
    left, top, right, bottom = box
    ink = shades[top:bottom, left:right] - paper
    if not is_light:
        np.negative(ink, out=ink)
    ink = np.where(ink >= faint, ink, np.float32(0))
    return _Stroke(ink, box, (shades.shape[1], shades.shape[0]))


def _cut_out(ink: NDArray[np.float32]) -> _Stroke:
    """Raises DrawingError when there is nothing to cut out."""
    rows, columns = np.max(ink, axis=1) > 0, np.max(ink, axis=0) > 0
    if not rows.any():
        raise DrawingError(_NO_INK)
    box = _extent(rows, columns)
    left, top, right, bottom = box
    return _Stroke(ink[top:bottom, left:right], box, (ink.shape[1], ink.shape[0]))


def _extent(rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    y, x = rows.nonzero()[0], columns.nonzero()[0]
    return int(x[0]), int(y[0]), int(x[-1]) + 1, int(y[-1]) + 1


def _open(picture: bytes) -> Image.Image:
    """The picture, upright, small enough to work on, in mode L or RGBA."""
    if len(picture) > MOST_BYTES:
        raise TooLargeError(f"The picture has {len(picture):,} bytes. Send at most {MOST_BYTES:,}.")
    # Pillow's decoders raise whatever their formats make them stumble over, in any of these steps.
    image: Image.Image
    try:
        image = Image.open(io.BytesIO(picture), formats=FORMATS)
    except Exception as error:
        raise UnsupportedError(
            "That is no picture that can be read. Send PNG, JPEG, WebP, BMP, GIF or TIFF."
        ) from error
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise TooLargeError(
            f"The picture is {width} x {height} pixels. Send at most {MOST_PIXELS:,} pixels,"
            f" and no side above {MOST_SIDE:,}."
        )
    try:
        image.load()
    except Exception as error:
        raise DrawingError("The picture is damaged or cut off. Save it anew, and send the whole file.") from error
    turn = _TURNS.get(_orientation(image))
    try:
        image = _reduced(_grey(image))
    except Exception as error:
        raise UnsupportedError(f"Pictures with colours stored as {image.mode} are not read. Save it as RGB.") from error
    return image if turn is None else image.transpose(turn)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, _UPRIGHT))
    except Exception:
        # Damaged notes beside a picture that is whole: it is taken as it lies.
        return _UPRIGHT


def _grey(image: Image.Image) -> Image.Image:
    """In mode L, or RGBA where there is transparency. Pillow clips 16 and 32 bits to 8, so those are scaled here."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I") or image.mode == "F":
        deep = np.nan_to_num(np.asarray(image, np.float32))
        return Image.fromarray((deep * (255 / max(float(deep.max()), 1e-6))).clip(0, 255).astype(np.uint8))
    return image.convert("L")


def _reduced(image: Image.Image) -> Image.Image:
    """With its longer side at most about _WORKING_SIDE, so that no later step costs more than that."""
    factor = -(-max(image.size) // _WORKING_SIDE)
    return image.reduce(factor) if factor > 1 else image


def _ink(image: Image.Image) -> NDArray[np.float32]:
    """How much each pixel differs from the paper, (height, width) float32 in 0..255."""
    if image.mode == "L":
        return _difference_from_paper(image)
    # On white, ink of nearly any shade stands out; white ink does on black.
    on_white = _on(image, 255)
    return on_white if on_white.max() >= _LEAST_INK else _on(image, 0)


def _on(layers: Image.Image, shade: int) -> NDArray[np.float32]:
    ground = Image.new("RGBA", layers.size, (shade, shade, shade, 255))
    return _difference_from_paper(Image.alpha_composite(ground, layers).convert("L"))


def _difference_from_paper(image: Image.Image) -> NDArray[np.float32]:
    shades = np.asarray(image)
    even = _even_paper(shades)
    luminance = shades.astype(np.float32)
    paper = _slanted_paper(luminance) if even is None else np.full((1, 1), even, np.float32)
    lighter = luminance - paper
    if lighter.max() > -lighter.min():
        return np.asarray(np.maximum(lighter, 0), np.float32)
    # Ink in the shade is as dark, for its paper, as ink in the light.
    return np.asarray(np.maximum(-lighter, 0) * (paper.max() / np.maximum(paper, 1)), np.float32)


def _even_paper(shades: NDArray[np.uint8]) -> np.float32 | None:
    """The shade of the paper, which is its border's, or None where light falls on it unevenly."""
    border = _border(shades)
    middle = len(border) // 2
    # Its length is even: the median is between these two.
    paper = np.partition(border, (middle - 1, middle))[middle - 1 : middle + 1].mean(dtype=np.float32)
    return paper if np.count_nonzero(np.abs(border - paper) < _LEAST_INK) > _MOSTLY * len(border) else None


def _border(values: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def _slanted_paper(luminance: NDArray[np.float32]) -> NDArray[np.float32]:
    """The brightness (height, width) of paper on which light falls unevenly: a plane through the border's.

    Ink may reach the border, so it is the plane with the least sum of absolute distances, by iteratively reweighted
    least squares: a few far points then don't tilt it.
    """
    height, width = luminance.shape
    y, x = np.meshgrid(np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32), indexing="ij")
    points = np.stack([_border(x), _border(y), np.ones(2 * (height + width), np.float32)], axis=1)
    shades = _border(luminance)
    weights = np.ones_like(shades)
    for _ in range(_FITS):
        plane, *_ = np.linalg.lstsq(points * weights[:, None], shades * weights, rcond=None)
        weights = 1 / np.sqrt(np.maximum(np.abs(shades - points @ plane), 1))
    return np.asarray(x * plane[0] + y * plane[1] + plane[2], np.float32)


class Placement(NamedTuple):
    """How a digit came to lie in 28x28: the part `box` (left, top, right, bottom) of the picture, `scale` times as
    large, with its corner at (left, top) of the 28x28. All are in the pixels that the picture was worked on."""

    placed: NDArray[np.uint8]
    stroke: _Stroke
    box: tuple[int, int, int, int]
    scale: float
    left: int
    top: int

    @property
    def picture(self) -> Image.Image:
        """The ink as it was drawn, mode F."""
        return Image.fromarray(_whole(self.stroke))


def place(picture: bytes, without: Collection[str] = ()) -> Placement:
    """What `read` does to a picture, with the way it took. `without` names those of STEPS to leave out.

    Raises as `read` does.
    """
    return _placed(_stroke(_open(picture)), without)


def place_ink(ink: Image.Image, without: Collection[str] = ()) -> Placement:
    """Crops the ink, in mode F, scales its longer side to 20, and puts its centre of mass in the middle of 28x28.

    Raises DrawingError when there is none.
    """
    return _placed(_cut_out(np.asarray(ink)), without)


def _placed(stroke: _Stroke, without: Collection[str] = ()) -> Placement:
    digit, box, size = stroke
    if "crop" in without:
        digit, box = _whole(stroke), (0, 0, *size)
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
    return Placement(placed, stroke, box, scale, left, top)


def _whole(stroke: _Stroke) -> NDArray[np.float32]:
    """The ink in all of the picture."""
    (left, top, right, bottom), (width, height) = stroke.box, stroke.size
    whole = np.zeros((height, width), np.float32)
    whole[top:bottom, left:right] = stroke.ink
    return whole
