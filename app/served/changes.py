"""What publishing a network would change: the answers of the served and of the new network to the same images."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.data.drawings import Drawn
from app.data.mnist import Images
from app.network import Network
from app.served.answers import Answers, answers

# Warnings forbid nothing, so one false warning in twenty is acceptable.
LEVEL = 0.05
# Bonferroni correction for testing ten digits.
_DIGIT_LEVEL = LEVEL / 10
# A smaller loss of accuracy on a digit is shown in the figures, but not as a warning.
_MIN_LOSS = 0.02

Right = NDArray[np.bool_]


class Score(NamedTuple):
    """Ten counts each: the images of each digit, and how many of them a network gets right."""

    right: list[int]
    images: list[int]

    @property
    def accuracy(self) -> float:
        """In 0..1; 0 when there are no images."""
        return sum(self.right) / max(sum(self.images), 1)

    @property
    def by_digit(self) -> list[float | None]:
        """The accuracy on each digit, in 0..1; None for a digit without images."""
        return [right / count if count else None for right, count in zip(self.right, self.images, strict=True)]


class Change(NamedTuple):
    """The scores of two networks on the same images, and how many answers change to wrong and to right."""

    before: Score
    after: Score
    to_wrong: int
    to_right: int

    @property
    def images(self) -> int:
        """How many there are."""
        return sum(self.after.images)


class ChangedDrawing(NamedTuple):
    """A drawing that only one of two networks gets right: its number from 0, its digit, its style, both answers and
    their confidences (0..1), and its 784 pixels, 0 = paper and 255 = ink."""

    number: int
    label: int
    style: str
    digit_before: int
    confidence_before: float
    digit_after: int
    confidence_after: float
    pixels: list[int]


class NetworkChanges(NamedTuple):
    """The changes on MNIST's test images, the drawings, and corrections if there are any; the drawings whose answers
    change to wrong, and to right; and a sentence for each way in which the new network is significantly worse."""

    test: Change
    drawings: Change
    corrections: Change | None
    to_wrong: list[ChangedDrawing]
    to_right: list[ChangedDrawing]
    warnings: list[str]


def compare(
    before: Network, after: Network, test: Images, drawings: Drawn, corrections: Images | None = None
) -> NetworkChanges:
    """Compares two networks, 784 inputs and 10 outputs, on the test images and the drawings, in about a second."""
    was, now = (answers(network, test.images, test.labels).right for network in (before, after))
    drew, draws = (answers(network, drawings.images, drawings.labels) for network in (before, after))
    change = _change(was, now, test.labels)
    drawn = _change(drew.right, draws.right, drawings.labels)
    corrected, warnings = None, []
    if corrections:
        had, has = (answers(network, *corrections).right for network in (before, after))
        corrected = _change(had, has, corrections.labels)
        warnings = list(_warnings(corrected, _differences(had, has), corrections.labels, "corrections"))
    return NetworkChanges(
        change,
        drawn,
        corrected,
        _changed_drawings(drew.right & ~draws.right, drew, draws, drawings),
        _changed_drawings(draws.right & ~drew.right, drew, draws, drawings),
        [
            *_warnings(change, _differences(was, now), test.labels, "test images"),
            *_warnings(drawn, *_by_drawing(_differences(drew.right, draws.right), drawings), "drawings"),
            *warnings,
        ],
    )


def chance(to_wrong: int, to_right: int) -> float:
    """The probability of at least `to_wrong` changes to wrong, if changes to wrong and to right were equally likely.

    McNemar's test, exact and one-sided: images that both networks get right, or both wrong, don't count (McNemar, "Note
    on the sampling error of the difference between correlated proportions or percentages", Psychometrika 12, 1947; for
    classifiers, Dietterich, "Approximate statistical tests for comparing supervised classification learning
    algorithms", Neural Computation 10, 1998).
    """
    n = to_wrong + to_right
    # In logarithms, since 2 to the power of thousands overflows a float.
    logarithms = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)
        for k in range(to_wrong, n + 1)
    )
    return min(math.fsum(map(math.exp, logarithms)), 1.0)


def _changed_drawings(chosen: Right, before: Answers, after: Answers, drawings: Drawn) -> list[ChangedDrawing]:
    return [
        ChangedDrawing(
            int(number),
            int(drawings.labels[number]),
            drawings.styles[number],
            int(before.digits[number]),
            float(before.confidences[number]),
            int(after.digits[number]),
            float(after.confidences[number]),
            drawings.images[number].ravel().tolist(),
        )
        for number in np.flatnonzero(chosen)
    ]


def _change(was: Right, now: Right, labels: NDArray[np.uint8]) -> Change:
    count = np.bincount(labels, minlength=10).tolist()
    before, after = (Score(np.bincount(labels[right], minlength=10).tolist(), count) for right in (was, now))
    return Change(before, after, int((was & ~now).sum()), int((now & ~was).sum()))


def _warnings(change: Change, better: NDArray[np.integer], labels: NDArray[np.uint8], images: str) -> Iterator[str]:
    """`better` (n,) is -1 for a change to wrong, 1 to right, 0 for none. `images` says what the change counts."""
    if _chance_of(better) < LEVEL:
        lost = sum(change.before.right) - sum(change.after.right)
        yield f"It gets {lost:,} more of the {change.images:,} {images} wrong."
    worse = []
    for digit, count in enumerate(change.after.images):
        lost = change.before.right[digit] - change.after.right[digit]
        if lost >= _MIN_LOSS * count and _chance_of(better[labels == digit]) < _DIGIT_LEVEL:
            worse.append((lost / count, digit, f"{lost:,} more of its {count:,} {images} are wrong"))
    if worse:
        (_, worst, by), *others = sorted(worse, reverse=True)
        also = " and ".join(", ".join(str(digit) for _, digit, _ in others).rsplit(", ", 1))
        yield f"It reads {worst} clearly worse: {by}." + (f" It also reads {also} clearly worse." if others else "")


def _differences(was: Right, now: Right) -> NDArray[np.int_]:
    return now.astype(int) - was


def _by_drawing(changes: NDArray[np.int_], drawings: Drawn) -> tuple[NDArray[np.integer], NDArray[np.uint8]]:
    """The change of each drawing, and its digit. Its pictures get similar answers, so they count as one."""
    labels = np.zeros(drawings.drawings.max(initial=-1) + 1, np.uint8)
    labels[drawings.drawings] = drawings.labels
    return np.bincount(drawings.drawings, changes, len(labels)).astype(int), labels


def _chance_of(better: NDArray[np.integer]) -> float:
    return chance(int((better < 0).sum()), int((better > 0).sum()))
