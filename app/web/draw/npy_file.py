"""Images as a NumPy file, application/x-npy: `numpy.save` of uint8 or float32, 0 = paper and 255 = ink."""

from __future__ import annotations

import io
import math

import numpy as np
from fastapi import HTTPException
from numpy.lib import format as npy

from app.network.inputs import PIXELS, SIDE
from app.served.predictor import MAX_INSTANCES
from app.web.draw.instances import Images, require_in_range

_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_DTYPES = (np.dtype(np.uint8), np.dtype(np.float32))
_SHAPES = ((SIDE, SIDE), (PIXELS,))


def read_npy(body: bytes) -> Images:
    """The images in a .npy file, (n, 784) uint8 or float32 in 0..255. Raises HTTPException 422.

    Only the header is parsed: the numbers are a view of the body, so nothing is unpickled.
    """
    file = io.BytesIO(body)
    try:
        shape, is_fortran, dtype = _READERS[npy.read_magic(file)](file)
    except Exception as error:  # a damaged header raises many kinds
        raise HTTPException(422, "That is not a .npy file. Write it with numpy.save.") from error
    if dtype.newbyteorder("=") not in _DTYPES:
        raise HTTPException(422, f"The array's dtype is {dtype}. Send uint8 or float32: array.astype('uint8').")
    # In Python, True is a whole number too.
    if shape[1:] not in _SHAPES or isinstance(shape[0], bool) or not 1 <= shape[0] <= MAX_INSTANCES:
        raise HTTPException(
            422, f"The array's shape is {shape}. Send (n, 28, 28) or (n, 784), with n from 1 to {MAX_INSTANCES}."
        )
    size, given = math.prod(shape) * dtype.itemsize, len(body) - file.tell()
    if given != size:
        raise HTTPException(422, f"The .npy file has {given:,} bytes of numbers, not {size:,}. Send the whole file.")
    images: Images = np.frombuffer(body, dtype, offset=file.tell()).reshape(shape, order="F" if is_fortran else "C")
    return require_in_range(images.reshape(-1, PIXELS))
