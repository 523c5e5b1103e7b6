"""Generates drawings that are no digit: scribbles, letters, sloping lines, two digits side by side.

A network trained on digits alone is confident about any input. Trained on these with equal labels, it is not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.data.pens import Pens, Strokes

Floats = NDArray[np.float64]

KINDS = ("scribble", "letter", "line", "two digits")
# Letters that don't look like digits: strokes through these points, 0..2 right and down.
_LETTERS = {
    "A": ["02 10 22", "0.5,1 1.5,1"],
    "E": ["20 00 02 22", "01 1.5,1"],
    "F": ["20 00 02", "01 1.5,1"],
    "H": ["00 02", "20 22", "01 21"],
    "K": ["00 02", "20 01 22"],
    "M": ["02 00 11 20 22"],
    "N": ["02 00 22 20"],
    "P": ["02 00 1.5,0 2,0.5 1.5,1 01"],
    "R": ["02 00 1.5,0 2,0.5 1.5,1 01 22"],
    "T": ["00 20", "10 12"],
    "W": ["00 0.5,2 1,1 1.5,2 20"],
    "X": ["00 22", "20 02"],
    "d": ["1.5,1 0.5,1 0,1.5 0.5,2 1.5,1.5 1.5,0 1.5,2"],
    "e": ["01 21 1.5,0 0.5,0 01 0.5,2 1.5,2 2,1.5"],
    "f": ["20 1.5,0 1,0.5 12", "0.5,1 1.5,1"],
    "h": ["00 02 01 1,0.8 1.5,1.2 1.5,2"],
    "k": ["00 02", "1.5,0.8 01.3 1.5,2"],
    "m": ["02 00.5 0.5,0.3 1,0.8 12 1,0.8 1.5,0.3 2,0.8 22"],
    "n": ["02 00.5 1,0.3 1.5,0.8 1.5,2"],
    "r": ["02 00.5 0,1 0.7,0.4 1.5,0.6"],
    "t": ["10 1,1.7 1.3,2 1.8,1.8", "00.6 2,0.6"],
    "w": ["00 0.3,2 1,0.8 1.7,2 20"],
}


# Of Omniglot's "background small 1", the characters that are a digit's double, such as O, l, S and Z.
_DOUBLES = (
    *(f"Latin/{number}" for number in (2, 7, 9, 12, 15, 17, 19, 26)),
    *(f"Greek/{number}" for number in (9, 15)),
    *(f"Korean/{number}" for number in (21, 22, 33)),
    *(f"Early_Aramaic/{number}" for number in (2, 3, 4, 6, 7, 12, 16, 17, 20)),
)


def without_doubles(letters: Pens) -> Pens:
    """The letters of `read_letters` that don't look like a digit."""
    return letters.among(~np.isin(letters.writers, _DOUBLES))


def _points(stroke: str) -> list[list[float]]:
    pairs = (point.split(",") if "," in point else (point[0], point[1:]) for point in stroke.split())
    return [[float(x), float(y)] for x, y in pairs]


LETTERS = {letter: [_points(stroke) for stroke in strokes] for letter, strokes in _LETTERS.items()}


def nondigit(kind: str, pens: Pens, rng: np.random.Generator) -> Strokes:
    """One of `KINDS` as strokes, its longer side 1000; two digits are taken from `pens`."""
    if kind == "two digits":
        strokes = _two_digits(pens, rng)
    else:
        strokes = {"scribble": _scribble, "letter": _letter, "line": _line}[kind](rng)
    points = np.concatenate(strokes)
    extent = (points.max(axis=0) - points.min(axis=0)).max()
    return [stroke * (1000 / max(float(extent), 1e-6)) for stroke in strokes]


def nondigits(count: int, pens: Pens, rng: np.random.Generator, kinds: tuple[str, ...] = KINDS) -> Pens:
    """`count` drawings, with equally many of each kind; their labels mean nothing."""
    strokes = [nondigit(kinds[number % len(kinds)], pens, rng) for number in range(count)]
    return Pens(strokes, np.zeros(count, np.uint8), np.full(count, "none/none"))


def _smooth_path(corners: Floats, points: int) -> Floats:
    """A path through corners (n, 2), rounded as in handwriting."""
    at = np.linspace(0, len(corners) - 1, points)
    path = np.stack([np.interp(at, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)], axis=1)
    width = max(3, points // len(corners) // 2 * 2 + 1)
    framed = np.pad(path, ((width // 2, width // 2), (0, 0)), mode="edge")
    kernel = np.full(width, 1 / width)
    return np.stack([np.convolve(framed[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)


def _scribble(rng: np.random.Generator) -> Strokes:
    """A zigzag across the paper, or a path through random points."""
    corner_count = int(rng.integers(7, 16))
    corners = rng.uniform(0, 1, (corner_count, 2)) * [rng.uniform(0.5, 1), 1]
    if rng.random() < 0.4:
        corners[:, 0] = np.arange(corner_count) % 2 + rng.normal(0, 0.15, corner_count)
        corners[:, 1] = np.linspace(0, rng.uniform(0.5, 1.2), corner_count) + rng.normal(0, 0.06, corner_count)
        angle = rng.uniform(0, np.pi)
        corners = corners @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    return [_smooth_path(corners, 10 * corner_count)]


def _letter(rng: np.random.Generator) -> Strokes:
    letter = LETTERS[sorted(LETTERS)[int(rng.integers(len(LETTERS)))]]
    slant = np.array([[rng.uniform(0.6, 1.1), 0], [rng.uniform(-0.3, 0.15), 1]])
    strokes = [np.array(stroke) + rng.normal(0, 0.08, (len(stroke), 2)) for stroke in letter]
    return [_smooth_path(stroke @ slant, 40) if rng.random() < 0.6 else stroke @ slant for stroke in strokes]


def _line(rng: np.random.Generator) -> Strokes:
    """A line too far from upright to be a 1."""
    angle = rng.uniform(np.deg2rad(-35), np.deg2rad(35))
    bend = rng.normal(0, 0.02)
    along = np.linspace(0, 1, 12)
    return [np.stack([along * np.cos(angle), along * np.sin(angle) + bend * np.sin(np.pi * along)], axis=1)]


def _two_digits(pens: Pens, rng: np.random.Generator) -> Strokes:
    first, second = (pens.strokes[number] for number in rng.integers(len(pens.strokes), size=2))
    left, right = np.concatenate(first), np.concatenate(second)
    # Side by side, about equally high, touching or with a gap; beyond 200 a page leaves one of the two out as a dot.
    heights = [max(float(np.ptp(points[:, 1])), 300.0) for points in (left, right)]
    scale = heights[0] / heights[1] * rng.uniform(0.85, 1.15)
    gap = left[:, 0].max() + rng.uniform(-60, 200) - right[:, 0].min() * scale
    drop = left[:, 1].mean() - right[:, 1].mean() * scale
    return [*first, *[stroke * scale + [gap, drop] for stroke in second]]
