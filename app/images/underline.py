"""Takes an underline that touches its digit away from it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.images.strokes import Ink

# An underline is in this lowest share of the digit's box, and at most so thick, as a share of its longer side.
_LOWEST, _THICKEST = 0.4, 0.14
# It shows on both sides of the digit, for at least this share of its length.
_FREE = 0.08
# It is at least this long, as a share of the height: the foot of a 1 is shorter.
_SHORTEST = 0.3
# It rises or falls by at most this share of its length, and is straight to this share of the longer side.
_STEEPEST, _CROOKED = 0.12, 0.008

# The digit reaches at most this share of its height below it.
_BELOW = 0.04
# A line thinner than this share of the pen is no part of the digit. A thicker one is, unless it shows for this share of
# its length on both sides and is so long, as a share of the height.
_THINNER, _FREE_OF_ONE_PEN, _LONG = 0.6, 0.18, 0.75


def without_underline(ink: Ink) -> Ink | None:
    """The ink (height, width) float32 of a digit, 0 = paper, without the straight line under it; None if there is none.

    The line is measured where it shows alone, to the left and to the right of what stands on it.
    """
    height = len(ink)
    longer = max(ink.shape)
    lowest = int((1 - _LOWEST) * height)
    low = ink[lowest:] > 0
    columns = np.flatnonzero(low.any(axis=0))
    if len(columns) < _SHORTEST * height:
        return None
    left, right = int(columns[0]), int(columns[-1]) + 1
    low = low[:, left:right]
    # Most digits are thick at their lower left or right end, and this is all that they cost.
    edge = max(3, int(_FREE * (right - left)))
    thick_ends = np.concatenate([low[:, :edge], low[:, -edge:]], axis=1).sum(axis=0)
    if thick_ends.max() > _THICKEST * longer:
        return None
    free = _free_columns(low, edge, longer)
    if free is None:
        return None
    width = right - left
    shares = np.count_nonzero(free < width / 2) / width, np.count_nonzero(free > width / 2) / width
    thickness = low[:, free].sum(axis=0)
    thick = float(np.median(thickness))
    if np.quantile(np.abs(thickness - thick), 0.8) > max(1.5, 0.2 * thick):
        return None
    middle = low[:, free].argmax(axis=0) + (thickness - 1) / 2
    slope, level = np.polyfit(free, middle, 1)
    crooked = np.quantile(np.abs(middle - slope * free - level), 0.9)
    if abs(slope) > _STEEPEST or crooked > max(1.5, _CROOKED * longer):
        return None
    # The stem of a 4 goes on below its bar.
    lowest_line = max(level, slope * (width - 1) + level) + thick / 2
    if len(low) - lowest_line > max(2, _BELOW * height):
        return None
    # The foot of a 1 or of a 2 is drawn with the digit's pen, and hardly shows on both sides.
    if thick > _THINNER * _pen(ink[:lowest] > 0) and (
        min(shares) < _FREE_OF_ONE_PEN or width < _LONG * height or width < _LONG * ink.shape[1]
    ):
        return None
    kept = ink.copy()
    kept[lowest:, left:right] = _without_band(ink[lowest:, left:right], slope * np.arange(width) + level, thick / 2 + 1)
    return kept


def _pen(mask: NDArray[np.bool_]) -> float:
    """The width of the strokes: of a straight one, four times the mean distance of its pixels to its edge."""
    distances = cv2.distanceTransform(np.pad(mask, 1).view(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    return 4 * float(distances[mask].mean()) if mask.any() else 0.0


def _free_columns(mask: NDArray[np.bool_], edge: int, longer: int) -> NDArray[np.intp] | None:
    """The columns from the left end and from the right end in which there is one short run of ink."""
    width = mask.shape[1]
    runs = mask[0] + (mask[1:] & ~mask[:-1]).sum(axis=0)
    is_free = (runs == 1) & (mask.sum(axis=0) <= _THICKEST * longer)
    left = width if is_free.all() else int(is_free.argmin())
    right = width if is_free.all() else int(is_free[::-1].argmin())
    if min(left, right) < edge or left + right >= width:
        return None
    # The very ends may be round.
    round_end = min(2, edge // 2)
    return np.concatenate([np.arange(round_end, left), np.arange(width - right, width - round_end)])


def _without_band(ink: Ink, middle: NDArray[np.float64], reach: float) -> Ink:
    """The ink without the line, except where the digit stands on it or crosses it."""
    height, width = ink.shape
    top = np.floor(middle - reach).clip(0, height - 1).astype(np.intp)
    stands = ink[np.maximum(top - 1, 0), np.arange(width)] > 0
    rows = np.arange(height)[:, None]
    kept = ink.copy()
    kept[(rows >= top) & ~stands] = 0
    # Nor does the digit reach below the line where it stands on it, unless it goes on there.
    bottom = np.ceil(middle + reach).clip(0, height - 1).astype(np.intp)
    ends = ink[bottom, np.arange(width)] == 0
    kept[(rows >= middle[None]) & stands & ends] = 0
    return kept
