"""Images as numbers in JSON, {"instances": [...]}: each 784 numbers or 28 rows of 28, 0 = paper and 255 = ink."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

import numpy as np
import orjson
from fastapi import HTTPException
from numpy.typing import NDArray

from app.network.inputs import PIXELS, SIDE
from app.served.predictor import MAX_INSTANCES
from app.web.shared.json_counts import MAX_COUNTS, exceeded

Images = NDArray[np.uint8 | np.float32]

_NOTHING_ELSE = (
    'Send {"instances": [...]} and nothing else, each instance an image of 784 numbers or 28 rows of 28:'
    " no text, no true, false or null."
)
_TOO_MANY = f"instances: send 1 to {MAX_INSTANCES} images, each 784 numbers or 28 rows of 28. There are more numbers."
# How often a character may be in a valid body. "u" and "l" are in "true", "false" and "null".
_MAX_COUNTS = {'"': 2, "{": 1, "u": 0, "l": 0, **MAX_COUNTS}


def read_instances(body: bytes) -> Images:
    """The images in a JSON body, in UTF-8 or UTF-16: (n, 784) uint8 if all numbers are integers, else float32, in
    0..255. Raises HTTPException 422, which says what to change.
    """
    encoding = json.detect_encoding(body)
    if encoding != "utf-8":  # with a byte order mark, or in UTF-16
        body = body.decode(encoding, "replace").encode()
    if character := exceeded(body, _MAX_COUNTS):
        raise HTTPException(422, _TOO_MANY if character in MAX_COUNTS else _NOTHING_ELSE)
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = f"Invalid JSON at character {error.pos + 1}: {error.msg}. {_NOTHING_ELSE}"
        if not body.strip():
            reason = f"The body is empty. {_NOTHING_ELSE}"
        elif b"NaN" in body or b"Infinity" in body:
            reason = "JSON has no NaN or Infinity. Send finite numbers, 0 (paper) to 255 (ink)."
        raise HTTPException(422, reason) from error
    if not isinstance(content, dict) or content.keys() != {"instances"} or not isinstance(content["instances"], list):
        raise HTTPException(422, _NOTHING_ELSE)
    instances = content["instances"]
    if not 1 <= len(instances) <= MAX_INSTANCES:
        raise HTTPException(422, f"instances: send 1 to {MAX_INSTANCES} images, not {len(instances)}.")
    return require_in_range(_images(instances))


def require_in_range(images: Images) -> Images:
    """The images (n, 784), if every number is in 0..255. Raises HTTPException 422."""
    wrong = ~((images >= 0) & (images <= 255)).all(axis=1)
    if wrong.any():
        raise HTTPException(422, f"instances.{wrong.argmax()}: every number is 0 (paper) to 255 (ink), and finite.")
    return images


def _images(instances: list[Any]) -> Images:
    """Images (n, 784) from what now has only lists and numbers in it."""
    rows: list[list[Any]] = []
    for number, instance in enumerate(instances):
        parts = instance if _is_list(instance, SIDE) else [instance]
        if not all(_is_list(part, PIXELS // len(parts)) for part in parts):
            raise HTTPException(422, f"instances.{number}: an image is 784 numbers, or 28 rows of 28.")
        rows += parts
    try:
        # By far the fastest way from a list of integers in 0..255 to an array.
        return np.frombuffer(b"".join(map(bytes, rows)), np.uint8).reshape(-1, PIXELS)
    except (TypeError, ValueError):
        pass
    try:
        with np.errstate(over="ignore"):
            numbers = np.fromiter(chain.from_iterable(rows), np.float32, len(instances) * PIXELS)
    except (TypeError, ValueError) as error:
        raise HTTPException(422, "instances: an image is 784 numbers, or 28 rows of 28, and no deeper.") from error
    return numbers.reshape(-1, PIXELS)


def _is_list(value: Any, length: int) -> bool:
    return isinstance(value, list) and len(value) == length
