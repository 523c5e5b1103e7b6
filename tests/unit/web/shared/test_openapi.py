"""What /openapi.json promises to programs that generate a client from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def _calls(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for calls in description["paths"].values():
        yield from calls.values()


def test_each_call_has_a_readable_name_of_its_own(description: dict[str, Any]) -> None:
    names = [call["operationId"] for call in _calls(description)]

    assert {"predict", "start_run", "list_models"} <= set(names)
    assert len(set(names)) == len(names)
    assert not [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+){0,4}", name)]


def test_predict_comes_first_and_the_lessons_internals_last(description: dict[str, Any]) -> None:
    order = [tag["name"] for tag in description["tags"]]

    assert (order[0], order[-1]) == ("predict", "lessons")
    assert {tag for call in _calls(description) for tag in call["tags"]} == set(order)


def test_each_property_and_each_part_of_a_query_is_described(description: dict[str, Any]) -> None:
    properties = [
        (f"{name}.{field}", about)
        for name, schema in description["components"]["schemas"].items()
        for field, about in schema.get("properties", {}).items()
    ]
    queries = [
        (f"{call['operationId']}?{parameter['name']}", parameter)
        for call in _calls(description)
        for parameter in call.get("parameters", [])
        if parameter["in"] != "path"
    ]

    assert len(properties) > 300
    assert not [name for name, about in properties + queries if not about.get("description")]


def test_the_refusals_of_the_whole_server_are_described_where_they_occur(description: dict[str, Any]) -> None:
    for call in _calls(description):
        described, has_body = call["responses"].keys(), "requestBody" in call
        assert {"422", "4XX"} & described or "health" in call["tags"], call["operationId"]
        assert not has_body or {"413", "4XX"} & described, call["operationId"]
        assert not has_body or "503" in described, call["operationId"]
    (infer,) = (call for call in _calls(description) if call["operationId"] == "infer")
    assert "InferenceError" in str(infer["responses"]["503"]["content"])
    assert "503" in description["paths"]["/readyz"]["get"]["responses"]


def test_each_picture_has_its_own_type_and_each_important_body_an_example(description: dict[str, Any]) -> None:
    bodies = {call["operationId"]: call.get("requestBody", {}).get("content", {}) for call in _calls(description)}

    for name in ("predict", "preparation", "mind"):
        assert {"image/png", "image/jpeg", "image/webp", "image/*"} <= bodies[name].keys()
    for name in ("predict", "infer", "start_run"):
        body = bodies[name]["application/json"]
        assert "example" in body or body["schema"]["examples"]
    assert description["components"]["schemas"]["Prediction"]["examples"]
