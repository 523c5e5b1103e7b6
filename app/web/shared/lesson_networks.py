"""The networks and inputs that a lesson's request names."""

from __future__ import annotations

from app.lessons.digits import Set
from app.lessons.networks import LessonError, copy_of, inputs_of
from app.network.activation import Floats
from app.network.landscape import Parameter
from app.network.network import Network
from app.served.predictor import Model, Predictor
from app.web.shared.network_schemas import NetworkChoice, ParameterName, Subject

# Lessons show every parameter: `classic` has 13,002.
MAX_PARAMETERS = 50_000


def small_model(predictor: Predictor, name: str) -> Model:
    """The served network. Raises UnknownModelError, and LessonError if it has more than MAX_PARAMETERS."""
    model = predictor.model(name)
    count = model.weights.network.parameters.size
    if count > MAX_PARAMETERS:
        raise LessonError(f"{name!r} has {count:,} parameters, too many to look at one by one. Choose 'classic'.")
    return model


def chosen_network(predictor: Predictor, choice: NetworkChoice) -> Network:
    """A copy of the chosen network, with the changes applied. Raises UnknownModelError and LessonError."""
    changes = {parameter_of(change): change.value for change in choice.changes}
    return copy_of(small_model(predictor, choice.model).weights.network, choice.seed, changes)


def parameter_of(name: ParameterName) -> Parameter:
    return Parameter(name.layer, name.neuron, name.input)


def seen(about: Subject | None, measured: Set) -> tuple[Floats, Floats]:
    """The inputs (n, 784) and wanted outputs (n, 10) over which the cost is computed: of `about`, or of `measured`."""
    return inputs_of(None if about is None else (about.input, about.digit), measured)
