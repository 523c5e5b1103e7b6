"""What a test does with a pupil's phone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.support.rooms import Room

ANSWER = ".pupil-drawing .pupil-answer-digit"


def drawings(page: Page, room: Room) -> list[dict[str, Any]]:
    """What the server has of the page's pupil."""
    key = page.evaluate("(code) => JSON.parse(sessionStorage.getItem(`room-${code}`)).key", room.code)
    own = room.anyone.get(f"rooms/{room.code}/pupils/me", headers={"Authorization": f"Bearer {key}"})
    found: list[dict[str, Any]] = own.raise_for_status().json()["drawings"]
    return found


def pupil_of(page: Page, room: Room) -> int:
    return int(page.evaluate("(code) => JSON.parse(sessionStorage.getItem(`room-${code}`)).pupil", room.code))


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()


def name_of(page: Page) -> str:
    return page.locator("#pupil-name").inner_text()
