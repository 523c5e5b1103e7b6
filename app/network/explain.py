"""Why a network answers as it does: which pixels spoke for an answer, and what it would like to see.

Backprop stops at the first layer's weights. One layer further down is the input, and the gradient there says how much
each pixel matters.
"""

from __future__ import annotations

import numpy as np

from app.network.activation import Floats
from app.network.network import Network
from app.network.normalise import PIXELS

# Gradient ascent on the input: enough small steps for the picture to settle.
_DREAM_STEPS = 150
_DREAM_RATE = 0.05
# Ink that does not help is taken away: without a price, every pixel that helps a little would be full.
_INK_PRICE = 0.02


def weighted_inputs(network: Network, activations: list[Floats]) -> list[Floats]:
    """The weighted inputs z (n, neurons) of each layer, from the activations that they led to."""
    return [a @ weights.T + biases for a, (weights, biases) in zip(activations, network.layers, strict=False)]


def deltas(network: Network, activations: list[Floats], output_delta: Floats) -> list[Floats]:
    """The deltas (n, neurons) of each layer after the input, given those of the outputs (n, k).

    Equation BP2 of Nielsen, chapter 2: delta_l = (w_{l+1}^T delta_{l+1}) * slope. No division by n.
    """
    found = [output_delta]
    for (weights, _), a in zip(network.layers[:0:-1], activations[-2:0:-1], strict=True):
        found.insert(0, (found[0] @ weights) * network.activation.slope(a))
    return found


def input_gradient(network: Network, activations: list[Floats], output_delta: Floats) -> Floats:
    """The gradient (n, inputs) by the input of what has `output_delta` (n, k) as derivative by the outputs' z."""
    return deltas(network, activations, output_delta)[0] @ network.layers[0].weights


def evidence(network: Network, x: Floats, digit: int) -> tuple[Floats, float]:
    """How much each pixel of one input x (inputs,) spoke for `digit` against the rest: gradient x input.

    What is explained is the score of the digit, its weighted input less the mean of all ten: softmax looks at such
    differences alone. Returns the evidence (inputs,) and the score; where activations are piecewise linear, the
    evidence and what the biases add make up the score exactly (Shrikumar et al., "Learning Important Features Through
    Propagating Activation Differences", 2017, section 2, on gradient x input).
    """
    activations = network.activations(x[None])
    z = weighted_inputs(network, activations)[-1]
    against = np.full_like(z, -1 / z.shape[1])
    against[0, digit] += 1
    return input_gradient(network, activations, against)[0] * x, float((z * against).sum())


def dreams(network: Network) -> Floats:
    """What the network would like to see for each digit: inputs (10, 784) in 0..1, by gradient ascent from grey paper.

    Each step goes up the slope of the digit's log-probability and pays for its ink; pixels stay in 0..1. After Erhan
    et al., "Visualizing Higher-Layer Features of a Deep Network", 2009.
    """
    wanted = np.eye(network.sizes[-1], dtype=network.parameters.dtype)
    x = np.full((len(wanted), PIXELS), 0.1, wanted.dtype)
    for _ in range(_DREAM_STEPS):
        activations = network.activations(x)
        # The weighted input's own slope keeps it climbing where the probability is all but 1.
        slope = input_gradient(
            network, activations, wanted - network.cost.probabilities(activations[-1]) + 0.1 * wanted
        )
        slope /= np.abs(slope).max(axis=1, keepdims=True) + np.finfo(slope.dtype).tiny
        x = np.clip(_smoothed(x) + _DREAM_RATE * (slope - _INK_PRICE), 0, 1)
    return x


def _smoothed(x: Floats) -> Floats:
    """Images (n, 784) with each pixel a little more like its neighbours: strokes, not speckles."""
    images = np.pad(x.reshape(-1, 28, 28), ((0, 0), (1, 1), (1, 1)))
    around = images[:, :-2, 1:-1] + images[:, 2:, 1:-1] + images[:, 1:-1, :-2] + images[:, 1:-1, 2:]
    return np.asarray((0.8 * images[:, 1:-1, 1:-1] + 0.05 * around).reshape(x.shape))
