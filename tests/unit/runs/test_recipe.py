from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from app.network import Descent, Network
from app.runs.recipe import PRESETS, RecipeError, RunSettings, effective_rates, public_settings, settings_to_repeat
from app.store.records import Event, Run

RUN = Run(
    id=3,
    status="stopped",
    reason=None,
    settings={},
    steps=900,
    step=431,
    epoch=1,
    cost=None,
    accuracy=None,
    test_accuracy=None,
    created_at="",
    started_at=None,
    ended_at=None,
)


def test_everything_has_a_default_and_the_default_network_is_the_classic_one() -> None:
    assert RunSettings().sizes == (784, 16, 16, 10)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_fills_in_what_is_not_given_and_yields_to_what_is(preset: str) -> None:
    filled = RunSettings.model_validate({"preset": preset, "epochs": 2})

    assert filled.epochs == 2
    for name, value in PRESETS[preset].items():
        if name != "epochs":
            assert getattr(filled, name) == value


def test_the_article_preset_is_plain_gradient_descent_on_sigmoid_neurons_with_the_quadratic_cost() -> None:
    article = RunSettings.model_validate({"preset": "article"})

    assert (article.activation, article.cost, article.optimizer) == ("sigmoid", "quadratic", "sgd")
    assert not article.decay


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("hidden", [0]),
        ("hidden", [16] * 5),
        ("activation", "no-such"),
        ("cost", "loss"),
        ("optimizer", "newton"),
        ("learning_rate", 0),
        ("learning_rate", float("inf")),
        ("batch_size", 0),
        ("epochs", 0),
        ("epochs", 1001),
        ("seed", -1),
        ("tolerance", -1),
        ("pace", 61),
        ("weight_decay", 2),
        ("temperature", 0),
        ("augmentation", "wild"),
        ("teacher", "nobody"),
        ("preset", "slow"),
        ("speed", 3),
    ],
)
def test_what_makes_no_run_is_refused_by_the_name_of_the_setting(setting: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        RunSettings.model_validate({setting: value})

    assert refused.value.errors()[0]["loc"][0] == setting


def test_settings_to_repeat_have_the_changed_rates_the_last_step_and_the_data() -> None:
    run = replace(RUN, settings={"preset": "quick", "rates": [[10, 0.5], [400, 0.1]]})
    events = [
        Event(1, "cost", {"step": 120, "epoch": 1, "cost": 2.0}),
        Event(2, "rate", {"step": 120, "learning_rate": 0.25}),
        Event(3, "rate", {"step": 120, "learning_rate": 0.2}),
    ]

    settings = settings_to_repeat(run, events, "a" * 64)

    assert "preset" not in settings
    assert settings["optimizer"] == "adam"
    assert settings["rates"] == [(10, 0.5), (120, 0.2)]
    assert (settings["last_step"], settings["data_sha256"]) == (431, "a" * 64)
    assert RunSettings.model_validate(settings).epochs == 4


@pytest.mark.parametrize(
    ("status", "step", "last_step"),
    [("finished", 900, None), ("failed", 431, None), ("diverged", 0, None), ("diverged", 9, 9)],
)
def test_only_what_ended_early_stops_early_again(status: str, step: int, last_step: int | None) -> None:
    run = replace(RUN, status=status, step=step)  # type: ignore[arg-type]

    assert settings_to_repeat(run, [], None)["last_step"] == last_step


def test_the_effective_rates_are_those_of_the_whole_list_with_rising_steps() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        rates = [(int(step), float(n)) for n, step in enumerate(rng.integers(0, 20, 8), start=1)]
        whole, kept = (Descent(Network((2, 2)), rates=list(some)) for some in (rates, effective_rates(rates)))
        for step in range(25):
            whole.step = kept.step = step
            assert whole.rate == kept.rate
        assert [step for step, _ in kept.rates] == sorted({step for step, _ in kept.rates})


def test_a_recipe_names_one_collection_at_most() -> None:
    assert RunSettings(dataset="few", also="mnist").collection is None
    assert RunSettings(dataset="room-A", measured_on="room-A").collection == "room-A"
    assert RunSettings(also="corrections").collection == "corrections"
    with pytest.raises(RecipeError, match="A run can use one room, and this recipe names corrections and room-A"):
        _ = RunSettings(dataset="room-A", measured_on="corrections").collection


def test_settings_for_everybody_have_no_code_of_a_room() -> None:
    settings = RunSettings(dataset="room-ABC", also="mnist", measured_on="room-ABC").model_dump()

    public = public_settings(settings)

    assert [public[name] for name in ("dataset", "also", "measured_on")] == ["room", "mnist", "room"]
    assert public_settings({"dataset": "corrections", "epochs": 3}) == {"dataset": "corrections", "epochs": 3}


def test_a_repeated_recipe_names_the_images_of_its_collection_by_their_own_hash() -> None:
    kept = {"dataset": "room-A", "collection_sha256": "a" * 64}

    repeated = settings_to_repeat(replace(RUN, settings=kept), [], "b" * 64)

    assert (repeated["collection_sha256"], repeated["data_sha256"]) == ("a" * 64, None)
