"""Where a descent was left, in a file, so that it can go on."""

from __future__ import annotations

import json
from pathlib import Path

from app.network import Descent
from app.network.tensor_file import pack, unpack, write_whole


class CheckpointError(Exception):
    """There is nothing to go on from; the message names the file."""


def write_checkpoint(path: Path, descent: Descent) -> None:
    """Writes the descent's parameters, step and moments, whole or not at all."""
    tensors = {"parameters": descent.network.parameters, "moments": descent.moments}
    write_whole(path, pack(tensors, {"step": json.dumps(descent.step)}))


def read_checkpoint(path: Path, descent: Descent) -> None:
    """Brings a descent of the same settings to where the file says. Raises CheckpointError."""
    try:
        file = unpack(path.read_bytes())
        descent.network.parameters[:] = file.tensors["parameters"]
        descent.moments[:] = file.tensors["moments"]
        descent.step = int(file.metadata["step"])
    except (OSError, KeyError, ValueError) as error:
        raise CheckpointError(f"{path} can't be gone on from: {error}. Start a new run.") from error
