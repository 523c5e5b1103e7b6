"""Paths along which a piece of ink may be cut, because two digits might touch there.

Shortest paths, as in Wang and Jean, "Segmentation of merged characters by neural networks and shortest path", Pattern
Recognition 27, 1994. A path is as long as the ink that it goes through.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.images.strokes import Ink

# Lengths are shares of a digit's height. Paths have their middle at every such step, and stay that near to it.
_STEP, _REACH = 0.03, 0.2
# The length of the longest path, and the number of paths in a piece that is as wide as high.
_LONGEST, _CUTS = 0.8, 18
# What a step sideways adds to the length of a path, in pixels of ink.
_SIDEWAYS = 0.3


def cuts(ink: Ink, height: int) -> list[NDArray[np.intp]]:
    """The paths from top to bottom of a piece of ink (rows, columns) that go through the least ink, none near another.

    Each is (rows,): in every row, the first column to its right. `height` in pixels is about that of a digit.
    """
    rows, columns = ink.shape
    step, reach = max(1, round(_STEP * height)), max(1, round(_REACH * height))
    middles = np.arange(step, columns - step + 1, step)
    if not len(middles):
        return []
    # Each path has a band of its own around its middle; beside the piece there is paper.
    framed = np.pad(ink / ink.max(), ((0, 0), (reach, reach)))
    bands = framed[:, middles[:, None] + np.arange(2 * reach + 1)]
    lengths = bands[0]
    steps = np.zeros(bands.shape, np.int8)
    for row in range(1, rows):
        around = np.pad(lengths, ((0, 0), (1, 1)), constant_values=np.inf)
        ways = np.stack([around[:, :-2] + _SIDEWAYS, around[:, 1:-1], around[:, 2:] + _SIDEWAYS])
        steps[row] = ways.argmin(axis=0) - 1
        lengths = ways.min(axis=0) + bands[row]
    paths = np.empty((len(middles), rows), np.intp)
    paths[:, -1] = lengths.argmin(axis=1)
    each = np.arange(len(middles))
    for row in range(rows - 1, 0, -1):
        paths[:, row - 1] = paths[:, row] + steps[row, each, paths[:, row]]
    paths += middles[:, None] - reach
    return _shortest(paths, lengths.min(axis=1), height, round(_CUTS * columns / height))


def _shortest(paths: NDArray[np.intp], lengths: Ink, height: int, most: int) -> list[NDArray[np.intp]]:
    """The shortest of the paths (n, rows), none close to another."""
    kept: list[NDArray[np.intp]] = []
    for number in np.argsort(lengths, kind="stable").tolist():
        if lengths[number] > _LONGEST * height or len(kept) >= most:
            break
        path = paths[number]
        if not kept or np.abs(np.stack(kept) - path).mean(axis=1).min() >= 1.5 * _STEP * height:
            kept.append(path)
    return kept
