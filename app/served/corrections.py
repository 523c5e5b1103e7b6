"""Corrections: drawings that somebody says were answered wrongly, with the digit that was meant."""

from __future__ import annotations

from collections.abc import Sequence

from app.data.dataset import CORRECTIONS
from app.served.drawn import answer_strokes
from app.served.predictor import Model
from app.store.collection_records import CollectionStore, Drawing, Limits, NewDrawing, Stroke

# All corrections count together, since nothing is known of who sends them.
LIMITS = Limits(burst=20, seconds=10, of_author=60_000, in_all=60_000)


def keep_correction(
    store: CollectionStore, model: Model, label: int, strokes: Sequence[Stroke], token: str | None = None
) -> Drawing:
    """Keeps a drawing with what it is, once for each `token`, and the answer to it; nothing of who drew it.

    Raises LimitError, StoreError, and DrawingError if the strokes have no ink.
    """
    drawing = NewDrawing(None, 1, label, *answer_strokes(model, strokes), "ready", token)
    while True:
        if added := store.add_drawing(CORRECTIONS, drawing, LIMITS):
            return added
        # The first one, or the first after all were forgotten.
        store.create_collection(CORRECTIONS, {})
