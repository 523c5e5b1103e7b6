"""What holds for every page: accessible, in both themes, on a small phone, from one origin, and small."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, Route, expect

from app.lessons.catalogue import LESSONS
from tests.browser.accessibility import violations, violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import PATIENCE, start_by_api
from tests.support.active_run import active_run
from tests.support.api import FEW, ended, start
from tests.support.hand import SEVEN, draw_with_mouse
from tests.support.local_server import local_server
from tests.support.server import RunningServer, Server
from tests.support.trained import add_run, served

# Over the wire, compressed.
FIRST_LOAD = 100 * 1024
PAGES = ["", "runs", "datasets/mnist", "login", "docs", "runs/999999", "rooms", "rooms/privacy", "learn/test"]


@pytest.fixture
def sub_path_server(tmp_path: Path, few_digits: Path) -> Iterator[Server]:
    with local_server(tmp_path / "state", root_path="/digits", datasets_dir=few_digits) as running:
        yield running


def open_ready(visit: OpenPage, server: Server, path: str, **options: object) -> Page:
    page = visit(server.url + path, **options)
    if path == "":
        draw_with_mouse(page, SEVEN)
        expect(page.locator(".answer-digit")).to_have_text("7")
    elif path == "runs":
        expect(page.locator("#served-models tr").first).to_be_visible()
    elif path == "docs":
        expect(page.locator("#swagger-ui .opblock").first).to_be_visible(timeout=PATIENCE)
    return page


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_in_both_themes_and_fits_every_screen(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str], path: str
) -> None:
    allowed_errors.append("status of 404")
    page = open_ready(visit, server, path, color_scheme="light", viewport={"width": 1920, "height": 780})
    assert (violations(page), width_over(page)) == ([], 0)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 780})
    assert (violations(page), width_over(page)) == ([], 0)


@pytest.mark.slow
def test_the_admins_pages_are_accessible_in_both_themes_and_fit_a_phone(visit: OpenPage, own_server: Server) -> None:
    with active_run(own_server.state_dir):
        page = visit(own_server.login_url, viewport={"width": 360, "height": 780})
        page.get_by_text("All settings").click()
        expect(page.locator("#active-run")).to_be_visible()
        assert (violations_in_both_themes(page), width_over(page)) == ([], 0)

    run = add_run(own_server.state_dir, served())
    page.goto(f"{own_server.url}runs/{run}")
    page.get_by_text("The charts as a table").click()
    expect(page.get_by_role("button", name="Publish")).to_be_visible()
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations_in_both_themes(page) == []


@pytest.mark.slow
def test_under_a_sub_path_drawing_watching_and_the_docs_work(visit: OpenPage, sub_path_server: Server) -> None:
    assert sub_path_server.url.endswith("/digits/")
    run = start_by_api(sub_path_server, **{**FEW, "epochs": 1})
    for path in ("", "docs"):
        open_ready(visit, sub_path_server, path)
    page = visit(sub_path_server.login_url)
    page.get_by_role("link", name=f"Run {run}").first.click()
    expect(page.locator(".run-head .status")).to_have_text("finished", timeout=PATIENCE)
    expect(page.locator("#epochs tr")).to_have_count(1)
    page.get_by_role("link", name="Descent").click()
    expect(page).to_have_url(sub_path_server.url)


@pytest.mark.slow
def test_the_first_load_of_the_draw_page_is_small(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page("about:blank")
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(server.url, wait_until="networkidle")
    assert sum(response.request.sizes()["responseBodySize"] for response in responses) < FIRST_LOAD


def _modules_of(page: Page, url: str) -> tuple[set[str], set[str]]:
    """The scripts below static/ that a page names in its HTML, and those that it loads without being given preloads."""
    preload = re.compile(r'<link rel="modulepreload" href="static/v[0-9a-f]+/([^"]+)">')
    script = re.compile(r'<script [^>]*src="static/v[0-9a-f]+/([^"]+)"')
    named: set[str] = set()
    loaded: set[str] = set()

    def without_preloads(route: Route) -> None:
        html = route.fetch().text()
        named.update(preload.findall(html) + script.findall(html))
        route.fulfill(body=preload.sub("", html), content_type="text/html")

    def keep(path: str) -> None:
        if path.endswith(".js") and "/static/" in path:
            loaded.add(path.partition("/static/")[2].partition("/")[2])

    page.route(re.compile(f"^{re.escape(url)}$"), without_preloads)
    page.on("request", lambda request: keep(urlsplit(request.url).path))
    page.goto(url)  # until its load event, which waits for every module that is imported statically
    page.unroute_all(behavior="wait")
    return named, loaded


@pytest.mark.slow
def test_each_page_preloads_exactly_the_modules_that_it_loads(open_page: OpenPage, own_server: Server) -> None:
    with own_server.client() as client:
        for _ in range(2):
            run = start(client, FEW)
            ended(client, run)
        sweep = {"base": FEW, "vary": {"batch_size": {"values": [64, None]}}}
        sweep_id = client.post("admin/sweeps", json=sweep).raise_for_status().json()["id"]
        room = client.post("admin/rooms").raise_for_status().json()["code"]
    lessons = ["learn/test", *(f"learn/{lesson.name}" for lesson in LESSONS)]
    paths = [
        "",
        "runs",
        f"runs/{run}",
        f"runs/compare?runs={run - 1},{run}",
        f"sweeps/{sweep_id}",
        "rooms",
        f"rooms/{room}",
        f"rooms/{room}/projector",
        "login",
        "docs",
        *lessons,
    ]
    # Narrow: on a wide screen a run's page opens its diagram, whose module comes later on purpose.
    narrow = {"width": 700, "height": 800}
    for path in paths:
        named, loaded = _modules_of(open_page("about:blank", viewport=narrow), own_server.url + path)
        assert named == loaded, path
        assert named, path
    admin = open_page(own_server.login_url, viewport=narrow)
    for path in ("runs", f"runs/{run}", "corrections", f"rooms/{room}/projector", f"rooms/{room}/control"):
        named, loaded = _modules_of(admin, own_server.url + path)
        assert named == loaded, f"{path}, signed in"
