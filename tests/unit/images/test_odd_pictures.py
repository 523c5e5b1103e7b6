"""Digits in pictures with more in them than clean paper: how many are answered right, and how few wrong and surely."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from app.data import drawings
from app.data.pens import Strokes
from app.images import drawing
from app.images.normalise import normalise
from app.network.weights import read_weights
from app.settings import ROOT
from tests.support.odd_pictures import KINDS, Rng, plain

NETWORK = read_weights(ROOT / "models" / "wide.safetensors").network
COUNT = 100
SURE = 0.8


def _digits() -> list[tuple[Strokes, int]]:
    """Hundred of the project's drawings, of all digits and styles."""
    lines = [json.loads(line) for line in drawings.FILE.read_text(encoding="utf-8").splitlines()]
    chosen = np.random.default_rng(0).permutation(len(lines))[:COUNT]
    return [([np.array(stroke, float) for stroke in lines[i]["strokes"]], lines[i]["label"]) for i in chosen]


def _answers(kind: Callable[[Strokes, Rng], bytes]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which answers are right, and which are wrong and sure, (100,) each. A refusal is neither."""
    right, misled = np.zeros(COUNT, bool), np.zeros(COUNT, bool)
    for number, (strokes, label) in enumerate(_digits()):
        try:
            image = drawing.read(kind(strokes, np.random.default_rng([2, number])))
        except drawing.DrawingError:
            continue
        probabilities = NETWORK.probabilities(normalise(image[None]))[0]
        right[number] = probabilities.argmax() == label
        misled[number] = not right[number] and probabilities.max() > SURE
    return right, misled


@pytest.fixture(scope="module")
def right_of_plain() -> int:
    """How many plain digits are answered right."""
    return int(_answers(plain)[0].sum())


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_digit_among_other_things_is_answered_about_as_well_as_a_plain_one(
    kind: Callable[[Strokes, Rng], bytes], right_of_plain: int
) -> None:
    right, misled = _answers(kind)

    assert right.sum() >= right_of_plain - 4
    assert misled.sum() <= 3
