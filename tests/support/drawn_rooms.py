"""Rooms in a store, with the digits that their pupils drew."""

from __future__ import annotations

import functools
import json

import numpy as np

from app.data.drawings import FILE
from app.store.collection_records import CollectionStore, DrawingStatus, Limits, NewDrawing

ROOM = "room-ABC234"
_LIMITS = Limits(burst=1000, seconds=1, of_author=1000, in_all=10_000)

Strokes = list[list[list[float]]]


@functools.cache
def strokes_of(label: int) -> list[Strokes]:
    """Drawings of a digit, each in the middle of the sheet."""
    digits = (json.loads(line) for line in FILE.read_text().splitlines())
    return [_placed(digit["strokes"]) for digit in digits if digit["label"] == label]


def _placed(strokes: Strokes) -> Strokes:
    points = np.concatenate([np.array(stroke, float) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 0.6 / max(high - low)
    return [((np.array(stroke) - (low + high) / 2) * scale + 0.5).tolist() for stroke in strokes]


def add_room(store: CollectionStore, name: str = ROOM, pupils: int = 5) -> None:
    """A room in which each pupil has drawn the ten digits, each in another way."""
    store.create_collection(name, {})
    for number in range(pupils):
        author = add_pupil(store, name)
        for label in range(10):
            drawn = strokes_of(label)
            add_drawing(store, name, author, label, drawn[number % len(drawn)])


def add_pupil(store: CollectionStore, name: str = ROOM) -> int:
    count = len(store.changes(name).authors)  # type: ignore[union-attr]
    author = store.add_author(name, [f"Pupil {count + 1}"], f"{name}-{count}", None, most=300)
    assert author
    return author.id


def add_drawing(
    store: CollectionStore,
    name: str,
    author: int | None,
    label: int | None,
    strokes: Strokes | None = None,
    status: DrawingStatus = "ready",
) -> int:
    """Returns the drawing's number."""
    drawn = strokes or strokes_of(label or 0)[0]
    drawing = store.add_drawing(name, NewDrawing(author, 1, label, drawn, 0, 0.5, status), _LIMITS)
    assert drawing
    return drawing.id
