"""The columns of every page on a desk: two style sheets that disagree about them stack everything below one another."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.support.active_run import active_run
from tests.support.server import RunningServer
from tests.support.trained import add_run, served

# How many columns the parts of a page have at 1280 pixels.
COLUMNS: dict[str, dict[str, int]] = {
    "": {".draw": 2, ".inside-diagram-view": 2},
    "learn": {"main li": 3},
    "learn/network": {".network": 3, ".network-places": 2},
    "learn/cost": {".cost-columns": 3, ".cost-curve": 2},
    "learn/slope": {".slope-main": 2},
    "learn/gradient": {".slopes-head": 2, ".slopes-numbers": 2},
    "learn/descent": {".descent": 3},
    "runs": {".run-form-start": 2, ".run-form-columns": 2},
    "runs/{active}": {".run-live": 3, ".run-time": 2, ".run-drawing": 2, ".run-epochs": 3},
    "runs/{active}?view=projector": {"main": 2},
    "runs/compare?runs={run},{other}": {".compare-course": 2},
    "datasets/mnist": {".test-images": 10},
    "rooms": {".rooms-columns": 2},
    "rooms/{room}": {".pupil-inside": 2},
}


@pytest.fixture(scope="session")
def two_runs(server: RunningServer) -> tuple[int, int]:
    return add_run(server.state_dir, served()), add_run(server.state_dir, served())


@pytest.fixture(scope="session")
def room(server: RunningServer) -> str:
    with server.client() as teacher:
        return str(teacher.post("admin/rooms").raise_for_status().json()["code"])


@pytest.mark.slow
@pytest.mark.parametrize("path", COLUMNS)
def test_the_parts_of_a_page_stand_side_by_side(
    visit: OpenPage, server: RunningServer, two_runs: tuple[int, int], room: str, path: str
) -> None:
    page = visit(server.login_url)
    with active_run(server.state_dir) if "{active}" in path else nullcontext() as active:
        places = {"active": active and active.id, "run": two_runs[0], "other": two_runs[1], "room": room}
        page.goto(server.url + path.format(**places))
        page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
        for selector, count in COLUMNS[path].items():
            part = page.locator(selector).first
            expect(part).to_be_visible()
            columns = part.evaluate("(element) => getComputedStyle(element).gridTemplateColumns.split(' ')")
            assert len(columns) == count, f"{selector}: {columns}"
        # A page that is still open when the run ends would ask for a network that this run never had.
        page.close()
