"""The way of a digit from the picture to its 28x28."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.images import drawing


def _picture(paste_at: tuple[int, int] = (0, 0), size: int = 280) -> bytes:
    """A seven, 280 pixels or smaller, on a sheet of 300 x 280."""
    seven = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(seven).line([(75, 65), (200, 65), (130, 220)], fill=0, width=20, joint="curve")
    sheet = Image.new("L", (300, 280), 255)
    sheet.paste(seven.resize((size, size)), paste_at)
    content = io.BytesIO()
    sheet.save(content, "PNG")
    return content.getvalue()


def test_a_placement_has_the_place_of_the_digit_in_the_picture() -> None:
    placement = drawing.place(_picture())
    left, top, right, bottom = placement.box

    np.testing.assert_array_equal(placement.placed, drawing.read(_picture()))
    assert (left, top) == pytest.approx((65, 55), abs=12)
    assert (right, bottom) == pytest.approx((211, 231), abs=12)
    assert placement.scale == pytest.approx(20 / (bottom - top))
    assert placement.picture.size == (300, 280)


def test_without_centring_a_digit_stays_in_its_corner_and_without_scaling_it_stays_small() -> None:
    picture = _picture(paste_at=(200, 190), size=80)

    def ink(*without: str) -> tuple[int, int]:
        """Where the ink begins, and how many rows it has."""
        rows = np.nonzero(drawing.place(picture, without).placed.max(axis=1))[0]
        return int(rows[0]), len(rows)

    assert ink()[1] == 20
    assert 2 <= ink()[0] <= 8
    assert ink("centre")[0] == 8
    assert ink("scale")[1] <= 7
    assert ink("scale")[0] <= 14
    assert ink("scale", "centre")[0] >= 18


def test_without_cropping_the_whole_sheet_is_scaled_and_its_digit_still_centred() -> None:
    picture = _picture(paste_at=(200, 190), size=80)
    placement = drawing.place(picture, ["crop"])
    rows, columns = (np.nonzero(placement.placed.max(axis=axis))[0] for axis in (1, 0))

    assert placement.box == (0, 0, 300, 280)
    assert placement.scale == pytest.approx(20 / 300)
    assert len(rows) <= 5
    for places in (rows, columns):
        assert 11 <= places[0] <= places[-1] <= 17


def test_a_digit_that_is_not_scaled_is_cropped_all_the_same() -> None:
    placement = drawing.place(_picture(), ["scale"])
    left, top, right, bottom = placement.box

    assert (right - left, bottom - top) == pytest.approx((146, 176), abs=20)
    assert placement.scale == pytest.approx(28 / 300)
