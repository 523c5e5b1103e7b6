"""Votes: before something is shown, the teacher asks what it will be, and each pupil taps an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from app.rooms.rooms import name_of
from app.store.collection_records import Changed, CollectionStore, Document

KEY = "vote"


class NoVoteError(Exception):
    """There is no vote, or it is closed, or has no such option."""


class Vote(BaseModel):
    """A vote. `votes` has each pupil's option until it is closed, and `counts` how many chose each from then on.

    `answer` is the right option, or None.
    """

    question: str
    options: list[str]
    is_open: bool = True
    votes: dict[int, int] = {}
    counts: list[int] | None = None
    answer: int | None = None


class Votes:
    """The votes of a store's rooms, one at a time in each. All calls raise StoreError."""

    def __init__(self, store: CollectionStore) -> None:
        self._store = store

    def ask(self, code: str, question: str, options: Sequence[str]) -> None:
        """Begins a vote, in place of the one before."""
        vote = Vote(question=question, options=list(options))
        self._store.change_document(name_of(code), KEY, lambda _: Changed(vote.model_dump()))

    def take(self, code: str, pupil: int, option: int) -> None:
        """Takes a pupil's vote, in place of an earlier one. Raises NoVoteError."""

        def change(vote: Vote) -> Vote:
            if not vote.is_open:
                raise NoVoteError("The vote is closed.")
            if option >= len(vote.options):
                raise NoVoteError(f"The vote has {len(vote.options)} options, counted from 0.")
            return vote.model_copy(update={"votes": {**vote.votes, pupil: option}})

        self._change(code, change)

    def close(self, code: str, answer: int | None) -> None:
        """Closes the vote and shows the counts, and which option is right if that is given. Raises NoVoteError."""

        def change(vote: Vote) -> Vote:
            if answer is not None and answer >= len(vote.options):
                raise NoVoteError(f"The vote has {len(vote.options)} options, counted from 0.")
            if not vote.is_open:
                return vote.model_copy(update={"answer": answer})
            chosen = list(vote.votes.values())
            counts = [chosen.count(option) for option in range(len(vote.options))]
            # Who chose what is nobody's business any more.
            return vote.model_copy(update={"is_open": False, "answer": answer, "votes": {}, "counts": counts})

        self._change(code, change)

    def end(self, code: str) -> None:
        """Takes the vote away."""
        self._store.change_document(name_of(code), KEY, lambda vote: Changed({}) if vote else None)

    def _change(self, code: str, change: Callable[[Vote], Vote]) -> None:
        def changed(document: Document | None) -> Changed:
            if document is None or not document.state:
                raise NoVoteError("There is no vote now.")
            return Changed(change(Vote.model_validate(document.state)).model_dump())

        self._store.change_document(name_of(code), KEY, changed)


def vote_form(state: dict[str, Any]) -> dict[str, Any]:
    """What all may see: who has voted for what is nobody's, and the counts come when the vote is closed."""
    if not state:
        return {"is_over": True}
    vote = Vote.model_validate(state)
    about = vote.model_dump(include={"question", "options", "is_open", "answer", "counts"})
    return {"is_over": False, **about, "voted": len(vote.votes) if vote.counts is None else sum(vote.counts)}
