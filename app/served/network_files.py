"""Reads the files of networks that can be served."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.network.weights import Weights, WeightsError, known_answer, read_weights


def read_digits(path: Path) -> Weights:
    """Reads a network from 784 pixels to 10 digits. Raises WeightsError, as `require_digits` does."""
    return require_digits(read_weights(path), path.name)


def require_digits(weights: Weights, name: str, sha256: str = "") -> Weights:
    """The network of the file that is called `name` in errors; the file must have that SHA-256 if it is given.

    Raises WeightsError for any other file, for a network that does not go from 784 pixels to 10 digits, and for one
    whose answers are not finite.
    """
    if sha256 and weights.sha256 != sha256:
        raise WeightsError(f"{name} is not the file that was published: its SHA-256 is {weights.sha256}.")
    sizes = weights.network.sizes
    if (sizes[0], sizes[-1]) != (784, 10):
        raise WeightsError(
            f"{name} goes from {sizes[0]} inputs to {sizes[-1]} outputs, not from 784 pixels to 10 digits."
        )
    if not np.isfinite(known_answer(weights.network)).all():
        raise WeightsError(f"{name} has parameters so large that its answers are not numbers.")
    return weights
