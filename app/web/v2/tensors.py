"""Tensors of the Open Inference Protocol to images, and answers to tensors, as JSON or as binary data.

Binary data follows the JSON object in the body, without gaps: row by row, little-endian. The header
Inference-Header-Content-Length says where the JSON object ends.
"""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from numpy.typing import NDArray
from pydantic import ValidationError

from app.network.inputs import PIXELS, SIDE
from app.served.predictor import MAX_INSTANCES, Answer
from app.web.shared.json_counts import MAX_COUNTS, exceeded
from app.web.v2.inference_schemas import InferenceRequest, InferenceResponse, InputTensor, OutputTensor

INPUT = "images"
_INPUT_TYPES: dict[str, np.dtype[Any]] = {"FP32": np.dtype("<f4"), "UINT8": np.dtype("u1")}
_OUTPUT_TYPES = {"FP32": np.dtype("<f4"), "INT64": np.dtype("<i8")}
# A request has a few objects and texts beside its numbers.
_MAX_COUNTS = {'"': 4_000, "{": 1_000, **{character: count + 1_000 for character, count in MAX_COUNTS.items()}}
# Datatype and dimensions; -1 stands for the number of images.
OUTPUTS = {"probabilities": ("FP32", [-1, 10]), "digit": ("INT64", [-1])}


def read_request(body: bytes, json_length: str | None) -> tuple[InferenceRequest, NDArray[Any]]:
    """The request, and its images (n, 784), uint8 or float32, in 0..255.

    `json_length` is the header Inference-Header-Content-Length. Raises HTTPException 422 and RequestValidationError,
    which say what to change.
    """
    length = len(body)
    if json_length is not None:
        if not (
            json_length.isascii() and json_length.isdecimal() and len(json_length) < 19 and int(json_length) <= length
        ):
            raise HTTPException(422, f"Inference-Header-Content-Length: send a number up to the body's {length} bytes.")
        length = int(json_length)
    if exceeded(body[:length], _MAX_COUNTS):
        raise HTTPException(422, f"The JSON object is larger than a request of {MAX_INSTANCES} images can be.")
    try:
        request = InferenceRequest.model_validate_json(body[:length])
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False)) from error
    if [tensor.name for tensor in request.inputs] != [INPUT]:
        raise HTTPException(422, f"inputs: send one tensor, named {INPUT!r}.")
    try:
        return request, _images(request.inputs[0], body[length:])
    except ValueError as error:
        raise HTTPException(422, f"{INPUT}: {error}") from error


def _images(tensor: InputTensor, binary: bytes) -> NDArray[Any]:
    if tensor.datatype not in _INPUT_TYPES:
        raise ValueError(f"the datatype is {' or '.join(_INPUT_TYPES)}.")
    count, *image = tensor.shape or [0]
    if image not in ([PIXELS], [SIDE, SIDE]) or not 1 <= count <= MAX_INSTANCES:
        raise ValueError(f"the shape is [n, {PIXELS}] or [n, {SIDE}, {SIDE}], with n from 1 to {MAX_INSTANCES}.")
    dtype = _INPUT_TYPES[tensor.datatype]
    numbers = _numbers(tensor, count * PIXELS, dtype, binary)
    if not ((numbers >= 0) & (numbers <= 255)).all() or (dtype.kind == "u" and (numbers % 1).any()):
        raise ValueError("every number is 0 (paper) to 255 (ink), and a whole number in UINT8.")
    return numbers.reshape(count, PIXELS).astype(dtype)


def _numbers(tensor: InputTensor, size: int, dtype: np.dtype[Any], binary: bytes) -> NDArray[Any]:
    given, expected = tensor.parameters.get("binary_data_size"), size * dtype.itemsize
    if given is None and not binary:
        with contextlib.suppress(ValueError):  # rows of several lengths
            numbers = np.array(tensor.data or [])
            if numbers.shape in ((size,), tuple(tensor.shape)):
                return numbers
        raise ValueError(f"send {size} numbers in data, flat or nested as the shape says.")
    if tensor.data is not None:
        raise ValueError("send its numbers in data or as binary data, not both.")
    if not given == len(binary) == expected:
        raise ValueError(
            f"the shape takes {expected} bytes of binary data. {len(binary)} came, and binary_data_size is"
            f" {str(given)[:20]}."
        )
    return np.frombuffer(binary, dtype)


def write_response(request: InferenceRequest, answer: Answer) -> tuple[bytes, int | None]:
    """The body of the response with the wanted outputs, and the length of its JSON object if binary data follows.

    Raises HTTPException 422 for an unknown output.
    """
    arrays = {"probabilities": answer.probabilities, "digit": answer.probabilities.argmax(axis=1)}
    all_binary = request.parameters.get("binary_data_output")
    wanted = {output.name: output.parameters.get("binary_data", all_binary) for output in request.outputs}
    tensors, binary = [], []
    for name, as_binary in (wanted or dict.fromkeys(OUTPUTS, all_binary)).items():
        if name not in OUTPUTS:
            raise HTTPException(422, f"outputs: there is no {name[:40]!r}. There are: {', '.join(OUTPUTS)}.")
        datatype, _ = OUTPUTS[name]
        array = arrays[name].astype(_OUTPUT_TYPES[datatype])
        tensor = OutputTensor(name=name, datatype=datatype, shape=list(array.shape))
        if as_binary is True:
            tensor.parameters = {"binary_data_size": array.nbytes}
            binary.append(array.tobytes())
        else:
            tensor.data = array.ravel().tolist()
        tensors.append(tensor)
    response = InferenceResponse(
        model_name=answer.model.name, model_version=answer.model.weights.version, id=request.id, outputs=tensors
    )
    json = response.model_dump_json(exclude_none=True).encode()
    return b"".join([json, *binary]), len(json) if binary else None
