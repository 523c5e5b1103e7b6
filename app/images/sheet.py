"""Finds the sheet, card or window that a digit is on, and cuts it out of its picture, upright."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from app.images.shades import Grey

Corners = NDArray[np.float32]

# A sheet is sought in the picture reduced to about this side.
_SMALL_SIDE = 400
# A sheet covers at least this share of the picture, and has at least this share of paper around its ink.
_LEAST, _PAPER = 0.1, 0.5
# It has at least this share of ink within, or it is empty.
_INK = 0.003
# It fills at least this share of the rectangle or the four-sided shape around it. An ellipse fills pi / 4.
_FILLS = 0.87
# The picture may cut it on two sides. If more than this share of its edge is the picture's border, it is only the
# lighter side of the picture.
_AT_BORDER = 0.58
# At its edge the shade changes by at least this much, of 255, within so many pixels on both sides. In uneven light the
# paper itself is lighter in one place than in another, but not at once.
_STEP, _STEP_REACH = 12, 5.0
# The places along a side, as shares of it, where that is measured.
_ALONG = np.linspace(0.1, 0.9, 24, dtype=np.float32)[:, None]
# Its edge is left out: this share of its sides, and at least so many pixels.
_EDGE, _EDGE_PIXELS = 0.012, 2.0


def find_sheet(shades: Grey) -> Corners | None:
    """The corners (4, 2), x and y in pixels, of the largest sheet in shades (height, width), clockwise from the upper
    left; None where no sheet stands out from what it lies on.
    """
    height, width = shades.shape
    factor = max(1.0, max(shades.shape) / _SMALL_SIDE)
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = np.asarray(cv2.resize(shades, size, interpolation=cv2.INTER_AREA), np.uint8)
    best, corners = 0.0, None
    for mask, sign in _classes(small):
        for contour, area in _regions(mask):
            if area <= best or (found := _four_sided(contour, area)) is None:
                continue
            if _has_edge(small, found, sign):
                best, corners = area, found
    if corners is None:
        return None
    # A pixel's place is its middle.
    return np.asarray((corners + 0.5) * (width / small.shape[1], height / small.shape[0]), np.float32)


def cut_sheet(shades: Grey, corners: Corners) -> Grey:
    """The sheet with these corners (4, 2), without its edge, as if seen from straight above: (height, width)."""
    top, right, bottom, left = (float(np.hypot(*(corners[i] - corners[(i + 1) % 4]))) for i in range(4))
    size = max(1, round((top + bottom) / 2)), max(1, round((right + left) / 2))
    matrix = cv2.getPerspectiveTransform(inner(corners), _rectangle(*size))
    return np.asarray(cv2.warpPerspective(shades, matrix, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def inner(corners: Corners) -> Corners:
    """The corners of the sheet without its edge."""
    top, right, bottom, left = (float(np.hypot(*(corners[i] - corners[(i + 1) % 4]))) for i in range(4))
    width, height = (top + bottom) / 2, (right + left) / 2
    edges = [max(_EDGE * side, _EDGE_PIXELS) / max(side, 1) for side in (width, height)]
    whole = _rectangle(1, 1)
    part = np.clip(whole, edges, [1 - edge for edge in edges]).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(whole, corners)
    return np.asarray(cv2.perspectiveTransform(part[None], matrix)[0], np.float32)


def placed_in(outer: Corners, size: tuple[int, int], corners: Corners) -> Corners:
    """The corners (4, 2) of a sheet that lies on another one: places in the other's `size` (width, height), whose own
    corners are `outer`, become places among those.
    """
    matrix = cv2.getPerspectiveTransform(_rectangle(*size), outer)
    return np.asarray(cv2.perspectiveTransform(corners[None], matrix)[0], np.float32)


def _rectangle(width: float, height: float) -> Corners:
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


def _classes(shades: Grey) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Masks of the lighter (1) and of the darker pixels (-1), at Otsu's threshold of the whole and of each half."""
    first = _otsu(shades.ravel())
    for threshold in {first, _otsu(shades[shades <= first]), _otsu(shades[shades > first])}:
        light = (shades > threshold).view(np.uint8)
        yield light, 1
        yield 1 - light, -1


def _otsu(shades: Grey) -> int:
    """Otsu's threshold of shades (n,): the last of the darker ones."""
    if shades.size == 0:
        return 0
    return int(cv2.threshold(shades.reshape(-1, 1), 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0])


def _regions(mask: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.intc], float]]:
    """The outlines of the regions that may be sheets, and their areas with what is on them."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    height, width = mask.shape
    for label in range(1, count):
        left, top, across, down, paper = stats[label].tolist()
        if paper < _LEAST * _PAPER * mask.size:
            continue
        region = (labels[top : top + down, left : left + across] == label).view(np.uint8)
        contours, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(left, top))
        contour = np.asarray(max(contours, key=len)).reshape(-1, 2)
        filled = cv2.drawContours(np.zeros_like(mask), [contour], -1, 1, cv2.FILLED)
        area = float(cv2.countNonZero(filled))
        x, y = contour.T
        at_border = ((x == 0) | (y == 0) | (x == width - 1) | (y == height - 1)).mean()
        if area >= _LEAST * mask.size and _PAPER <= paper / area <= 1 - _INK and at_border <= _AT_BORDER:
            yield contour, area


def _four_sided(contour: NDArray[np.intc], area: float) -> Corners | None:
    """The corners of the shape with four sides that the region fills, clockwise from the upper left; None without."""
    hull = cv2.convexHull(contour)
    if area < _FILLS * cv2.contourArea(hull):
        return None
    for share in (0.02, 0.04, 0.06):
        shape = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(shape) == 4 and _FILLS <= area / max(cv2.contourArea(shape), 1.0) <= 1.05:
            return _in_order(shape.astype(np.float32))
    rectangle = cv2.minAreaRect(hull)
    if area >= _FILLS * float(np.prod(rectangle[1])):
        return _in_order(np.asarray(cv2.boxPoints(rectangle), np.float32))
    return None


def _has_edge(shades: Grey, corners: Corners, sign: int) -> bool:
    """Whether the sheet is at once lighter (sign 1) or darker (-1) than what is beside it, on each side within the
    picture.
    """
    sides = np.roll(corners, -1, axis=0) - corners
    outwards = (sides[:, ::-1] * (1, -1) / np.maximum(np.hypot(*sides.T), 1)[:, None])[:, None] * _STEP_REACH
    places = corners[:, None] + sides[:, None] * _ALONG
    signed = sign * shades.astype(np.float32)
    inside, beside = (
        cv2.remap(signed, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        for x, y in np.moveaxis(np.stack([places - outwards, places + outwards]).astype(np.float32), 3, 1)
    )
    is_step = np.median(inside - beside, axis=1) >= _STEP
    last = np.array(shades.shape[::-1]) - 1
    is_at_border = np.median(np.minimum(places, last - places).min(axis=2), axis=1) < 1
    # With three sides at the border, the fourth may be a shadow's edge or a stroke.
    return bool((is_step | is_at_border).all() and np.count_nonzero(is_at_border) <= 2)


def _in_order(corners: Corners) -> Corners:
    """Clockwise on the screen, from the corner nearest to the upper left."""
    away = corners - corners.mean(axis=0)
    corners = corners[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    return np.asarray(np.roll(corners, -int(corners.sum(axis=1).argmin()), axis=0), np.float32)
