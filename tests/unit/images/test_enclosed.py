"""A digit in a ring that it touches, and one that is cut out of a disc."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.images.pieces import main_strokes
from app.images.strokes import Strokes, cut_out

Draw = Callable[[ImageDraw.ImageDraw, int], None]
Box = tuple[int, int, int, int]
Line = list[tuple[int, int]]


def _three(pen: ImageDraw.ImageDraw, shade: int) -> None:
    path = [(125, 85), (165, 80), (175, 110), (145, 138), (180, 160), (172, 205), (122, 212)]
    pen.line(path, fill=shade, width=14, joint="curve")


def _eight(pen: ImageDraw.ImageDraw, shade: int) -> None:
    pen.ellipse((122, 80, 178, 150), outline=shade, width=14)
    pen.ellipse((116, 138, 184, 218), outline=shade, width=14)


def _strokes(*draws: Draw, shades: tuple[int, ...] = (255, 255)) -> Strokes:
    image = Image.new("L", (300, 300))
    for draw, shade in zip(draws, shades, strict=False):
        draw(ImageDraw.Draw(image), shade)
    strokes = cut_out(np.asarray(image, np.float32))
    assert strokes is not None
    return strokes


RINGS: dict[str, Draw] = {
    "a circle that touches the ends": lambda pen, shade: pen.ellipse((72, 68, 228, 224), outline=shade, width=8),
    "a circle that crosses an end": lambda pen, shade: pen.ellipse((79, 77, 235, 233), outline=shade, width=6),
    "a box that touches the right": lambda pen, shade: pen.rectangle((80, 50, 184, 250), outline=shade, width=6),
    "a box that touches the left": lambda pen, shade: pen.rectangle((117, 50, 240, 250), outline=shade, width=6),
}


@pytest.mark.parametrize("ring", RINGS.values(), ids=RINGS)
@pytest.mark.parametrize("digit", [_three, _eight])
def test_a_ring_is_left_out_though_the_digit_touches_it(digit: Draw, ring: Draw) -> None:
    found, alone = main_strokes(_strokes(ring, digit)).whole > 0, _strokes(digit).whole > 0

    assert found.sum() > 0.85 * alone.sum()
    assert (found & ~alone).sum() < 0.05 * alone.sum()


@pytest.mark.parametrize(
    "shape",
    [
        lambda pen, shade: pen.ellipse((60, 60, 240, 240), fill=shade),
        lambda pen, shade: pen.rectangle((70, 60, 230, 240), fill=shade),
    ],
    ids=["a disc", "a block"],
)
@pytest.mark.parametrize("digit", [_three, _eight])
def test_a_digit_that_is_cut_out_of_a_shape_is_the_digit(digit: Draw, shape: Draw) -> None:
    found = main_strokes(_strokes(shape, digit, shades=(200, 0)))

    np.testing.assert_array_equal(found.whole > 0, _strokes(digit).whole > 0)


ZEROS: dict[str, tuple[Box, Line, int]] = {
    "slashed": ((100, 80, 200, 220), [(122, 205), (178, 95)], 12),
    "curled in": ((90, 80, 210, 200), [(150, 90), (150, 130)], 20),
    "round and slashed": ((60, 50, 240, 250), [(90, 230), (210, 70)], 18),
    "round and barred": ((50, 50, 250, 250), [(52, 150), (248, 150)], 18),
    "thick": ((110, 80, 190, 220), [], 30),
}


@pytest.mark.parametrize(("box", "line", "width"), ZEROS.values(), ids=ZEROS)
def test_a_zero_is_no_shape_around_a_digit(box: Box, line: Line, width: int) -> None:
    def zero(pen: ImageDraw.ImageDraw, shade: int) -> None:
        pen.ellipse(box, outline=shade, width=width)
        pen.line(line, fill=shade, width=width)

    strokes = _strokes(zero)

    assert main_strokes(strokes) is strokes


def test_a_thick_zero_with_a_thin_slash_is_no_disc_with_two_cuts() -> None:
    strokes = _strokes(
        lambda pen, shade: pen.ellipse((50, 50, 250, 250), outline=shade, width=52),
        lambda pen, shade: pen.line([(90, 220), (210, 80)], fill=shade, width=20),
    )

    assert main_strokes(strokes) is strokes
