"""A safetensors file with arrays, metadata and a checksum that detects any changed byte.

The checksum is the SHA-256 of the file with 64 zeros in place of the checksum. It is a metadata entry, so other
programs can read the file. Files of earlier versions have no checksum and are read without one. A second metadata key
says how the checksum was computed. A file with only one of the two keys counts as damaged, so that damage to a key is
detected too.
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
# Quotes within texts are escaped, so this matches only the key itself.
_PLACE = re.compile(rb'"sha256":"([0-9a-f]{64})"')


class DamagedError(ValueError):
    """A file is damaged or is not a safetensors file; the message says which."""


class TensorFile(NamedTuple):
    """A file's content. `sha256` is the hexadecimal digest of the whole file."""

    tensors: dict[str, NDArray[Any]]
    metadata: dict[str, str]
    sha256: str


def pack(tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """The bytes of a file with these arrays (C-contiguous), this metadata and a checksum."""
    return signed(save(dict(tensors), {**metadata, _KEY: _ZEROS.decode(), _HOW: _HOW_TEXT}))


def signed(content: bytes) -> bytes:
    """The file with an updated checksum. Raises DamagedError unless it has exactly one place for it."""
    start, end = _place(content)
    zeroed = content[:start] + _ZEROS + content[end:]
    return content[:start] + hashlib.sha256(zeroed).hexdigest().encode() + content[end:]


def unpack(content: bytes) -> TensorFile:
    """Reads a file made by `pack` or by another program. Raises DamagedError when its checksum does not match."""
    try:
        tensors = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        metadata: dict[str, str] = header.get("__metadata__") or {}
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise DamagedError(f"it is not a complete safetensors file ({error})") from error
    if (_KEY in metadata or _HOW in metadata) and (metadata.get(_HOW) != _HOW_TEXT or signed(content) != content):
        raise DamagedError("it is damaged: its checksum does not match its content")
    return TensorFile(tensors, metadata, hashlib.sha256(content).hexdigest())


def _place(content: bytes) -> tuple[int, int]:
    header = content[: 8 + int.from_bytes(content[:8], "little")]
    places = [found.span(1) for found in _PLACE.finditer(header)]
    if len(places) != 1:
        raise DamagedError("it is damaged: its checksum is missing")
    return places[0]


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Writes a file atomically: a reader sees the old content or the new, also after a power cut.

    With `durable` False a power cut may leave an incomplete file; this takes a tenth of the time.
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
    """Removes temporary files that killed processes left in the folder, if they are at least that many seconds old."""
    for path in folder.rglob(".*.safetensors.*"):
        try:
            if time.time() - path.stat().st_mtime >= older_than:
                path.unlink()
        except OSError:
            continue  # another process has finished or removed it
