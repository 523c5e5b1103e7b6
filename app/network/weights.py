"""A network in a safetensors file, with what must be known to use it and how it came about.

The tensors are named as layers, `1.weights` (16, 784) and `1.biases` (16,) first: float32, little-endian.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from app.network import normalise
from app.network.network import Network


class WeightsError(Exception):
    """A file is not a network that this program can use; the message names the file and the reason."""


@dataclass(frozen=True)
class Weights:
    """A network as read from a file. `version` tells networks apart: other numbers, other version.

    Two of one version are equal, so that what was found out about one can be remembered for the other.
    """

    network: Network = field(compare=False)
    metadata: dict[str, str] = field(compare=False)
    version: str


def version_of(network: Network) -> str:
    """The start of the SHA-256 of all that makes the network's answers: 12 hexadecimal digits.

    The file's own SHA-256 would not do: safetensors writes the metadata in any order.
    """
    shape = f"{network.sizes} {network.activation.name} {network.cost.name} {normalise.NAME}"
    return hashlib.sha256(shape.encode() + network.parameters.astype("<f4").tobytes()).hexdigest()[:12]


def write_weights(path: Path, network: Network, metadata: Mapping[str, str]) -> None:
    """Writes the network, whole or not at all. `metadata` goes along; sizes, activation, cost are added to it."""
    tensors = {}
    for number, (weights, biases) in enumerate(network.layers, start=1):
        tensors[f"{number}.weights"] = np.ascontiguousarray(weights, np.float32)
        tensors[f"{number}.biases"] = np.ascontiguousarray(biases, np.float32)
    described = {
        "sizes": json.dumps(network.sizes),
        "activation": network.activation.name,
        "cost": network.cost.name,
        "normalise": normalise.NAME,
    }
    write_whole(path, save(tensors, {**metadata, **described}))


def read_weights(path: Path) -> Weights:
    """Reads a network that `write_weights` wrote. Raises WeightsError, naming the file, when it is anything else."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            sizes = json.loads(metadata["sizes"])
            network = Network(sizes, metadata["activation"], metadata["cost"])
            for number, layer in enumerate(network.layers, start=1):
                for name, view in layer._asdict().items():
                    tensor = file.get_tensor(f"{number}.{name}")
                    if tensor.shape != view.shape:
                        raise ValueError(f"{number}.{name} is {tensor.shape}, not {view.shape}")
                    view[:] = tensor
            prepared = metadata["normalise"]
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{path} can't be read: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{path} holds no network of ours: {error}") from error
    if not np.isfinite(network.parameters).all():
        raise WeightsError(f"{path} holds parameters that are not finite numbers.")
    if prepared != normalise.NAME:
        raise WeightsError(
            f"{path} was trained on inputs prepared as {prepared!r}, but drawings are prepared as "
            f"{normalise.NAME!r} now. Train it again."
        )
    return Weights(network, metadata, version_of(network))


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Writes a file so that a reader, or a power cut, meets the old content or the new, never a part.

    With `durable` False that holds for readers alone: a power cut may leave a part. It takes a tenth of the time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if not durable:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
