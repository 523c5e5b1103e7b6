"""The test of the lessons in a room: who has taken it, before and after them, and what the class has gained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel

from app.rooms.rooms import name_of
from app.store.collection_records import Changed, CollectionStore, Document

KEY = "quiz"
Round = Literal["before", "after"]
ROUNDS: tuple[Round, ...] = ("before", "after")
# With fewer pupils who took both, a count could tell who was right. Two counts that differ by one pupil still can.
MIN_SHOWN = 5
# With fewer, the gain is not told: its interval would be wide, and its formula rough.
MIN_TOLD = 20


class NoQuizError(Exception):
    """The test is not open for that round, or there is no result to show."""


class Quiz(BaseModel):
    """`before` and `after` have for each pupil which questions were right."""

    open: Round | None = None
    before: dict[int, list[bool]] = {}
    after: dict[int, list[bool]] = {}

    @property
    def sent(self) -> dict[Round, dict[int, list[bool]]]:
        return {"before": self.before, "after": self.after}


class Gain(NamedTuple):
    """Of the pupils who took both: how many were right in each question, before and after.

    `mean` is how many more answers of a pupil were right after, on average, and `margin` that of its 95% interval.
    """

    pupils: int
    before: list[int]
    after: list[int]
    mean: float
    margin: float


class Quizzes:
    """The tests of a store's rooms. All calls raise StoreError."""

    def __init__(self, store: CollectionStore) -> None:
        self._store = store

    def open(self, code: str, round_: Round | None) -> None:
        """Opens the test before or after the lessons, or closes it. What was sent stays."""
        self._change(code, lambda quiz: quiz.model_copy(update={"open": round_}))

    def quiz(self, code: str) -> Quiz:
        return _quiz(self._store.document(name_of(code), KEY))

    def take(self, code: str, pupil: int, round_: Round, right: Sequence[bool]) -> None:
        """Takes which of a pupil's answers are right, in place of those sent before. Raises NoQuizError."""

        def change(quiz: Quiz) -> Quiz:
            if quiz.open != round_:
                raise NoQuizError(f"The test {round_} the lessons is not open now. Ask your teacher to open it.")
            return quiz.model_copy(update={round_: {**quiz.sent[round_], pupil: list(right)}})

        self._change(code, change)

    def gain(self, code: str) -> Gain:
        """The gain of the pupils who took both and are in the room.

        Raises NoQuizError while the test is open, when one more answer would tell whose it is, and for few pupils.
        """
        quiz = self.quiz(code)
        if quiz.open:
            raise NoQuizError("The test is open. Close it to see the result.")
        here = {author.id for author in self._store.authors(name_of(code)) if not author.removed}
        both = sorted(here & quiz.before.keys() & quiz.after.keys())
        if len(both) < MIN_SHOWN:
            who = "1 pupil has" if len(both) == 1 else f"{len(both)} pupils have"
            raise NoQuizError(
                f"{who} taken both tests. The result is shown from {MIN_SHOWN} on, so that it tells of nobody."
            )
        return gain_of([quiz.before[pupil] for pupil in both], [quiz.after[pupil] for pupil in both])

    def _change(self, code: str, change: Callable[[Quiz], Quiz]) -> None:
        self._store.change_document(name_of(code), KEY, lambda document: Changed(change(_quiz(document)).model_dump()))


def form_of(pupil: int, round_: Round) -> str:
    """The form of the test, "a" or "b": half of a class takes each first, so that an easier form is no gain."""
    return "ab"[(pupil + ROUNDS.index(round_)) % 2]


def gain_of(before: ArrayLike, after: ArrayLike) -> Gain:
    """The gain, from which answers were right: both (pupils, questions), with at least two pupils in the same order.

    The margin is that of a paired difference, t s / sqrt(n), where s is the standard deviation of the n pupils'
    differences and t the 97.5% point of Student's distribution with n - 1 degrees of freedom, by Abramowitz and Stegun,
    "Handbook of Mathematical Functions", 26.7.5, with two terms: from 20 pupils on right to 0.001.
    """
    first, second = np.asarray(before, int), np.asarray(after, int)
    differences = (second - first).sum(axis=1)
    n = len(differences)
    z, freedom = NormalDist().inv_cdf(0.975), n - 1
    t = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    margin = t * float(differences.std(ddof=1)) / n**0.5
    return Gain(n, first.sum(axis=0).tolist(), second.sum(axis=0).tolist(), float(differences.mean()), margin)


def quiz_form(state: dict[str, Any]) -> dict[str, Any]:
    """What all may see: which round is open, and how many pupils have sent their answers."""
    quiz = Quiz.model_validate(state)
    both = len(quiz.before.keys() & quiz.after.keys())
    return {"open": quiz.open, "before": len(quiz.before), "after": len(quiz.after), "both": both}


def _quiz(document: Document | None) -> Quiz:
    return Quiz.model_validate(document.state if document else {})
