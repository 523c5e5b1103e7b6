"""Addresses copied out of HTML, in which `&` is written `&amp;`."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.server.middleware import PlainQuery


async def _query(request: Request) -> Response:
    return JSONResponse(request.query_params.multi_items())


APP = PlainQuery(Starlette(routes=[Route("/digits/learn", _query, methods=["GET", "POST"])]))


def _ask(method: str, query: str, accept: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://test") as client:
            return await client.request(method, f"/digits/learn?{query}", headers={"Accept": accept})

    return asyncio.run(ask())


@pytest.mark.parametrize(("method", "accept"), [("GET", "*/*"), ("POST", "text/html")])
def test_an_escaped_ampersand_of_a_query_is_read_as_one(method: str, accept: str) -> None:
    assert _ask(method, "a=1&amp;b=x&c=2&amp;d=%C3%A9", accept).json() == [
        ["a", "1"],
        ["b", "x"],
        ["c", "2"],
        ["d", "é"],
    ]


@pytest.mark.parametrize("query", ["amp;a=1", "a=%26amp;b=1", "a=1&ampere=2", "a=amp;b"])
def test_any_other_query_is_left_as_it_is(query: str) -> None:
    expected = [list(pair) for pair in httpx.QueryParams(query).multi_items()]

    assert _ask("GET", query, "text/html").json() == expected


def test_a_page_is_redirected_to_the_plain_address_which_its_script_reads() -> None:
    answer = _ask("GET", "a=1&amp;b=%C3%A9", "text/html,*/*")

    assert (answer.status_code, answer.headers["location"]) == (307, "?a=1&b=%C3%A9")
