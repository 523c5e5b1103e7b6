"""What publishing a network would change: how the one that is served and the one after it answer the same images."""

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

# A warning asks for a look and forbids nothing, so it may be wrong once in twenty times.
LEVEL = 0.05
# Of ten digits one is worse by chance ten times as often, so each has to be as much surer (Bonferroni).
_DIGIT_LEVEL = LEVEL / 10
# Whoever draws a digit fifty times sees it wrong once more: less than that is told by the figures, not by a sentence.
_MUCH = 0.02

Right = NDArray[np.bool_]


class Score(NamedTuple):
    """How many images of each digit there are, and how many of them a network gets right: ten counts each."""

    right: list[int]
    images: list[int]

    @property
    def accuracy(self) -> float:
        """In 0..1; 0 when there are no images."""
        return sum(self.right) / max(sum(self.images), 1)

    @property
    def by_digit(self) -> list[float | None]:
        """The accuracy on each digit, in 0..1; None for one of which there are no images."""
        return [right / count if count else None for right, count in zip(self.right, self.images, strict=True)]


class Change(NamedTuple):
    """How two networks do on the same images, and how many of these turn from right to wrong and back."""

    before: Score
    after: Score
    to_wrong: int
    to_right: int

    @property
    def images(self) -> int:
        """How many there are."""
        return sum(self.after.images)


class ChangedDrawing(NamedTuple):
    """A drawing that only one of two networks gets right: its number from 0, its digit, its style, what both answer,
    how surely (0..1), and its 784 pixels, 0 = paper and 255 = ink."""

    number: int
    label: int
    style: str
    digit_before: int
    confidence_before: float
    digit_after: int
    confidence_after: float
    pixels: list[int]


class NetworkChanges(NamedTuple):
    """What changes on MNIST's test images and on the drawings; the drawings that turn from right to wrong, and from
    wrong to right; and a plain sentence for each way in which the network after is worse than chance explains."""

    test: Change
    drawings: Change
    to_wrong: list[ChangedDrawing]
    to_right: list[ChangedDrawing]
    warnings: list[str]


def compare(before: Network, after: Network, test: Images, drawings: Drawn) -> NetworkChanges:
    """Both networks, 784 inputs and 10 outputs, on MNIST's test images and on the drawings. It takes a second."""
    was, now = (answers(network, test.images, test.labels).right for network in (before, after))
    drew, draws = (answers(network, drawings.images, drawings.labels) for network in (before, after))
    change = _change(was, now, test.labels)
    drawn = _change(drew.right, draws.right, drawings.labels)
    return NetworkChanges(
        change,
        drawn,
        _turned(drew.right & ~draws.right, drew, draws, drawings),
        _turned(draws.right & ~drew.right, drew, draws, drawings),
        [
            *_warnings(change, _turns(was, now), test.labels, "test images"),
            *_warnings(drawn, *_by_drawing(_turns(drew.right, draws.right), drawings), "drawings"),
        ],
    )


def chance(to_wrong: int, to_right: int) -> float:
    """How likely at least that many of the images that turn would turn wrong, if both ways were as likely.

    McNemar's test, exact and one-sided: the images that both networks get right, or both wrong, tell nothing
    (McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
    Psychometrika 12, 1947; for classifiers, Dietterich, "Approximate statistical tests for comparing supervised
    classification learning algorithms", Neural Computation 10, 1998).
    """
    n = to_wrong + to_right
    # By logarithms, since 2 to the power of some thousands is no float.
    logarithms = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)
        for k in range(to_wrong, n + 1)
    )
    return min(math.fsum(map(math.exp, logarithms)), 1.0)


def _turned(chosen: Right, before: Answers, after: Answers, drawings: Drawn) -> list[ChangedDrawing]:
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
    """Of what turns (n,): -1 to wrong, 1 to right, 0 neither. `images` are what the counts of the change are of."""
    if _chance_of(better) < LEVEL:
        lost = sum(change.before.right) - sum(change.after.right)
        yield f"It gets {lost:,} more of the {change.images:,} {images} wrong."
    worse = []
    for digit, count in enumerate(change.after.images):
        lost = change.before.right[digit] - change.after.right[digit]
        if lost >= _MUCH * count and _chance_of(better[labels == digit]) < _DIGIT_LEVEL:
            worse.append((lost / count, digit, f"{lost:,} more of its {count:,} {images} are wrong"))
    if worse:
        (_, worst, by), *others = sorted(worse, reverse=True)
        also = " and ".join(", ".join(str(digit) for _, digit, _ in others).rsplit(", ", 1))
        yield f"It reads {worst} clearly worse: {by}." + (f" It also reads {also} clearly worse." if others else "")


def _turns(was: Right, now: Right) -> NDArray[np.int_]:
    return now.astype(int) - was


def _by_drawing(turns: NDArray[np.int_], drawings: Drawn) -> tuple[NDArray[np.integer], NDArray[np.uint8]]:
    """How each drawing turns, and its digit: its pictures are answered much alike, so that it counts once."""
    labels = np.zeros(drawings.drawings.max(initial=-1) + 1, np.uint8)
    labels[drawings.drawings] = drawings.labels
    return np.bincount(drawings.drawings, turns, len(labels)).astype(int), labels


def _chance_of(better: NDArray[np.integer]) -> float:
    return chance(int((better < 0).sum()), int((better > 0).sum()))
