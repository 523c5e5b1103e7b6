"""Sheets, cards and windows in a picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.images.ink import find_ink
from app.images.picture import DrawingError
from app.images.sheet import cut_sheet, find_sheet

CORNERS = [(70, 50), (330, 70), (310, 260), (50, 230)]


def _on_desk(desk: int = 60, paper: int = 230, corners: list[tuple[int, int]] = CORNERS) -> Image.Image:
    """A sheet with a thick line down its middle, on a desk."""
    image = Image.new("L", (400, 300), desk)
    pen = ImageDraw.Draw(image)
    pen.polygon(corners, fill=paper)
    pen.line([(200, 90), (180, 220)], fill=20, width=14)
    return image


@pytest.mark.parametrize(("desk", "paper"), [(60, 230), (100, 180), (0, 255)])
def test_the_corners_of_a_tilted_sheet_are_found_clockwise_from_the_upper_left(desk: int, paper: int) -> None:
    corners = find_sheet(np.asarray(_on_desk(desk, paper)))

    assert corners is not None
    np.testing.assert_allclose(corners, CORNERS, atol=5)


def test_a_sheet_is_cut_out_upright_and_without_its_edge() -> None:
    shades = np.asarray(_on_desk())
    sheet = cut_sheet(shades, np.array(CORNERS, np.float32))

    assert sheet.shape == pytest.approx((186, 261), abs=3)
    assert np.concatenate([sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]]).min() > 200


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (230, 0), (180, 300), (0, 300)],  # the lit side of a shadow's edge
        [(190, 85), (210, 85), (190, 225), (170, 225)],  # hardly larger than the stroke
    ],
)
def test_the_lit_side_of_a_picture_and_a_label_are_no_sheets(corners: list[tuple[int, int]]) -> None:
    assert find_sheet(np.asarray(_on_desk(corners=corners))) is None


@pytest.mark.parametrize(
    "corners",
    [
        [(90, 60), (600, 50), (590, 600), (75, 580)],  # its upper left corner is in the picture
        [(-300, -200), (330, -180), (300, 250), (-320, 240)],  # its lower right corner
        [(80, -90), (330, -80), (310, 400), (60, 390)],  # a strip from the top to the bottom
    ],
)
def test_a_sheet_that_two_sides_of_the_picture_cut_is_found(corners: list[tuple[int, int]]) -> None:
    found = find_sheet(np.asarray(_on_desk(corners=corners)))
    mask = Image.new("L", (400, 300))
    ImageDraw.Draw(mask).polygon(corners, fill=1)
    seen = Image.new("L", (400, 300))

    assert found is not None
    ImageDraw.Draw(seen).polygon([(float(x), float(y)) for x, y in found], fill=1)
    assert (np.asarray(mask) != np.asarray(seen)).mean() < 0.02


def test_a_card_with_round_corners_is_found() -> None:
    image = Image.new("L", (420, 420), 80)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((27, 39, 386, 398), 12, fill=207)
    pen.line([(130, 130), (120, 230)], fill=0, width=20)

    found = find_sheet(np.asarray(image))

    assert found is not None
    np.testing.assert_allclose(found, [(27, 39), (386, 39), (386, 398), (27, 398)], atol=6)


def test_the_lit_end_of_a_sheet_is_no_sheet_because_the_light_fades() -> None:
    # The sheet goes on to the left, where it is in shade and about as dark as the desk.
    image = _on_desk(desk=110, corners=[(-1, 40), (340, 40), (340, 260), (-1, 260)])
    light = np.where(np.asarray(image) == 110, 1, 0.75 + 0.25 * np.tanh((np.arange(400) - 130) / 60))

    assert find_sheet((np.asarray(image) * light).astype(np.uint8)) is None


def test_an_empty_sheet_is_none() -> None:
    image = Image.new("L", (400, 300), 60)
    ImageDraw.Draw(image).polygon(CORNERS, fill=230)

    assert find_sheet(np.asarray(image)) is None


def test_strokes_on_a_sheet_on_a_sheet_say_where_it_is_in_the_picture() -> None:
    image = Image.new("L", (500, 400), 30)
    pen = ImageDraw.Draw(image)
    pen.rectangle((40, 30, 460, 370), fill=240)
    pen.rectangle((120, 90, 380, 330), fill=20)
    pen.line([(300, 130), (300, 290)], fill=230, width=20)
    strokes = find_ink(np.asarray(image))

    assert strokes is not None
    assert strokes.sheet is not None
    np.testing.assert_allclose(strokes.sheet.corners, [(120, 90), (380, 90), (380, 330), (120, 330)], atol=8)
    left, top, right, bottom = strokes.box
    x, y, _ = strokes.to_square() @ ((left + right) / 2, (top + bottom) / 2, 1)
    assert (500 * x, 500 * y) == pytest.approx((300, 210 + 50), abs=3)


def _blot(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((5, 5, 195, 195), fill=0)


def _scribble(pen: ImageDraw.ImageDraw) -> None:
    for y in range(20, 190, 17):
        pen.line([(20, y), (180, y + 8), (20, y + 17)], fill=0, width=14, joint="curve")


@pytest.mark.parametrize("draw", [_blot, _scribble])
def test_a_picture_that_is_mostly_ink_is_refused_with_what_to_do(draw: Callable[[ImageDraw.ImageDraw], None]) -> None:
    image = Image.new("L", (200, 200), 255)
    draw(ImageDraw.Draw(image))

    with pytest.raises(
        DrawingError, match=r"Draw with a thinner pen, or show the digit alone with more paper around it"
    ):
        find_ink(np.asarray(image))
