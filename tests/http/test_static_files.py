"""Scripts and style sheets: kept by browsers for good, and never older than the page that names them."""

from __future__ import annotations

import re
from http import HTTPStatus

import httpx
import pytest

HTML = {"Accept": "text/html"}
STYLES = "page/base.css"


@pytest.fixture
def address(client: httpx.Client) -> str:
    """Where a page finds its style sheet."""
    found = re.search(rf'href="(static/v\w+/{STYLES})"', client.get("", headers=HTML).text)
    assert found
    return found[1]


def test_a_browser_keeps_for_good_what_a_page_names(client: httpx.Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == HTTPStatus.OK
    assert "immutable" in response.headers["cache-control"]
    assert response.text == client.get(f"static/{STYLES}").text


@pytest.mark.parametrize("folder", ["static", "static/v0123456789ab"], ids=["no version", "another version"])
def test_a_file_that_may_change_is_asked_for_again(client: httpx.Client, address: str, folder: str) -> None:
    response = client.get(f"{folder}/{STYLES}")

    assert response.text == client.get(address).text
    assert response.headers["cache-control"] == "no-cache"


def test_what_is_not_there_is_not_kept(client: httpx.Client, address: str) -> None:
    response = client.get(address.replace(STYLES, "page/no-such.css"))

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response.headers["cache-control"] == "no-cache"
