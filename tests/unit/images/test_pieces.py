"""Which pieces of a picture's ink are its digit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.images.pieces import find_pieces, main_strokes
from app.images.strokes import Strokes, cut_out

Draw = Callable[[ImageDraw.ImageDraw], None]


def _five(pen: ImageDraw.ImageDraw) -> None:
    """A five whose top is a stroke of its own."""
    pen.line([(150, 110), (145, 150), (180, 160), (190, 190), (150, 210)], fill=255, width=14, joint="curve")
    pen.line([(168, 106), (205, 100)], fill=255, width=14)


def _four(pen: ImageDraw.ImageDraw) -> None:
    """A four in two pieces."""
    pen.line([(150, 100), (140, 160), (185, 160)], fill=255, width=14, joint="curve")
    pen.line([(205, 120), (200, 210)], fill=255, width=14)


def _seven(pen: ImageDraw.ImageDraw) -> None:
    pen.line([(140, 100), (200, 100), (165, 200)], fill=255, width=14, joint="curve")


def _zero(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse((140, 90, 210, 210), outline=255, width=14)


def _strokes(*draws: Draw, size: tuple[int, int] = (340, 300)) -> Strokes:
    image = Image.new("L", size)
    for draw in draws:
        draw(ImageDraw.Draw(image))
    strokes = cut_out(np.asarray(image, np.float32))
    assert strokes is not None
    return strokes


OTHERS: dict[str, Draw] = {
    "a dot far away": lambda pen: pen.ellipse((20, 20, 40, 40), fill=255),
    "a full stop": lambda pen: pen.ellipse((222, 195, 240, 213), fill=255),
    "an underline": lambda pen: pen.line([(125, 228), (225, 232)], fill=255, width=6),
    "a circle": lambda pen: pen.ellipse((85, 70, 260, 245), outline=255, width=6),
    "a circle that is not closed": lambda pen: pen.arc((85, 70, 260, 245), 20, 350, fill=255, width=6),
    "a box": lambda pen: pen.rectangle((100, 80, 250, 240), outline=255, width=9),
    "a frame": lambda pen: pen.rectangle((0, 0, 339, 299), outline=255, width=3),
    "a bar along the border": lambda pen: pen.rectangle((0, 270, 339, 299), fill=255),
    "a line from border to border": lambda pen: pen.line([(270, 0), (272, 299)], fill=255, width=4),
    "a pale shadow": lambda pen: pen.line([(120, 240), (280, 240), (280, 90)], fill=100, width=20),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("digit", [_five, _four, _seven, _zero])
def test_what_is_not_the_digit_is_left_out_and_all_its_strokes_stay(digit: Draw, other: Draw) -> None:
    np.testing.assert_array_equal(main_strokes(_strokes(digit, other)).whole, _strokes(digit).whole)


@pytest.mark.parametrize("digit", [_five, _four, _seven, _zero])
def test_a_digit_with_nothing_around_it_is_left_as_it_is(digit: Draw) -> None:
    strokes = _strokes(digit)

    assert main_strokes(strokes) is strokes


def test_a_circle_in_a_box_in_a_frame_is_left_out_too() -> None:
    around = [OTHERS[name] for name in ("a circle", "a frame")]
    box: Draw = lambda pen: pen.rectangle((60, 50, 285, 265), outline=255, width=5)  # noqa: E731

    np.testing.assert_array_equal(main_strokes(_strokes(_seven, box, *around)).whole, _strokes(_seven).whole)


def test_a_zero_keeps_the_slash_within_it_and_loses_the_dot() -> None:
    slash: Draw = lambda pen: pen.line([(164, 185), (186, 115)], fill=255, width=10)  # noqa: E731
    dot: Draw = lambda pen: pen.ellipse((168, 143, 182, 157), fill=255)  # noqa: E731

    slashed = _strokes(_zero, slash)

    assert main_strokes(slashed) is slashed
    np.testing.assert_array_equal(main_strokes(_strokes(_zero, dot)).whole, _strokes(_zero).whole)


def test_a_one_in_a_narrow_box_is_the_one() -> None:
    one: Draw = lambda pen: pen.line([(175, 110), (175, 190)], fill=255, width=14)  # noqa: E731
    box: Draw = lambda pen: pen.rectangle((140, 90, 210, 210), outline=255, width=8)  # noqa: E731

    np.testing.assert_array_equal(main_strokes(_strokes(one, box)).whole, _strokes(one).whole)


def test_pieces_have_their_place_in_the_picture_and_the_heaviest_is_first() -> None:
    strokes = _strokes(_seven, OTHERS["a full stop"])
    seven, stop = find_pieces(strokes)

    assert stop.box == (222, 195, 241, 214)
    assert seven.mass + stop.mass == strokes.ink.sum()
    assert stop.mask.sum() * 255 == stop.mass
    assert (stop.peak, stop.longer, tuple(stop.middle)) == (255, 19, (231.5, 204.5))
