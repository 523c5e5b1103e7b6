"""IDX files of bytes, gzipped or not: a header with the shape, then an array.

The format: http://yann.lecun.com/exdb/mnist/, "the IDX file format".
"""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_GZIP, _BYTES = b"\x1f\x8b", b"\0\0\x08"
_OTHER_TYPES = {b"\x09": "int8", b"\x0b": "int16", b"\x0c": "int32", b"\x0d": "float32", b"\x0e": "float64"}
# Image files have at most three dimensions, which bounds the header's length.
_MAX_DIMENSIONS = 3
_CHUNK = 2**20


class IdxError(Exception):
    """The file can't be read. The message continues after the file's name."""


class DamagedError(IdxError):
    """The file's content is wrong, or does not match its header: it can't be read until it changes."""


def read_shape(path: Path) -> tuple[int, ...]:
    """The shape in the header. Raises IdxError."""
    with _opened(path) as file:
        return _header(file)


def read_array(path: Path, first: int | None = None) -> NDArray[np.uint8]:
    """The array, read-only, or its `first` entries along the first axis. Raises IdxError.

    Takes no more memory than the header says, and no more than the file holds.
    """
    with _opened(path) as file:
        shape = _header(file)
        if first is not None:
            shape = (min(first, shape[0]), *shape[1:])
        content = bytearray()
        for part in _content(file, shape, to_end=first is None):
            content += part
    array = np.frombuffer(content, np.uint8).reshape(shape)
    array.flags.writeable = False
    return array


def sha256(path: Path) -> str:
    """SHA-256 of the unpacked file, in hexadecimal digits. Raises IdxError."""
    with _opened(path) as file:
        shape = _header(file)
        digest = hashlib.sha256(_header_of(shape))
        for part in _content(file, shape):
            digest.update(part)
    return digest.hexdigest()


def sha256_of(array: NDArray[np.uint8]) -> str:
    """SHA-256 of the unpacked file that holds the array, in hexadecimal digits: one array has one header."""
    digest = hashlib.sha256(_header_of(array.shape))
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def packed(array: NDArray[np.uint8]) -> bytes:
    """The bytes of an unpacked file that holds the array."""
    return _header_of(array.shape) + array.tobytes()


@contextmanager
def _opened(path: Path) -> Iterator[BufferedIOBase]:
    try:
        with path.open("rb") as packed:
            is_gzip = packed.read(2) == _GZIP
        # The first bytes, not the name, say whether a file is gzipped.
        with gzip.open(path) if is_gzip else path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise IdxError("is missing") from error
    except (OSError, EOFError, zlib.error) as error:
        # The text of an OSError from the system has the path.
        reason = getattr(error, "strerror", None)
        raise (IdxError if reason else DamagedError)(f"can't be read ({reason or error})") from error


def _header(file: BufferedIOBase) -> tuple[int, ...]:
    start = file.read(4)
    if len(start) < 4 or start[:3] != _BYTES or not 1 <= start[3] <= _MAX_DIMENSIONS:
        raise DamagedError(_what_it_is(start + file.read(60)))
    sizes = file.read(4 * start[3])
    if len(sizes) < 4 * start[3]:
        raise DamagedError("ends within its header")
    return tuple(np.frombuffer(sizes, ">u4").tolist())


def _header_of(shape: tuple[int, ...]) -> bytes:
    return _BYTES + bytes([len(shape)]) + np.array(shape, ">u4").tobytes()


def _what_it_is(start: bytes) -> str:
    if start.startswith(_GZIP):
        return "is gzipped twice: unpack it once"
    if start.strip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        return "is a web page, not data: its download went wrong"
    if start[:2] == b"\0\0" and (other := _OTHER_TYPES.get(start[2:3])):
        return f"holds numbers of type {other}: convert them to bytes, pixels to 0 (paper) to 255 (ink)"
    return "is not an IDX file of bytes"


def _content(file: BufferedIOBase, shape: tuple[int, ...], to_end: bool = True) -> Iterator[bytes]:
    """The bytes of an array of that shape. Raises DamagedError after them if there are fewer or more `to_end`.

    Reads at most one byte more than these: a small gzipped file may unpack to gigabytes.
    """
    wanted = left = math.prod(shape)
    while left and (part := file.read(min(_CHUNK, left))):
        left -= len(part)
        yield part
    if left or (to_end and file.read(1)):
        there = f"{wanted - left:,}" if left else "more"
        raise DamagedError(f"has {there} where its header says {' x '.join(map(str, shape))} = {wanted:,} bytes")
