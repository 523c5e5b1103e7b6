from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from app.data import mnist
from app.images.normalise import normalise
from app.network import ACTIVATIONS, COSTS, Network
from app.network.cost import CrossEntropy
from app.network.inputs import PIXELS
from app.network.weights import read_weights
from app.served.onnx_file import OnnxError, onnx_file
from app.settings import ROOT

Array = NDArray[np.float32]
DOCUMENT = (ROOT / "docs" / "onnx.md").read_text()


def _run(content: bytes, inputs: Array) -> Array:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(["probabilities"], {"inputs": inputs})
    return np.asarray(probabilities)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("hidden", [(), (9,), (16, 12), (8, 7, 6)])
def test_every_activation_and_cost_answers_the_same_in_another_program(
    activation: str, cost: str, hidden: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(0)
    network = Network.random(rng, (PIXELS, *hidden, 10), activation, cost)
    network.parameters += rng.normal(0, 0.1, network.parameters.size)
    inputs = rng.random((20, PIXELS), dtype=np.float32)

    probabilities = _run(onnx_file(network, "it", {}), inputs)

    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, network.probabilities(inputs), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["classic", "wide"])
def test_a_served_network_answers_the_same_in_another_program(name: str, test_images: mnist.Images) -> None:
    weights = read_weights(ROOT / "models" / f"{name}.safetensors")
    inputs = normalise(test_images.images[:500])

    content = onnx_file(weights.network, name, weights.metadata)

    np.testing.assert_allclose(_run(content, inputs), weights.network.probabilities(inputs), rtol=0, atol=1e-5)


def test_outputs_that_are_all_0_make_each_answer_equally_likely() -> None:
    network = Network((PIXELS, 10), "sigmoid", "quadratic")
    network.parameters[-10:] = -1e4

    np.testing.assert_allclose(_run(onnx_file(network, "it", {}), np.zeros((1, PIXELS), np.float32)), 0.1)


def test_the_file_carries_its_metadata_with_a_test_vector_and_is_always_the_same() -> None:
    weights = read_weights(ROOT / "models" / "classic.safetensors")
    content = onnx_file(weights.network, "classic", weights.metadata)

    properties = onnxruntime.InferenceSession(content).get_modelmeta().custom_metadata_map

    assert properties == weights.metadata
    shades = (np.arange(PIXELS) * 37 % 256 / 255).astype(np.float32)
    known = json.loads(properties["known_answer"])
    np.testing.assert_allclose(_run(content, shades[None])[0], known, rtol=0, atol=1e-5)
    assert onnx_file(weights.network, "classic", dict(reversed(weights.metadata.items()))) == content


@pytest.mark.parametrize("part", ["activation", "cost"])
def test_an_activation_or_a_cost_without_an_operator_is_named(part: str) -> None:
    class Unknown(CrossEntropy):
        name = "unheard-of"

    network = Network((PIXELS, 4, 10))
    setattr(network, part, Unknown())

    with pytest.raises(OnnxError, match=f"{part} 'unheard-of'"):
        onnx_file(network, "it", {})


@pytest.fixture(scope="module")
def code() -> dict[str, Any]:
    """What the examples of code define."""
    names: dict[str, Any] = {}
    preparation, _, line = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    exec(preparation + line, names)
    return names


def test_the_documents_function_prepares_as_descent_does(code: dict[str, Any], test_images: mnist.Images) -> None:
    prepare: Callable[[NDArray[Any]], Array] = code["normalise"]
    images = np.concatenate([test_images.images[:200], np.zeros((1, 28, 28), np.uint8), [code["image"]]])

    prepared = np.stack([prepare(image) for image in images])

    assert prepared.dtype == np.float32
    np.testing.assert_allclose(prepared, normalise(images), rtol=0, atol=1e-5)


def test_the_documents_test_vector_is_right(code: dict[str, Any]) -> None:
    columns = [int(number) for number in re.findall(r"^column(.*)$", DOCUMENT, re.MULTILINE)[0].split()]
    values = [float(number) for number in re.findall(r"^value(.*)$", DOCUMENT, re.MULTILINE)[0].split()]
    row = normalise(code["image"][None]).reshape(28, 28)[14]

    assert np.flatnonzero(row).tolist() == columns
    np.testing.assert_allclose(row[columns], values, rtol=0, atol=0.6e-4)


def test_the_documents_example_asks_the_network(
    code: dict[str, Any], test_images: mnist.Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    weights = read_weights(ROOT / "models" / "classic.safetensors")
    (tmp_path / "classic.onnx").write_bytes(onnx_file(weights.network, "classic", weights.metadata))
    monkeypatch.chdir(tmp_path)

    exec(re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)[1], {**code, "image": test_images.images[0]})

    assert capsys.readouterr().out == "7\n"
