"""An unknown query parameter is refused by every API call, and by no page."""

from __future__ import annotations

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from app.web.shared.query_names import ANY_QUERY
from tests.support.api import JSON, PNG, SEVEN, assert_problem

HTML = {"Accept": "text/html"}


def test_a_misspelt_parameter_of_predict_is_refused_with_the_known_ones(client: httpx.Client) -> None:
    response = client.post("predict?modle=wide", content=SEVEN, headers=PNG)

    assert_problem(response, 422, "'modle'", "There are: explain, model, several.")


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("runs?limt=3", "There are: before, limit."),
        ("runs/compare?run=1,2", "There are: runs."),  # declared by a dependency
        ("models/classic?version=3", "This call has none."),
    ],
)
def test_the_known_parameters_are_named(client: httpx.Client, path: str, known: str) -> None:
    assert_problem(client.get(path), 422, "There is no query parameter", known)


def test_every_described_call_refuses_an_unknown_parameter(client: httpx.Client) -> None:
    for path, calls in create_app(Settings()).openapi()["paths"].items():
        for method in calls:
            if ANY_QUERY in calls[method]["tags"]:
                continue
            places = {"run_id": 1, "sweep_id": 1, "step": 1, "number": 1, "name": "classic", "version": "1"}
            places |= {"code": "NOROOM", "pupil": 1, "drawing": 1, "neuron": "1-0"}
            address = path.lstrip("/").format(**places)
            content = None if method == "get" else b"{}"
            response = client.request(method, f"{address}?no_such=1", content=content, headers=JSON)
            assert "no_such" in response.text, (method, path, response.text)
            assert response.status_code in (400, 422)


@pytest.mark.parametrize(
    "path", ["", "runs", "learn/network", "docs", "static/page/base.css", "login", "examples/3.png"]
)
def test_a_page_or_a_file_may_have_any_query(client: httpx.Client, path: str) -> None:
    assert client.get(f"{path}?no_such=1", headers=HTML).status_code == 200


@pytest.mark.parametrize("path", ["healthz", "readyz", "metrics"])
def test_a_monitor_may_add_any_query(client: httpx.Client, path: str) -> None:
    assert client.get(f"{path}?ts=1").status_code == 200


def test_all_known_parameters_may_be_given(client: httpx.Client) -> None:
    assert client.post("predict?model=classic&explain=true", content=SEVEN, headers=PNG).is_success
    assert client.get("runs?limit=3&before=9").is_success
    assert client.get("models").is_success
