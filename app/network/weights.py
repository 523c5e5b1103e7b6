"""A network in a safetensors file, with the metadata needed to use it.

The tensors are named by layer, `1.weights` (16, 784) and `1.biases` (16,) first: float32, little-endian.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.network.inputs import PREPARATION
from app.network.network import Network
from app.network.tensor_file import pack, unpack, write_whole

# Larger than rounding differences between machines, smaller than the effect of other parameters or formulas.
_KNOWN_ANSWER_TOLERANCE = 0.01


class WeightsError(Exception):
    """A file holds no network that can be used; the message names the file and the reason."""


@dataclass(frozen=True)
class Weights:
    """A network read from a file. `version` identifies the network (see `version_of`), `sha256` the file.

    Networks of the same version compare equal, so results can be cached by network.
    """

    network: Network = field(compare=False)
    metadata: dict[str, str] = field(compare=False)
    version: str
    sha256: str = field(compare=False)


def version_of(network: Network) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of everything that determines the network's answers.

    The file's SHA-256 can't be used, since safetensors writes the metadata in any order.
    """
    shape = f"{network.sizes} {network.activation.name} {network.cost.name} {PREPARATION}"
    return hashlib.sha256(shape.encode() + network.parameters.astype("<f4").tobytes()).hexdigest()[:12]


def pack_weights(network: Network, metadata: Mapping[str, str]) -> bytes:
    """The bytes of a file with the network, `metadata`, its sizes, activation and cost, a checksum and a known answer.

    `unpack_weights` checks the last two.
    """
    tensors = {}
    for number, (weights, biases) in enumerate(network.layers, start=1):
        tensors[f"{number}.weights"] = np.ascontiguousarray(weights, np.float32)
        tensors[f"{number}.biases"] = np.ascontiguousarray(biases, np.float32)
    described = {
        "sizes": json.dumps(network.sizes),
        "activation": network.activation.name,
        "cost": network.cost.name,
        "normalise": PREPARATION,
        "known_answer": json.dumps(known_answer(network).tolist()),
    }
    return pack(tensors, {**metadata, **described})


def write_weights(path: Path, network: Network, metadata: Mapping[str, str]) -> None:
    """Writes the file of `pack_weights` atomically. Raises OSError."""
    write_whole(path, pack_weights(network, metadata))


def known_answer(network: Network) -> NDArray[np.floating]:
    """The network's probabilities (k,) for one fixed input, which has all shades of ink."""
    shades = (np.arange(network.sizes[0]) * 37 % 256 / 255).astype(np.float32)
    with np.errstate(all="ignore"):  # those of a diverged network may not be finite
        probabilities: NDArray[np.floating] = network.probabilities(shades[np.newaxis])[0]
    return probabilities


def read_weights(path: Path) -> Weights:
    """Reads a network written by `write_weights`. Raises WeightsError, as `unpack_weights` does."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"{path.name} can't be read: {error.strerror}.") from error
    return unpack_weights(content, path.name)


def unpack_weights(content: bytes, name: str) -> Weights:
    """The network in the bytes of a file, which is called `name` in errors.

    Raises WeightsError if the file is anything else or damaged, or if the network does not give its known answer.
    """
    try:
        file = unpack(content)
        metadata = file.metadata
        sizes = json.loads(metadata["sizes"])
        # Checked before the network is made, since wrong sizes may need more memory than there is.
        for number, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
            for part, shape in ((f"{number}.weights", (outputs, inputs)), (f"{number}.biases", (outputs,))):
                if (found := file.tensors[part].shape) != shape:
                    raise ValueError(f"{part} is {found}, not {shape}")
        network = Network(sizes, metadata["activation"], metadata["cost"])
        for number, (weights, biases) in enumerate(network.layers, start=1):
            weights[:], biases[:] = file.tensors[f"{number}.weights"], file.tensors[f"{number}.biases"]
        prepared = metadata["normalise"]
        known = np.array(json.loads(metadata["known_answer"])) if "known_answer" in metadata else None
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise WeightsError(f"{name} is not a network of Descent: {error}") from error
    if not np.isfinite(network.parameters).all():
        raise WeightsError(f"{name} holds parameters that are not finite numbers.")
    if prepared != PREPARATION:
        raise WeightsError(
            f"{name} was trained on inputs prepared as {prepared!r}, but drawings are prepared as "
            f"{PREPARATION!r} now. Train it again."
        )
    answer = known_answer(network)
    if known is not None and not (
        known.shape == answer.shape and np.allclose(answer, known, rtol=0, atol=_KNOWN_ANSWER_TOLERANCE, equal_nan=True)
    ):
        raise WeightsError(
            f"{name} gives other answers than when it was written. Train it again, or restore a back-up."
        )
    return Weights(network, metadata, version_of(network), file.sha256)
