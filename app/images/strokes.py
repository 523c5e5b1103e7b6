"""The ink of a picture, apart from its paper."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]


class Sheet(NamedTuple):
    """A sheet within a picture: its corners (4, 2), x and y in the picture's pixels, clockwise from the upper left; and
    the picture's size (width, height).
    """

    corners: NDArray[np.float32]
    size: tuple[int, int]


class Strokes(NamedTuple):
    """The ink (height, width) float32 in 0..255 within `box` (left, top, right, bottom) of a picture of `size` (width,
    height), in pixels. There is no ink outside the box.

    Where they are on a sheet within the picture, `box` and `size` are those of the sheet as seen from straight above,
    and `sheet` says where it is.
    """

    ink: Ink
    box: tuple[int, int, int, int]
    size: tuple[int, int]
    sheet: Sheet | None = None

    @property
    def whole(self) -> Ink:
        """The ink in an array of the whole picture's size."""
        (left, top, right, bottom), (width, height) = self.box, self.size
        whole = np.zeros((height, width), np.float32)
        whole[top:bottom, left:right] = self.ink
        return whole

    def to_square(self) -> NDArray[np.float64]:
        """The affine map (3, 3) from places in `size` to 0..1 of a square in whose middle the picture lies.

        A sheet's perspective is replaced by its slope at the middle of the strokes.
        """
        to_picture, (width, height) = np.eye(3), self.size
        if self.sheet:
            to_picture = _slope_of_sheet(self)
            width, height = self.sheet.size
        side = max(width, height)
        offset = np.array([[1, 0, (side - width) / 2], [0, 1, (side - height) / 2], [0, 0, 1]])
        return np.asarray(np.diag([1 / side, 1 / side, 1]) @ offset @ to_picture)


def _slope_of_sheet(strokes: Strokes) -> NDArray[np.float64]:
    assert strokes.sheet is not None  # noqa: S101 - the caller has asked
    width, height = strokes.size
    rectangle = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(rectangle, strokes.sheet.corners)
    left, top, right, bottom = strokes.box
    x, y, w = matrix @ ((left + right) / 2, (top + bottom) / 2, 1)
    place = np.array([x, y]) / w
    slope = (matrix[:2, :2] - place[:, None] * matrix[2, :2]) / w
    offset = place - slope @ ((left + right) / 2, (top + bottom) / 2)
    return np.vstack([np.column_stack([slope, offset]), [0, 0, 1]])


def cut_out(ink: Ink) -> Strokes | None:
    """The strokes of ink (height, width) float32, 0 = paper, without the paper around; None when there is no ink."""
    rows, columns = np.max(ink, axis=1) > 0, np.max(ink, axis=0) > 0
    if not rows.any():
        return None
    left, top, right, bottom = box = extent(rows, columns)
    return Strokes(ink[top:bottom, left:right], box, (ink.shape[1], ink.shape[0]))


def extent(rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """The box (left, top, right, bottom) of ink, from the rows (height,) and columns (width,) that have some."""
    y, x = rows.nonzero()[0], columns.nonzero()[0]
    return int(x[0]), int(y[0]), int(x[-1]) + 1, int(y[-1]) + 1
