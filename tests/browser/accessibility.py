"""What holds for every page: axe finds nothing wrong in either theme, and nothing is wider than the screen."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What a theme changes; these rules take the most time by far.
_RULES_OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
_RULES: dict[str, Any] = {"resultTypes": ["violations"]}


def violations(page: Page, rules: dict[str, Any] = _RULES) -> list[str]:
    # Swagger UI's own markup is not ours to mend.
    found = Axe().run(page, {"exclude": [["#swagger-ui"]]}, rules)
    return [f"{problem['id']}: {problem['nodes'][0]['html']}" for problem in found.response["violations"]]


def violations_in_both_themes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    found = [f"light, {problem}" for problem in violations(page)]
    page.emulate_media(color_scheme="dark")
    return found + [f"dark, {problem}" for problem in violations(page, _RULES_OF_COLOUR)]


def width_over(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
