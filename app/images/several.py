"""The digits of a number, left to right, from all the ink of a picture.

Over-segmentation, in which the network judges (LeCun et al., "Gradient-based learning applied to document recognition",
1998, section V; Casey and Lecolinet, "A survey of methods and strategies in character segmentation", 1996). The ink is
cut into parts wherever two digits might touch, and neighbouring parts are joined in all sensible ways. Of all ways to
read the picture, dynamic programming finds the one of the highest product of probabilities.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.images.cuts import cuts
from app.images.drawing import place_ink
from app.images.ink import find_ink
from app.images.picture import DrawingError, decode, decode_small, open_picture, upright_size
from app.images.pieces import find_pieces, written_pieces
from app.images.sheet import placed_in
from app.images.strokes import Ink, Strokes

Box = tuple[int, int, int, int]
Judge = Callable[[NDArray[np.uint8]], NDArray[np.floating]]

MAX_DIGITS = 12
# Twelve digits that touch are cut into fewer parts than these.
_MAX_PARTS = 18 * MAX_DIGITS
# Ink higher than this many pixels is reduced first: a digit is still many times finer than the 20x20 it becomes.
_HEIGHT = 320
# A piece with less than this share of the heaviest piece's ink is a speck.
_SPECK = 0.05
# A piece that the network reads with this confidence is not cut. It is less for a narrow piece: one that is not wider
# than this share of its height is seldom two digits.
_SURE, _SURE_IF_NARROW, _NARROW = 0.95, 0.5, 0.9
# A digit has at most so many parts.
_PARTS = 14

# Lengths are shares of the height of the highest piece.
# Parts of several pieces that are wider than this are not one digit.
_WIDEST = 1.7
# A part that is smaller in both directions is a part of a digit, such as the bar of a 5: it is hardly a digit itself.
_SMALLEST, _SMALL = 0.35, 0.01
# How likely two pieces are parts of one digit falls by a factor of e with every such gap between them.
_GAP = 0.4


class Digit(NamedTuple):
    """A digit as (28, 28) uint8, 0 = paper and 255 = ink, and its box (left, top, right, bottom) in pixels."""

    image: NDArray[np.uint8]
    box: Box


class _Part(NamedTuple):
    """A part of a piece: where it is, `mask` (height, width), within its box of the picture."""

    mask: NDArray[np.bool_]
    box: Box


def read_digits(picture: bytes, judge: Judge) -> list[Digit]:
    """The digits in a picture file, left to right: at least one. Their boxes are in the upright picture.

    `judge` as for `find_digits`. Raises as `drawing.read` does, and DrawingError for more than 12 digits.
    """
    pixels = decode_small(picture)
    if pixels is None:
        image = open_picture(picture)
        pixels = decode(image)
        size = upright_size(picture, image)
    else:
        size = pixels.shape[1], pixels.shape[0]
    strokes = find_ink(pixels)
    if strokes is None:
        raise DrawingError("There is no ink in the picture. Draw digits that stand out from their background.")
    return [Digit(digit, _in_picture(box, strokes, size)) for digit, box in find_digits(strokes, judge)]


def _in_picture(box: Box, strokes: Strokes, size: tuple[int, int]) -> Box:
    """A box in the picture of the strokes as the box around the same place in the whole picture of this size."""
    left, top, right, bottom = box
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    whole = strokes.size
    if strokes.sheet is not None:
        corners, whole = placed_in(strokes.sheet.corners, whole, corners), strokes.sheet.size
    shares = corners.astype(np.float64) / whole
    left, top = np.floor(shares.min(axis=0) * size + 0.01).astype(int).clip(0).tolist()
    right, bottom = np.ceil(shares.max(axis=0) * size - 0.01).astype(int).tolist()
    return left, top, min(right, size[0]), min(bottom, size[1])


def find_digits(strokes: Strokes, judge: Judge) -> list[Digit]:
    """The digits in a picture's ink, left to right: at least one. Their boxes are in the picture of the strokes.

    `judge` gives the probabilities (n, 10) of images (n, 28, 28) uint8. Raises DrawingError for more than 12 digits.
    """
    factor = -(-strokes.ink.shape[0] // _HEIGHT)
    ink = np.asarray(Image.fromarray(strokes.whole).reduce(factor))
    parts = _parts(ink, judge)
    if len(parts) > _MAX_PARTS:
        raise _too_many()
    height = max(bottom - top for _, (_, top, _, bottom) in parts)
    groups = _groups(parts, height)
    found = [_digit(ink, parts[first:end]) for first, end in groups]
    surest = judge(np.stack([digit.image for digit in found])).max(axis=1)
    scores = np.log(np.maximum(surest, 1e-9)) + [_prior(parts[first:end], height) for first, end in groups]
    chosen = [found[number] for number in _best(groups, scores.tolist(), len(parts))]
    if len(chosen) > MAX_DIGITS:
        raise _too_many()
    return [
        Digit(image, (factor * left, factor * top, factor * right, factor * bottom))
        for image, (left, top, right, bottom) in chosen
    ]


def _too_many() -> DrawingError:
    return DrawingError(f"There are more than {MAX_DIGITS} digits in the picture. Send at most {MAX_DIGITS}.")


def _parts(ink: Ink, judge: Judge) -> list[_Part]:
    """The parts into which the pieces of a picture's ink (height, width) are cut, left to right by their middles."""
    size = (ink.shape[1], ink.shape[0])
    pieces = written_pieces(find_pieces(Strokes(ink, (0, 0, *size), size)), size)
    heaviest, height = max(piece.mass for piece in pieces), max(piece.height for piece in pieces)
    whole = [_Part(piece.mask, piece.box) for piece in pieces if piece.mass >= _SPECK * heaviest]
    surest = judge(np.stack([_digit(ink, [part]).image for part in whole])).max(axis=1)
    parts = []
    for part, sure in zip(whole, surest.tolist(), strict=True):
        left, top, right, bottom = part.box
        is_narrow = right - left <= _NARROW * (bottom - top)
        parts += [part] if sure >= (_SURE_IF_NARROW if is_narrow else _SURE) else _cut(part, ink, height)
    return sorted(parts, key=lambda part: part.box[0] + part.box[2])


def _cut(piece: _Part, ink: Ink, height: int) -> list[_Part]:
    mask, (left, top, right, bottom) = piece
    # How many cuts are to the left of each pixel.
    side = np.zeros(mask.shape, np.intp)
    for cut in cuts(ink[top:bottom, left:right] * mask, height):
        side += np.arange(right - left) >= cut[:, None]
    parts = []
    for here in np.unique(side[mask]).tolist():
        own = mask & (side == here)
        x, y, w, h = cv2.boundingRect(own.view(np.uint8))
        box = (left + x, top + y, left + x + w, top + y + h)
        parts.append(_Part(own[y : y + h, x : x + w], box))
    return parts


def _groups(parts: list[_Part], height: int) -> list[tuple[int, int]]:
    """The neighbouring parts that may be one digit, as slices. All parts together may be, however wide they are."""
    count = len(parts)
    groups = []
    for first in range(count):
        for end in range(first + 1, min(first + _PARTS, count) + 1):
            left, _, right, _ = _box(parts[first:end])
            if end == first + 1 or right - left <= _WIDEST * height:
                groups.append((first, end))
        if first == 0 and groups[-1] != (0, count):
            groups.append((0, count))
    return groups


def _box(parts: list[_Part]) -> Box:
    lefts, tops, rights, bottoms = zip(*(part.box for part in parts), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _digit(ink: Ink, parts: list[_Part]) -> Digit:
    left, top, right, bottom = box = _box(parts)
    own = np.zeros((bottom - top, right - left), np.float32)
    for mask, (x, y, to_x, to_y) in parts:
        own[y - top : to_y - top, x - left : to_x - left] += ink[y:to_y, x:to_x] * mask
    return Digit(place_ink(Image.fromarray(own), ["others"]).placed, box)


def _prior(parts: list[_Part], height: int) -> float:
    """The logarithm of the probability that these parts are one digit, before it is read."""
    left, top, right, bottom = _box(parts)
    prior = np.log(_SMALL) if max(right - left, bottom - top) < _SMALLEST * height else 0.0
    reach = parts[0].box[2]
    for part in parts[1:]:
        prior -= max(0, part.box[0] - reach) / (_GAP * height)
        reach = max(reach, part.box[2])
    return float(prior)


def _best(groups: list[tuple[int, int]], scores: list[float], count: int) -> list[int]:
    """The numbers of those groups that together have each of `count` parts once, with the highest sum of scores."""
    best: list[tuple[float, list[int]]] = [(0.0, []), *[(-np.inf, list[int]())] * count]
    for number, (first, end) in enumerate(groups):
        score = best[first][0] + scores[number]
        if score > best[end][0]:
            best[end] = (score, [*best[first][1], number])
    return best[count][1]
