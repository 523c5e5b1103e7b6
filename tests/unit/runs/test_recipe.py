from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from app.runs.recipe import PRESETS, RunSettings


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
