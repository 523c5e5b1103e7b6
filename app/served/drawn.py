"""The answer to a drawing that comes as strokes, in a room or as a correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.data.collection import image_of
from app.served.predictor import Model
from app.store.collection_records import Stroke

MAX_STROKES, MAX_POINTS = 64, 4_000
# Enough for a 280-pixel sheet, and a third of the bytes.
_DECIMALS = 4


class Drawn(NamedTuple):
    """Strokes as they are kept, and the most likely digit with its probability in 0..1."""

    strokes: list[Stroke]
    digit: int
    confidence: float


def answer_strokes(model: Model, strokes: Sequence[Stroke]) -> Drawn:
    """The answer to strokes of points [x, y] in 0..1 of the sheet. Raises DrawingError if they have no ink."""
    rounded: list[Stroke] = [[[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y in stroke] for stroke in strokes]
    probabilities = model.answer(image_of(rounded)[None]).probabilities[0]
    return Drawn(rounded, int(np.argmax(probabilities)), float(np.max(probabilities)))
