"""/rooms/{code}/vote: the teacher asks, and the pupils vote."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.rooms.votes import Votes
from app.web.rooms.room_access import Code, Pupil, RoomsNeeded
from app.web.rooms.room_routes import NO_SUCH_ROOM, PUPILS_ONLY
from app.web.shared.dependencies import AdminOnly, OwnPageOnly, from_state
from app.web.shared.schemas import REFUSED, Problem

_NO_VOTE: dict[int | str, dict[str, object]] = {
    **NO_SUCH_ROOM,
    409: {"model": Problem, "description": "There is no vote, or it is closed"},
}
_STRICT = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)
VotesNeeded = Annotated[Votes, from_state("votes")]
Option = Annotated[int, Field(ge=0, le=9, description="An option, counted from 0")]

teacher_router = APIRouter(
    prefix="/admin/rooms/{code}/vote", tags=["rooms"], dependencies=[AdminOnly], responses={**REFUSED, **_NO_VOTE}
)
router = APIRouter(prefix="/rooms/{code}/vote", tags=["rooms"], responses={**PUPILS_ONLY, **_NO_VOTE})


class Question(BaseModel):
    """What to ask."""

    model_config = _STRICT

    question: str = Field(min_length=1, max_length=120, description="The question")
    options: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        min_length=2, max_length=10, description="What can be voted for"
    )


class VoteResult(BaseModel):
    """Which option is right, if that is known."""

    model_config = _STRICT

    answer: Option | None = Field(None, description="The right option, counted from 0; null if there is none")


class Chosen(BaseModel):
    """A pupil's vote."""

    model_config = _STRICT

    option: Option


@teacher_router.post("", status_code=204)
def ask_class(code: Code, asked: Question, rooms: RoomsNeeded, votes: VotesNeeded) -> None:
    """Begins a vote, in place of the one before."""
    rooms.room(code)
    votes.ask(code, asked.question, asked.options)


@teacher_router.post("/close", status_code=204)
def close_vote(code: Code, result: VoteResult, rooms: RoomsNeeded, votes: VotesNeeded) -> None:
    """Closes the vote: all see how many chose what."""
    rooms.room(code)
    votes.close(code, result.answer)


@teacher_router.delete("", status_code=204)
def end_vote(code: Code, rooms: RoomsNeeded, votes: VotesNeeded) -> None:
    """Takes the vote away."""
    rooms.room(code)
    votes.end(code)


@router.post("", status_code=204, dependencies=[OwnPageOnly])
def vote(code: Code, pupil: Pupil, chosen: Chosen, votes: VotesNeeded) -> None:
    """Votes, in place of an earlier vote of the same pupil."""
    votes.take(code, pupil.id, chosen.option)
