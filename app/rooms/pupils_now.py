"""What a room's run has learned so far, on the drawings of one pupil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.data.collection import image_of
from app.images.normalise import normalise
from app.network import Network
from app.store.collection_records import Drawing


class OwnAnswers(NamedTuple):
    """A network's answers to a pupil's drawings: that to the last one, and how many of those with a label are right."""

    digit: int
    confidence: float
    right: int
    labelled: int


def own_answers(network: Network, drawings: Sequence[Drawing]) -> OwnAnswers | None:
    """None without a drawing."""
    kept = [drawing for drawing in drawings if drawing.status != "removed"]
    if not kept:
        return None
    inputs = normalise(np.stack([image_of(drawing.strokes) for drawing in kept]))
    probabilities = network.cost.probabilities(network.feedforward(inputs))
    digits = probabilities.argmax(axis=1)
    labelled = [(digit, one.label) for digit, one in zip(digits.tolist(), kept, strict=True) if one.label is not None]
    right = sum(digit == label for digit, label in labelled)
    return OwnAnswers(int(digits[-1]), float(probabilities[-1].max()), right, len(labelled))
