from __future__ import annotations

import numpy as np
import pytest

from app.data.pens import Pens
from app.network import Network
from app.runs import evaluation
from app.runs.evaluation import draw_confusion, on_mnist, on_pens, unsure
from app.served.answers import Answers
from tests.conftest import MNIST

LABELS = np.array([0, 1, 1, 7], np.uint8)


def _answers(confidence: float = 0.91) -> Answers:
    """Three right answers and a 7 read as a 1."""
    probabilities = np.full((4, 10), (1 - confidence) / 9)
    probabilities[np.arange(4), [0, 1, 1, 1]] = confidence
    return Answers(probabilities, LABELS)


def test_what_is_right_and_what_is_taken_for_what_are_counted() -> None:
    found = _answers()

    assert found.right.tolist() == [True, True, True, False]
    assert found.confusion.sum() == 4
    assert (found.confusion[1, 1], found.confusion[7, 1]) == (2, 1)


@pytest.mark.parametrize(("confidence", "share"), [(0.79, 1.0), (0.81, 0.0)])
def test_an_answer_is_unsure_below_what_the_page_calls_sure(confidence: float, share: float) -> None:
    assert unsure(_answers(confidence)) == share


def test_the_confusion_matrix_is_a_picture_that_is_darker_where_there_is_more() -> None:
    picture = np.asarray(draw_confusion(np.eye(10, dtype=np.intp) * 100))

    assert picture.shape[0] == picture.shape[1] > 400
    # Cells of 44 from 60 on: a corner of the first on the diagonal, and of the one beside it.
    assert picture[66, 66] < picture[66, 110]


def test_an_untrained_network_is_right_by_chance_on_mnist() -> None:
    found, lines = on_mnist(Network.random(np.random.default_rng(0)), MNIST)

    assert 0.02 < found.right.mean() < 0.3
    assert lines[0].startswith("accuracy on the 10,000 test images")
    assert any("expected error" in line for line in lines)


def test_the_figures_on_pens_say_whether_it_learned_from_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "NONDIGITS_OF_A_KIND", 20)
    strokes = [[np.array([[0.0, 0.0], [10.0 * number, 1000.0]])] for number in range(30)]
    drawn_from = Pens(strokes, np.full(30, 1, np.uint8), np.full(30, "a/0"))

    found, lines = on_pens(Network(), drawn_from, learned_from=False)

    assert len(found.labels) == 30
    assert "30 pen drawings by 1 people, of sites that it did not learn from" in lines[0]
    assert sum("no digit" in line for line in lines) == 4
