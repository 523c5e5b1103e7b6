"""A fixed set of drawn digits, on which a network is compared before it is published."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data.mnist import DataError, shown
from app.data.pens import SIZES, WIDTHS, Strokes, draw
from app.images import drawing
from app.settings import ROOT

FILE = ROOT / "data" / "drawings" / "drawings.jsonl"
_RESTORE_HINT = "Restore data/drawings from the repository."
# How often each drawing is rendered, and the range of its slant, as a share of its height.
PICTURES = 2
_LEANS = (-0.1, 0.15)
_SEED = 0


class Drawn(NamedTuple):
    """Images (n, 28, 28) uint8, 0 = paper and 255 = ink, labels (n,) uint8, each one's style in a few words, and
    of which drawing it is a picture (n,), counted from 0.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    styles: tuple[str, ...]
    drawings: NDArray[np.intp]


@functools.cache
def read_drawings(path: Path = FILE) -> Drawn:
    """All drawings, each rendered `PICTURES` times with a random pen, size, place and slant, always the same.

    They are read as the server reads a drawing. The arrays are cached and read-only.

    The file has one JSON object a line: `label` 0..9, `style`, and `strokes`, lists of [x, y] with y downwards.
    Raises DataError, naming the file, and the line where it is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"{shown(path)} can't be read ({error.strerror}). {_RESTORE_HINT}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{shown(path)} can't be read ({error}). {_RESTORE_HINT}") from error
    images, labels, styles = [], [], []
    for number, line in enumerate(lines, start=1):
        try:
            digit = json.loads(line)
            strokes = [np.array(stroke, np.float64).reshape(-1, 2) for stroke in digit["strokes"]]
            label, style = range(10)[digit["label"]], str(digit["style"])
            images += [_image(strokes, np.random.default_rng([_SEED, number, time])) for time in range(PICTURES)]
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise DataError(f"{shown(path)}, line {number}, is not a drawing ({error!r}). {_RESTORE_HINT}") from error
        labels += [label] * PICTURES
        styles += [style] * PICTURES
    if not images:
        raise DataError(f"{shown(path)} has no drawings. {_RESTORE_HINT}")
    drawings = np.repeat(np.arange(len(lines)), PICTURES)
    drawn = Drawn(np.stack(images), np.array(labels, np.uint8), tuple(styles), drawings)
    for array in (drawn.images, drawn.labels, drawn.drawings):
        array.flags.writeable = False
    return drawn


def _image(strokes: Strokes, rng: np.random.Generator) -> NDArray[np.uint8]:
    width, size, lean = rng.uniform(*WIDTHS), rng.uniform(*SIZES), rng.uniform(*_LEANS)
    leaning = np.array([[1.0, 0.0], [-lean, 1.0]])
    drawn = draw([stroke @ leaning for stroke in strokes], width, size, rng)
    return drawing.read_image(np.asarray(drawn))
