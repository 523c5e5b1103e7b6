"""The file from which a run is resumed: parameters, step and moments of its descent. See also `snapshots`."""

from __future__ import annotations

import json
from pathlib import Path

from app.network import Descent
from app.network.tensor_file import pack, unpack, write_whole


class CheckpointError(Exception):
    """A run can't be resumed; the message names the file."""


def write_checkpoint(path: Path, descent: Descent) -> None:
    """Writes the descent's parameters, step and moments, completely or not at all."""
    tensors = {"parameters": descent.network.parameters, "moments": descent.moments}
    write_whole(path, pack(tensors, {"step": json.dumps(descent.step)}))


def read_checkpoint(path: Path, descent: Descent) -> None:
    """Restores a descent of the same settings from the file. Raises CheckpointError."""
    try:
        file = unpack(path.read_bytes())
        descent.network.parameters[:] = file.tensors["parameters"]
        descent.moments[:] = file.tensors["moments"]
        descent.step = int(file.metadata["step"])
    except OSError as error:
        raise CheckpointError(f"{path.name} can't be read: {error.strerror}. Start a new run.") from error
    except (KeyError, ValueError) as error:
        raise CheckpointError(f"{path.name} can't be read: {error}. Start a new run.") from error
