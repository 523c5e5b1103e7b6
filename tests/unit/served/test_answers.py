from __future__ import annotations

import numpy as np
import pytest

from app.data import mnist
from app.images.normalise import normalise
from app.network import Network
from app.served.answers import Answers, answers


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

    told = found.surest(np.array([True, True, False, True]), images, 2)

    assert [(one.number, one.label, one.digit) for one in told] == [(1, 8, 3), (3, 3, 3)]
    assert told[0].confidence == pytest.approx(0.9)
    assert told[0].pixels == images[1].ravel().tolist()
