"""What planning a sweep takes: which settings it can vary, how many runs it makes, and how long they would take."""

from __future__ import annotations

import os
from typing import Any

from pydantic import BaseModel

from app.data.datasets import MNIST, Datasets
from app.data.mnist import DataError
from app.network.network import parameter_count
from app.runs.jobs import RecipeError
from app.runs.recipe import PRESETS, RunSettings
from app.runs.speed import Speed, Work, expected_seconds
from app.runs.sweep_plan import MAX_RUNS, RANGES, VARIABLE, SweepPlan


class Expected(BaseModel):
    """What a plan comes to. `seconds` is about how long all of its runs take, `parallel` of them at once."""

    runs: int
    seconds: float


def expected_of(plan: SweepPlan, datasets: Datasets, speed: Speed) -> Expected:
    """Raises PlanError, and RecipeError when the data is not there."""
    recipes = plan.recipes()
    images = _images(plan.base.dataset, datasets)
    # As they will be: the next run begins where one has ended first.
    busy = [0.0] * plan.parallel
    for recipe in recipes:
        free = busy.index(min(busy))
        busy[free] += expected_seconds(speed, _work(recipe, images))
    return Expected(runs=len(recipes), seconds=max(busy))


def sweep_form() -> dict[str, Any]:
    """What the form for a sweep offers, from the limits that the server checks."""
    schema = RunSettings.model_json_schema()["properties"]
    choices = {name: schema[name]["enum"] for name in VARIABLE if "enum" in schema[name]}
    return {
        "sweep_fields": list(VARIABLE),
        "sweep_choices": {**choices, "decay": [False, True]},
        "sweep_ranges": list(RANGES),
        "sweep_most_runs": MAX_RUNS,
        "sweep_most_parallel": os.cpu_count() or 1,
    }


def _images(name: str, datasets: Datasets) -> dict[str, int]:
    try:
        dataset = datasets.get(name)
    except DataError as error:
        if name == MNIST:
            return {}
        raise RecipeError(f"dataset: {error}") from error
    return {"training": dataset.training, "held_out": dataset.held_out, "test": dataset.test}


def _work(recipe: RunSettings, images: dict[str, int]) -> Work:
    teacher = RunSettings.model_validate({"preset": recipe.teacher}) if recipe.teacher in PRESETS else None
    return Work(
        parameters=parameter_count(recipe.sizes),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        optimizer=recipe.optimizer,
        is_augmented=recipe.augmentation != "none",
        teacher_parameters=parameter_count(teacher.sizes) if teacher else 0,
        pace=recipe.pace,
        **images,
    )
