"""The cost of one drawing and of many images, by each cost function."""

from __future__ import annotations

from typing import NamedTuple

from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.cost import COSTS
from app.network.network import Network


class Costs(NamedTuple):
    """The outputs (10,) and costs of one drawing; the mean costs and the accuracy (0..1) over the measured images.

    Costs are by name. `sample` has (label, answer, costs) for each of the first measured images.
    """

    outputs: Floats
    cost: dict[str, float]
    mean: dict[str, float]
    accuracy: float
    sample: list[tuple[int, int, dict[str, float]]]


def costs_of(network: Network, x: Floats, y: Floats, measured: Set, sample: int) -> Costs:
    """The costs of a drawing x (1, 784) with wanted outputs y (1, 10), and of the measured images."""
    outputs, all_outputs = network.feedforward(x), network.feedforward(measured.inputs)
    digits = all_outputs.argmax(axis=1)

    def each(a: Floats, wanted: Floats) -> dict[str, float]:
        return {name: cost.mean(a, wanted) for name, cost in COSTS.items()}

    return Costs(
        outputs[0],
        each(outputs, y),
        each(all_outputs, measured.wanted),
        float((digits == measured.labels).mean()),
        [
            (int(measured.labels[n]), int(digits[n]), each(all_outputs[n : n + 1], measured.wanted[n : n + 1]))
            for n in range(sample)
        ],
    )
