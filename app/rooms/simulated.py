"""Simulated pupils, with whom a teacher tries a room alone. They draw in the styles of data/styles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.data.styles import draw_styles, read_styles
from app.rooms.rooms import Rooms
from app.rooms.state import RoomState
from app.store.collection_records import Author, Stroke

# A drawing's longer side, as a share of the sheet.
_SIZE = 0.7
_OF_EACH_DIGIT = 2


def draw_for_question(rooms: Rooms, code: str, pupils: list[Author]) -> None:
    """Each of the pupils draws what the room asks for: the digit, or for its data set each digit twice.

    Raises RoomNotFoundError and LimitError.
    """
    state = RoomState.model_validate(rooms.room(code).state)
    if state.activity == "watch":
        return
    for pupil in pupils:
        rng = np.random.default_rng([pupil.id, state.round])
        if state.activity == "collect":
            digits = list(range(10)) * _OF_EACH_DIGIT
        else:
            digits = [int(rng.integers(10)) if state.digit is None else state.digit]
        for number, (digit, strokes) in enumerate(zip(digits, _drawn(digits, rng), strict=True)):
            # The same token for the same question: asked twice, they draw once.
            rooms.draw(code, pupil, digit, strokes, f"{state.round}-{number}")


def _drawn(digits: list[int], rng: np.random.Generator) -> Iterator[list[Stroke]]:
    styles = read_styles()
    for digit in digits:
        (strokes,) = draw_styles(1, rng, [style for style in styles if style.digit == digit]).strokes
        points = np.concatenate(strokes)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        scale = _SIZE / max(float((points.max(axis=0) - points.min(axis=0)).max()), 1.0)
        yield [((stroke - middle) * scale + 0.5).tolist() for stroke in strokes]
