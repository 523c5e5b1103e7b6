from __future__ import annotations

import io
import json
import socket
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.data import mnist
from app.images.normalise import normalise
from app.network.weights import read_weights
from app.settings import ROOT
from app.web.draw import predict_routes
from app.web.draw.picture_form import picture_in
from tests.support.api import JSON, PNG, SEVEN, assert_problem
from tests.support.server import RunningServer

NPY = {"Content-Type": "application/x-npy"}


def _npy(array: NDArray[np.generic]) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def test_a_multipart_picture_and_the_raw_picture_get_the_same_answer(client: httpx.Client) -> None:
    multipart = client.post("predict", files={"image": ("any name.png", SEVEN, "image/png")})
    raw = client.post("predict", content=SEVEN, headers=PNG)

    assert multipart.status_code == raw.status_code == 200
    assert multipart.json() == raw.json()


def test_a_prediction_is_a_digit_with_its_confidence_and_ten_probabilities(client: httpx.Client) -> None:
    prediction = client.post("predict", content=SEVEN, headers=PNG).json()

    assert prediction.keys() == {"digit", "confidence", "alternatives", "probabilities", "model", "version"}
    assert prediction["digit"] == 7
    assert prediction["confidence"] == max(prediction["probabilities"]) > 0.9
    assert len(prediction["probabilities"]) == 10
    assert sum(prediction["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert prediction["model"] == "classic"
    assert prediction["version"] == client.get("models/classic").json()["version"]


def test_explain_adds_the_784_inputs_and_the_activations_of_each_layer(client: httpx.Client) -> None:
    prediction = client.post("predict", params={"explain": "true"}, content=SEVEN, headers=PNG).json()

    network = read_weights(ROOT / "models" / "classic.safetensors").network
    inputs = np.array(prediction["input"], np.float32)
    assert inputs.shape == (784,)
    assert 0 <= inputs.min() <= inputs.max() <= 1
    assert [len(layer) for layer in prediction["activations"]] == [16, 16, 10]
    for given, computed in zip(prediction["activations"], network.activations(inputs[None])[1:], strict=True):
        np.testing.assert_allclose(given, computed[0], rtol=1e-4, atol=1e-6)
    assert prediction["probabilities"] == pytest.approx(prediction["activations"][-1])


def test_instances_as_784_numbers_and_as_28_rows_get_the_same_answers_in_order(
    client: httpx.Client, test_images: mnist.Images
) -> None:
    images = test_images.images[:50]
    flat = client.post("predict", json={"instances": images.reshape(50, 784).tolist()}).json()
    rows = client.post("predict", json={"instances": images.tolist()}).json()

    assert flat == rows
    digits = [prediction["digit"] for prediction in flat["predictions"]]
    assert np.mean(np.array(digits) == test_images.labels[:50]) >= 0.9


def test_images_of_both_shapes_can_come_together(client: httpx.Client, test_images: mnist.Images) -> None:
    one, other = test_images.images[:2]
    mixed = client.post("predict", json={"instances": [one.tolist(), other.ravel().tolist()]}).json()

    assert [prediction["digit"] for prediction in mixed["predictions"]] == test_images.labels[:2].tolist()


def test_serving_and_training_prepare_images_by_the_same_function(
    client: httpx.Client, test_images: mnist.Images
) -> None:
    images = test_images.images[:40]
    answer = client.post("predict?explain=true", json={"instances": images.tolist()}).json()

    served = np.array([prediction["input"] for prediction in answer["predictions"]], np.float32)
    np.testing.assert_allclose(served, normalise(images), atol=1e-6)


def test_1024_instances_are_answered_and_1025_are_not(client: httpx.Client, test_images: mnist.Images) -> None:
    images = test_images.images[:1025].reshape(-1, 784).tolist()

    assert len(client.post("predict", json={"instances": images[:1024]}).json()["predictions"]) == 1024
    assert_problem(client.post("predict", json={"instances": images}), 422, "1 to 1024")


def test_another_model_that_is_not_there_is_refused_with_those_that_are(client: httpx.Client) -> None:
    response = client.post("predict", params={"model": "no-such-model"}, content=SEVEN, headers=PNG)

    assert_problem(response, 404, "no-such-model", "classic")


def test_a_picture_without_ink_is_refused(client: httpx.Client) -> None:
    content = io.BytesIO()
    Image.new("RGB", (280, 280), "white").save(content, "PNG")

    assert_problem(client.post("predict", content=content.getvalue(), headers=PNG), 422, "no ink")


def test_what_is_no_picture_is_refused(client: httpx.Client) -> None:
    assert_problem(client.post("predict", content=b"hello", headers=PNG), 415, "PNG, JPEG, WebP, BMP, GIF or TIFF")
    assert_problem(client.post("predict", files={"image": b"hello"}), 415, "PNG, JPEG")
    assert_problem(client.post("predict", content=b"", headers=PNG), 415, "empty", "PNG, JPEG")


def test_a_truncated_picture_is_refused(client: httpx.Client) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200), np.uint8)
    content = io.BytesIO()
    Image.fromarray(noise).save(content, "JPEG")

    response = client.post("predict", content=content.getvalue()[:5000], headers={"Content-Type": "image/jpeg"})

    assert_problem(response, 422, "damaged or cut off")


def test_more_than_16_million_pixels_are_refused(client: httpx.Client) -> None:
    content = io.BytesIO()
    Image.new("1", (5000, 4000)).save(content, "PNG")

    assert_problem(client.post("predict", content=content.getvalue(), headers=PNG), 413, "16,000,000")


def test_more_than_8_mib_are_refused(client: httpx.Client) -> None:
    picture = SEVEN + bytes(8 * 1024 * 1024)

    assert_problem(client.post("predict", content=picture, headers=PNG), 413, "8,388,608")
    assert_problem(client.post("predict", content=picture * 2, headers=PNG), 413, "smaller")
    assert_problem(client.post("predict", files={"image": picture * 2}), 413, "smaller")


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(client: httpx.Client) -> None:
    pieces = (bytes(1024 * 1024) for _ in range(20))

    assert_problem(client.post("predict", content=pieces, headers=PNG), 413, "smaller")


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(server: RunningServer) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=10) as connection:
        head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 50000000\r\n\r\n"
        connection.sendall(head.encode())

        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_only_a_picture_may_be_large(client: httpx.Client) -> None:
    assert_problem(client.post("admin/runs", json={"preset": "x" * 300_000}), 413)


def test_a_format_that_is_not_read_is_refused(client: httpx.Client) -> None:
    content = io.BytesIO()
    Image.new("RGB", (32, 32)).save(content, "ICO")

    response = client.post("predict", content=content.getvalue(), headers={"Content-Type": "image/x-icon"})

    assert_problem(response, 415, "PNG, JPEG")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_content_type_is_refused_with_those_that_are_read(
    client: httpx.Client, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    assert_problem(client.post("predict", content=SEVEN, headers=headers), 415, "multipart", "application/json")


def test_a_large_form_is_parsed_where_pictures_are_decoded(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def parsed(body: bytes, content_type: str) -> bytes:
        threads.append(threading.get_ident())
        return picture_in(body, content_type)

    monkeypatch.setattr(predict_routes, "picture_in", parsed)
    for picture in (SEVEN, SEVEN + bytes(70_000)):
        assert client.post("predict", files={"image": picture}).json()["digit"] == 7

    event_loop, decoding = threads
    assert decoding != event_loop


def test_a_form_without_the_picture_is_refused_with_the_name_of_the_field(client: httpx.Client) -> None:
    assert_problem(client.post("predict", files={"file": SEVEN}), 422, "'image'")
    assert_problem(client.post("predict", files={"image": (None, "text")}), 422, "'image'", "text")


def test_a_form_that_is_none_is_refused(client: httpx.Client) -> None:
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
        response = client.post("predict", content=SEVEN, headers={"Content-Type": content_type})
        assert 400 <= response.status_code < 500
        assert_problem(response, response.status_code)


def test_json_that_is_not_images_is_refused_with_what_to_change(client: httpx.Client) -> None:
    for body, word in ((b"", "empty"), (b"{", "Invalid JSON"), (b'{"instances": [[0]]}', "784 numbers")):
        assert_problem(client.post("predict", content=body, headers=JSON), 422, word)


def test_a_numpy_file_gets_the_same_answers_as_the_same_instances(
    client: httpx.Client, test_images: mnist.Images
) -> None:
    images = test_images.images[:200]
    instances = client.post("predict", json={"instances": images.tolist()}).json()

    for array in (images, images.reshape(200, 784), images.astype(np.float32)):
        assert client.post("predict", content=_npy(array), headers=NPY).json() == instances


def test_a_numpy_file_that_is_not_images_is_refused_with_what_to_change(client: httpx.Client) -> None:
    for array, word in ((np.zeros((1, 784)), "float32"), (np.zeros((28, 28), np.uint8), "(n, 28, 28)")):
        assert_problem(client.post("predict", content=_npy(array), headers=NPY), 422, word)


def test_images_that_look_wrong_are_answered_with_a_warning_each(
    client: httpx.Client, test_images: mnist.Images
) -> None:
    good = test_images.images[0]
    images = np.stack([good, 255 - good, np.zeros_like(good), good / 255, 1 - good / 255]).astype(np.float32)
    instances = client.post("predict", json={"instances": images.tolist()}).json()["predictions"]

    assert [[word for word in ("inverted", "blank", "0 to 1") if word in str(answer.get("warnings"))]
            for answer in instances] == [[], ["inverted"], ["blank"], ["0 to 1"], ["inverted", "0 to 1"]]  # fmt: skip
    assert "warnings" not in instances[0]
    assert client.post("predict", content=_npy(images), headers=NPY).json()["predictions"] == instances


@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize(("path", "status"), [("predict", 413), ("admin/runs", 413), ("nothing", 404)])
def test_a_program_that_sends_20_mb_at_once_sees_the_answer(
    server: RunningServer, path: str, status: int, is_chunked: bool
) -> None:
    """urllib sends its whole body, with "Connection: close", before it reads the answer."""
    for _ in range(5):
        content = iter([bytes(1_000_000)] * 20) if is_chunked else bytes(20_000_000)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(server.url + path, content, PNG), timeout=30)
        with refused.value:
            assert refused.value.status == status
            assert json.load(refused.value)["status"] == status


def test_json_that_is_too_large_is_refused(client: httpx.Client) -> None:
    assert_problem(client.post("predict", content=b" " * 9_000_000, headers=JSON), 413, "fewer instances")


def test_after_all_of_this_the_server_still_answers(client: httpx.Client) -> None:
    assert client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7


def test_so_many_images_are_not_explained_at_a_time(client: httpx.Client) -> None:
    images = [[0] * 783 + [255]]

    assert client.post("predict?explain=true", json={"instances": images * 64}).status_code == 200
    refused = client.post("predict?explain=true", json={"instances": images * 65})

    assert_problem(refused, 422, "explain", "at most 64 images")
