from __future__ import annotations

import math
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.runs.recipe import RunSettings
from app.runs.sweep_plan import MAX_RUNS, RANGES, PlanError, SweepPlan

RATES = {"low": 0.001, "high": 1.0, "scale": "log"}


def plan(**given: Any) -> SweepPlan:
    return SweepPlan.model_validate(given)


def test_a_grid_makes_a_run_of_each_combination_and_keeps_what_is_not_varied() -> None:
    vary = {"learning_rate": {"values": [0.01, 0.1, 1]}, "hidden": {"values": [[16, 16], [32], []]}}

    recipes = plan(base={"preset": "quick", "epochs": 1}, vary=vary).recipes()

    assert len({recipe.model_dump_json() for recipe in recipes}) == 9
    assert {(recipe.learning_rate, tuple(recipe.hidden)) for recipe in recipes} == {
        (rate, hidden) for rate in (0.01, 0.1, 1.0) for hidden in ((16, 16), (32,), ())
    }
    assert {(recipe.optimizer, recipe.epochs, recipe.batch_size) for recipe in recipes} == {("adam", 1, 64)}


def test_a_run_whose_settings_are_no_more_the_presets_does_not_bear_its_name() -> None:
    recipes = plan(base={"preset": "quick"}, vary={"learning_rate": {"values": [0.004, 0.04]}}).recipes()

    assert [recipe.preset for recipe in recipes] == ["quick", None]


def test_the_order_in_which_a_plan_is_written_changes_nothing() -> None:
    vary = {"learning_rate": RATES, "activation": {"values": ["relu", "sigmoid"]}, "epochs": {"low": 1, "high": 9}}
    turned = dict(reversed(vary.items()))

    first, second = (plan(method="random", runs=12, seed=5, vary=way).recipes() for way in (vary, turned))

    assert first == second
    assert first != plan(method="random", runs=12, seed=6, vary=vary).recipes()


@given(
    name=st.sampled_from(RANGES),
    ends=st.tuples(st.integers(1, 900), st.integers(1, 900)).filter(lambda ends: ends[0] != ends[1]),
    scale=st.sampled_from(["linear", "log"]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_what_is_drawn_lies_in_its_range_differs_and_comes_again(
    name: str, ends: tuple[int, int], scale: str, seed: int
) -> None:
    # Only numbers of these settings may be as large as 1,000; the others are made as small as theirs are.
    part = 1 if name in ("batch_size", "epochs", "seed") else 1000
    low, high = min(ends) / part, max(ends) / part
    wanted = plan(method="random", runs=2, seed=seed, vary={name: {"low": low, "high": high, "scale": scale}})

    drawn = [getattr(recipe, name) for recipe in wanted.recipes()]

    assert all(low <= value <= high for value in drawn)
    assert drawn[0] != drawn[1]
    assert all(isinstance(value, int if part == 1 else float) for value in drawn)
    assert SweepPlan.model_validate(wanted.model_dump(mode="json")) == wanted
    assert [getattr(recipe, name) for recipe in wanted.recipes()] == drawn


def test_on_a_log_scale_each_power_of_ten_is_as_likely_as_the_next() -> None:
    recipes = plan(method="random", runs=100, vary={"learning_rate": RATES}).recipes()

    powers = [math.floor(math.log10(recipe.learning_rate)) for recipe in recipes]
    assert all(20 <= powers.count(power) <= 47 for power in (-3, -2, -1))


def test_both_ends_of_a_range_of_whole_numbers_are_drawn() -> None:
    for scale in ("linear", "log"):
        recipes = plan(method="random", runs=5, vary={"epochs": {"low": 2, "high": 6, "scale": scale}}).recipes()
        assert sorted(recipe.epochs for recipe in recipes) == [2, 3, 4, 5, 6]


def test_a_search_that_can_not_find_enough_different_settings_says_how_many_there_are() -> None:
    few = plan(method="random", runs=4, vary={"decay": {"values": [True, False]}})

    with pytest.raises(PlanError, match="only 2 different settings"):
        few.recipes()


def test_full_batch_can_be_one_of_the_values() -> None:
    recipes = plan(vary={"batch_size": {"values": [32, None]}}).recipes()

    assert [recipe.batch_size for recipe in recipes] == [32, None]


def test_a_plan_read_back_from_a_store_makes_the_same_runs() -> None:
    first = plan(base={"batch_size": None}, vary={"epochs": {"values": [1, 2]}, "learning_rate": {"values": [0.5]}})

    again = SweepPlan.model_validate(first.model_dump(mode="json"))

    assert again.recipes() == first.recipes()
    assert first.recipes()[0] == RunSettings(batch_size=None, epochs=1, learning_rate=0.5)


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ({}, "vary", ["required"]),
        ({"vary": {}}, "vary", ["at least one", "learning_rate"]),
        ({"vary": {"pace": {"values": [1]}}}, "vary", ["pace can't be varied", "learning_rate"]),
        ({"vary": {"learning_rate": {"values": []}}}, "vary", ["at least 1"]),
        ({"vary": {"learning_rate": {"values": [0.1, 0]}}}, "vary", ["learning_rate: 0 is not possible", "greater"]),
        ({"vary": {"hidden": {"values": [[16], [0]]}}}, "vary", ["hidden: [0]", "greater"]),
        ({"vary": {"hidden": {"values": [list(range(9_999))]}}}, "vary", ["hidden: [0, 1", "..."]),
        ({"vary": {"optimizer": {"values": ["newton"]}}}, "vary", ["optimizer: 'newton'", "adam"]),
        ({"vary": {"learning_rate": {"values": [0.1, 0.1]}}}, "vary", ["learning_rate: 0.1 is there twice"]),
        ({"vary": {"learning_rate": {"values": ["0.1"]}}}, "vary", ["learning_rate: '0.1' is not possible"]),
        ({"vary": {"learning_rate": RATES}}, "vary", ["learning_rate: A grid needs values", "random"]),
        ({"vary": {"learning_rate": {}}, "method": "random", "runs": 1}, "vary", ["required"]),
        ({"vary": {"learning_rate": {"values": [1], "low": 1}}}, "vary", ["not permitted"]),
        ({"vary": {"hidden": RATES}, "method": "random", "runs": 1}, "vary", ["hidden: List its values"]),
        ({"vary": {"epochs": {"low": 1.5, "high": 3}}, "method": "random", "runs": 1}, "vary", ["epochs: 1.5"]),
        ({"vary": {"epochs": {"low": 3, "high": 3}}, "method": "random", "runs": 1}, "vary", ["epochs", "below"]),
        (
            {"vary": {"weight_decay": {"low": 0, "high": 1, "scale": "log"}}, "method": "random", "runs": 1},
            "vary",
            ["weight_decay: A log scale has no 0"],
        ),
        ({"vary": {"seed": {"values": list(range(51))}, "decay": {"values": [True, False]}}}, "vary", ["102", "100"]),
        ({"vary": {"seed": {"values": [1]}}, "runs": 3}, "runs", ["Remove runs"]),
        ({"vary": {"seed": {"values": [1]}}, "method": "random"}, "runs", ["1 to 100"]),
        ({"vary": {"seed": {"values": [1]}}, "method": "random", "runs": MAX_RUNS + 1}, "runs", ["100"]),
        ({"vary": {"seed": {"values": [1]}}, "parallel": (os.cpu_count() or 1) + 1}, "parallel", ["less than"]),
        ({"vary": {"seed": {"values": [1]}}, "base": {"epochs": 0}}, "base", ["greater"]),
        ({"vary": {"seed": {"values": [1]}}, "speed": 3}, "speed", ["not permitted"]),
    ],
)
def test_what_makes_no_sweep_is_refused_with_what_to_change(
    given: dict[str, Any], place: str, words: list[str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        SweepPlan.model_validate(given)

    first = refused.value.errors()[0]
    assert first["loc"][0] == place
    assert all(word in first["msg"] for word in words), first["msg"]
