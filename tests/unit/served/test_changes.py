from __future__ import annotations

import math
import re

import numpy as np
import pytest
from numpy.typing import NDArray

from app.data.drawings import Drawn, read_drawings
from app.data.mnist import Images
from app.images.normalise import normalise
from app.served.changes import chance, compare
from tests.support.trained import blind_to, served

CLASSIC, WIDE = served("classic"), served("wide")


def _few(drawn: Drawn, chosen: NDArray[np.intp]) -> Drawn:
    styles = tuple(drawn.styles[number] for number in chosen)
    return Drawn(drawn.images[chosen], drawn.labels[chosen], styles, drawn.drawings[chosen])


def test_a_network_changes_nothing_and_warns_of_nothing_in_its_own_place(test_images: Images) -> None:
    found = compare(CLASSIC, CLASSIC, test_images, read_drawings())

    assert found.test.before == found.test.after
    assert found.drawings.before == found.drawings.after
    assert (found.test.to_wrong, found.test.to_right, found.to_wrong, found.to_right) == (0, 0, [], [])
    assert found.warnings == []


def test_both_accuracies_are_those_of_the_two_networks_in_whole_and_per_digit(test_images: Images) -> None:
    found = compare(CLASSIC, WIDE, test_images, read_drawings())

    for network, score in ((CLASSIC, found.test.before), (WIDE, found.test.after)):
        right = network.probabilities(normalise(test_images.images)).argmax(axis=1) == test_images.labels
        assert score.accuracy == pytest.approx(right.mean())
        assert score.by_digit[4] == pytest.approx(right[test_images.labels == 4].mean())
    assert found.test.to_right - found.test.to_wrong == sum(found.test.after.right) - sum(found.test.before.right)
    assert found.drawings.to_right == len(found.to_right)
    assert found.warnings == []


def test_a_worse_network_is_warned_of_with_the_count_of_images(test_images: Images) -> None:
    found = compare(WIDE, CLASSIC, test_images, read_drawings())

    lost = sum(found.test.before.right) - sum(found.test.after.right)
    assert found.warnings[0] == f"It gets {lost} more of the 10,000 test images wrong."


def test_one_digit_that_gets_lost_is_named_and_its_drawings_are_shown(test_images: Images) -> None:
    drawn = read_drawings()

    found = compare(CLASSIC, blind_to(7), test_images, drawn)

    assert found.drawings.after.by_digit[7] == 0
    assert {turned.label for turned in found.to_wrong} == {7}
    turned = found.to_wrong[0]
    assert (turned.digit_before, turned.style) == (7, drawn.styles[turned.number])
    assert turned.digit_after != 7
    assert turned.pixels == drawn.images[turned.number].ravel().tolist()
    assert 0 < turned.confidence_before <= 1
    about_seven = [warning for warning in found.warnings if warning.startswith("It reads 7 clearly worse")]
    assert [re.sub(r"\d+", "N", warning) for warning in about_seven] == [
        "It reads N clearly worse: N,N more of its N,N test images are wrong.",
        "It reads N clearly worse: N more of its N drawings are wrong.",
    ]
    assert [turned.number for turned in compare(blind_to(7), CLASSIC, test_images, drawn).to_right] == [
        turned.number for turned in found.to_wrong
    ]


def test_a_drawing_counts_once_however_many_pictures_of_it_turn(test_images: Images) -> None:
    one = Images(test_images.images[:1], np.array([0], np.uint8))  # which both get wrong
    drawn = read_drawings()
    sevens = np.flatnonzero(drawn.labels == 7)
    four, five = (_few(drawn, sevens[: 2 * count]) for count in (4, 5))

    # All of them turn wrong: 2^-4 is still above one in twenty, 2^-5 is not.
    assert compare(CLASSIC, blind_to(7), one, four).warnings == []
    assert compare(CLASSIC, blind_to(7), one, five).warnings == ["It gets 10 more of the 10 drawings wrong."]


def test_a_digit_without_images_has_no_accuracy(test_images: Images) -> None:
    ones = Images(*(part[test_images.labels == 1][:50] for part in test_images))

    score = compare(CLASSIC, WIDE, ones, read_drawings()).test.after

    assert [digit for digit, accuracy in enumerate(score.by_digit) if accuracy is not None] == [1]


@pytest.mark.parametrize(("to_wrong", "to_right"), [(0, 0), (5, 0), (3, 9), (14, 6), (60, 61)])
def test_the_chance_is_the_binomial_tail_of_mcnemars_test(to_wrong: int, to_right: int) -> None:
    n = to_wrong + to_right
    tail = sum(math.comb(n, k) for k in range(to_wrong, n + 1)) / 2**n

    assert chance(to_wrong, to_right) == pytest.approx(tail)


def test_the_chance_is_finite_for_thousands_of_images() -> None:
    assert chance(5_000, 5_000) == pytest.approx(0.504, abs=0.001)
    assert chance(6_000, 4_000) < 1e-80
