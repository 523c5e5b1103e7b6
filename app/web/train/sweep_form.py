"""The form for a sweep: the settings it can vary, and how many runs a plan makes and how long they take."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from app.runs.jobs import Jobs
from app.runs.recipe import RunSettings
from app.runs.speed import Speed, expected_seconds
from app.runs.sweep_plan import MAX_RUNS, RANGES, VARIABLE, SweepPlan


class Expected(BaseModel):
    """What a plan would take."""

    runs: int = Field(description="The number of runs")
    seconds: float = Field(description="The time until the last one ends")


def expected_of(plan: SweepPlan, jobs: Jobs, speed: Speed) -> Expected:
    """Raises PlanError, and RecipeError if the data is missing."""
    recipes = plan.recipes()
    images = jobs.images_of(plan.base)
    # As in `Sweeps`: the next run starts when one has ended.
    busy = [0.0] * (plan.parallel if jobs.sweeps.max_parallel else max(1, jobs.at_once))
    for recipe in recipes:
        free = busy.index(min(busy))
        busy[free] += expected_seconds(speed, recipe, images)
    return Expected(runs=len(recipes), seconds=max(busy))


def sweep_form(max_parallel: int | None) -> dict[str, Any]:
    """The context of the form for a sweep, with the limits that the server checks. For `max_parallel` see `Sweeps`."""
    schema = RunSettings.model_json_schema()["properties"]
    choices = {name: schema[name]["enum"] for name in VARIABLE if "enum" in schema[name]}
    return {
        "sweep_fields": list(VARIABLE),
        "sweep_choices": {**choices, "decay": [False, True]},
        "sweep_ranges": list(RANGES),
        "sweep_max_runs": MAX_RUNS,
        "sweep_max_parallel": max_parallel,
    }
