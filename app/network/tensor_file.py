"""A safetensors file that tells when a byte of it is not what was written: arrays, metadata, and a checksum inside.

The checksum is the SHA-256 of the file with 64 zeros in its own place, and the metadata says so: to other readers the
file is one like any other. Files of the time before have none, and are read as they are; so that no flipped byte makes
one of those out of a newer file, the two keys that tell of the checksum come together or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

_KEY, _HOW = "sha256", "sha256_of"
_HOW_TEXT = "this file with 64 zeros for the sha256"
_ZEROS = b"0" * 64
# A quote within a text is escaped, so this is the key itself, wherever it stands.
_PLACE = re.compile(rb'"sha256":"([0-9a-f]{64})"')


class DamagedError(ValueError):
    """These bytes are not those that were written, or never were such a file; the message says in which way."""


class TensorFile(NamedTuple):
    """What a file holds. `sha256` is that of the whole file as it is, in hexadecimal: another file, another one."""

    tensors: dict[str, NDArray[Any]]
    metadata: dict[str, str]
    sha256: str


def pack(tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The file with these arrays, which must lie in memory row by row, and this metadata; a checksum is added."""
    return signed(save(dict(tensors), {**metadata, _KEY: _ZEROS.decode(), _HOW: _HOW_TEXT}))


def signed(content: bytes) -> bytes:
    """The file with the checksum of what it holds now. Raises DamagedError when there is no one place for it."""
    start, end = _place(content)
    zeroed = content[:start] + _ZEROS + content[end:]
    return content[:start] + hashlib.sha256(zeroed).hexdigest().encode() + content[end:]


def unpack(content: bytes) -> TensorFile:
    """What is in a file that `pack` made, or another program. Raises DamagedError when its checksum is another."""
    try:
        tensors = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        metadata: dict[str, str] = header.get("__metadata__") or {}
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise DamagedError(f"it is no whole safetensors file ({error})") from error
    if (_KEY in metadata or _HOW in metadata) and (metadata.get(_HOW) != _HOW_TEXT or signed(content) != content):
        raise DamagedError("it is damaged: its checksum is not that of its bytes")
    return TensorFile(tensors, metadata, hashlib.sha256(content).hexdigest())


def _place(content: bytes) -> tuple[int, int]:
    header = content[: 8 + int.from_bytes(content[:8], "little")]
    places = [found.span(1) for found in _PLACE.finditer(header)]
    if len(places) != 1:
        raise DamagedError("it is damaged: its checksum is not where it was written")
    return places[0]


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


def remove_unfinished(folder: Path, older_than: float = 0.0) -> None:
    """Removes what a process that was killed in `write_whole` left anywhere in the folder, so many seconds ago."""
    for path in folder.rglob(".*.safetensors.*"):
        try:
            if time.time() - path.stat().st_mtime >= older_than:
                path.unlink()
        except OSError:
            continue  # it is being finished, or is another's to remove
