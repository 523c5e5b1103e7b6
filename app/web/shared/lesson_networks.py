"""Which network a lesson is about, and on which images."""

from __future__ import annotations

import numpy as np
from fastapi import HTTPException

from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.landscape import Parameter, index_of
from app.network.network import Network, one_hot
from app.served.predictor import Model, Predictor
from app.web.shared.network_schemas import NetworkChoice, Subject

# Lessons are about numbers that one can look at: `classic` has 13,002.
MOST_PARAMETERS = 50_000


def small_model(predictor: Predictor, name: str) -> Model:
    """The served network. Raises UnknownModelError, and 422 for one that is too large for lessons."""
    model = predictor.model(name)
    count = model.weights.network.parameters.size
    if count > MOST_PARAMETERS:
        raise HTTPException(
            422, f"{name!r} has {count:,} parameters, too many to look at one by one. Choose 'classic'."
        )
    return model


def chosen_network(predictor: Predictor, choice: NetworkChoice) -> Network:
    """A copy, so that whatever a lesson does to it, the served network stays as it is."""
    served = small_model(predictor, choice.model).weights.network
    shape = served.sizes, served.activation.name, served.cost.name
    if choice.seed is None:
        network = Network(*shape, served.parameters.copy())
    else:
        network = Network.random(np.random.default_rng(choice.seed), *shape)
    for change in choice.changes:
        index = index_in(network, Parameter(change.layer, change.neuron, change.input))
        network.parameters[index] = change.value
    return network


def index_in(network: Network, parameter: Parameter) -> int:
    """Where the parameter lies. Raises 422 when the network has none such."""
    try:
        return index_of(parameter, network.sizes)
    except ValueError as error:
        raise HTTPException(422, str(error)) from error


def seen(about: Subject | None, measured: Set) -> tuple[Floats, Floats]:
    """What the cost is about: inputs (n, 784) and wanted outputs (n, 10)."""
    if about is None:
        return measured.inputs, measured.wanted
    return np.array([about.input], np.float32), one_hot(np.array([about.digit]))
