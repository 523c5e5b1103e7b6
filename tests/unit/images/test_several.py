"""Numbers of several digits: how they are cut apart, joined, and read."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from app.images import drawing
from app.images.normalise import normalise
from app.images.several import MAX_DIGITS, Digit, read_digits
from app.network.weights import read_weights
from app.settings import ROOT
from tests.support.numbers import drawn_digits, first_digits, random_number, write

NETWORK = read_weights(ROOT / "models" / "wide.safetensors").network
# A 5 and a 4 whose two strokes do not meet, and a 2.
FIVE = [[(70, 60), (35, 60)], [(30, 78), (30, 105), (55, 100), (70, 120), (60, 145), (28, 148)]]
FOUR = [[(45, 55), (22, 105), (62, 105)], [(72, 60), (72, 150)]]
TWO = [[(130, 75), (150, 58), (170, 75), (165, 100), (128, 148), (178, 148)]]


def _judge(images: NDArray[np.uint8]) -> NDArray[np.floating]:
    return NETWORK.probabilities(normalise(images))


def _file(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def _digits(image: Image.Image) -> list[Digit]:
    return read_digits(_file(image), _judge)


def _number(image: Image.Image) -> str:
    images = np.stack([digit.image for digit in _digits(image)])
    return "".join(map(str, _judge(images).argmax(axis=1).tolist()))


def _lines(*strokes: list[tuple[int, int]]) -> Image.Image:
    image = Image.new("L", (280, 200), 255)
    for stroke in strokes:
        ImageDraw.Draw(image).line(stroke, fill=0, width=12, joint="curve")
    return image


@pytest.mark.parametrize("number", ["42", "10", "77", "365", "801", "12345"])
def test_digits_apart_are_read_left_to_right(number: str) -> None:
    assert _number(write(first_digits(number), np.random.default_rng(0))) == number


@pytest.mark.parametrize("number", ["42", "58", "236"])
def test_digits_that_touch_are_cut_apart(number: str) -> None:
    image = write(first_digits(number), np.random.default_rng(1), touching=True)

    assert _number(image) == number


@pytest.mark.parametrize(("strokes", "number"), [([*FIVE, *TWO], "52"), ([*FOUR, *TWO], "42"), (FIVE, "5")])
def test_a_digit_in_two_pieces_is_joined(strokes: list[list[tuple[int, int]]], number: str) -> None:
    assert _number(_lines(*strokes)) == number


def test_one_digit_alone_stays_one_and_gets_the_image_that_it_gets_otherwise() -> None:
    rng = np.random.default_rng(2)
    pictures = [write([strokes], rng) for _, strokes in drawn_digits()[::5]]
    found = [_digits(picture) for picture in pictures]

    assert [len(digits) for digits in found] == [1] * len(pictures)
    for picture, (digit,) in zip(pictures, found, strict=True):
        np.testing.assert_array_equal(digit.image, drawing.read(_file(picture)))


def test_light_digits_on_dark_are_read_too() -> None:
    assert _number(ImageOps.invert(write(first_digits("42"), np.random.default_rng(0)))) == "42"


def test_an_underline_is_no_digit() -> None:
    image = _lines(*TWO, [(40, 60), (40, 150)], [(10, 185), (220, 188)])

    assert _number(image) == "12"


def test_each_box_is_around_its_digit() -> None:
    image = _lines([(40, 60), (40, 150)], *TWO)
    one, two = (digit.box for digit in _digits(image))

    assert one == pytest.approx((34, 60, 47, 151), abs=2)
    assert two == pytest.approx((122, 52, 179, 155), abs=6)


def test_boxes_are_in_the_pixels_of_a_large_picture_that_a_camera_turned() -> None:
    image = _lines([(40, 60), (40, 150)], *TWO)
    boxes = np.array([digit.box for digit in _digits(image)])
    exif = Image.Exif()
    exif[0x0112] = 6
    # Orientation 6: to be turned clockwise. It is decoded at a part of its size.
    turned = image.resize((2800, 2000)).transpose(Image.Transpose.ROTATE_90)
    found = read_digits(_file(turned, "JPEG", exif=exif), _judge)

    np.testing.assert_allclose([digit.box for digit in found], boxes * 10, atol=20)


def test_a_wide_line_is_one_answer_and_not_many() -> None:
    assert len(_digits(_lines([(20, 100), (260, 100)]))) == 1


def test_more_digits_than_are_read_are_refused() -> None:
    def ones(count: int) -> Image.Image:
        image = Image.new("L", (40 * count + 40, 100), 255)
        for number in range(count):
            ImageDraw.Draw(image).line([(40 * number + 40, 20), (40 * number + 40, 80)], fill=0, width=8)
        return image

    assert len(_digits(ones(MAX_DIGITS))) == MAX_DIGITS
    for count in (MAX_DIGITS + 1, 60):
        with pytest.raises(drawing.DrawingError, match="more than 12 digits"):
            _digits(ones(count))


def test_a_picture_without_ink_is_refused() -> None:
    with pytest.raises(drawing.DrawingError, match="no ink"):
        _digits(Image.new("L", (100, 100), 255))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "touching", "numbers", "least"),
    [(2, False, 300, 0.97), (3, False, 200, 0.95), (2, True, 200, 0.8), (3, True, 100, 0.7)],
)
def test_most_numbers_of_digits_that_it_reads_alone_are_right_as_a_whole(
    count: int, touching: bool, numbers: int, least: float
) -> None:
    rng = np.random.default_rng([count, touching])
    # It takes some ones with a long upstroke for sevens, be they alone or not.
    digits = [(label, strokes) for label, strokes in drawn_digits() if _number(write([strokes], rng)) == label]
    assert len(digits) >= 140
    written = [random_number(digits, count, rng, touching) for _ in range(numbers)]

    assert np.mean([_number(image) == number for number, image in written]) >= least
