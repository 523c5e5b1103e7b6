"""Pydantic models of the calls of rooms."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.rooms.state import Activity, RoomState
from app.store.collection_records import DrawingStatus
from app.web.shared.drawing_schemas import DrawingAnswer, Strokes

_STRICT = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class RoomInfo(RoomState):
    """A room's public state."""

    code: str = Field(description="The room's code")
    by_digit: list[int] = Field(description="The number of drawings of each digit in the room's data set")
    waiting: int = Field(description="The number of drawings that wait for the teacher's word")


class OpenedRoom(BaseModel):
    """A room, for its teacher."""

    code: str = Field(description="The room's code")
    url: str = Field(description="The address for the pupils' phones")
    dataset: str = Field(description="The name of its data set")
    created_at: str = Field(description="When it was opened, in ISO 8601 and UTC")
    forgotten_at: str = Field(description="When it will be forgotten")


class RoomChanges(BaseModel):
    """What to change in a room. A field that is left out stays as it is."""

    model_config = _STRICT

    activity: Activity | None = Field(None, description="What the class does")
    prompt: str | None = Field(
        None,
        min_length=1,
        max_length=120,
        description="The question. Left out beside an activity or a digit, it is the usual one of these",
    )
    digit: int | None = Field(None, ge=0, le=9, description="The digit to draw; null for any")
    locked: bool | None = Field(None, description="Whether nobody else may join")
    frozen: bool | None = Field(None, description="Whether the phones ask to look up")
    names: bool | None = Field(None, description="Whether all see the pupils' names")
    model: str | None = Field(None, min_length=1, max_length=32, description="The network that answers")
    follow: str | None = Field(
        None,
        max_length=2000,
        pattern=r"^learn/[a-z]+(\?[!-~]*)?$",
        description="The address of a lesson, from learn/ on, that the phones follow; null for none",
    )
    runs: list[Annotated[int, Field(ge=1, lt=2**63)]] | None = Field(
        None, max_length=8, description="The room's runs; all watch the last one"
    )

    @property
    def given(self) -> dict[str, Any]:
        """The fields that were given. Of these, only the digit and the lesson may be null."""
        given = self.model_dump(exclude_unset=True)
        return {name: value for name, value in given.items() if value is not None or name in ("digit", "follow")}


class JoinRequest(BaseModel):
    """Nothing to join as somebody new, or the code with which a pupil comes back."""

    model_config = _STRICT

    rejoin: str | None = Field(None, max_length=20, description="The short code that the teacher shows")


class JoinedPupil(BaseModel):
    """A pupil, and the key that the phone keeps."""

    pupil: int = Field(description="The pupil's number in the room")
    name: str = Field(description="A name made by chance")
    key: str = Field(description="To be sent as 'Authorization: Bearer KEY' from then on")


class NewDrawing(Strokes):
    """A drawing for a room."""

    label: int | None = Field(None, ge=0, le=9, description="The digit that is meant; null if none")
    round: int | None = Field(
        None, ge=1, description="The question that it answers, for one that is sent late; null for the present one"
    )


class OwnDrawing(DrawingAnswer):
    """A drawing of a pupil's own."""

    round: int = Field(description="The question that it answers")
    label: int | None = Field(description="The digit that was meant")
    strokes: list[list[list[float]]] = Field(description="Its strokes")
    status: Literal["kept", "waiting", "removed"] = Field(description="Whether the teacher has looked, or took it out")


class OwnPage(BaseModel):
    """What a pupil may know of their own."""

    pupil: int = Field(description="The pupil's number")
    name: str = Field(description="The pupil's name")
    drawings: list[OwnDrawing] = Field(description="The pupil's drawings, oldest first")


class NowAnswer(BaseModel):
    """What a run's network, as it is now, answers to a pupil's drawings."""

    digit: int = Field(description="The answer to the last drawing")
    confidence: float = Field(description="Its probability")
    right: int = Field(description="How many of the pupil's drawings with a label it reads right")
    labelled: int = Field(description="How many there are")


class StatusChange(BaseModel):
    """A drawing's new status: `shown` to all or `hidden`, `ready` once a waiting one is accepted, or `removed`."""

    model_config = _STRICT

    status: DrawingStatus = Field(description="shown, hidden, ready or removed")


class PupilChange(BaseModel):
    """Another name, or whether the pupil is removed."""

    model_config = _STRICT

    name: str | None = Field(None, min_length=1, max_length=30, description="Another name")
    removed: bool | None = Field(None, description="Whether the pupil is removed")


class RejoinCode(BaseModel):
    """With this, another device takes the pupil's place, once."""

    code: str = Field(description="The short code")
    until: str = Field(description="How long it works, in ISO 8601 and UTC")


class Simulated(BaseModel):
    """Pupils to try a room with."""

    model_config = _STRICT

    count: int = Field(5, ge=1, le=40, description="How many to add")


class Count(BaseModel):
    """How many changed."""

    count: int = Field(description="How many drawings changed")
