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
# Image files have at most three dimensions, which bounds the header's length.
_MAX_DIMENSIONS = 3
_CHUNK = 2**20


class IdxError(Exception):
    """The file can't be read, or does not match its header. The message continues after the file's name."""


def read_shape(path: Path) -> tuple[int, ...]:
    """The shape in the header. Raises IdxError."""
    with _opened(path) as file:
        return _header(file)


def read_array(path: Path) -> NDArray[np.uint8]:
    """The array, read-only. Raises IdxError.

    Takes no more memory than the header says, and no more than the file holds.
    """
    with _opened(path) as file:
        shape = _header(file)
        wanted = math.prod(shape)
        content = bytearray()
        # Reads one byte more than expected, to notice a file that is too long.
        while part := file.read(min(_CHUNK, wanted + 1 - len(content))):
            content += part
    if len(content) != wanted:
        there = "more" if len(content) > wanted else f"{len(content):,}"
        raise IdxError(f"has {there} where its header says {' x '.join(map(str, shape))} = {wanted:,} bytes")
    array = np.frombuffer(content, np.uint8).reshape(shape)
    array.flags.writeable = False
    return array


def sha256(path: Path) -> str:
    """SHA-256 of the unpacked file, in hexadecimal digits. Raises IdxError."""
    with _opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of(array: NDArray[np.uint8]) -> str:
    """SHA-256 of the unpacked file that holds the array, in hexadecimal digits: one array has one header."""
    header = _BYTES + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes()
    digest = hashlib.sha256(header)
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


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
        raise IdxError(f"can't be read ({error})") from error


def _header(file: BufferedIOBase) -> tuple[int, ...]:
    start = file.read(4)
    if len(start) < 4 or start[:3] != _BYTES or not 1 <= start[3] <= _MAX_DIMENSIONS:
        raise IdxError("is not an IDX file of bytes")
    sizes = file.read(4 * start[3])
    if len(sizes) < 4 * start[3]:
        raise IdxError("ends within its header")
    return tuple(np.frombuffer(sizes, ">u4").tolist())
