"""Digits as people around the world are taught to write them, drawn by a seeded generator.

MNIST's writers learned one country's hand. Each style here is a way to write a digit that they hardly used, such as a 1
with a long upstroke or a slashed 0. Its forms are the extremes of what is usual: a drawing blends them at random, then
bends, slants and stretches the result.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data.mnist import DataError, shown
from app.data.pens import Pens, Strokes
from app.settings import ROOT

Floats = NDArray[np.float64]

FILE = ROOT / "data" / "styles" / "styles.toml"
_RESTORE_HINT = "Restore data/styles from the repository."

# Points of a curve between two points of a form.
_SMOOTH = 8
# How far the points of a form move, as a share of the digit's height.
_LOOSE = 0.035
_WIGGLE = 0.02
# The ranges of slant (sideways by height), rotation in radians, and width by height on top of the form's own.
_SLANT, _TURN, _WIDTH = (-0.2, 0.4), (-0.12, 0.12), (0.65, 1.2)
# How often the pen leaves the paper within a stroke, and for which share of it.
_NARROW = 0.7
_LIFTS, _LIFT = 0.06, (0.03, 0.1)


class Stroke(NamedTuple):
    """Points (n, 2) of a smooth curve, 0..1 right and down, and the indices of those that are corners."""

    points: Floats
    corners: tuple[int, ...]


class Style(NamedTuple):
    """A way to write a digit, and where it is taught.

    All forms have the same strokes with equally many points, so that they can be blended.
    """

    name: str
    digit: int
    regions: str
    forms: tuple[tuple[Stroke, ...], ...]


@functools.cache
def read_styles(path: Path = FILE) -> tuple[Style, ...]:
    """All styles. Raises DataError, which names the file and the style that is wrong."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("style", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{shown(path)} can't be read ({error}). {_RESTORE_HINT}") from error
    styles = []
    for number, entry in enumerate(entries, start=1):
        try:
            forms = tuple(_strokes(form) for form in entry["forms"])
            style = Style(str(entry["name"]), range(10)[entry["digit"]], str(entry["regions"]), forms)
            draw_style(style, np.random.default_rng(0))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise DataError(f"{shown(path)}, style {number}, is not a style ({error!r}). {_RESTORE_HINT}") from error
        styles.append(style)
    return tuple(styles)


def draw_style(style: Style, rng: np.random.Generator) -> Strokes:
    """One drawing in the style, its strokes (points, 2) of x and y with y downwards, its longer side 1000."""
    weights = rng.dirichlet(np.ones(len(style.forms)))
    drawn = []
    for forms in zip(*style.forms, strict=True):
        points = np.tensordot(weights, [stroke.points for stroke in forms], axes=1)
        points += rng.normal(0, _LOOSE, points.shape)
        drawn += _lifted(_curve(points, forms[0].corners), rng)
    to_paper = _hand(rng)
    wiggles = rng.normal(0, _WIGGLE, (2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    drawn = [_wiggled(stroke, *wiggles) @ to_paper for stroke in drawn]
    side = np.ptp(np.concatenate(drawn), axis=0).max()
    return [stroke * (1000 / side) for stroke in drawn]


def draw_styles(count: int, rng: np.random.Generator, styles: Sequence[Style]) -> Pens:
    """`count` drawings, as many of each style. Their writers are "styles/NAME"."""
    chosen = [styles[number % len(styles)] for number in range(count)]
    labels = np.array([style.digit for style in chosen], np.uint8)
    return Pens([draw_style(style, rng) for style in chosen], labels, np.array([f"styles/{s.name}" for s in chosen]))


def _strokes(form: str) -> tuple[Stroke, ...]:
    strokes = []
    for stroke in form.split("|"):
        points = stroke.split()
        corners = tuple(number for number, point in enumerate(points) if point.endswith("!"))
        strokes.append(Stroke(np.array([point.rstrip("!").split(",") for point in points], np.float64), corners))
    return tuple(strokes)


def _curve(points: Floats, corners: tuple[int, ...]) -> Floats:
    """A smooth curve through points (n, 2), broken at the corners: the spline of Catmull and Rom (1974)."""
    ends = [0, *corners, len(points) - 1]
    parts = [_spline(points[start : end + 1]) for start, end in pairwise(ends)]
    return np.concatenate(parts)


def _spline(points: Floats) -> Floats:
    framed = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    a, b, c, d = (framed[start : start + len(points) - 1, None] for start in range(4))
    t = np.linspace(0, 1, _SMOOTH)[:, None]
    curve = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    spline: Floats = curve.reshape(-1, 2)
    return spline


def _hand(rng: np.random.Generator) -> Floats:
    """A random slant, rotation and width: what points (n, 2) are multiplied by."""
    slant, turn, width = rng.uniform(*_SLANT), rng.uniform(*_TURN), rng.uniform(*_WIDTH)
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    # Forms are as wide as they are high; digits are narrower.
    hand: Floats = np.array([[_NARROW * width, 0], [-slant, 1]]) @ turned
    return hand


def _wiggled(stroke: Floats, heights: Floats, phases: Floats) -> Floats:
    """The stroke (n, 2) with each point moved by waves over the paper, of one and of two periods."""
    waves = [np.sin(2 * np.pi * times * stroke[:, ::-1] + phase) for times, phase in zip((1, 2), phases, strict=True)]
    moved: Floats = stroke + sum(height * wave for height, wave in zip(heights, waves, strict=True))
    return moved


def _lifted(stroke: Floats, rng: np.random.Generator) -> Strokes:
    """The stroke, or its two parts where the pen left the paper for a moment."""
    length = round(rng.uniform(*_LIFT) * len(stroke))
    if rng.random() >= _LIFTS or length < 1 or len(stroke) < 4 * length:
        return [stroke]
    start = int(rng.integers(2, len(stroke) - length - 2))
    return [stroke[:start], stroke[start + length :]]
