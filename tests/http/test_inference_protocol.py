"""/v2 speaks the Open Inference Protocol: with its real client, and byte by byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

from app.data import mnist
from app.served.predictor import MAX_INSTANCES
from app.settings import ROOT
from tests.support.api import JSON
from tests.support.server import Server

INFER = "v2/models/classic/infer"


@pytest.fixture
def triton(server: Server) -> Iterator[InferenceServerClient]:
    with InferenceServerClient(server.url.removeprefix("http://").rstrip("/")) as client:
        yield client


@pytest.fixture(scope="module")
def images(test_images: mnist.Images) -> NDArray[np.uint8]:
    return test_images.images[:MAX_INSTANCES]


def tensor(images: NDArray[Any], datatype: str, binary: bool = True) -> InferInput:
    made = InferInput("images", list(images.shape), datatype)
    made.set_data_from_numpy(images, binary_data=binary)
    return made


def predicted(client: httpx.Client, images: NDArray[Any]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = client.post("predict", json={"instances": images.tolist()}).json()["predictions"]
    return answers


def asked(**changes: Any) -> dict[str, Any]:
    given = {"name": "images", "shape": [1, 784], "datatype": "FP32", "data": [9.0] * 784, **changes}
    return {"inputs": [{name: value for name, value in given.items() if value is not None}]}


def assert_error(response: httpx.Response, status: int, *words: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"error"}
    for word in words:
        assert word in response.json()["error"]


def test_the_client_finds_server_and_models_ready(triton: InferenceServerClient) -> None:
    assert triton.is_server_live()
    assert triton.is_server_ready()
    assert triton.is_model_ready("classic")
    assert not triton.is_model_ready("no-such")
    assert triton.get_server_metadata()["extensions"] == ["binary_tensor_data"]


def test_the_metadata_name_the_version_the_input_and_the_outputs(
    triton: InferenceServerClient, client: httpx.Client
) -> None:
    metadata = triton.get_model_metadata("classic")

    assert metadata["versions"] == [client.get("models/classic").json()["version"]]
    assert metadata["inputs"] == [{"name": "images", "datatype": "FP32", "shape": [-1, 784]}]
    assert metadata["outputs"] == [
        {"name": "probabilities", "datatype": "FP32", "shape": [-1, 10]},
        {"name": "digit", "datatype": "INT64", "shape": [-1]},
    ]
    assert triton.get_model_metadata("classic", metadata["versions"][0]) == metadata


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize(("datatype", "dtype"), [("FP32", np.float32), ("UINT8", np.uint8)])
@pytest.mark.parametrize("shape", [(3, 784), (3, 28, 28)])
def test_the_client_gets_the_answers_of_predict(
    triton: InferenceServerClient,
    client: httpx.Client,
    images: NDArray[np.uint8],
    shape: tuple[int, ...],
    datatype: str,
    dtype: type[np.generic],
    binary: bool,
) -> None:
    outputs = [InferRequestedOutput(name, binary_data=binary) for name in ("digit", "probabilities")]
    sent = images[:3].reshape(shape).astype(dtype)

    result = triton.infer("classic", [tensor(sent, datatype, binary)], outputs=outputs, request_id="a-1")

    right = predicted(client, images[:3])
    assert result.as_numpy("digit").dtype == np.int64
    assert result.as_numpy("digit").tolist() == [answer["digit"] for answer in right]
    assert result.as_numpy("probabilities").dtype == np.float32
    np.testing.assert_allclose(
        result.as_numpy("probabilities"), [answer["probabilities"] for answer in right], atol=1e-6
    )
    response = result.get_response()
    assert response["id"] == "a-1"
    assert response["model_version"] == client.get("models/classic").json()["version"]


def test_the_most_images_come_in_one_request(triton: InferenceServerClient, test_images: mnist.Images) -> None:
    images, labels = test_images.images[:MAX_INSTANCES], test_images.labels[:MAX_INSTANCES]

    result = triton.infer("classic", [tensor(images.astype(np.float32), "FP32")])

    assert (result.as_numpy("digit") == labels).mean() > 0.95
    assert result.as_numpy("probabilities").shape == (MAX_INSTANCES, 10)


def test_only_the_wanted_output_comes(triton: InferenceServerClient, images: NDArray[np.uint8]) -> None:
    result = triton.infer("classic", [tensor(images[:2], "UINT8")], outputs=[InferRequestedOutput("digit")])

    assert [output["name"] for output in result.get_response()["outputs"]] == ["digit"]


def test_the_client_is_shown_a_wrong_shape_and_an_unknown_name(triton: InferenceServerClient) -> None:
    with pytest.raises(InferenceServerException, match=r"\[400\] images: the shape is \[n, 784\] or \[n, 28, 28\]"):
        triton.infer("classic", [tensor(np.zeros((1, 10), np.float32), "FP32")])
    with pytest.raises(InferenceServerException, match=r"\[404\] There is no network 'no-such'"):
        triton.get_model_metadata("no-such")
    with pytest.raises(InferenceServerException, match=r"\[404\] 'classic' is served in version .*, not '7'"):
        triton.get_model_metadata("classic", "7")


def test_images_are_counted_as_those_of_predict(client: httpx.Client) -> None:
    def count() -> float:
        lines = client.get("metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("descent_predictions_total{"))

    before = count()
    client.post(INFER, json=asked()).raise_for_status()

    assert count() == before + 1


def test_plain_json_is_answered_in_plain_json(client: httpx.Client) -> None:
    response = client.post(INFER, json=asked())

    assert response.headers["content-type"] == "application/json"
    assert "inference-header-content-length" not in response.headers
    probabilities, digit = response.json()["outputs"]
    assert (probabilities["shape"], digit["shape"]) == ([1, 10], [1])
    assert isinstance(digit["data"][0], int)
    assert digit["data"][0] == np.argmax(probabilities["data"])


def test_binary_data_follows_the_json_object_in_the_order_of_the_outputs(client: httpx.Client) -> None:
    body = json.dumps(
        {
            "parameters": {"binary_data_output": True},
            **asked(datatype="UINT8", data=None, parameters={"binary_data_size": 784}),
            "outputs": [{"name": "digit"}, {"name": "probabilities", "parameters": {"binary_data": False}}],
        }
    ).encode()
    headers = {"Inference-Header-Content-Length": str(len(body))}

    response = client.post(INFER, content=body + bytes([9] * 784), headers=headers)

    assert response.headers["content-type"] == "application/octet-stream"
    length = int(response.headers["inference-header-content-length"])
    digit, probabilities = json.loads(response.content[:length])["outputs"]
    assert digit["parameters"] == {"binary_data_size": 8}
    assert int.from_bytes(response.content[length:], "little") == np.argmax(probabilities["data"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "Invalid JSON"),
        (b"[]", "Send a JSON object"),
        (b'{"inputs": []}', "one tensor, named 'images'"),
        (asked(name="x"), "one tensor, named 'images'"),
        (asked(datatype="FP64"), "FP32 or UINT8"),
        (asked(shape=[]), "the shape is [n, 784]"),
        (asked(shape=[0, 784]), "n from 1 to 1024"),
        (asked(shape=[1025, 784]), "n from 1 to 1024"),
        (asked(shape=[2, 784]), "send 1568 numbers in data"),
        (asked(data=None), "send 784 numbers in data"),
        (asked(data=[[1.0], [1.0, 2.0]]), "send 784 numbers in data"),
        (asked(data=[256] * 784), "0 (paper) to 255 (ink)"),
        (asked(data=[0.5] * 784, datatype="UINT8"), "whole number"),
        (asked(data=[True] * 784), "valid number"),
        (asked(data=["9"] * 784), "valid number"),
        (asked(shape=[2, 784], data=np.zeros((784, 2)).tolist()), "nested as the shape says"),
        (asked(shape=[1, 28, 28], data=np.zeros((1, 784)).tolist()), "nested as the shape says"),
        (asked(data=None, parameters={"binary_data_size": 3136}), "takes 3136 bytes of binary data. 0 came"),
        (asked(parameters={"binary_data_size": 3136}), "not both"),
        (asked(dtype="FP32"), "inputs.0.dtype: Extra inputs are not permitted"),
        ({**asked(), "output": []}, "output: Extra inputs are not permitted"),
        ({**asked(), "outputs": [{"name": "digit", "binary": True}]}, "outputs.0.binary: Extra inputs"),
        ({**asked(), "outputs": [{"name": "logits"}]}, "There are: probabilities, digit."),
        ({**asked(), "outputs": [{"name": "digit"}] * 3}, "outputs"),
        ({**asked(), "id": 7}, "id: Input should be a valid string"),
    ],
)
def test_a_wrong_request_is_refused_in_the_protocols_form(
    client: httpx.Client, body: bytes | dict[str, Any], words: str
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    assert_error(client.post(INFER, content=content, headers=JSON), 400, words)


@pytest.mark.parametrize("length", ["1000000", "9" * 5000, "-1", "x", "\N{SUPERSCRIPT TWO}".encode().decode("latin-1")])
def test_a_wrong_length_of_the_json_object_is_refused(client: httpx.Client, length: str) -> None:
    headers = {b"Inference-Header-Content-Length": length.encode("latin-1")}

    assert_error(client.post(INFER, content=b"{}", headers=headers), 400, "Inference-Header-Content-Length")


def test_numbers_that_are_not_finite_are_refused(client: httpx.Client) -> None:
    body = json.dumps(asked(data=[float("nan")] * 784)).encode()

    assert_error(client.post(INFER, content=body, headers=JSON), 400, "0 (paper) to 255 (ink)")


def test_binary_data_without_its_size_or_too_much_of_it_is_refused(client: httpx.Client) -> None:
    for parameters in (None, {"binary_data_size": 3136}):
        body = json.dumps(asked(data=None, parameters=parameters)).encode()
        headers = {"Inference-Header-Content-Length": str(len(body))}

        response = client.post(INFER, content=body + bytes(3137), headers=headers)

        assert_error(response, 400, "the shape takes 3136 bytes", "3137 came")


def test_errors_outside_the_routes_have_the_protocols_form_too(client: httpx.Client) -> None:
    assert_error(client.get("v2/no-such"), 404, "/docs")
    assert_error(client.get(INFER, headers={"Accept": "text/html"}), 405, "/docs")
    assert_error(client.get("v2/models/classic?x=1"), 400, "'x'")
    assert_error(client.post(INFER, content=bytes(9_000_000)), 413, "too large")


def test_the_documented_example_answers_one(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(
        r"```python\n(.*?tritonclient.*?)```", (ROOT / "docs" / "programs.md").read_text(), re.DOTALL
    )

    exec(example.replace("127.0.0.1:8000", server.url.removeprefix("http://").rstrip("/")), {})

    assert capsys.readouterr().out == "[1]\n"
