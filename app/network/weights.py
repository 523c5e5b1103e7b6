"""A network in a safetensors file, with what must be known to use it and how it came about.

The tensors are named as layers, `1.weights` (16, 784) and `1.biases` (16,) first: float32, little-endian.
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

# Another machine's arithmetic rounds otherwise; other numbers, or other formulas, are further off.
_AS_KNOWN = 0.01


class WeightsError(Exception):
    """A file is not a network that this program can use; the message names the file and the reason."""


@dataclass(frozen=True)
class Weights:
    """A network as read from a file. `version` tells networks apart: other numbers, other version; and `sha256` files.

    Two of one version are equal, so that what was found out about one can be remembered for the other.
    """

    network: Network = field(compare=False)
    metadata: dict[str, str] = field(compare=False)
    version: str
    sha256: str = field(compare=False)


def version_of(network: Network) -> str:
    """The start of the SHA-256 of all that makes the network's answers: 12 hexadecimal digits.

    The file's own SHA-256 would not do: safetensors writes the metadata in any order.
    """
    shape = f"{network.sizes} {network.activation.name} {network.cost.name} {PREPARATION}"
    return hashlib.sha256(shape.encode() + network.parameters.astype("<f4").tobytes()).hexdigest()[:12]


def write_weights(path: Path, network: Network, metadata: Mapping[str, str]) -> None:
    """Writes the network, whole or not at all. `metadata` goes along; sizes, activation, cost are added to it.

    So are a checksum of the file, and what the network answers to one input, to be asked again when it is read.
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
    write_whole(path, pack(tensors, {**metadata, **described}))


def known_answer(network: Network) -> NDArray[np.floating]:
    """The probabilities (k,) that the network gives to one input that is always the same, and has all shades of ink."""
    shades = (np.arange(network.sizes[0]) * 37 % 256 / 255).astype(np.float32)
    with np.errstate(all="ignore"):  # from a network that diverged they may be no numbers
        probabilities: NDArray[np.floating] = network.probabilities(shades[np.newaxis])[0]
    return probabilities


def read_weights(path: Path) -> Weights:
    """Reads a network that `write_weights` wrote.

    Raises WeightsError, naming the file, when it is anything else, when a byte of it is another now, and when the
    network answers otherwise than it did.
    """
    try:
        file = unpack(path.read_bytes())
        metadata = file.metadata
        sizes = json.loads(metadata["sizes"])
        # Before the network is made: sizes that the tensors do not have may be too large for any memory.
        for number, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
            for name, shape in ((f"{number}.weights", (outputs, inputs)), (f"{number}.biases", (outputs,))):
                if (found := file.tensors[name].shape) != shape:
                    raise ValueError(f"{name} is {found}, not {shape}")
        network = Network(sizes, metadata["activation"], metadata["cost"])
        for number, (weights, biases) in enumerate(network.layers, start=1):
            weights[:], biases[:] = file.tensors[f"{number}.weights"], file.tensors[f"{number}.biases"]
        prepared = metadata["normalise"]
        known = np.array(json.loads(metadata["known_answer"])) if "known_answer" in metadata else None
    except OSError as error:
        raise WeightsError(f"{path} can't be read: {error}") from error
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise WeightsError(f"{path} holds no network of ours: {error}") from error
    if not np.isfinite(network.parameters).all():
        raise WeightsError(f"{path} holds parameters that are not finite numbers.")
    if prepared != PREPARATION:
        raise WeightsError(
            f"{path} was trained on inputs prepared as {prepared!r}, but drawings are prepared as "
            f"{PREPARATION!r} now. Train it again."
        )
    answer = known_answer(network)
    if known is not None and not (
        known.shape == answer.shape and np.allclose(answer, known, rtol=0, atol=_AS_KNOWN, equal_nan=True)
    ):
        raise WeightsError(f"{path} answers otherwise than when it was written. Train it again, or put a back-up back.")
    return Weights(network, metadata, version_of(network), file.sha256)
