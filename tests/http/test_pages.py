from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from PIL import Image

from tests.support.api import FEW, PNG, SEVEN, assert_problem, ended, events
from tests.support.local_server import local_server
from tests.support.server import Server

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = ["", "runs", "login", "docs", "learn", "learn/test", "learn/network"]


class _Addresses(HTMLParser):
    """The base of a page, and every address in it."""

    def __init__(self) -> None:
        super().__init__()
        self.base, self.found = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "base":
            self.base = given.get("href") or ""
            return
        self.found += [value for name in ("href", "src", "action") if (value := given.get(name)) is not None]


def addresses(html: str) -> _Addresses:
    parser = _Addresses()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("path", [*PAGES, "no-such-page"])
def test_a_page_names_no_host_and_its_addresses_are_below_its_base(client: httpx.Client, path: str) -> None:
    page = addresses(client.get(path, headers=HTML).text)

    assert page.base == "/"
    assert page.found
    assert not [address for address in page.found if re.match(r"[a-z]+:|/", address)]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_or_style(client: httpx.Client, path: str) -> None:
    html = client.get(path, headers=HTML).text

    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)


def test_runs_are_a_page_to_a_browser_and_data_to_a_program(client: httpx.Client) -> None:
    page, data = client.get("runs", headers=HTML), client.get("runs")

    assert page.headers["content-type"].startswith("text/html")
    assert "Accept" in page.headers["vary"]
    assert isinstance(data.json(), list)


@pytest.mark.parametrize("path", ["runs", "runs/123456"])
def test_a_cache_never_takes_the_data_for_the_page(client: httpx.Client, path: str) -> None:
    for accept in ("application/json", "text/html"):
        headers = client.get(path, headers={"Accept": accept}).headers
        assert "Accept" in headers["vary"]
        assert headers["cache-control"] == "no-cache"


def test_an_error_is_a_page_to_a_browser_and_a_problem_to_a_program(client: httpx.Client) -> None:
    page = client.get("no-such-page", headers=HTML)

    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert_problem(client.get("no-such-page"), 404, "/docs")
    assert_problem(client.get("predict"), 405, "/docs")


def test_there_are_ten_examples_and_each_is_answered_right(client: httpx.Client) -> None:
    for digit in range(10):
        example = client.get(f"examples/{digit}.png")
        assert example.headers["content-type"] == "image/png"
        assert client.post("predict", content=example.content, headers=PNG).json()["digit"] == digit
    assert client.get("examples/10.png").status_code == 422


@pytest.fixture(scope="module")
def sub_path_server(tmp_path_factory: pytest.TempPathFactory, few_digits: Path) -> Iterator[Server]:
    with local_server(tmp_path_factory.mktemp("state"), datasets_dir=few_digits, root_path="/digits") as server:
        assert server.url.endswith("/digits/")
        yield server


@pytest.fixture(params=["stripped", "kept"])
def proxied(request: pytest.FixtureRequest, sub_path_server: Server) -> Iterator[httpx.Client]:
    """Calls a server under /digits as a proxy does that strips the sub-path, and as one that keeps it."""
    url = sub_path_server.url
    base = url if request.param == "kept" else url.removesuffix("digits/")
    with httpx.Client(base_url=base, headers=sub_path_server.admin, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_under_a_sub_path_every_address_of_a_page_is_below_it_and_answers(proxied: httpx.Client, path: str) -> None:
    page = addresses(proxied.get(path, headers=HTML).text)

    assert page.base == "/digits/"
    for address in page.found:
        public = urljoin("/digits/", address).partition("#")[0]
        assert public.startswith("/digits/")
        response = proxied.get(public.removeprefix("/digits/"), headers=HTML)
        assert response.status_code in (200, 303, 405), (address, response.status_code)


def og(client: httpx.Client, **headers: str) -> dict[str, str]:
    """What the draw page tells other sites that show a link to it."""
    html = client.get("", headers={**HTML, **headers}).text
    return dict(re.findall(r'<meta property="og:([a-z:]+)" content="([^"]*)">', html))


def test_other_sites_learn_what_the_page_is_and_find_its_picture(client: httpx.Client) -> None:
    told = og(client)

    assert told["type"] == "website"
    assert "digit" in told["title"]
    assert "neural network" in told["description"]
    with Image.open(io.BytesIO(client.get(told["image"]).content)) as picture:
        assert [str(side) for side in picture.size] == [told["image:width"], told["image:height"]]


def test_the_address_of_the_picture_is_the_public_one(proxied: httpx.Client) -> None:
    image = "digits/static/draw/preview.png"

    assert og(proxied, Host="school.example")["image"] == f"http://school.example/{image}"
    forwarded = {"X-Forwarded-Host": "school.example", "X-Forwarded-Proto": "https"}
    assert og(proxied, **forwarded)["image"] == f"https://school.example/{image}"
    hostile = og(proxied, Host='"><script>')["image"]
    assert "<" not in hostile


def test_the_picture_is_found_on_other_machines_by_the_address_that_the_host_has_set(tmp_path: Path) -> None:
    with local_server(tmp_path / "state", address="http://192.168.1.20:8000") as server, server.client() as client:
        assert og(client)["image"] == "http://192.168.1.20:8000/static/draw/preview.png"


def test_under_a_sub_path_the_api_answers_and_its_locations_are_public(proxied: httpx.Client) -> None:
    assert proxied.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
    response = proxied.post("admin/runs", json={**FEW, "last_step": 1})
    run_id = response.json()["id"]
    assert response.headers["location"] == f"/digits/runs/{run_id}"
    assert ended(proxied, run_id)["status"] == "finished"
    assert list(events(proxied, run_id))[-1]["name"] == "end"


def test_under_a_sub_path_sign_in_stays_below_it(proxied: httpx.Client) -> None:
    response = proxied.get("login", params={"token": proxied.headers["Authorization"].removeprefix("Bearer ")})

    assert response.headers["location"] == "/digits/runs"
    assert "Path=/digits" in response.headers["set-cookie"]


def test_under_a_sub_path_the_api_description_names_it(proxied: httpx.Client) -> None:
    assert proxied.get("openapi.json").json()["servers"] == [{"url": "/digits"}]


def test_the_description_has_the_problems_and_the_token(client: httpx.Client) -> None:
    description = client.get("openapi.json").json()

    assert "HTTPValidationError" not in str(description)
    assert description["components"]["securitySchemes"]
    for path, calls in description["paths"].items():
        for call in calls.values():
            assert ("security" in call) == path.startswith("/admin/")
            for status, response in call["responses"].items():
                if status >= "400":
                    form = "application/json" if path.startswith("/v2") else "application/problem+json"
                    assert list(response["content"]) == [form]


def test_without_its_data_an_example_says_what_to_do(tmp_path: Path) -> None:
    with local_server(tmp_path / "state", mnist_dir=tmp_path) as server, server.client() as client:
        assert_problem(client.get("examples/3.png"), 503, "DESCENT_MNIST_DIR")


def test_the_swagger_ui_comes_from_this_origin_and_is_version_5(client: httpx.Client) -> None:
    script = client.get("swagger/swagger-ui-bundle.js")

    assert script.status_code == 200
    assert re.search(r'"?version"?:\s*"5\.|swaggerUI.{0,20}5\.|5\.\d+\.\d+', script.text)


def test_nothing_in_static_or_templates_names_another_origin() -> None:
    for folder in ("static", "templates"):
        for path in Path(folder).rglob("*.*"):
            assert path.suffix == ".png" or not re.search(r"https?://(?!www\.w3\.org/)", path.read_text()), path
