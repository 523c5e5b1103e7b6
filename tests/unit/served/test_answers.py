from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from app.data import mnist
from app.images.normalise import normalise
from app.network import Network
from app.network.calibration import expected_calibration_error
from app.served.answers import MAX_MISTAKES, Answers, answers, images_answered, likely_digits, results_of


def test_many_images_are_answered_as_if_at_once(test_images: mnist.Images) -> None:
    network = Network.random(np.random.default_rng(0))
    images, labels = test_images.images[:2_345], test_images.labels[:2_345]

    found = answers(network, images, labels)

    assert found.probabilities == pytest.approx(network.probabilities(normalise(images)), abs=1e-6)
    assert found.confusion.sum() == 2_345
    assert np.trace(found.confusion) == found.right.sum()


def test_of_the_chosen_images_the_surest_come_first_and_equally_sure_ones_in_their_order() -> None:
    images = np.arange(4 * 784, dtype=np.uint8).reshape(4, 28, 28)
    probabilities = np.zeros((4, 10), np.float32)
    probabilities[np.arange(4), [3, 3, 5, 3]] = [0.6, 0.9, 0.99, 0.9]
    found = Answers(probabilities, np.array([8, 8, 8, 3], np.uint8))

    surest = found.surest(np.array([True, True, False, True]), images, 2)

    assert [(one.number, one.label, one.digit) for one in surest] == [(1, 8, 3), (3, 3, 3)]
    assert surest[0].confidence == pytest.approx(0.9)
    assert surest[0].pixels == images[1].ravel().tolist()


def test_the_results_of_a_network_add_up(test_images: mnist.Images) -> None:
    network = Network.random(np.random.default_rng(1))
    images, labels = test_images.images[:1_500], test_images.labels[:1_500]
    found = answers(network, images, labels)

    results = results_of(found, images, "0123456789")

    assert results.images == 1_500
    assert results.accuracy == pytest.approx(1 - results.wrong / 1_500)
    assert sum(chain.from_iterable(results.confusion)) == 1_500
    assert sum(one.images for one in results.calibration.bins) == 1_500
    assert results.calibration.error == expected_calibration_error(found.probabilities, labels)
    assert len(results.mistakes) == MAX_MISTAKES
    assert results.mistakes[0].confidence == found.confidences[~found.right].max()


def test_a_class_without_images_has_no_accuracy_and_fewer_classes_than_outputs_are_told_as_they_are(
    test_images: mnist.Images,
) -> None:
    few = test_images.labels < 3
    images = test_images.images[few]
    results = results_of(answers(Network(), images, test_images.labels[few]), images, ("cat", "dog", "bird"))

    assert results.classes == ["cat", "dog", "bird"]
    assert results.by_class == [1.0, 0.0, 0.0, *[None] * 7]
    assert [sum(row) > 0 for row in results.confusion] == [True] * 3 + [False] * 7


def test_the_images_behind_a_cell_are_counted_and_the_first_of_them_given(test_images: mnist.Images) -> None:
    found = answers(Network(), test_images.images[:200], test_images.labels[:200])

    count, images = images_answered(found, test_images.images, 4, 0, 3)

    fours = np.flatnonzero(test_images.labels[:200] == 4).tolist()
    assert count == len(fours)
    assert [image.number for image in images] == fours[:3]
    assert images_answered(found, test_images.images, 4, 9, 3) == (0, [])


def test_the_likely_digits_together_reach_the_share_and_come_most_likely_first() -> None:
    assert likely_digits([0.96, 0.04, *[0.0] * 8]) == [0]
    assert likely_digits([0.01, 0.06, 0.0, 0.0, 0.9, 0.0, 0.0, 0.03, 0.0, 0.0]) == [4, 1]
    assert likely_digits([0.25, 0.5, 0.25, *[0.0] * 7]) == [1, 0, 2]
    assert likely_digits([0.1] * 10) == list(range(10))
