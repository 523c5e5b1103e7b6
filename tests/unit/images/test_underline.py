"""The underline that touches its digit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.images.underline import without_underline

SEVEN = [(80, 40), (170, 40), (120, 200)]
TWO = [(80, 70), (120, 40), (160, 80), (85, 200), (170, 200)]
ONE = [(90, 80), (130, 40), (130, 200), (95, 200), (165, 200)]
FOUR = [(150, 220), (150, 40), (70, 160), (180, 160)]


def _ink(*lines: tuple[list[tuple[int, int]], int]) -> np.ndarray:
    image = Image.new("L", (260, 260))
    for line, width in lines:
        ImageDraw.Draw(image).line(line, fill=255, width=width, joint="curve")
    box = image.getbbox()
    return np.asarray(image.crop(box), np.float32)


@pytest.mark.parametrize("line", [[(60, 204), (190, 204)], [(80, 206), (170, 198)], [(50, 198), (180, 205)]])
@pytest.mark.parametrize("width", [5, 9])
def test_a_thin_line_on_which_a_digit_stands_is_taken_away(line: list[tuple[int, int]], width: int) -> None:
    ink = _ink((SEVEN, 18), (line, width))
    left = without_underline(ink)

    assert left is not None
    rows = slice(int(0.9 * len(ink)), None)
    assert np.count_nonzero(left[rows].any(axis=0)) < 0.4 * np.count_nonzero(ink[rows].any(axis=0))
    np.testing.assert_array_equal(left[: len(ink) // 2], ink[: len(ink) // 2])


@pytest.mark.parametrize("digit", [SEVEN, TWO, ONE, FOUR])
@pytest.mark.parametrize("width", [10, 20])
def test_the_foot_of_a_digit_and_the_bar_of_a_four_are_no_underline(digit: list[tuple[int, int]], width: int) -> None:
    assert without_underline(_ink((digit, width))) is None
