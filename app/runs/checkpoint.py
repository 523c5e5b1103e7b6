"""The file from which a run is resumed: parameters, step and moments of its descent. See also `snapshots`."""

from __future__ import annotations

import json

from app.network import Descent
from app.network.tensor_file import pack, unpack
from app.store.files import Files

NAME = "checkpoint.safetensors"


class CheckpointError(Exception):
    """A run can't be resumed; the message names the file."""


def write_checkpoint(files: Files, descent: Descent) -> None:
    """Writes the descent's parameters, step and moments, completely or not at all. Raises OSError."""
    tensors = {"parameters": descent.network.parameters, "moments": descent.moments}
    files.write(NAME, pack(tensors, {"step": json.dumps(descent.step)}))


def read_checkpoint(files: Files, descent: Descent) -> None:
    """Restores a descent of the same settings from the file, if there is one. Raises CheckpointError."""
    try:
        file = unpack(files.read(NAME))
        descent.network.parameters[:] = file.tensors["parameters"]
        descent.moments[:] = file.tensors["moments"]
        descent.step = int(file.metadata["step"])
    except FileNotFoundError:
        return
    except OSError as error:
        raise CheckpointError(f"{NAME} can't be read: {error.strerror}. Start a new run.") from error
    except (KeyError, ValueError) as error:
        raise CheckpointError(f"{NAME} can't be read: {error}. Start a new run.") from error
