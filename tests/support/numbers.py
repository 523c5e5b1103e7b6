"""Numbers as a hand writes them: the strokes of several digits, put side by side on one sheet."""

from __future__ import annotations

import functools
import json

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from app.data.drawings import FILE
from app.data.pens import CANVAS, Strokes

# The longer side of a digit in pixels, and how much each differs from it; the pen's width as a share of it.
_SIZE, _SIZES = 120, (0.88, 1.12)
_PENS = (0.08, 0.2)
# The drop of a digit below the line, and the gap between the boxes of two that don't touch, as shares of the size.
_DROPS, _GAPS = (-0.06, 0.06), (0.04, 0.4)
# Of the pen's width, where two touch.
_OVERLAP = 0.2


@functools.cache
def drawn_digits() -> list[tuple[str, Strokes]]:
    """The digits of data/drawings, each with its strokes."""
    digits = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [
        (str(digit["label"]), [np.array(stroke, np.float64).reshape(-1, 2) for stroke in digit["strokes"]])
        for digit in digits
    ]


def random_number(
    digits: list[tuple[str, Strokes]], count: int, rng: np.random.Generator, touching: bool = False
) -> tuple[str, Image.Image]:
    """A number of that many of the digits, and its picture."""
    chosen = [digits[place] for place in rng.integers(len(digits), size=count).tolist()]
    return "".join(label for label, _ in chosen), write([strokes for _, strokes in chosen], rng, touching)


def first_digits(number: str) -> list[Strokes]:
    """The strokes of a number: of each digit the first in data/drawings."""
    drawn = drawn_digits()
    return [next(strokes for label, strokes in drawn if label == digit) for digit in number]


def write(digits: list[Strokes], rng: np.random.Generator, touching: bool = False) -> Image.Image:
    """A number of one to five digits, black on a white sheet as large as the page's canvas.

    Apart, the boxes around the ink of neighbours have a gap; touching, their ink overlaps by up to a fifth of the pen.
    """
    width = _SIZE * rng.uniform(*_PENS)
    number = Image.new("L", (8 * _SIZE, 2 * _SIZE), 0)
    for strokes in digits:
        ink = _ink(strokes, _SIZE * rng.uniform(*_SIZES), width)
        digit = Image.new("L", number.size, 0)
        digit.paste(ink, (0, round(_SIZE * (1 + rng.uniform(*_DROPS)) - ink.height / 2)))
        box, room = number.getbbox(), rng.uniform()
        place = 0
        if box and touching:
            place = _touching(np.asarray(number) > 0, np.asarray(digit) > 0, box[2]) - round(room * _OVERLAP * width)
        elif box:
            place = box[2] + round(_SIZE * (_GAPS[0] + room * (_GAPS[1] - _GAPS[0])))
        number = ImageChops.lighter(number, ImageChops.offset(digit, place, 0))
    number = number.crop(number.getbbox())
    scale = min(rng.uniform(0.5, 1.5), CANVAS / max(number.size))
    number = number.resize((int(number.width * scale), int(number.height * scale)))
    sheet = Image.new("L", (CANVAS, CANVAS), 255)
    left, top = (rng.random(2) * (CANVAS - np.array(number.size))).astype(int).tolist()
    sheet.paste(ImageChops.invert(number), (left, top))
    return sheet


def _ink(strokes: Strokes, size: float, width: float) -> Image.Image:
    """White strokes on black, cropped, their longer side `size` with the pen."""
    points = np.concatenate(strokes)
    scale = (size - width) / max(float(np.ptp(points, axis=0).max()), 1.0)
    corner = points.min(axis=0) * scale - width
    image, radius = Image.new("L", (2 * _SIZE, 2 * _SIZE), 0), width / 2
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        path = [(float(x), float(y)) for x, y in stroke * scale - corner]
        if len(path) > 1:
            pen.line(path, fill=255, width=round(width), joint="curve")
        for x, y in (path[0], path[-1]):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return image.crop(image.getbbox())


def _touching(left: NDArray[np.bool_], right: NDArray[np.bool_], beside: int) -> int:
    """How far `right` is shifted so that its ink begins where that of `left` ends, in the row where they meet first."""
    rows = left.any(axis=1) & right.any(axis=1)
    if not rows.any():
        return beside
    ends = left.shape[1] - left[rows][:, ::-1].argmax(axis=1)
    return int((ends - right[rows].argmax(axis=1)).max())
