"""What a test does with a game on the projector."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.rooms import Room, Watcher
from tests.support.server import wait_until

NEXT = "[data-part=next]"


def start(room: Room, watcher: Watcher, **how: object) -> None:
    room.teacher.post(f"{room.path}/game", json=how).raise_for_status()
    wait_until(lambda: "deal" in watcher.parts, "the deal")


def press(page: Page, words: str, key: str = "ArrowRight") -> None:
    """Goes on by the keyboard, once the button says these words."""
    expect(page.locator(NEXT)).to_have_text(words)
    page.keyboard.press(key)


def said(page: Page, part: str) -> Locator:
    return page.locator(f"#game [data-part={part}]")


def reveal_simulated(room: Room) -> None:
    """Drawings on the wall of pupils who hold no neurons."""
    room.teacher.post(f"{room.path}/simulated", json={"count": 5}).raise_for_status()
    for path in ("accept", "reveal"):
        room.teacher.post(f"{room.path}/{path}").raise_for_status()
