from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from app.web.shared import problems

_TEMPORARY = [kind("The reason.") for kind, status in problems._STATUS.items() if status == 503]


def answer_to(error: Exception, accept: str) -> httpx.Response:
    """The answer of an app whose one endpoint raises the error."""
    app = FastAPI()
    problems.install(app, {})
    app.state.admin_token = "for the page of an error"

    @app.get("/")
    async def refuse() -> None:
        raise error

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            return await client.get("/", headers={"Accept": accept})

    return asyncio.run(ask())


@pytest.mark.parametrize("error", [*_TEMPORARY, HTTPException(503)], ids=repr)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_every_temporary_refusal_says_when_to_try_again(error: Exception, accept: str) -> None:
    answer = answer_to(error, accept)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


def test_a_time_of_its_own_is_kept() -> None:
    answer = answer_to(HTTPException(503, "Later.", {"Retry-After": "60"}), "application/json")

    assert answer.headers.get_list("retry-after") == ["60"]


@pytest.mark.parametrize("path", ["*", "", "/", "/v2", "/v2/models/none"])
def test_only_paths_under_a_form_have_errors_in_that_form(path: str) -> None:
    app = FastAPI()
    problems.install(app, {"v2": lambda status, detail, headers: JSONResponse({"error": detail}, status, headers)})
    request = Request({"type": "http", "app": app, "method": "OPTIONS", "path": path, "headers": []})

    answer = problems.problem(request, 404, "Not here.")

    assert (answer.media_type == "application/problem+json") == (not path.startswith("/v2"))
