"""Digits as the strokes of an electronic pen, and their rendering as on the page's canvas.

One JSON object a line, gzipped: `label` 0..9, `writer` ("site/writer"), and `strokes`, a list of strokes, each a list
of [x, y] with y downwards and the digit's longer side 1000.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from app.data.mnist import DataError
from app.images import drawing

# The page's canvas and the widths of its pen, in pixels.
CANVAS = 280
WIDTHS = (14, 24)
# The longer side of a digit on the canvas, pen included.
SIZES = (90, 278)

Strokes = list[NDArray[np.float64]]


class Pens(NamedTuple):
    """n digits as strokes, each an array (points, 2) of x, y; labels (n,) uint8; writers (n,) as "site/writer"."""

    strokes: list[Strokes]
    labels: NDArray[np.uint8]
    writers: NDArray[np.str_]

    @property
    def sites(self) -> NDArray[np.str_]:
        """The collection site of each digit, (n,): the part of its writer's name before the slash."""
        return np.array([writer.partition("/")[0] for writer in self.writers.tolist()], np.str_)

    def among(self, chosen: NDArray[np.bool_]) -> Pens:
        """The digits at which `chosen` (n,) is true."""
        strokes = [digit for digit, keep in zip(self.strokes, chosen.tolist(), strict=True) if keep]
        return Pens(strokes, self.labels[chosen], self.writers[chosen])


class Drawn(NamedTuple):
    """Images (n, 28, 28) uint8, with the pen's width (n,) and the digit's longer side (n,) on the canvas in pixels."""

    images: NDArray[np.uint8]
    widths: NDArray[np.float64]
    sizes: NDArray[np.float64]


def read_pens(path: Path) -> Pens:
    """The digits in a file of strokes. Raises DataError, which names the file and the wrong line."""
    return _read(path, lambda digit: (range(10)[digit["label"]], str(digit["writer"])))


def read_letters(path: Path) -> Pens:
    """The characters in a file of strokes; the labels mean nothing, and the writers are "alphabet/character".

    Each line has `alphabet` and `character` in place of `label` and `writer`. Raises DataError as `read_pens` does.
    """
    return _read(path, lambda letter: (0, f"{letter['alphabet']}/{letter['character']}"))


def _read(path: Path, names: Callable[[dict[str, Any]], tuple[int, str]]) -> Pens:
    try:
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing. Give the option a file of strokes.") from error
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise DataError(f"{path} can't be read ({error}). It should be gzipped lines of JSON.") from error
    strokes: list[Strokes] = []
    labels, writers = [], []
    for number, line in enumerate(lines, start=1):
        try:
            drawn = json.loads(line)
            strokes.append([np.array(stroke, np.float64).reshape(-1, 2) for stroke in drawn["strokes"] if stroke])
            label, writer = names(drawn)
            labels.append(label)
            writers.append(writer)
            if not strokes[-1] or not all(np.isfinite(stroke).all() for stroke in strokes[-1]):
                raise ValueError("it has no strokes")
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise DataError(f"{path}, line {number}, is not a drawing as strokes: {error}.") from error
    if not labels:
        raise DataError(f"{path} has no drawings.")
    return Pens(strokes, np.array(labels, np.uint8), np.array(writers, np.str_))


def leave_out(pens: Pens, sites: Collection[str]) -> tuple[Pens, Pens]:
    """Splits the digits into those of all other sites and those of `sites`, so that no writer is in both.

    Raises DataError for an unknown site.
    """
    known = pens.sites
    unknown = set(sites) - set(known.tolist())
    if unknown:
        raise DataError(f"No pens are from {', '.join(sorted(unknown))}. There are {', '.join(sorted(set(known)))}.")
    left_out = np.isin(known, sorted(sites))
    return pens.among(~left_out), pens.among(left_out)


def draw(strokes: Strokes, width: float, size: float, rng: np.random.Generator) -> Image.Image:
    """Strokes drawn with a round black pen at a random place of a white canvas, their longer side `size` pixels."""
    points = np.concatenate(strokes)
    first = points.min(axis=0)
    scale = max(size - width, 1) / max(float((points.max(axis=0) - first).max()), 1.0)
    extent = (points.max(axis=0) - first) * scale
    corner = width / 2 + rng.random(2) * np.maximum(CANVAS - width - extent, 0)
    return paint([(stroke - first) * scale + corner for stroke in strokes], width)


def paint(strokes: Strokes, width: float) -> Image.Image:
    """Strokes in pixels of the canvas, drawn there with a round black pen on white."""
    image = Image.new("L", (CANVAS, CANVAS), 255)
    pen, radius = ImageDraw.Draw(image), width / 2
    for stroke in strokes:
        path = [(float(x), float(y)) for x, y in stroke]
        if len(path) > 1:
            pen.line(path, fill=0, width=round(width), joint="curve")
        for x, y in (path[0], path[-1]):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return image


def read_canvas(canvas: Image.Image) -> NDArray[np.uint8]:
    """What `paint` drew, as the server reads a drawing: (28, 28) uint8. Raises DrawingError without ink."""
    try:
        return drawing.read_image(np.asarray(canvas))
    except drawing.DrawingError:
        # A scribble that leaves hardly any paper. Here it is known which is which.
        return drawing.place_ink(ImageChops.invert(canvas).convert("F")).placed


def render(pens: Pens, rng: np.random.Generator) -> Drawn:
    """Every digit drawn once, with a random pen, size and place, and read as the server reads a drawing."""
    count = len(pens.labels)
    widths, sizes = rng.uniform(*WIDTHS, count), rng.uniform(*SIZES, count)
    images = np.empty((count, 28, 28), np.uint8)
    for number, strokes in enumerate(pens.strokes):
        images[number] = read_canvas(draw(strokes, widths[number], sizes[number], rng))
    return Drawn(images, widths, sizes)
