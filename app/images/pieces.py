"""The connected pieces of a picture's ink, and which of them are its digit: not a stray dot, an underline or a ring."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from app.images.enclosed import Outlines, enclosed
from app.images.strokes import Ink, Strokes, cut_out
from app.images.underline import without_underline

# A server answers many requests at once, each in one thread.
cv2.setNumThreads(1)
Mask = NDArray[np.bool_]
Points = NDArray[np.float32]
# More pieces than these, the heaviest, are noise or a page of print.
_MOST = 64
# Outlines are measured on a mask of at most about this side.
_SMALL_SIDE = 512
# The outline of a piece is measured at about this many points, in this many directions.
_POINTS, _DIRECTIONS = 300, 24
# A piece is a ring around another if it is seen in at least this share of all directions.
_AROUND = 0.8
# What a ring encloses is at least this long, as a share of the ring; what a frame of the whole picture encloses may be
# shorter. Less is a dot in a zero.
_ENCLOSED, _FRAMED = 0.3, 0.06
# An ellipse fills pi / 4 of the rectangle around it, a box all of it.
_BOX_FILLS = 0.88
# The parts of a digit, as shares of its longer side: at least so long, and at most so far away. Shorter is a dot.
_SHORTEST, _FARTHEST = 0.24, 0.3
# A round piece has to be longer. A disc fills pi / 4 of its box.
_SHORTEST_ROUND, _DISC_FILLS = 0.36, 0.7
# One pen draws all parts: what is paler than this share of the first part is a shadow.
_PALE = 0.6
# A line is this many times as long as it is wide.
_LINE = 4


class Piece(NamedTuple):
    """A connected piece of ink: where it is, `mask` (height, width), within `box` (left, top, right, bottom) of the
    picture, in pixels; its `mass`, the sum of its ink; and its `peak`, the strongest ink, 0..255.
    """

    mask: Mask
    box: tuple[int, int, int, int]
    mass: float
    peak: float

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]

    @property
    def longer(self) -> int:
        return max(self.width, self.height)

    @property
    def middle(self) -> Points:
        """The middle of its box, (x, y)."""
        left, top, right, bottom = self.box
        return np.array([left + right, top + bottom], np.float32) / np.float32(2)

    def outline(self) -> Points:
        """Points (n, 2), x and y in the picture, of its outer and inner edges: about 300, evenly spread."""
        contours, _ = cv2.findContours(self.mask.view(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        points = np.concatenate([contour.reshape(-1, 2) for contour in contours])
        return np.asarray(points[:: max(1, len(points) // _POINTS)] + self.box[:2], np.float32)


def find_pieces(strokes: Strokes) -> list[Piece]:
    """The pieces of the ink, the heaviest first and at most 64. Pixels that touch at a corner are connected."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((strokes.ink > 0).view(np.uint8))
    masses = np.bincount(labels.ravel(), strokes.ink.ravel(), count)
    masses[0] = 0
    pieces = []
    for label in np.argsort(-masses)[: min(_MOST, count - 1)].tolist():
        x, y, width, height = stats[label, :4].tolist()
        left, top = x + strokes.box[0], y + strokes.box[1]
        mask = labels[y : y + height, x : x + width] == label
        peak = float(strokes.ink[y : y + height, x : x + width][mask].max())
        pieces.append(Piece(mask, (left, top, left + width, top + height), float(masses[label]), peak))
    return pieces


def main_strokes(strokes: Strokes) -> Strokes:
    """The strokes of the main digit alone: `strokes` itself where there is nothing else."""
    main = _main(strokes)
    ink = without_underline(main.ink)
    return main if ink is None else _main(_replaced(main, ink))


def _main(strokes: Strokes) -> Strokes:
    outlines = _outlines(strokes.ink)
    # Each piece has one outer contour, and its holes have theirs within it. That is faster than labelling the pieces.
    count = np.count_nonzero(outlines.parents < 0)
    if count < len(outlines.parents) and (digit := enclosed(strokes.ink, outlines)) is not None:
        return _main(_replaced(strokes, digit))
    if count == 1:
        return strokes
    pieces = find_pieces(strokes)
    main = main_pieces(pieces, strokes.size)
    return strokes if len(main) == len(pieces) else _only(strokes, main)


def main_pieces(pieces: list[Piece], size: tuple[int, int]) -> list[Piece]:
    """Those of the pieces, the heaviest first, that are the main digit of a picture of `size` (width, height).

    Left out are what `written_pieces` leaves out, shadows, and what is too short, or too far away, to be a part of the
    digit.
    """
    # The weight of a pale shadow is less than its mass.
    first, *others = sorted(written_pieces(pieces, size), key=lambda piece: -piece.mass * piece.peak**2)
    parts, outline = [first], first.outline()
    # A part may be near to another part only.
    while near := [piece for piece in others if _is_part(piece, first, outline)]:
        parts += near
        others = [piece for piece in others if not any(piece is part for part in near)]
        outline = np.concatenate([outline, *(piece.outline() for piece in near)])
    return parts


def written_pieces(pieces: list[Piece], size: tuple[int, int]) -> list[Piece]:
    """Those of the pieces that may be digits, in a picture of `size` (width, height): at least one.

    Left out are rings, boxes and frames with what is outside them; bars and lines from one border to the other; and
    underlines.
    """
    pieces = _inside(pieces, size)
    pieces = [piece for piece in pieces if not _is_at_border(piece, size)] or pieces
    return [piece for piece in pieces if not any(_is_underline(piece, other) for other in pieces)] or pieces


def _outlines(ink: Ink) -> Outlines:
    step = -(-max(ink.shape) // _SMALL_SIDE)
    small = (ink > 0 if step == 1 else ink[::step, ::step] > 0).view(np.uint8)
    contours, parents = cv2.findContours(small, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return Outlines(small, contours, np.asarray(parents, np.intc)[0, :, 3])


def _inside(pieces: list[Piece], size: tuple[int, int]) -> list[Piece]:
    """The pieces within the innermost ring; all where none is a ring."""
    for ring in sorted(pieces, key=lambda piece: -piece.longer):
        inner = [piece for piece in pieces if piece is not ring and _is_within(piece.box, ring.box)]
        if not inner:
            continue
        digit = max(inner, key=lambda piece: piece.mass)
        is_frame = ring.width >= 0.8 * size[0] or ring.height >= 0.8 * size[1]
        if digit.longer < (_FRAMED if is_frame else _ENCLOSED) * ring.longer or _is_slashed_zero(ring, digit):
            continue
        reach = _reach(ring.outline() - digit.middle)
        if np.isfinite(reach).mean() < _AROUND:
            continue
        kept = []
        for piece in inner:
            away = (piece.middle - digit.middle)[None]
            if np.hypot(*away[0]) < reach[_direction(away)[0]]:
                kept.append(piece)
        return _inside(kept, size)
    return pieces


def _is_within(box: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]


def _is_slashed_zero(ring: Piece, slash: Piece) -> bool:
    """Whether the ring is as narrow as a zero and what is in it as thin as a slash."""
    if ring.width > 0.8 * ring.height:
        return False
    hull = cv2.convexHull(ring.outline())
    fills = cv2.contourArea(hull) / max(float(np.prod(cv2.minAreaRect(hull)[1])), 1.0)
    return fills < _BOX_FILLS and _is_line(slash)


def _is_line(piece: Piece) -> bool:
    """Whether it is straight and much longer than wide, in any direction."""
    long, short = sorted(cv2.minAreaRect(piece.outline())[1], reverse=True)
    return bool(long + 1 >= _LINE * (short + 1))


def _direction(away: Points) -> NDArray[np.intp]:
    turn = np.arctan2(away[:, 1], away[:, 0]) / (2 * np.pi)
    return np.floor(turn * _DIRECTIONS).astype(np.intp) % _DIRECTIONS


def _reach(away: Points) -> Points:
    """How far one sees from the origin in each direction until a point of `away` (n, 2): infinitely where none is."""
    reach = np.full(_DIRECTIONS, np.inf, np.float32)
    np.minimum.at(reach, _direction(away), np.hypot(away[:, 0], away[:, 1]))
    return reach


def _is_at_border(piece: Piece, size: tuple[int, int]) -> bool:
    """Whether it goes from one border to the opposite one, or lies along a border."""
    left, top, right, bottom = piece.box
    width, height = size
    if (left <= 1 and right >= width - 1) or (top <= 1 and bottom >= height - 1):
        return True
    along = [
        (left == 0, piece.mask[:, 0], height),
        (right == width, piece.mask[:, -1], height),
        (top == 0, piece.mask[0], width),
        (bottom == height, piece.mask[-1], width),
    ]
    return any(touches and edge.sum() >= 0.4 * side for touches, edge, side in along)


def _is_underline(line: Piece, other: Piece) -> bool:
    return (
        line.width >= _LINE * line.height / 1.5
        and _is_line(line)
        and line.width >= 0.5 * other.width
        and other.height >= 0.25 * line.width
        and line.middle[1] >= other.box[3] - 0.08 * other.height
        and line.box[0] < other.middle[0] < line.box[2]
    )


def _is_part(piece: Piece, first: Piece, outline: Points) -> bool:
    is_round = piece.longer <= 1.4 * min(piece.width, piece.height) and piece.mask.mean() >= _DISC_FILLS
    shortest = _SHORTEST_ROUND if is_round else _SHORTEST
    if piece.longer < shortest * first.longer or piece.peak < _PALE * first.peak:
        return False
    apart = piece.outline()[:, None] - outline[None]
    return bool(np.hypot(apart[..., 0], apart[..., 1]).min() <= _FARTHEST * first.longer)


def _only(strokes: Strokes, pieces: list[Piece]) -> Strokes:
    """The strokes without the ink that is in none of the pieces."""
    left, top = strokes.box[:2]
    kept = np.zeros(strokes.ink.shape, bool)
    for piece in pieces:
        x, y = piece.box[0] - left, piece.box[1] - top
        kept[y : y + piece.height, x : x + piece.width] |= piece.mask
    return _replaced(strokes, np.where(kept, strokes.ink, np.float32(0)))


def _replaced(strokes: Strokes, ink: Ink) -> Strokes:
    """The strokes with other ink in their box."""
    part = cut_out(ink)
    if part is None:
        return strokes
    left, top = strokes.box[:2]
    box = (part.box[0] + left, part.box[1] + top, part.box[2] + left, part.box[3] + top)
    return strokes._replace(ink=part.ink, box=box)
