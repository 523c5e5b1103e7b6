"""/speed: how fast this machine trains, and how long a run would take."""

from __future__ import annotations

import asyncio
import inspect

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from app.runs.recipe import RunSettings
from app.runs.speed import Speed, expected_seconds, measure
from app.runs.trainer import total_steps
from app.web.shared.dependencies import JobsNeeded
from app.web.shared.slots import DatasetSlot

router = APIRouter(tags=["runs"])

_SPEED = f"""Seconds that each part of a run takes here, measured once, at the first request.

{inspect.getdoc(expected_seconds)}
"""


class ExpectedRun(BaseModel):
    """What a run would take."""

    steps: int = Field(description="Steps until its planned end")
    seconds: float = Field(description="The time they take on this machine")


@router.get("/speed", description=_SPEED)
async def measure_speed(request: Request) -> Speed:
    state = request.app.state
    if getattr(state, "speed", None) is None:
        state.speed = asyncio.create_task(asyncio.to_thread(measure))
    # Other requests wait for the same task, so it must survive the one that started it.
    measured: Speed = await asyncio.shield(state.speed)
    return measured


@router.post("/speed", dependencies=[DatasetSlot])
async def estimate_run(request: Request, settings: RunSettings, jobs: JobsNeeded) -> ExpectedRun:
    """How long a run with these settings would take here. Nothing is started."""
    images = await run_in_threadpool(jobs.images_of, settings)
    seconds = expected_seconds(await measure_speed(request), settings, images)
    return ExpectedRun(steps=total_steps(settings, images.training), seconds=seconds)
