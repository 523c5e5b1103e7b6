"""Pictures for the questions of the test: lines, dots and letters at places that are computed from numbers.

A picture is `WIDTH` wide and `HEIGHT` high, y downwards. A template draws it as SVG.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import ArrayLike, NDArray

WIDTH, HEIGHT = 340, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 22, WIDTH - 8, 22, HEIGHT - 24
_HEAD = 8

Kind = Literal["axis", "line", "faint", "arrow", "bar", "ball", "dot", "letter", "label"]
Point = tuple[float, float]


class Shape(NamedTuple):
    """A line through points, a dot at one, a text at one, or a bar from one corner to the other."""

    kind: Kind
    points: list[Point]
    text: str = ""


class Picture(NamedTuple):
    """`words` say what it shows, to who can't see it, and give no more away than the picture does."""

    words: str
    shapes: list[Shape]


class Panel:
    """A rectangle of a picture, which shows numbers of the given ranges (low, high)."""

    def __init__(self, xs: Point, ys: Point, *, place: int = 0, places: int = 1) -> None:
        """Panels stand side by side: this is number `place`, counted from 0, of `places`."""
        width = (_RIGHT - _LEFT) / places
        self._left, self._right = _LEFT + place * width, _LEFT + (place + 1) * width - 12 * (places > 1)
        self._xs, self._ys = xs, ys

    def at(self, x: float, y: float) -> Point:
        """The place of two numbers, to a tenth."""
        across = (x - self._xs[0]) / (self._xs[1] - self._xs[0])
        up = (y - self._ys[0]) / (self._ys[1] - self._ys[0])
        place = self._left + across * (self._right - self._left), _BOTTOM - up * (_BOTTOM - _TOP)
        return round(float(place[0]), 1), round(float(place[1]), 1)

    def line(self, xs: ArrayLike, ys: ArrayLike, kind: Kind = "line") -> Shape:
        return Shape(kind, [self.at(x, y) for x, y in zip(np.asarray(xs), np.asarray(ys), strict=True)])

    def axes(self, x: str = "", y: str = "cost", title: str = "") -> list[Shape]:
        """Two axes with their names, and a title above."""
        corner, top, end = (self._left, _BOTTOM), (self._left, _TOP - 4), (self._right, _BOTTOM)
        middle = (self._left + self._right) / 2
        texts = [
            Shape("label", [(self._left + 14, _TOP - 8)], y),
            Shape("label", [(self._right - 4 * len(x), HEIGHT - 8)], x),
            Shape("letter", [(middle, _TOP - 6)], title),
        ]
        return [Shape("axis", [top, corner, end]), *(text for text in texts if text.text)]


def curve(cost: Polynomial, ends: Point, dots: Mapping[str, float], ball: float | None = None) -> Picture:
    """The cost over one weight w between `ends`, with a letter at each of `dots`, and perhaps a ball."""
    xs = np.linspace(*ends, 80)
    low, high = float(cost(xs).min()), float(cost(xs).max())
    panel = Panel(ends, (low - 0.08 * (high - low), high + 0.06 * (high - low)))
    shapes = [*panel.axes("w"), panel.line(xs, cost(xs))]
    for letter, w in dots.items():
        x, y = panel.at(w, cost(w))
        # Above the line, and beside it where it is steep.
        shapes += [Shape("dot", [(x, y)]), Shape("letter", [(x - 9 * np.tanh(cost.deriv()(w)), y - 9)], letter)]
    marks = {**dots} if ball is None else {**dots, "the ball": ball}
    if ball is not None:
        shapes.append(Shape("ball", [panel.at(ball, cost(ball))]))
    course = _list(f"{number(cost(w))} at w = {number(w)}" for w in np.linspace(*ends, 7))
    places = "; ".join(
        f"at {name}, w = {number(w)}, it is {cost(w):.2f}, and 0.1 to the right {cost(w + 0.1):.2f}"
        for name, w in marks.items()
    )
    return Picture(f"The cost is {course}. {places[0].upper()}{places[1:]}.", shapes)


def courses(costs: Mapping[str, NDArray[np.float64]], told: Sequence[int]) -> Picture:
    """Costs (steps,) by letter, side by side, on one scale from 0. The words have those at the steps `told`."""
    top, shapes = max(float(course.max()) for course in costs.values()), list[Shape]()
    for place, (letter, course) in enumerate(costs.items()):
        panel = Panel((0, len(course) - 1), (0, top), place=place, places=len(costs))
        shapes += [*panel.axes("step", title=letter), panel.line(np.arange(len(course)), course)]
    lines = " ".join(f"{letter}: {', '.join(number(course[i]) for i in told)}." for letter, course in costs.items())
    return Picture(f"The cost at steps {_list(map(str, told))}. {lines}", shapes)


def bars(values: Mapping[str, Sequence[float]], names: Sequence[str], y: str, lowest: float = 0) -> Picture:
    """Bars from 0 up or down, with a name below each: for every title one panel of values between `lowest` and 1."""
    shapes = []
    for place, (title, heights) in enumerate(values.items()):
        ends = -0.8, len(heights) - 0.2
        panel = Panel(ends, (lowest, 1), place=place, places=len(values))
        shapes += panel.axes(y=y, title=title)
        if lowest:
            shapes.append(panel.line(ends, (0, 0), "faint"))
        for i, height in enumerate(heights):
            shapes.append(Shape("bar", [panel.at(i - 0.35, height), panel.at(i + 0.35, 0)]))
            shapes.append(Shape("label", [(panel.at(i, 0)[0], HEIGHT - 8)], names[i]))
    words = (
        f"{t or y}: {_list(f'{h:.2f} for {n}' for h, n in zip(hs, names, strict=True))}." for t, hs in values.items()
    )
    return Picture(" ".join(words).replace("-", "−"), shapes)


def valley(stretch: Point, at: Point, units: NDArray[np.float64], letters: str) -> Picture:
    """Contours of (a x^2 + b y^2) / 2, where (a, b) is `stretch`, and arrows in the directions `units` (n, 2)."""
    scale = 52

    def place(point: ArrayLike) -> Point:
        return _rounded(np.array([WIDTH / 2, HEIGHT / 2]) + np.multiply(point, (scale, -scale)))

    angles = np.linspace(0, 2 * np.pi, 61)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    shapes = [
        Shape("faint", [place(point) for point in circle * np.sqrt(2 * level / np.asarray(stretch))])
        for level in (0.1, 0.4, 0.9, 1.6, 2.5, 3.6)
    ]
    shapes.append(Shape("label", [(WIDTH / 2, HEIGHT / 2 + 4)], "lowest"))
    for letter, unit in zip(letters, units, strict=True):
        shapes += _arrow(place(at), place(at + 0.8 * unit), letter)
    slopes = units @ np.multiply(stretch, at)
    changes = _list(f"{number(slope)} along {letter}" for letter, slope in zip(letters, slopes, strict=True))
    to_lowest = letters[int(np.argmin([np.linalg.norm(at + 0.8 * unit) for unit in units]))]
    words = (
        "A long valley from above, as lines of equal cost. Equally long arrows begin at the ball. For each unit of the"
        f" way, the cost changes by {changes}. Arrow {to_lowest} points at the lowest point."
    )
    return Picture(words, [*shapes, Shape("ball", [place(at)])])


def number(value: float) -> str:
    """At most two decimals, with a true minus."""
    return f"{round(float(value), 2) + 0:g}".replace("-", "−")


def _list(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}"


def _arrow(start: Point, end: Point, letter: str) -> list[Shape]:
    """An arrow with its letter beyond the tip."""
    along = np.subtract(end, start) / np.hypot(*np.subtract(end, start))
    across = np.array([-along[1], along[0]])
    left, right = (end - _HEAD * along + side * _HEAD / 2 * across for side in (1, -1))
    letter_at = end + 11 * along + [0, 5]
    return [
        Shape("arrow", [start, end]),
        Shape("arrow", [_rounded(left), end, _rounded(right)]),
        Shape("letter", [_rounded(letter_at)], letter),
    ]


def _rounded(point: NDArray[np.float64]) -> Point:
    return round(float(point[0]), 1), round(float(point[1]), 1)
