"""Activations and costs for the templates, from their declarations in app/network/."""

from __future__ import annotations

from typing import Any

from app.network import ACTIVATIONS, COSTS
from app.runs.recipe import PRESETS
from app.web.shared.formula import mathml, mathml_with_numbers

# Every function from a weighted input to an activation, of hidden and output neurons.
_FUNCTIONS = {f.name: f for f in (*ACTIVATIONS.values(), *(cost.outputs for cost in COSTS.values()))}

TEMPLATE_FILTERS = {"mathml": mathml, "mathml_with_numbers": mathml_with_numbers}
TEMPLATE_GLOBALS: dict[str, Any] = {
    "activations": list(ACTIVATIONS.values()),
    "costs": list(COSTS.values()),
    "neuron_functions": list(_FUNCTIONS.values()),
    # The network that pages show before they have asked the server.
    "shipped": PRESETS["classic"],
    # For static/network/kinds.js: the outputs' activation by cost, and the slopes of piecewise linear activations.
    "network_kinds": {
        "outputs": {cost.name: cost.outputs.name for cost in COSTS.values()},
        "pieces": {activation.name: activation.pieces for activation in ACTIVATIONS.values()},
    },
}
