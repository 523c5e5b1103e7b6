"""POST /predict?several=true: all digits of one picture."""

from __future__ import annotations

import io
import json

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.support.api import JSON, PNG, SEVEN, assert_problem
from tests.support.numbers import first_digits, write

SEVERAL = {"several": "true"}


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


FORTY_TWO = _png(write(first_digits("42"), np.random.default_rng(0)))


def test_a_number_has_an_answer_to_each_digit_left_to_right(client: httpx.Client) -> None:
    found = client.post("predict", params=SEVERAL, content=FORTY_TWO, headers=PNG).json()

    assert found.keys() == {"number", "digits"}
    assert found["number"] == "42"
    assert [answer["digit"] for answer in found["digits"]] == [4, 2]
    for answer in found["digits"]:
        assert answer.keys() == {"digit", "confidence", "alternatives", "probabilities", "model", "version", "box"}
        assert answer["confidence"] == max(answer["probabilities"])
        left, top, right, bottom = answer["box"]
        assert 0 <= left < right <= 280
        assert 0 <= top < bottom <= 280
    assert found["digits"][0]["box"][2] <= found["digits"][1]["box"][0]


def test_a_form_and_a_raw_body_get_the_same_number(client: httpx.Client) -> None:
    form = client.post("predict", params=SEVERAL, files={"image": ("a.png", FORTY_TWO, "image/png")})

    assert form.json() == client.post("predict", params=SEVERAL, content=FORTY_TWO, headers=PNG).json()


def test_one_digit_gets_the_answer_that_it_gets_without_several(client: httpx.Client) -> None:
    (answer,) = client.post("predict", params=SEVERAL, content=SEVEN, headers=PNG).json()["digits"]
    answer.pop("box")

    assert answer == client.post("predict", content=SEVEN, headers=PNG).json()


def test_explain_adds_the_input_and_the_activations_of_each_digit(client: httpx.Client) -> None:
    found = client.post("predict", params=SEVERAL | {"explain": "true"}, content=FORTY_TWO, headers=PNG).json()

    for answer in found["digits"]:
        assert len(answer["input"]) == 784
        assert answer["activations"][-1] == pytest.approx(answer["probabilities"])


def test_another_network_can_be_asked(client: httpx.Client) -> None:
    found = client.post("predict", params=SEVERAL | {"model": "wide"}, content=FORTY_TWO, headers=PNG).json()

    assert [answer["model"] for answer in found["digits"]] == ["wide", "wide"]
    missing = client.post("predict", params=SEVERAL | {"model": "none"}, content=FORTY_TWO, headers=PNG)
    assert_problem(missing, 404, "There is no network")


def test_images_as_numbers_are_refused(client: httpx.Client) -> None:
    body = json.dumps({"instances": [[0] * 784]})

    for kind, content in ((JSON, body.encode()), ({"Content-Type": "application/x-npy"}, b"")):
        response = client.post("predict", params=SEVERAL, content=content, headers=kind)
        assert_problem(response, 422, "several", "Send a picture")


def test_a_picture_without_a_digit_and_one_with_too_many_are_refused(client: httpx.Client) -> None:
    empty, full = Image.new("L", (300, 60), 255), Image.new("L", (600, 60), 255)
    for x in range(20, 600, 40):
        ImageDraw.Draw(full).line([(x, 10), (x, 50)], fill=0, width=6)

    assert_problem(client.post("predict", params=SEVERAL, content=_png(empty), headers=PNG), 422, "no ink")
    assert_problem(client.post("predict", params=SEVERAL, content=_png(full), headers=PNG), 422, "at most 12")


def test_the_answer_is_described(client: httpx.Client) -> None:
    described = client.get("openapi.json").json()
    call = described["paths"]["/predict"]["post"]

    assert "several" in [parameter["name"] for parameter in call["parameters"]]
    assert "#/components/schemas/Number" in json.dumps(call["responses"]["200"])
    assert described["components"]["schemas"]["NumberDigit"]["properties"]["box"]["minItems"] == 4
