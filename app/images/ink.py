"""What in a picture is ink and what is paper: on a clean drawing, on a sheet in uneven light, and on one with lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Grey = NDArray[np.uint8]
Ink = NDArray[np.float32]

# Ink differs from the paper by at least this much, of 255: less is noise or an empty page.
_MIN_INK = 24
# What is fainter than this share of the darkest ink is shade or an artefact of compression, not a stroke.
_FAINT = 0.2
# Where at least this share of the border has exactly one shade, nobody photographed it.
_DRAWN = 0.5
# A photograph is looked at in about so many pixels a side: a digit in it still has several times those of its 28x28.
_PHOTO_SIDE = 512
# In a photograph a stroke's edge is blurred: it ends where the ink is about half as dark as its darkest.
_PHOTO_FAINT = 0.5
# Strokes are narrower than this share of a photograph's shorter side, what lies in a shadow is wider.
_WIDEST_STROKE = 0.25
# Printed lines are fainter than this share of the pen; so many ends of lines and more make a ruled sheet.
_PRINTED = 0.75
_KEPT = 0.6
# What has less than this share of the ink of the heaviest piece is a speck, not a part of the digit.
_SPECK = 0.05
# Polarity is looked for in so few pixels a side, against the median of a window that holds more paper than stroke.
_POLARITY_SIDE, _POLARITY_WINDOW = 48, 17


class Strokes(NamedTuple):
    """The ink (height, width) float32 in 0..255 within `box` (left, top, right, bottom) of a picture of `size` (width,
    height), in pixels. Outside of the box there is none.
    """

    ink: Ink
    box: tuple[int, int, int, int]
    size: tuple[int, int]


def find_strokes(image: Image.Image) -> Strokes | None:
    """The strokes of a digit in an image of mode L or RGBA; None when there is no ink.

    Dark on light and light on dark are both read. What is transparent is paper.
    """
    if image.mode == "L":
        return _strokes(np.asarray(image))
    if image.getchannel("A").getextrema()[0] == 255:
        return _strokes(np.asarray(image.convert("L")))
    # On white, ink of nearly any shade stands out; white ink does on black.
    return _strokes(_on(image, 255)) or _strokes(_on(image, 0))


def _on(layers: Image.Image, shade: int) -> Grey:
    ground = Image.new("RGBA", layers.size, (shade, shade, shade, 255))
    return np.asarray(Image.alpha_composite(ground, layers).convert("L"))


def cut_out(ink: Ink) -> Strokes | None:
    """The strokes of ink (height, width) float32, 0 = paper, without the paper around; None when there is no ink."""
    rows, columns = np.max(ink, axis=1) > 0, np.max(ink, axis=0) > 0
    if not rows.any():
        return None
    left, top, right, bottom = box = _extent(rows, columns)
    return Strokes(ink[top:bottom, left:right], box, (ink.shape[1], ink.shape[0]))


def _extent(rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    y, x = rows.nonzero()[0], columns.nonzero()[0]
    return int(x[0]), int(y[0]), int(x[-1]) + 1, int(y[-1]) + 1


def _strokes(shades: Grey) -> Strokes | None:
    border = np.concatenate([shades[0], shades[-1], shades[:, 0], shades[:, -1]])
    middle = len(border) // 2
    # Its length is even: the median is between these two.
    two = np.partition(border, (middle - 1, middle))[middle - 1 : middle + 1]
    if np.count_nonzero(border == two[0]) < _DRAWN * len(border):
        return _photographed(shades)
    return _drawn(shades, border, two.mean(dtype=np.float32))


def _drawn(shades: Grey, border: Grey, paper: np.float32) -> Strokes | None:
    """What most drawings are, and read with the least work: strokes on paper of one shade."""
    lightest, darkest = shades.max(), shades.min()
    is_light = lightest - paper > paper - darkest
    strength = lightest - paper if is_light else paper - darkest
    if strength < _MIN_INK:
        return None
    faint = _FAINT * strength
    if (border.max() - paper if is_light else paper - border.min()) >= faint:
        lines = _lines(shades - paper if is_light else paper - shades, faint)
        if lines and lines.darkness <= _PRINTED * strength:
            faint = (np.float32(lines.darkness) + strength) / 2
    # The strongest of each row and column tells whether there is ink in it.
    rows, columns = ((shades.max(axis) - paper if is_light else paper - shades.min(axis)) >= faint for axis in (1, 0))
    left, top, right, bottom = box = _extent(rows, columns)
    part = shades[top:bottom, left:right]
    ink = part - paper if is_light else paper - part
    ink *= ink >= faint
    return Strokes(ink, box, (shades.shape[1], shades.shape[0]))


class _Lines(NamedTuple):
    """How dark the lines on a ruled or squared sheet are, as ink is, and how wide, in pixels."""

    darkness: float
    width: int


def _lines(ink: Ink, faint: float) -> _Lines | None:
    """The printed lines of a sheet. They cross it from side to side, so they are seen, and measured, at its border.

    None where no marks of at least `faint` reach two opposite sides.
    """
    sides = [_marks(side, faint) for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1])]
    top, bottom, left, right = (len(darkness) for darkness, _ in sides)
    if not (min(top, bottom) or min(left, right)):
        return None
    darkness, widths = (np.concatenate(part) for part in zip(*sides, strict=True))
    return _Lines(float(np.quantile(darkness, 0.75)), int(np.median(widths)))


def _marks(side: Ink, faint: float) -> tuple[Ink, NDArray[np.intp]]:
    """How dark and how long the runs of pixels (n,) are that are at least `faint`."""
    edges = np.diff(np.r_[False, side >= faint, False].astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return np.maximum.reduceat(side, starts) if len(starts) else side[:0], ends - starts


def _photographed(shades: Grey) -> Strokes | None:
    """The strokes on a sheet in uneven light, by the black top-hat: how much darker each pixel is than the picture's
    closing, which no stroke survives, but every shadow that is wider than a stroke, with its edges (Serra, "Image
    analysis and mathematical morphology", 1982; Meyer, "Contrast features extraction", 1979).
    """
    image = Image.fromarray(shades)
    factor = -(-max(image.size) // _PHOTO_SIDE)
    if factor > 1:
        image = image.reduce(factor)
    if _is_light_on_dark(image):
        image = Image.fromarray(255 - np.asarray(image))
    grey = np.asarray(image.filter(ImageFilter.MedianFilter(3)))
    paper = np.maximum(_closing(grey, int(min(grey.shape) * _WIDEST_STROKE) | 1), 1)
    # Ink in the shade is as dark, for its paper, as ink in the light. The closing of noise lies above it: all of it by
    # as much as the median, as most of the sheet is paper.
    darkness = 255 - 255 * (grey.astype(np.float32) / paper)
    ink: Ink = np.asarray(np.maximum(darkness - np.median(darkness), 0), np.float32)
    if ink.max() < _MIN_INK:
        return None
    faint = _PHOTO_FAINT * float(ink.max())
    if lines := _lines(ink, _FAINT * float(ink.max())):
        ink, faint = _above(lines, ink, faint)
    return cut_out(np.where(_without_specks(ink, ink >= faint), ink, np.float32(0)))


def _above(lines: _Lines, ink: Ink, faint: float) -> tuple[Ink, float]:
    """The ink without the lines, and from what darkness on it is a stroke.

    A pen that is wider than the lines outlives an opening that they don't, even if it is as pale as they are. A fine
    pen is darker than they are: it is told apart half-way between.
    """
    strength = float(ink.max())
    between = (lines.darkness + strength) / 2
    opened = (255 - _closing(255 - np.round(ink).astype(np.uint8), 2 * lines.width | 1)).astype(np.float32)
    core = ink >= between
    if opened[core].sum() >= _KEPT * ink[core].sum():
        return opened, _PHOTO_FAINT * float(opened.max())
    return (ink, max(faint, between)) if lines.darkness <= _PRINTED * strength else (ink, faint)


def _is_light_on_dark(image: Image.Image) -> bool:
    """Whether what stands out from its surroundings is lighter than they are."""
    small = image.copy()
    small.thumbnail((_POLARITY_SIDE, _POLARITY_SIDE), Image.Resampling.BOX)
    around = np.asarray(small.filter(ImageFilter.MedianFilter(_POLARITY_WINDOW)), np.float32)
    # Light falls by a factor, so shades are compared by their ratio.
    contrast = np.log(np.asarray(small, np.float32) + 8) - np.log(around + 8)
    return bool(contrast.max() > -contrast.min())


def _closing(grey: Grey, window: int) -> Grey:
    """The morphological closing with a square of `window` pixels, an odd number: what is dark and narrower is gone."""
    for pick, outside in ((np.maximum, 0), (np.minimum, 255)):
        for _ in range(2):
            grey = _running(grey, window, pick, outside).T
    return grey


def _running(grey: Grey, window: int, pick: Callable[[Grey, Grey], Grey], outside: int) -> Grey:
    """Of each pixel and its (window - 1) / 2 neighbours on both sides in its column, the one that `pick` picks."""
    height = len(grey)
    picked = np.pad(grey, ((window // 2, window // 2), (0, 0)), constant_values=outside)
    reach = 1
    while 2 * reach <= window:
        picked = pick(picked[:-reach], picked[reach:])
        reach *= 2
    return pick(picked[:height], picked[window - reach : window - reach + height])


def _without_specks(ink: Ink, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`mask` (height, width) without those of its connected pieces that have little of the ink."""
    padded = np.pad(mask, ((0, 0), (0, 1)))
    flat = np.diff(np.r_[False, padded.ravel()].astype(np.int8))
    starts, ends = np.flatnonzero(flat == 1), np.flatnonzero(flat == -1)
    piece = _connected(starts, ends, padded.shape[1])
    mass = np.add.reduceat(np.pad(ink * mask, ((0, 0), (0, 1))).ravel(), starts)
    total = np.bincount(piece, mass)
    gone = total[piece] < _SPECK * total.max()
    flat[starts[gone]] = 0
    flat[ends[gone]] = 0
    return np.cumsum(flat).reshape(padded.shape)[:, :-1].astype(bool)


def _connected(starts: NDArray[np.intp], ends: NDArray[np.intp], row: int) -> NDArray[np.intp]:
    """For each run of pixels, `starts` to before `ends` in a flat picture with `row` pixels a row, the first run of the
    piece it belongs to: runs of neighbouring rows belong together when they touch, be it at a corner.
    """
    first, last = np.searchsorted(ends, starts + row), np.searchsorted(starts, ends + row, "right")
    count = np.maximum(last - first, 0)
    above = np.repeat(np.arange(len(starts)), count)
    below = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - first, count)
    piece = np.arange(len(starts))
    while (apart := piece[above] != piece[below]).any():
        one, other = piece[above[apart]], piece[below[apart]]
        np.minimum.at(piece, np.maximum(one, other), np.minimum(one, other))
        while (piece[piece] != piece).any():
            piece = piece[piece]
    return piece
