"""Pages of the origins in DESCENT_CORS_ORIGINS may use the open calls, and no other page may."""

from __future__ import annotations

import asyncio
import functools

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings

SCHOOL, OTHER = "https://school.example", "https://other.example"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@functools.cache
def app_for(*origins: str) -> FastAPI:
    return create_app(Settings(cors_origins=origins, root_path="/digits"))


def ask(method: str, path: str, origin: str, *origins: str, **headers: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app_for(*origins)), base_url="http://test/digits"
        ) as client:
            return await client.request(method, path, headers={"Origin": origin, **headers})

    return asyncio.run(answer())


def allowed(response: httpx.Response) -> str | None:
    found: str | None = response.headers.get("access-control-allow-origin")
    return found


@pytest.mark.parametrize("path", ["/predict", "/v2/models/classic/infer", "/lessons/forward"])
def test_a_listed_origin_may_send_to_an_open_call(path: str) -> None:
    response = ask("OPTIONS", path, SCHOOL, SCHOOL, **ASKED)

    assert response.status_code == 200
    assert allowed(response) == SCHOOL
    assert "access-control-allow-credentials" not in response.headers


def test_a_listed_origin_may_read() -> None:
    response = ask("GET", "/healthz", SCHOOL, OTHER, SCHOOL)

    assert response.json() == {"status": "alive"}
    assert allowed(response) == SCHOOL
    assert {"Origin", "Accept"} <= {name.strip() for name in response.headers["vary"].split(",")}
    # Browsers check this header only for what is loaded without CORS.
    assert response.headers["cross-origin-resource-policy"] == "same-origin"


def test_an_error_can_be_read_too() -> None:
    response = ask("GET", "/no-such", SCHOOL, SCHOOL)

    assert response.status_code == 404
    assert allowed(response) == SCHOOL


@pytest.mark.parametrize("path", ["/admin/runs", "/admin/models/classic/rollback", "/login", "/logout"])
def test_what_is_the_admins_stays_closed_to_it(path: str) -> None:
    assert ask("OPTIONS", path, SCHOOL, SCHOOL, **ASKED).status_code == 405
    for method in ("OPTIONS", "GET", "POST"):
        assert allowed(ask(method, path, SCHOOL, SCHOOL, **ASKED)) is None


def test_another_origin_may_not() -> None:
    assert allowed(ask("GET", "/healthz", OTHER, SCHOOL)) is None
    assert ask("OPTIONS", "/predict", OTHER, SCHOOL, **ASKED).status_code == 400


def test_a_listed_origin_can_change_nothing() -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        asked = {**ASKED, "Access-Control-Request-Method": method}
        assert ask("OPTIONS", "/models", SCHOOL, SCHOOL, **asked).status_code == 400
    asked = {**ASKED, "Access-Control-Request-Headers": "authorization"}
    assert ask("OPTIONS", "/predict", SCHOOL, SCHOOL, **asked).status_code == 400


def test_without_the_setting_no_origin_may() -> None:
    assert allowed(ask("GET", "/healthz", SCHOOL)) is None
    assert ask("OPTIONS", "/predict", SCHOOL, **ASKED).status_code == 405
