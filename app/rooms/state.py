"""What is going on in a room: what everybody may know, and only the teacher changes."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_RUNS = 8
Activity = Literal["draw", "collect", "watch"]


def usual_prompt(activity: Activity, digit: int | None) -> str:
    """The question where the teacher has given none. `digit` is the one to draw, None for any."""
    if activity == "collect":
        return "Draw every digit, from 0 to 9."
    if activity == "watch":
        return "Watch it learn."
    return "Draw any digit." if digit is None else f"Everybody draw {'an' if digit == 8 else 'a'} {digit}."


class RoomState(BaseModel):
    """The state of a room. A new question begins a new round, so that the wall shows the drawings for that question."""

    model_config = ConfigDict(extra="ignore")

    activity: Activity = Field(
        "draw", description="Whether all draw one digit, draw all digits for the room's data set, or watch a run"
    )
    prompt: str = Field(
        usual_prompt("draw", None), max_length=120, description="The question on the projector and the phones"
    )
    digit: int | None = Field(None, ge=0, le=9, description="The digit to draw; null for any")
    round: int = Field(1, ge=1, description="Counts the questions")
    locked: bool = Field(False, description="Whether nobody else may join")
    frozen: bool = Field(False, description="Whether the phones ask to look up")
    names: bool = Field(True, description="Whether all see the pupils' names")
    model: str = Field("classic", description="The network that answers the drawings")
    follow: str | None = Field(
        None, max_length=2000, description="The lesson that the teacher's screen shows and the phones follow, or null"
    )
    runs: list[int] = Field([], max_length=MAX_RUNS, description="The room's runs; all watch the last one")
