"""The form that starts a run, as tests use it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.support.idx_files import write_set
from tests.support.server import RunningServer, running_server

CLOTHES = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
REFUSAL = "learning_rate: Only for this test. epochs: Also."

OpenForm = Callable[..., Page]


@contextlib.contextmanager
def serving_clothes(folder: Path) -> Iterator[RunningServer]:
    """A server with one set of images besides MNIST that can be used, and one that can't."""
    sets = folder / "sets"
    write_set(sets / "clothes")
    (sets / "clothes" / "classes.txt").write_text("\n".join(CLOTHES))
    next(write_set(sets / "torn").glob("t10k-labels*")).unlink()
    with running_server(folder / "state", environment={"DESCENT_DATASETS_DIR": str(sets)}) as running:
        yield running


def form_opener(visit: OpenPage, server: RunningServer) -> OpenForm:
    """Opens the form, signed in, with the query of an address and the options of a Playwright context."""

    def open_form(query: str = "", **options: object) -> Page:
        page = visit(server.login_url, **options)
        if query:
            page.goto(f"{server.url}runs{query}")
        expect(page.locator("input[value=clothes]")).to_be_attached()
        expect(start(page)).to_be_enabled()
        return page

    return open_form


def start(page: Page) -> Locator:
    return page.get_by_role("button", name="Start the run")


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def hint(page: Page) -> Locator:
    return page.locator("#preset-hint")


def refuse(page: Page) -> list[dict[str, Any]]:
    """Lets no run start; what the form sends is in the list."""
    sent: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        route.fulfill(status=422, json={"detail": REFUSAL}, content_type="application/problem+json")

    page.route("**/admin/runs?*", answer)
    return sent


def send(page: Page) -> None:
    with page.expect_response("**/admin/runs?*"):
        start(page).click()
    expect(start(page)).to_be_enabled()


def problem(page: Page) -> Locator:
    return page.locator("#run-form-problem span")
