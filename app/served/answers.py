"""A network's answers to many labelled images, and what follows: accuracy, confusion matrix, calibration, mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.images.normalise import normalise
from app.network.activation import Floats
from app.network.calibration import Bin, expected_calibration_error, reliability
from app.network.network import Network

# As inputs, all of MNIST's test images at once would take 31 MB.
_CHUNK = 1_000
MAX_MISTAKES = 50


class ImageAnswer(NamedTuple):
    """One image: its number from 0, its label, the answer, the answer's confidence (0..1), and its 784 pixels."""

    number: int
    label: int
    digit: int
    confidence: float
    pixels: list[int]


class Answers(NamedTuple):
    """A network's probabilities (n, 10) for n images, and their labels (n,)."""

    probabilities: Floats
    labels: NDArray[np.uint8]

    @property
    def digits(self) -> NDArray[np.intp]:
        """The most likely answer to each image, (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidences(self) -> Floats:
        """The probability of that answer, (n,) in 0..1."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.digits == self.labels)

    @property
    def confusion(self) -> NDArray[np.intp]:
        """How often each digit (row) was answered as each (column), (10, 10)."""
        counts = np.zeros((10, 10), np.intp)
        np.add.at(counts, (self.labels, self.digits), 1)
        return counts

    @property
    def by_class(self) -> list[float | None]:
        """The accuracy on each of the ten classes, in 0..1; None for one without images."""
        return accuracy_by_class(self.digits, self.labels)

    def surest(self, chosen: NDArray[np.bool_], images: NDArray[np.integer], count: int) -> list[ImageAnswer]:
        """Of the images (n, 28, 28) that are `chosen` (n,), the `count` of highest confidence, highest first."""
        digits, confidences = self.digits, self.confidences
        candidates = np.flatnonzero(chosen)
        # A stable sort: of equal confidences the same images come first each time.
        surest = candidates[np.argsort(-confidences[candidates], kind="stable")][:count]
        return [
            ImageAnswer(int(n), int(self.labels[n]), int(digits[n]), float(confidences[n]), images[n].ravel().tolist())
            for n in surest
        ]


def likely_digits(probabilities: Sequence[float], share: float = 0.95) -> list[int]:
    """The digits whose ten probabilities together reach `share`, most likely first; the smaller digit of equal ones."""
    digits = sorted(range(len(probabilities)), key=lambda digit: -probabilities[digit])
    totals = accumulate(probabilities[digit] for digit in digits)
    return digits[: 1 + sum(total < share for total in totals)]


def answers(network: Network, images: NDArray[np.integer], labels: NDArray[np.uint8]) -> Answers:
    """The answers to images (n, 28, 28), 0 = paper and 255 = ink. 10,000 take a third of a second."""
    parts = [
        network.probabilities(normalise(images[start : start + _CHUNK])) for start in range(0, len(images), _CHUNK)
    ]
    return Answers(np.concatenate(parts), labels)


def accuracy_by_class(answers: NDArray[np.integer], labels: NDArray[np.uint8]) -> list[float | None]:
    """The share of right answers (n,) for each of the ten classes of labels (n,); None for a class without images."""
    images = np.bincount(labels, minlength=10)
    right = np.bincount(labels[answers == labels], minlength=10)
    return [float(r / n) if n else None for r, n in zip(right, images, strict=True)]


class Calibration(NamedTuple):
    """How well confidence matches accuracy: the expected calibration error, in 0..1, and its bins."""

    error: float
    bins: list[Bin]


class Results(NamedTuple):
    """A network on `images` images of `classes`, `wrong` of them answered wrong.

    `by_class` is the accuracy on each of the ten outputs' images, in 0..1, None where there are none. `confusion`
    (10, 10) counts the images of each class (row) by their answer (column). `mistakes` are the wrong answers of
    highest confidence, highest first, at most `MAX_MISTAKES`.
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
    """The results of a network's answers to n >= 1 images (n, 28, 28), 0 = paper and 255 = ink."""
    wrong = ~found.right
    error = expected_calibration_error(found.probabilities, found.labels)
    return Results(
        classes=list(classes),
        images=len(found.labels),
        wrong=int(wrong.sum()),
        accuracy=float(found.right.mean()),
        by_class=found.by_class,
        confusion=found.confusion.tolist(),
        calibration=Calibration(error, reliability(found.probabilities, found.labels)),
        mistakes=found.surest(wrong, images, MAX_MISTAKES),
    )


def images_answered(
    found: Answers, images: NDArray[np.uint8], label: int, answer: int, count: int
) -> tuple[int, list[ImageAnswer]]:
    """How many of the images (n, 28, 28) of class `label` were answered as `answer`, and the `count` surest of them."""
    chosen = (found.labels == label) & (found.digits == answer)
    return int(chosen.sum()), found.surest(chosen, images, count)
