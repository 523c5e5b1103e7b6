from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest
from fastapi import HTTPException

from app.served.predictor import MAX_INSTANCES
from app.web.v2.tensors import read_request


def _body(data: bytes, count: int = 1) -> bytes:
    tensor = {"name": "images", "shape": [count, 28, 28], "datatype": "UINT8", "data": "DATA"}
    return json.dumps({"inputs": [tensor]}).encode().replace(b'"DATA"', data)


def test_the_most_images_are_read_as_rows_in_json() -> None:
    images = np.full((MAX_INSTANCES, 28, 28), 9)

    _, read = read_request(_body(json.dumps(images.tolist()).encode(), MAX_INSTANCES), None)

    assert (read == 9).all()


@pytest.mark.parametrize("part", [b"[]", b"{}", b'"ab"', b"1000"])
def test_a_request_of_many_small_parts_is_refused_before_it_takes_much_memory(part: bytes) -> None:
    body = _body(b"[" + b",".join([part] * (5_000_000 // len(part))) + b"]")

    tracemalloc.start()
    with pytest.raises(HTTPException, match="larger than a request of 1024 images"):
        read_request(body, None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 3 * len(body)
