"""The answer with which a browser saves a network's file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import Query, Response

from app.network.weights import Weights
from app.served.onnx_file import onnx_file
from app.web.shared.schemas import Problem

_TYPE = "application/octet-stream"
WEIGHTS: dict[int | str, dict[str, object]] = {
    200: {"content": {_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    422: {"model": Problem},
}
Format = Annotated[
    Literal["safetensors", "onnx"],
    Query(
        description="`safetensors`: the weights and biases, float32, as `1.weights` (outputs, inputs), `1.biases` and"
        " so on. `onnx`: the network with its formulas, from `inputs` (n, 784) to `probabilities` (n, 10), in float32."
        " Its inputs are prepared as `docs/onnx.md` says, with code and a test vector; `/predict?explain=true` shows"
        " them as `input`."
    ),
]


def weights_file(weights: Weights, read: Callable[[], bytes], name: str, kind: Format) -> Response:
    """The network to be saved as `name`, with the version and the format's ending.

    `read` gives its safetensors file. Raises OnnxError, and what `read` does.
    """
    stem = f"{name}-{weights.version}"
    content = read() if kind == "safetensors" else onnx_file(weights.network, stem, weights.metadata)
    tag = hashlib.sha256(content).hexdigest()[:32]
    headers = {"Content-Disposition": f'attachment; filename="{stem}.{kind}"', "ETag": f'"{tag}"'}
    return Response(content, media_type=_TYPE, headers=headers)
