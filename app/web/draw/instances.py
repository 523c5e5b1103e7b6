"""Images as numbers in JSON, {"instances": [...]}: each 784 numbers or 28 rows of 28, 0 = paper and 255 = ink."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastapi import HTTPException
from numpy.typing import NDArray
from pydantic_core import from_json

from app.served.predictor import MAX_INSTANCES

_SHAPES = ((784,), (28, 28))
_NOTHING_ELSE = (
    'Send {"instances": [...]} and nothing else, each instance an image of 784 numbers or 28 rows of 28:'
    " no text, no true, false or null."
)


def read_instances(body: bytes) -> NDArray[np.float32]:
    """The images in a JSON body, (n, 784) float32 in 0..255. Raises HTTPException 422, which says what to change.

    Numbers are looked at as arrays, an image at a time: a model of Pydantic takes them one by one, and twice as long.
    """
    try:
        content = from_json(body)
    except ValueError as error:
        raise HTTPException(422, f"That is no JSON: {str(error)[:200]}.") from error
    if not isinstance(content, dict) or content.keys() != {"instances"} or not isinstance(content["instances"], list):
        raise HTTPException(422, _NOTHING_ELSE)
    # NumPy takes these for 1 and 0 where they stand among numbers. There is no other place for them in such a body.
    if b"true" in body or b"false" in body:
        raise HTTPException(422, _NOTHING_ELSE)
    instances = content["instances"]
    if not 1 <= len(instances) <= MAX_INSTANCES:
        raise HTTPException(422, f"instances: send 1 to {MAX_INSTANCES} images, not {len(instances)}.")
    images = np.stack([_image(instance, number) for number, instance in enumerate(instances)])
    wrong = ~((images >= 0) & (images <= 255)).all(axis=1)
    if wrong.any():
        raise HTTPException(422, f"instances.{wrong.argmax()}: every number is 0 (paper) to 255 (ink), and finite.")
    return images.astype(np.float32)


def _image(instance: Any, number: int) -> NDArray[np.float64]:
    try:
        image = np.array(instance)
    except ValueError:  # rows of several lengths
        image = np.empty(0)
    if image.dtype.kind in "iuf" and image.shape in _SHAPES:
        return image.reshape(784).astype(np.float64)
    if image.dtype.kind not in "iuf":
        raise HTTPException(422, _NOTHING_ELSE)
    raise HTTPException(422, f"instances.{number}: an image is 784 numbers, or 28 rows of 28.")
