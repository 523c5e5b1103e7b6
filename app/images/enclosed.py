"""Frees a digit from a shape around it: a ring or a box that it touches, or a disc or a block that it is cut out of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from app.images.strokes import Ink

Mask = NDArray[np.uint8]

# A ring fills at least this share of its convex hull, and a disc more. Of digits, zeros do so, and a few eights.
_CONVEX, _CONVEX_DISC = 0.975, 0.985
# A hole of less than this share of the shape is a speck.
_SPECK = 0.005
# A zero has paper in this share of the convex hull of its holes, and its ink is about as wide beside it as above it.
_EMPTY, _UNEVEN = 0.93, 1.35
# A disc's ink is so many times as wide as what is cut out of it, and this share of the disc's longer side. Twice that
# width and the length of what is cut out are together at least so many times that side, but once in a thick zero.
_WIDER, _SOLID, _SOLID_AND_HOLE = 1.3, 0.27, 1.15
# One piece of the paper, with this share of all that is cut out, is the digit. A slashed zero has two.
_ONE_PIECE = 0.75
# What is paler than this share of the strongest ink is the blurred edge of what is cut out.
_FAINT = 0.2
# A digit in a ring reaches at least so far to the middle, and is at least so high, as a share of the ring.
_DEEP, _HIGH = 0.7, 0.6
# Up to this share of the way to the middle, its ink is not told from the ring's.
_RIM = 0.05
# A line so many times as long as wide, and at least this share of the way across, is the slash or the bar of a zero. If
# it goes less far sideways than this share of its way down, it is a one.
_LINE, _ACROSS, _UPRIGHT = 3, 0.7, 0.5
# An oval narrower than this is a zero, perhaps with a slash, unless it fills more of the rectangle around it.
_NARROW, _BOX_FILLS = 0.85, 0.88


class Outlines(NamedTuple):
    """The outlines of ink: of `mask` (height, width), in which it is 1, perhaps on every second or third pixel only;
    and `parents`, the number of the outline that each one is a hole in, or -1.
    """

    mask: Mask
    contours: Sequence[NDArray[Any]]
    parents: NDArray[np.intc]


def enclosed(ink: Ink, outlines: Outlines) -> Ink | None:
    """The ink (height, width) of the digit alone; None where no shape is around it, or one that it does not touch."""
    mask, contours, parents = outlines
    areas = np.array([cv2.contourArea(contour) for contour in contours])
    outer = int(areas.argmax())
    shape, area = contours[outer], areas[outer]
    is_hole = (parents == outer) & (areas >= _SPECK * area)
    holes = [contour for contour, keep in zip(contours, is_hole.tolist(), strict=True) if keep]
    if not holes or (convex := area / cv2.contourArea(cv2.convexHull(shape))) < _CONVEX:
        return None
    hull = cv2.convexHull(np.concatenate(holes))
    width, height = cv2.boundingRect(shape)[2:]
    gaps = width - cv2.boundingRect(hull)[2], height - cv2.boundingRect(hull)[3]
    if areas[is_hole].sum() > _EMPTY * cv2.contourArea(hull) and max(gaps) < _UNEVEN * min(gaps):
        return None
    filled, hole = _filled([shape], mask), _filled(holes, mask)
    widest, longer = 2 * float(_depths(filled - hole).max()), max(width, height)
    if (
        convex >= _CONVEX_DISC
        and areas[is_hole].max() >= _ONE_PIECE * areas[is_hole].sum()
        and widest >= max(_SOLID * longer, _WIDER * 2 * float(_depths(hole & (1 - mask)).max()))
        and 2 * widest + max(cv2.minAreaRect(hull)[1]) >= _SOLID_AND_HOLE * longer
    ):
        cut = (ink.max() - ink) * _resized(hole, ink)
        return np.where(cut >= _FAINT * ink.max(), cut, np.float32(0))
    narrow, long = sorted(cv2.minAreaRect(shape)[1])
    if narrow < _NARROW * long and area < _BOX_FILLS * narrow * long:
        return None
    depths = _depths(filled)
    # The corners of the hull lie where the ring's inner edge is free.
    ring = float(np.median(depths[tuple(hull.reshape(-1, 2).T[::-1])]))
    inner = mask & (depths > ring + _RIM * (depths.max() - ring))
    heights = cv2.connectedComponentsWithStats(inner)[2][1:, cv2.CC_STAT_HEIGHT]
    if max(heights, default=0) < _HIGH * height or (depths * inner).max() < _DEEP * depths.max():
        return None
    if _is_slash(inner, _ACROSS * 2 * (float(depths.max()) - ring)):
        return None
    return ink * _resized(inner, ink)


def _is_slash(mask: Mask, across: float) -> bool:
    points = np.asarray(cv2.findNonZero(mask))
    short, long = sorted(cv2.minAreaRect(points)[1])
    sideways, down = np.abs(cv2.fitLine(points, cv2.DIST_L2, 0, 0.01, 0.01)[:2, 0]).tolist()
    return long + 1 >= _LINE * (short + 1) and long >= across and sideways > _UPRIGHT * down


def _filled(contours: list[NDArray[Any]], mask: Mask) -> Mask:
    """What is within contours of the mask, with their holes."""
    return np.asarray(cv2.drawContours(np.zeros_like(mask), contours, -1, 1, cv2.FILLED), np.uint8)


def _depths(mask: Mask) -> Ink:
    """How far each pixel of the mask is from its edge."""
    return np.asarray(cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3)[1:-1, 1:-1], np.float32)


def _resized(mask: Mask, ink: Ink) -> Mask:
    return np.asarray(cv2.resize(mask, ink.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
