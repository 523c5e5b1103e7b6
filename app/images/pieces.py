"""The connected pieces of a picture's ink, and which of them are the digit: not a stray dot, an underline or a ring."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from app.images.strokes import Strokes, cut_out

# The pieces are found by one thread: a server answers many requests at once.
cv2.setNumThreads(1)
# More pieces than these, the heaviest, are noise or a page of print.
_MOST = 64


class Piece(NamedTuple):
    """A connected piece of ink: where it is (height, width) bool within `box` (left, top, right, bottom), in pixels,
    and its `mass`, the sum of its ink.
    """

    mask: NDArray[np.bool_]
    box: tuple[int, int, int, int]
    mass: float


def find_pieces(ink: NDArray[np.float32]) -> list[Piece]:
    """The pieces of ink (height, width), 0 = paper, the heaviest first and at most 64. Corners that touch connect."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 0).view(np.uint8))
    masses = np.bincount(labels.ravel(), ink.ravel(), count)
    masses[0] = 0
    pieces = []
    for label in np.argsort(-masses)[: min(_MOST, count - 1)].tolist():
        left, top, width, height = stats[label, :4].tolist()
        mask = labels[top : top + height, left : left + width] == label
        pieces.append(Piece(mask, (left, top, left + width, top + height), float(masses[label])))
    return pieces


def main_pieces(pieces: list[Piece]) -> list[Piece]:
    """Those of a picture's pieces, the heaviest first, that are its main digit."""
    return [piece for piece in pieces if piece.mass >= 0.05 * pieces[0].mass]


def main_strokes(strokes: Strokes) -> Strokes:
    """The strokes of the main digit alone: `strokes` itself where nothing else is."""
    pieces = find_pieces(strokes.ink)
    main = main_pieces(pieces)
    if len(main) == len(pieces):
        return strokes
    return only(strokes, main)


def only(strokes: Strokes, pieces: list[Piece]) -> Strokes:
    """The strokes without the ink that is in none of the pieces."""
    kept = np.zeros(strokes.ink.shape, bool)
    for mask, (left, top, right, bottom), _ in pieces:
        kept[top:bottom, left:right] |= mask
    part = cut_out(np.where(kept, strokes.ink, np.float32(0)))
    assert part is not None  # noqa: S101 - a piece has ink
    left, top = strokes.box[:2]
    box = (part.box[0] + left, part.box[1] + top, part.box[2] + left, part.box[3] + top)
    return strokes._replace(ink=part.ink, box=box)
