from __future__ import annotations

from app.data import mnist
from app.images.normalise import normalise
from app.lessons.mistakes import worst
from app.network.weights import read_weights
from app.settings import ROOT
from tests.conftest import MNIST


def test_the_worst_are_wrong_and_the_surest_come_first(test_images: mnist.Images) -> None:
    network = read_weights(ROOT / "models" / "classic.safetensors").network
    probabilities = network.probabilities(normalise(test_images.images))
    wrong, found = worst(network, MNIST, 20)

    assert wrong == (probabilities.argmax(axis=1) != test_images.labels).sum()
    assert len(found) == 20
    for mistake in found:
        assert mistake.label == test_images.labels[mistake.number] != mistake.digit
        assert mistake.digit == probabilities[mistake.number].argmax()
        assert mistake.pixels == test_images.images[mistake.number].ravel().tolist()
    confidences = [mistake.confidence for mistake in found]
    assert confidences == sorted(confidences, reverse=True)
