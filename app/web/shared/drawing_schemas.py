"""Drawings as strokes in requests, and the answers to them: those of rooms, and corrections."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header
from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.served.drawn import MAX_POINTS, MAX_STROKES

# What is sent again because its answer was lost has the same key again: then it counts once.
IdempotencyKey = Annotated[
    str | None, Header(min_length=8, max_length=64, description="The same for the same request, sent again")
]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
# Not strict, since JSON has lists only.
Point = Annotated[tuple[Share, Share], Field(strict=False)]


class Strokes(BaseModel):
    """A drawing as strokes."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    strokes: list[Annotated[list[Point], Field(min_length=1)]] = Field(
        min_length=1,
        max_length=MAX_STROKES,
        description="Strokes of points [x, y] in 0..1 of the sheet, y downwards",
    )

    @field_validator("strokes")
    @classmethod
    def _limit_points(cls, strokes: list[list[Point]]) -> list[list[Point]]:
        if sum(map(len, strokes)) > MAX_POINTS:
            raise ValueError(f"at most {MAX_POINTS:,} points in all: leave out points that are close together")
        return strokes


class DrawingAnswer(BaseModel):
    """The network's answer to a drawing."""

    id: int = Field(description="The drawing's number, counted from 1 in its room or among the corrections")
    digit: int = Field(description="The most likely digit")
    confidence: float = Field(description="Its probability")
