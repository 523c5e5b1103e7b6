"""The file with a run's final network. See also `checkpoint` and `snapshots`."""

from __future__ import annotations

from collections.abc import Mapping

from app.network import Network
from app.network.weights import Weights, WeightsError, pack_weights, unpack_weights
from app.store.files import Files

_NAME = "network.safetensors"


def write_final_network(files: Files, network: Network, metadata: Mapping[str, str]) -> None:
    """Writes the network, completely or not at all. Raises OSError."""
    files.write(_NAME, pack_weights(network, metadata))


def read_final_network(files: Files) -> Weights:
    """Raises WeightsError if there is none, or if it is damaged."""
    return unpack_weights(read_final_file(files), _NAME)


def read_final_file(files: Files) -> bytes:
    """The bytes of the file. Raises WeightsError if there is none."""
    try:
        return files.read(_NAME)
    except OSError as error:
        raise WeightsError(f"{_NAME} can't be read: {error.strerror}.") from error
