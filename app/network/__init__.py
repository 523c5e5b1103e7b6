"""The mathematics of Descent: a network, its cost, and gradient descent, in NumPy and the standard library."""

from app.network.activation import ACTIVATIONS
from app.network.cost import COSTS, Cost
from app.network.descent import Descent, Progress
from app.network.network import CLASSIC_SIZES, Network

__all__ = ["ACTIVATIONS", "CLASSIC_SIZES", "COSTS", "Cost", "Descent", "Network", "Progress"]
