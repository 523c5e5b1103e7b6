"""The formulas that pages show are those that the code computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.network import ACTIVATIONS, COSTS
from app.network.activation import Floats

Z = 3 * np.random.default_rng(1).standard_normal((50, 10))
Y = np.random.default_rng(2).dirichlet(np.ones(10), 50)


def _value(formula: str, **letters: Floats) -> Floats:
    """The formula, a Python expression of one number each, or of the outputs of one image where it has a sum."""
    words: dict[str, Any] = {"e": np.e, "ln": np.log, "max": np.maximum, "sum": lambda x: x.sum(axis=1, keepdims=True)}
    functions = {name: getattr(np, name) for name in ("tanh", "cosh", "sinh", "sin", "cos", "abs")}
    if " if " not in formula:
        return np.asarray(eval(formula, functions | words | letters))
    body, _, rest = formula.partition(" if ")
    condition, _, other = rest.partition(" else ")
    return np.where(*(_value(part, **letters) for part in (condition, body, other)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_formulas_of_an_activation_are_its_function_and_its_slope(name: str) -> None:
    activation = ACTIVATIONS[name]
    a = activation.of(Z)

    np.testing.assert_allclose(_value(activation.formula, z=Z), a, rtol=1e-12)
    np.testing.assert_allclose(_value(activation.slope_formula, z=Z, a=a), activation.slope(a), rtol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_has_pieces_exactly_if_it_is_made_of_two_straight_lines(name: str) -> None:
    activation = ACTIVATIONS[name]
    below, above = (float(activation.of(np.array([z]))[0]) for z in (-1.0, 1.0))
    lines = np.where(Z < 0, -below * Z, above * Z)

    is_straight = bool(np.allclose(activation.of(Z), lines, rtol=1e-12))

    if is_straight:
        assert activation.pieces == pytest.approx((-below, above))
    else:
        assert activation.pieces is None


@pytest.mark.parametrize("name", COSTS)
def test_the_formulas_of_a_cost_are_its_outputs_its_mean_and_its_delta(name: str) -> None:
    cost = COSTS[name]
    a = cost.output(Z)

    np.testing.assert_allclose(_value(cost.outputs.formula, z=Z), a, rtol=1e-12)
    assert _value(cost.formula, a=a, y=Y).mean() == pytest.approx(cost.mean(a, Y))
    np.testing.assert_allclose(_value(cost.delta_formula, a=a, y=Y), cost.delta(a, Y), rtol=1e-9)
