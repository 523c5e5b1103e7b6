"""Separates ink from paper: on a clean drawing, on a sheet in uneven light, and on ruled or squared paper."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from app.images.picture import DrawingError
from app.images.shades import Grey, shades_of
from app.images.sheet import cut_sheet, find_sheet, inner, placed_in
from app.images.strokes import Ink, Sheet, Strokes, cut_out

# Pixels (height, width): in grey as uint8, or in RGBA as the four bytes of a uint32, alpha the highest.
Colours = NDArray[np.uint8] | NDArray[np.uint32]

# Ink differs from the paper by at least this much, of 255: less is noise or an empty page.
_MIN_INK = 24
# Fainter than this share of the darkest ink is a shadow or a compression artefact, not a stroke.
_FAINT = 0.2
# If at least this share of the border has exactly one shade, the picture is not a photograph.
_DRAWN = 0.5
# Photographs are reduced to about this side. A digit in one is still several times larger than 28x28.
_PHOTO_SIDE = 512
# In a photograph a stroke's edge is blurred: it ends where the ink is about half as dark as its darkest.
_PHOTO_FAINT = 0.5
# Strokes are narrower than this share of a photograph's shorter side; shadows are wider.
_WIDEST_STROKE = 0.25
# Printed lines are fainter than this share of the pen's ink.
_PRINTED = 0.75
# If removing the lines keeps at least this share of the darkest ink, it kept the strokes.
_KEPT = 0.6
# With this share of ink there may be a sheet in the picture; with the other, ink can't be told from paper.
_MUCH, _MOST = 0.2, 0.5
# A sheet may lie on a sheet: a card in a window in a screenshot.
_DEEPEST = 3
# Polarity is decided at this side, against the median of a window that holds more paper than stroke.
_POLARITY_SIDE, _POLARITY_WINDOW = 48, 17


def find_ink(pixels: NDArray[np.uint8]) -> Strokes | None:
    """All ink of a picture's pixels as `picture.decode` gives them, be it the digit's or not; None when there is none.

    Dark on light and light on dark are both read. Transparent pixels are paper.
    """
    if pixels.ndim == 3 and pixels.shape[2] == 3:
        return _strokes(shades_of(pixels))
    colours = pixels if pixels.ndim == 2 else pixels.view("<u4")[:, :, 0]
    if (strokes := _on_clean_paper(colours)) is not None:
        return strokes
    if (shades := _grey(colours)) is not None:
        return _strokes(shades)
    if colours.min() >= 0xFF000000:
        return _strokes(shades_of(pixels))
    # On white, ink of nearly any shade stands out. White ink stands out on black.
    layers = Image.fromarray(pixels)
    return _strokes(_on(layers, 255)) or _strokes(_on(layers, 0))


def _on_clean_paper(colours: Colours) -> Strokes | None:
    """What `_strokes` finds where a little grey ink has paper of a single shade all around it. In such a picture, the
    usual drawing, nothing is looked at but the part with the ink. None for any other picture.
    """
    differs = colours != colours[0, 0]
    if np.count_nonzero(differs) >= _MUCH * differs.size:
        return None
    left, top, width, height = cv2.boundingRect(differs.view(np.uint8))
    # With a margin, which is paper.
    left, top, right, bottom = left - 1, top - 1, left + width + 1, top + height + 1
    if left < 0 or top < 0 or right > colours.shape[1] or bottom > colours.shape[0]:
        return None
    shades = _grey(colours[top:bottom, left:right])
    strokes = None if shades is None else _drawn(shades, shades[0], np.float32(shades[0, 0]))
    if strokes is None:
        return None
    x, y, x_end, y_end = strokes.box
    box = left + x, top + y, left + x_end, top + y_end
    return strokes._replace(box=box, size=(colours.shape[1], colours.shape[0]))


def _grey(colours: Colours) -> Grey | None:
    """The shades of opaque greys, or of black strokes on a canvas without a ground; None for other colours."""
    # Of RGBA, this is red.
    shades = colours.astype(np.uint8, copy=False)
    if colours.dtype == np.uint8 or np.array_equal(colours, shades * np.uint32(0x00010101) + np.uint32(0xFF000000)):
        return shades
    # On white, the alpha of black strokes is their shade.
    return None if (colours & 0x00FFFFFF).any() else 255 - (colours >> 24).astype(np.uint8)


def _on(layers: Image.Image, shade: int) -> Grey:
    ground = Image.new("RGBA", layers.size, (shade, shade, shade, 255))
    return np.asarray(Image.alpha_composite(ground, layers).convert("L"))


def _strokes(shades: Grey, depth: int = 0) -> Strokes | None:
    border = np.concatenate([shades[0], shades[-1], shades[:, 0], shades[:, -1]])
    middle = len(border) // 2
    # Its length is even: the median is between these two.
    two = np.partition(border, (middle - 1, middle))[middle - 1 : middle + 1]
    is_drawn = np.count_nonzero(border == two[0]) >= _DRAWN * len(border)
    strokes = _drawn(shades, border, two.mean(dtype=np.float32)) if is_drawn else None
    if is_drawn and (strokes is None or strokes.ink.size < _MUCH * shades.size or _share(strokes) < _MUCH):
        return strokes
    if depth < _DEEPEST and (on_sheet := _on_sheet(shades, depth)) is not None:
        return on_sheet
    strokes = strokes or _photographed(shades)
    if strokes is not None and _share(strokes) > _MOST:
        raise DrawingError(
            "Can't tell ink from paper: more than half of the picture looks like ink. Draw with a thinner pen, or show"
            " the digit alone with more paper around it."
        )
    return strokes


def _on_sheet(shades: Grey, depth: int) -> Strokes | None:
    """The strokes on the largest sheet in the picture; None without a sheet, or for an empty one."""
    corners = find_sheet(shades)
    if corners is None:
        return None
    cut = cut_sheet(shades, corners)
    strokes = _strokes(cut, depth + 1)
    if strokes is None:
        return None
    corners = inner(corners)
    if strokes.sheet is not None:
        corners = placed_in(corners, (cut.shape[1], cut.shape[0]), strokes.sheet.corners)
    return strokes._replace(sheet=Sheet(corners, (shades.shape[1], shades.shape[0])))


def _share(strokes: Strokes) -> float:
    """How much of the picture is ink, in 0..1."""
    return np.count_nonzero(strokes.ink > 0) / (strokes.size[0] * strokes.size[1])


def _drawn(shades: Grey, border: Grey, paper: np.float32) -> Strokes | None:
    """Strokes on paper of one shade: the usual drawing, read the fastest."""
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
    ink = shades - paper if is_light else paper - shades
    is_ink = ink >= faint
    ink *= is_ink
    left, top, width, height = cv2.boundingRect(is_ink.view(np.uint8))
    box = left, top, left + width, top + height
    return Strokes(ink[top : box[3], left : box[2]], box, (shades.shape[1], shades.shape[0]))


class _Lines(NamedTuple):
    """The lines of a ruled or squared sheet: their darkness, in the units of ink, and their width in pixels."""

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
    """The darkness and length of each run of pixels of at least `faint` along one side (n,)."""
    edges = np.diff(np.r_[False, side >= faint, False].astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return np.maximum.reduceat(side, starts) if len(starts) else side[:0], ends - starts


def _photographed(shades: Grey) -> Strokes | None:
    """The strokes on a sheet in uneven light, by the black top-hat: how much darker each pixel is than the picture's
    closing. The closing removes strokes and keeps shadows, which are wider (Serra, "Image analysis and mathematical
    morphology", 1982; Meyer, "Contrast features extraction", 1979).
    """
    image = Image.fromarray(shades)
    factor = -(-max(image.size) // _PHOTO_SIDE)
    if factor > 1:
        image = image.reduce(factor)
    if _is_light_on_dark(image):
        image = Image.fromarray(255 - np.asarray(image))
    grey = np.asarray(image.filter(ImageFilter.MedianFilter(3)))
    paper = np.maximum(_closing(grey, int(min(grey.shape) * _WIDEST_STROKE) | 1), 1)
    # Relative to its paper, ink in shade is as dark as ink in light. The closing lies above the noise of the paper by
    # about the median darkness, since most of the sheet is paper.
    darkness = 255 - 255 * (grey.astype(np.float32) / paper)
    ink: Ink = np.asarray(np.maximum(darkness - np.median(darkness), 0), np.float32)
    if ink.max() < _MIN_INK:
        return None
    faint = _PHOTO_FAINT * float(ink.max())
    if lines := _lines(ink, _FAINT * float(ink.max())):
        ink, faint = _above(lines, ink, faint)
    return cut_out(np.where(ink >= faint, ink, np.float32(0)))


def _above(lines: _Lines, ink: Ink, faint: float) -> tuple[Ink, float]:
    """The ink without the printed lines, and the darkness from which it is a stroke.

    An opening removes the lines and keeps a pen that is wider, even a pale one. A fine pen is darker than the lines:
    the threshold is halfway between the two.
    """
    strength = float(ink.max())
    between = (lines.darkness + strength) / 2
    opened = (255 - _closing(255 - np.round(ink).astype(np.uint8), 2 * lines.width | 1)).astype(np.float32)
    core = ink >= between
    if opened[core].sum() >= _KEPT * ink[core].sum():
        return opened, _PHOTO_FAINT * float(opened.max())
    return (ink, max(faint, between)) if lines.darkness <= _PRINTED * strength else (ink, faint)


def _is_light_on_dark(image: Image.Image) -> bool:
    """Whether the strongest contrast to the surroundings is lighter than they are."""
    small = image.copy()
    small.thumbnail((_POLARITY_SIDE, _POLARITY_SIDE), Image.Resampling.BOX)
    around = np.asarray(small.filter(ImageFilter.MedianFilter(_POLARITY_WINDOW)), np.float32)
    # Uneven light multiplies the shades, so compare their ratios.
    contrast = np.log(np.asarray(small, np.float32) + 8) - np.log(around + 8)
    return bool(contrast.max() > -contrast.min())


def _closing(grey: Grey, window: int) -> Grey:
    """The morphological closing with a square of `window` pixels (odd): it removes what is dark and narrower."""
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8)), np.uint8)
