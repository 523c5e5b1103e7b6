"""The ink of a picture, apart from its paper."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]


class Strokes(NamedTuple):
    """The ink (height, width) float32 in 0..255 within `box` (left, top, right, bottom) of a picture of `size` (width,
    height), in pixels. There is no ink outside the box.

    `is_light` says that the strokes are lighter than their paper. `sheet` has the corners (4, 2) of the sheet on which
    they are, clockwise from the upper left, as shares (0..1) of the whole picture's width and height; the picture of
    `size` is then that sheet. It is None where the sheet is the whole picture.
    """

    ink: Ink
    box: tuple[int, int, int, int]
    size: tuple[int, int]
    is_light: bool = False
    sheet: NDArray[np.float32] | None = None

    @property
    def whole(self) -> Ink:
        """The ink in an array of the whole picture's size."""
        (left, top, right, bottom), (width, height) = self.box, self.size
        whole = np.zeros((height, width), np.float32)
        whole[top:bottom, left:right] = self.ink
        return whole


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
