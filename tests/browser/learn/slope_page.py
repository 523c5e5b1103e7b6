"""The lesson on the slope as a reader has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

STILL = {"reduced_motion": "reduce"}
SLICE, WALK, PREDICT = "**/lessons/slice", "**/lessons/walk", "**/predict?*"
Cost = Callable[[float], float]
OpenLesson = Callable[..., Page]


def open_lesson(visit: OpenPage, server: RunningServer, query: str = "", **options: Any) -> Page:
    """The lesson at an address, once the ball is there."""
    page = visit(f"{server.url}learn/slope{query}", **{**STILL, **options})
    settled(page)
    return page


def slope_of(cost: Cost, value: float) -> float:
    """A central difference."""
    return (cost(value + 1e-5) - cost(value - 1e-5)) / 2e-5


def part(page: Page, name: str) -> Locator:
    return page.locator(f".slope [data-part={name}]")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").strip("()"))


def shown(page: Page, name: str) -> float:
    return number(part(page, name).inner_text())


def place(page: Page) -> float:
    return float(part(page, "field").input_value())


def rows(page: Page, table: str) -> list[list[float]]:
    """The numbers of a table behind the chart, which is opened for it."""
    details = page.locator("details", has=page.get_by_text(table, exact=True))
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    expect(details.locator("tbody tr").nth(1)).to_be_visible()
    texts: list[list[str]] = details.locator("tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return [[number(text) for text in row] for row in texts]


def settled(page: Page) -> None:
    """Waits until what is shown is what the server says of it."""
    expect(page.locator(".slope")).to_have_attribute("aria-busy", "false")


def put_ball(page: Page, value: float) -> None:
    part(page, "field").fill(str(value))
    part(page, "field").press("Enter")
    settled(page)


def try_out(page: Page, name: str) -> None:
    """A ready-made situation, to its end."""
    button(page, name).click()
    expect(part(page, "count")).not_to_have_text("0")
    expect(button(page, "Run")).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(80):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not lead there")
