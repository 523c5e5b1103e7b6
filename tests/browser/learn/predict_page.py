"""The questions of a lesson as a reader has them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}


def question(page: Page) -> Locator:
    return page.locator(".prediction:visible .prediction-question")


def result(page: Page) -> Locator:
    return page.locator(".predictions-result")


def choice(page: Page, name: str) -> Locator:
    return page.locator(".prediction:visible").get_by_role("button", name=name, exact=True)


def predict(page: Page, name: str) -> str:
    """Taps a choice. Gives the sentence on what came true."""
    choice(page, name).tap()
    expect(result(page)).to_have_text(re.compile(r"^(Yes|No)\. "))
    return result(page).inner_text()


def came_true(page: Page) -> list[str]:
    return page.locator(".prediction:visible .is-true").all_inner_texts()


def go_on(page: Page, name: str = "Next question") -> None:
    page.get_by_role("button", name=name, exact=True).tap()


def summary(page: Page) -> Locator:
    return page.locator(".predictions-summary")
