"""A network as an ONNX file, which other programs and languages can run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.network import Network
from app.network.inputs import PIXELS

# The operator of each activation and cost, and the newest set of operators that old runtimes know too.
_ACTIVATIONS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "sigmoid": ("Sigmoid", {}),
    "relu": ("Relu", {}),
    "leaky-relu": ("LeakyRelu", {"alpha": 0.1}),
}
_OPSET, _IR_VERSION = 17, 8
_HOW_TO_ASK = (
    "inputs: n images of 28x28, prepared as docs/onnx.md of Descent says, as float32 (n, 784) in 0..1, by row. "
    "probabilities: float32 (n, 10), that of each class; each row sums to 1."
)


class OnnxError(Exception):
    """The network can't be written as ONNX; the message says why."""


def onnx_file(network: Network, name: str, metadata: Mapping[str, str]) -> bytes:
    """The bytes of an ONNX file with the network: from `inputs` (n, 784) to `probabilities` (n, 10), both float32.

    It has `metadata` as its properties. The same network gives the same bytes. Raises OnnxError for an activation or a
    cost without an operator here.
    """
    # Imported only here: that takes a quarter of a second, which most servers and all training processes save.
    from onnx import TensorProto, helper, numpy_helper

    nodes, tensors, a = [], [], "inputs"
    for number, (weights, biases) in enumerate(network.layers, start=1):
        names = f"{number}.weights", f"{number}.biases"
        for tensor, part in zip(names, (weights, biases), strict=True):
            tensors.append(numpy_helper.from_array(np.ascontiguousarray(part, np.float32), tensor))
        nodes.append(helper.make_node("Gemm", [a, *names], [f"{number}.z"], transB=1))
        is_last = number == len(network.layers)
        operator, options = _output_operator(network) if is_last else _operator(network)
        nodes.append(helper.make_node(operator, [f"{number}.z"], [f"{number}.a"], **options))
        a = f"{number}.a"
    if network.cost.name == "quadratic":
        # As Quadratic.probabilities: sigmoids need not sum to 1.
        tensors.append(numpy_helper.from_array(np.finfo(np.float32).tiny.reshape(1), "tiny"))
        tensors.append(numpy_helper.from_array(np.array([1], np.int64), "classes"))
        nodes.append(helper.make_node("Add", [a, "tiny"], ["positive"]))
        nodes.append(helper.make_node("ReduceSum", ["positive", "classes"], ["sum"], keepdims=1))
        nodes.append(helper.make_node("Div", ["positive", "sum"], ["probabilities"]))
    else:
        nodes[-1].output[0] = "probabilities"
    inputs, outputs = (
        helper.make_tensor_value_info(end, TensorProto.FLOAT, ["n", size])
        for end, size in (("inputs", PIXELS), ("probabilities", network.sizes[-1]))
    )
    model = helper.make_model(
        helper.make_graph(nodes, name, [inputs], [outputs], tensors),
        producer_name="Descent",
        doc_string=_HOW_TO_ASK,
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
    )
    helper.set_model_props(model, dict(sorted(metadata.items())))
    return bytes(model.SerializeToString(deterministic=True))


def _operator(network: Network) -> tuple[str, dict[str, Any]]:
    try:
        return _ACTIVATIONS[network.activation.name]
    except KeyError:
        raise OnnxError(f"A network with the activation {network.activation.name!r} is not written as ONNX.") from None


def _output_operator(network: Network) -> tuple[str, dict[str, Any]]:
    match network.cost.name:
        case "cross-entropy":
            return "Softmax", {"axis": 1}
        case "quadratic":
            return "Sigmoid", {}
    raise OnnxError(f"A network with the cost {network.cost.name!r} is not written as ONNX.")
