from __future__ import annotations

import io
import tracemalloc

import numpy as np
import pytest
from fastapi import HTTPException
from numpy.lib import format as npy
from numpy.typing import NDArray

from app.web.draw.npy_file import read_npy

RAMP = (np.arange(3 * 784) % 256).reshape(3, 28, 28)


def _file(array: NDArray[np.generic], version: tuple[int, int] | None = None) -> bytes:
    file = io.BytesIO()
    npy.write_array(file, array, version)
    return file.getvalue()


def _header(descr: str, shape: str, version: bytes = b"\1\0") -> bytes:
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY" + version + len(header).to_bytes(2, "little") + header


@pytest.mark.parametrize("dtype", ["uint8", "<f4", ">f4"])
def test_images_of_both_shapes_and_dtypes_are_read(dtype: str) -> None:
    images = RAMP.astype(dtype)

    for array in (images, images.reshape(3, 784), np.asfortranarray(images)):
        for version in ((1, 0), (2, 0)):
            np.testing.assert_array_equal(read_npy(_file(array, version)), RAMP.reshape(3, 784))


WRONG = {
    "nothing": (b"", "numpy.save"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "numpy.save"),
    "half a header": (_file(RAMP.astype("u1"))[:50], "numpy.save"),
    "brackets for a header": (b"\x93NUMPY\1\0\x10\x27" + b"(" * 10_000, "numpy.save"),
    "a header that is too long": (b"\x93NUMPY\2\0\0\0\x10\0" + b" " * 2**20, "numpy.save"),
    "an unknown version": (_header("|u1", "(1, 784)", b"\x09\0") + bytes(784), "numpy.save"),
    "integers": (_file(RAMP), "int64. Send uint8 or float32"),
    "doubles": (_file(RAMP / 255), "float64. Send uint8 or float32"),
    "fields": (_file(np.zeros((1, 784), [("a", "u1")])), "Send uint8 or float32"),
    "objects": (_header("|O", "(1, 784)") + b"cos\nsystem\n(S'true'\ntR.", "object. Send uint8 or float32"),
    "one image alone": (_file(RAMP[0].astype("u1")), "(28, 28). Send (n, 28, 28)"),
    "no image": (_file(RAMP[:0].astype("u1")), "from 1 to 1024"),
    "1025 images": (_file(np.zeros((1025, 784), "u1")), "from 1 to 1024"),
    "another size": (_file(np.zeros((1, 32, 32), "u1")), "Send (n, 28, 28)"),
    "a number": (_header("|u1", "()") + bytes(1), "Send (n, 28, 28)"),
    "a negative shape": (_header("|u1", "(-1, 784)") + bytes(784), "from 1 to 1024"),
    "true for a number": (_header("|u1", "(True, 784)") + bytes(784), "from 1 to 1024"),
    "true for a size": (_header("|u1", "(1, 28, 28, True)") + bytes(784), "Send (n, 28, 28)"),
    "cut off": (_file(RAMP.astype("u1"))[:-1], "2,351 bytes of numbers, not 2,352"),
    "something after it": (_file(RAMP.astype("u1")) + b"\0", "2,353 bytes of numbers, not 2,352"),
    "NaN": (_file(np.full((1, 784), np.nan, "f4")), "finite"),
    "infinity": (_file(np.full((1, 784), np.inf, "f4")), "finite"),
    "below 0": (_file(np.full((1, 784), -1, "f4")), "0 (paper) to 255 (ink)"),
    "above 255": (_file(np.full((1, 784), 256, "f4")), "0 (paper) to 255 (ink)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_another_array_is_refused_with_what_to_change(name: str) -> None:
    body, words = WRONG[name]

    with pytest.raises(HTTPException) as refused:
        read_npy(body)

    assert refused.value.status_code == 422
    assert words in refused.value.detail


def test_a_header_that_promises_much_is_refused_before_memory_is_taken() -> None:
    body = _header("<f4", "(1024, 784)") + bytes(100)

    tracemalloc.start()
    with pytest.raises(HTTPException):
        read_npy(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 1_000_000
