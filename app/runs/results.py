"""What a network has come to: how good it is on images that it never learned from, and where it errs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.calibration import Bin, expected_calibration_error, reliability
from app.runs.trainer import accuracy_by_class
from app.served.answers import Answers, ImageAnswer

WORST = 50


class Calibration(NamedTuple):
    """How far the network's confidence can be believed: the expected error, in 0..1, and the bins it is made of."""

    error: float
    bins: list[Bin]


class Results(NamedTuple):
    """A network on `images` images of `classes`, of which it gets `wrong` wrong.

    `by_class` is the accuracy on each of the ten outputs' images, in 0..1, None where there are none. `confusion` says
    how many images of each class (row) were taken for each (column), ten by ten. `mistakes` are the wrong answers that
    are surest, surest first, at most 50.
    """

    classes: list[str]
    images: int
    wrong: int
    accuracy: float
    by_class: list[float | None]
    confusion: list[list[int]]
    calibration: Calibration
    mistakes: list[ImageAnswer]


def results_of(found: Answers, images: NDArray[np.uint8], classes: Sequence[str]) -> Results:
    """Of a network's answers to images (n, 28, 28), 0 = paper and 255 = ink; n is at least 1."""
    wrong = ~found.right
    return Results(
        classes=list(classes),
        images=len(found.labels),
        wrong=int(wrong.sum()),
        accuracy=float(found.right.mean()),
        by_class=accuracy_by_class(found.digits, found.labels),
        confusion=found.confusion.tolist(),
        calibration=Calibration(
            expected_calibration_error(found.probabilities, found.labels),
            reliability(found.probabilities, found.labels),
        ),
        mistakes=found.surest(wrong, images, WORST),
    )


def images_taken(
    found: Answers, images: NDArray[np.uint8], label: int, answer: int, count: int
) -> tuple[int, list[ImageAnswer]]:
    """How many of the images (n, 28, 28) are of class `label` and were taken for `answer`, and `count` of them.

    Those come surest first.
    """
    chosen = (found.labels == label) & (found.digits == answer)
    return int(chosen.sum()), found.surest(chosen, images, count)
