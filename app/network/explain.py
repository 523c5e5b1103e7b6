"""Explains a network's answers: which pixels are evidence for a digit, and which input it would answer most surely.

Backprop ends at the first layer's weights. One step further is the gradient by the input, which says how much each
pixel matters.
"""

from __future__ import annotations

import numpy as np

from app.network.activation import Floats
from app.network.inputs import SIDE
from app.network.network import Network

# Gradient ascent on the input: enough small steps for the picture to settle.
_DREAM_STEPS = 60
_DREAM_RATE = 0.08
# The mean ink of a thin digit. Without a limit, every pixel that helps a little would be full.
_DREAM_INK = 0.1
# In pixels from the middle: 98% of a digit's ink lies nearer. Further out, weights keep their random start.
_DREAM_RADIUS = 11
# Each step moves the picture by up to this many pixels, so that strokes grow instead of single pixels.
_DREAM_MOVE = 2


def weighted_inputs(network: Network, activations: list[Floats]) -> list[Floats]:
    """The weighted inputs z (n, neurons) of each layer, from the activations of all layers."""
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
    """The gradient (n, inputs) by the input, of a function with derivative `output_delta` (n, k) by the outputs' z."""
    return deltas(network, activations, output_delta)[0] @ network.layers[0].weights


def evidence(network: Network, x: Floats, digit: int) -> tuple[Floats, float]:
    """How much each pixel of one input x (inputs,) is evidence for `digit` against the other digits: gradient x input.

    It explains the score of the digit: its weighted input minus the mean of all ten, since softmax depends only on such
    differences. Returns the evidence (inputs,) and the score. With piecewise linear activations, the evidence and the
    contribution of the biases add up to the score exactly (Shrikumar et al., "Learning Important Features Through
    Propagating Activation Differences", 2017, section 2, on gradient x input).
    """
    activations = network.activations(x[None])
    z = weighted_inputs(network, activations)[-1]
    against = np.full_like(z, -1 / z.shape[1])
    against[0, digit] += 1
    return input_gradient(network, activations, against)[0] * x, float((z * against).sum())


def dreams(network: Network) -> Floats:
    """For each digit an input that the network answers surely: (10, 784) in 0..1, by gradient ascent from a grey disc.

    Each step follows the smoothed gradient of the digit's log-probability. Ink is limited to where digits have it and
    to the amount of a thin digit. After Erhan et al., "Visualizing Higher-Layer Features of a Deep Network", 2009, and
    Olah et al., "Feature Visualization", 2017, for the moves between steps.
    """
    wanted = np.eye(network.sizes[-1], dtype=network.parameters.dtype)
    moves = np.random.default_rng(0).integers(-_DREAM_MOVE, _DREAM_MOVE + 1, (_DREAM_STEPS, 2))
    disc = _disc().astype(wanted.dtype)
    x = np.tile(disc * wanted.dtype.type(0.15), (len(wanted), 1))
    for down, right in moves.tolist():
        activations = network.activations(_moved(x, down, right))
        # The gradient of the score keeps it climbing where the probability is almost 1.
        against = wanted - network.cost.probabilities(activations[-1]) + 0.3 * (wanted - 1 / len(wanted))
        slope = _smoothed(_moved(input_gradient(network, activations, against), -down, -right)) * disc
        slope /= np.abs(slope).max(axis=1, keepdims=True) + np.finfo(slope.dtype).tiny
        x = np.clip(x + _DREAM_RATE * slope, 0, 1)
        x = np.maximum(x - np.maximum(x.mean(axis=1, keepdims=True) - _DREAM_INK, 0), 0)
    # Every input has its brightest pixel at 1.
    return np.asarray(x / np.maximum(x.max(axis=1, keepdims=True), np.finfo(x.dtype).tiny))


def _disc() -> Floats:
    """A picture (784,) with 1 near the middle and 0 beyond the radius."""
    from_middle = np.arange(SIDE) - (SIDE - 1) / 2
    distance = np.hypot(from_middle[:, None], from_middle)
    return np.asarray(np.exp(-((distance / _DREAM_RADIUS) ** 6)).ravel())


def _moved(x: Floats, down: int, right: int) -> Floats:
    """Images (n, 784) moved by whole pixels."""
    return np.asarray(np.roll(x.reshape(-1, SIDE, SIDE), (down, right), (1, 2)).reshape(x.shape))


def _smoothed(x: Floats) -> Floats:
    """Images (n, 784) blurred by about a pixel: strokes, not speckles."""
    apart = np.arange(SIDE) - np.arange(SIDE)[:, None]
    blur = np.exp(-(apart**2) / 2)
    blur = (blur / blur.sum(axis=1, keepdims=True)).astype(x.dtype)
    return np.asarray((blur @ x.reshape(-1, SIDE, SIDE) @ blur.T).reshape(x.shape))
