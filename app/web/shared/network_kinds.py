"""What pages say about activations and costs, from their declarations in app/network/: none of it is written twice."""

from __future__ import annotations

from typing import Any

from app.network import ACTIVATIONS, COSTS
from app.runs.recipe import PRESETS
from app.web.shared.formula import mathml, mathml_with_numbers

# Hidden and output neurons alike: every function that makes an activation out of a weighted input.
_FUNCTIONS = {f.name: f for f in (*ACTIVATIONS.values(), *(cost.outputs for cost in COSTS.values()))}

TEMPLATE_FILTERS = {"mathml": mathml, "mathml_with_numbers": mathml_with_numbers}
TEMPLATE_GLOBALS: dict[str, Any] = {
    "activations": list(ACTIVATIONS.values()),
    "costs": list(COSTS.values()),
    "neuron_functions": list(_FUNCTIONS.values()),
    # What the pages show until they know which network answers.
    "shipped": PRESETS["classic"],
    # For static/network/kinds.js: the activation of the outputs by cost, and the slopes of straight activations.
    "network_kinds": {
        "outputs": {cost.name: cost.outputs.name for cost in COSTS.values()},
        "pieces": {activation.name: activation.pieces for activation in ACTIVATIONS.values()},
    },
}
