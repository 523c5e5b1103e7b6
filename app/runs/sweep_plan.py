"""The plan of a sweep: which settings its runs try, in a grid or at random, and within which limits."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.runs.recipe import RunSettings

MAX_RUNS = 100
# Plans go through settings in this order, however they are written: so the same plan makes the same runs.
VARIABLE = (
    "hidden",
    "activation",
    "cost",
    "optimizer",
    "learning_rate",
    "batch_size",
    "epochs",
    "seed",
    "weight_decay",
    "decay",
    "augmentation",
)
WHOLE = ("batch_size", "epochs", "seed")
RANGES = ("learning_rate", "weight_decay", *WHOLE)
# Enough draws to find all of 100 possible settings, except with a negligible probability.
_MAX_DRAWS = 10_000
_DIGITS = 4


class PlanError(Exception):
    """A plan can't make its runs; the message names the setting and says what to change."""


class Values(BaseModel):
    """The values of a setting to try."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    values: list[Any] = Field(min_length=1, max_length=MAX_RUNS, description="The values")


class Range(BaseModel):
    """A random search draws any number from `low` to `high`, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    low: float = Field(allow_inf_nan=False, description="The smallest value; above 0 on a log scale")
    high: float = Field(allow_inf_nan=False, description="The largest value")
    scale: Literal["linear", "log"] = Field("linear", description="On log, each power of ten is equally likely")


def _kind(varied: Any) -> str:
    is_values = "values" in varied if isinstance(varied, dict) else isinstance(varied, Values)
    return "values" if is_values else "range"


Varied = Annotated[Annotated[Values, Tag("values")] | Annotated[Range, Tag("range")], Discriminator(_kind)]


class SweepPlan(BaseModel):
    """Runs that share the settings of `base`, except for those that `vary`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    base: RunSettings = Field(RunSettings(), description="The settings that all runs share.")
    method: Literal["grid", "random"] = Field("grid", description="Every combination of values, or some at random.")
    vary: dict[str, Varied] = Field(
        description='By name of the setting: {"values": [...]}, or in a random search {"low", "high", "scale"}.'
    )
    runs: int | None = Field(
        None, ge=1, le=MAX_RUNS, validate_default=True, description="How many to choose; a grid makes all there are."
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Of what is drawn; the seed of each run is a setting of it.")
    parallel: int = Field(1, ge=1, le=os.cpu_count() or 1, description="How many runs are trained at once.")

    @field_validator("vary")
    @classmethod
    def _can_vary(cls, vary: dict[str, Varied], info: ValidationInfo) -> dict[str, Varied]:
        if not vary:
            raise _refusal(f"Name at least one setting to vary: {', '.join(VARIABLE)}")
        for name in vary:
            if name not in VARIABLE:
                raise _refusal(f"{name} can't be varied. Vary one of {', '.join(VARIABLE)}")
        if "base" not in info.data or "method" not in info.data:
            return vary
        base, method = info.data["base"], info.data["method"]
        checked = {name: _checked(name, vary[name], base, method) for name in VARIABLE if name in vary}
        runs = math.prod(len(varied.values) for varied in checked.values() if isinstance(varied, Values))
        if method == "grid" and runs > MAX_RUNS:
            raise _refusal(f"This grid makes {runs:,} runs, and a sweep has at most {MAX_RUNS}. Remove some values")
        return checked

    @field_validator("runs")
    @classmethod
    def _fits_the_method(cls, runs: int | None, info: ValidationInfo) -> int | None:
        method = info.data.get("method")
        if method == "grid" and runs is not None:
            raise _refusal("A grid makes a run of each combination. Remove runs, or choose the method random")
        if method == "random" and runs is None:
            raise _refusal(f"Say how many runs the random search is to make, 1 to {MAX_RUNS}")
        return runs

    def recipes(self) -> list[RunSettings]:
        """The settings of each run, all different, always the same for the same plan.

        Raises PlanError when there are fewer to draw than `runs`.
        """
        return [self._recipe(chosen) for chosen in (self._drawn() if self.method == "random" else self._grid())]

    def _recipe(self, chosen: dict[str, Any]) -> RunSettings:
        base = self.base.model_dump()
        settings = {**base, **chosen}
        # The preset's name stays only if all of its settings do.
        return RunSettings.model_validate({**settings, "preset": self.base.preset if settings == base else None})

    def _grid(self) -> Iterator[dict[str, Any]]:
        lists = [varied.values for varied in self.vary.values() if isinstance(varied, Values)]
        for values in itertools.product(*lists):
            yield dict(zip(self.vary, values, strict=True))

    def _drawn(self) -> list[dict[str, Any]]:
        rng = np.random.default_rng(self.seed)
        drawn: list[dict[str, Any]] = []
        for _ in range(_MAX_DRAWS):
            if len(drawn) == self.runs:
                return drawn
            chosen = {name: _draw(rng, name, varied) for name, varied in self.vary.items()}
            if chosen not in drawn:
                drawn.append(chosen)
        raise PlanError(
            f"runs: only {len(drawn)} different settings can be drawn from this. Ask for no more, or vary more."
        )


def _checked(name: str, varied: Varied, base: RunSettings, method: str) -> Varied:
    """The same with its values as RunSettings validates them. Raises PydanticCustomError."""
    if isinstance(varied, Values):
        values: list[Any] = []
        for given in varied.values:
            value = _valid(name, given, base)
            if value in values:
                raise _refusal(f"{name}: {_shown(value)} is there twice. Remove one")
            values.append(value)
        return Values(values=values)
    if method == "grid":
        raise _refusal(f"{name}: A grid needs values. List them, or choose the method random")
    if name not in RANGES:
        raise _refusal(f"{name}: List its values. A range is possible for {', '.join(RANGES)}")
    low, high = (
        _valid(name, int(end) if name in WHOLE and end.is_integer() else end, base) for end in (varied.low, varied.high)
    )
    if low >= high:
        raise _refusal(f"{name}: Its low end, {_shown(low)}, must be below its high end, {_shown(high)}")
    if varied.scale == "log" and low <= 0:
        raise _refusal(f"{name}: A log scale has no 0. Let low be above it, or choose the scale linear")
    return Range(low=low, high=high, scale=varied.scale)


def _valid(name: str, value: Any, base: RunSettings) -> Any:
    try:
        return getattr(RunSettings.model_validate({**base.model_dump(), name: value}), name)
    except ValidationError as error:
        raise _refusal(f"{name}: {_shown(value)} is not possible. {error.errors()[0]['msg']}") from error


def _shown(value: Any) -> str:
    """A given value for a message; it may be of any length."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _refusal(sentence: str) -> PydanticCustomError:
    # Without a full stop, as in pydantic's messages: the problem document adds it.
    return PydanticCustomError("plan", "{sentence}", {"sentence": sentence})


def _draw(rng: np.random.Generator, name: str, varied: Varied) -> Any:
    if isinstance(varied, Values):
        return varied.values[rng.integers(len(varied.values))]
    low, high = varied.low, varied.high
    # A whole number stands for the range up to the next one, so that both ends are as likely as the scale says.
    top = high + 1 if name in WHOLE else high
    log = varied.scale == "log"
    number = math.exp(rng.uniform(math.log(low), math.log(top))) if log else rng.uniform(low, top)
    if name in WHOLE:
        return int(min(max(math.floor(number), low), high))
    # Rounded to few digits, for people to read.
    return min(max(float(f"{number:.{_DIGITS}g}"), low), high)
