"""One shade a pixel from a picture in colour."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.images.shades import is_coloured, shades_of

Colour = tuple[int, int, int]


def _two(paper: Colour, ink: Colour) -> Image.Image:
    image = Image.new("RGB", (90, 60), paper)
    image.paste(ink, (30, 10, 60, 50))
    return image


@pytest.mark.parametrize(
    ("paper", "ink"), [((0, 130, 0), (255, 0, 0)), ((255, 120, 120), (60, 190, 255)), ((90, 90, 0), (160, 40, 160))]
)
def test_colours_of_one_brightness_become_two_shades_far_apart(paper: Colour, ink: Colour) -> None:
    image = _two(paper, ink)
    grey, shades = np.asarray(image.convert("L"), int), shades_of(np.asarray(image)).astype(int)

    assert abs(grey[30, 45] - grey[0, 0]) < 12
    assert abs(shades[30, 45] - shades[0, 0]) > 48
    assert len(np.unique(shades)) == 2


@pytest.mark.parametrize("ink", [(200, 30, 30), (0, 0, 120), (0, 0, 0), (250, 240, 60)])
def test_colours_that_brightness_tells_apart_are_read_by_their_brightness(ink: Colour) -> None:
    image = _two((255, 255, 255) if ink[1] < 200 else (0, 0, 90), ink)

    np.testing.assert_array_equal(shades_of(np.asarray(image)), np.asarray(image.convert("L")))


def test_tinted_paper_is_not_coloured_and_a_red_stroke_is() -> None:
    assert not is_coloured(_two((250, 243, 225), (40, 40, 50)))
    assert is_coloured(_two((255, 255, 255), (200, 30, 30)))
