"""python -m tests.browser.screenshots [FOLDER]: every page, on a phone and a desk, light and dark.

It starts a server of its own, draws a digit, and takes the pages of a run while it is under way.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect, sync_playwright

from app.lessons.catalogue import LESSONS
from app.rooms.class_network import PHASES
from tests.browser.conftest import ARGUMENTS, chromium
from tests.support.hand import SEVEN, draw_with_mouse
from tests.support.rooms import Room, open_room
from tests.support.server import RunningServer, running_server

SIZES = {390: 844, 1280: 800}
THEMES = ("light", "dark")
RUN = {"preset": "article", "epochs": 30, "pace": 2}
PATIENCE = 60_000
# What the slower sections say once they are filled.
INSIDE = {"evidence": "pixels wide", "learning": "Choose another digit", "favourites": "“classic” gets"}


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as state, running_server(Path(state)) as server, sync_playwright() as playwright:
        run = httpx.post(f"{server.url}admin/runs", json=RUN, headers=server.admin, timeout=30).json()["id"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for width, height in SIZES.items():
            for theme in THEMES:
                page = browser.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if theme == "dark" else "light",
                    device_scale_factor=2,
                    reduced_motion="reduce",
                )
                take_all(page, server, run, folder, f"{width}-{theme}")
                page.context.close()
        browser.close()


def take_teachers_room(page: Page, server: RunningServer, take: Callable[..., None]) -> None:
    """A room on a projector, and the teacher's own page of it."""
    with open_room(server) as room:
        page.goto(f"{server.url}rooms/{room.code}/projector")
        expect(page.locator("#next-step")).not_to_be_empty()
        take("projector-empty", full_page=False)
        room.change(digit=4, prompt="Everybody draw a 4.")
        room.teacher.post(f"{room.path}/simulated", json={"count": 28}).raise_for_status()
        for path in ("accept", "reveal"):
            room.teacher.post(f"{room.path}/{path}").raise_for_status()
        expect(page.locator(".wall-card")).to_have_count(28)
        take("projector", full_page=False)
        room.set_status(1, "hidden")
        page.goto(f"{server.url}rooms/{room.code}/control")
        expect(page.locator(".drawing-card")).to_have_count(28)
        take("control", full_page=False)


def take_all(page: Page, server: RunningServer, run: int, folder: Path, suffix: str) -> None:
    def take(name: str, full_page: bool = True) -> None:
        page.screenshot(path=folder / f"{name}-{suffix}.png", full_page=full_page, animations="disabled")

    page.goto(server.url)
    take("blank", full_page=False)
    draw_with_mouse(page, SEVEN)
    # The answer must be to the whole drawing, not to a stroke under way: drawn again, it is asked about once.
    page.keyboard.press("Control+z")
    with page.expect_response(lambda response: "predict" in response.url):
        page.keyboard.press("Control+y")
    expect(page.locator(".answer-digit")).to_have_text("7")
    take("draw", full_page=False)
    for section in page.locator(".inside-section").all():
        section.locator("summary").first.click()
    page.get_by_role("radio", name="7").check()
    for name, text in INSIDE.items():
        expect(page.locator(f".inside-{name}")).to_contain_text(text)
    take("inside")
    page.goto(f"{server.url}learn")
    take("learn")
    for lesson in LESSONS:
        page.goto(f"{server.url}learn/{lesson.name}", wait_until="networkidle")
        take(f"learn-{lesson.name}")
    page.goto(f"{server.url}login")
    take("login")
    page.goto(f"{server.url}runs/999999")
    take("problem")
    page.goto(f"{server.url}docs")
    expect(page.locator("#swagger-ui .opblock").first).to_be_visible()
    take("docs", full_page=False)
    page.goto(f"{server.url}datasets")
    take("datasets")
    page.goto(f"{server.url}datasets/mnist", wait_until="networkidle")
    take("dataset")
    page.goto(server.login_url)
    expect(page.locator("#runs tr").first).to_be_visible()
    take("runs")
    take_teachers_room(page, server, take)
    page.goto(f"{server.url}runs/{run}")
    expect(page.locator("#epochs tr").nth(2)).to_be_attached()
    take("run")
    take_room(page, server, run, take)


def take_room(page: Page, server: RunningServer, run: int, take: Callable[..., None]) -> None:
    """A room as its pupils see it."""
    page.goto(f"{server.url}rooms")
    take("rooms")
    page.goto(f"{server.url}rooms/privacy")
    take("privacy")
    with open_room(server) as room:
        room.change(prompt="Everybody draw a 7.", digit=7)
        page.goto(f"{server.url}rooms/{room.code}")
        draw_with_mouse(page, SEVEN)
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".pupil-answer-digit").first).to_have_text("7")
        take("pupil")
        room.change(activity="collect", prompt="Our own data set", digit=None)
        expect(page.locator(".pupil-balance")).to_be_visible()
        take("pupil-collect")
        room.change(activity="watch", prompt="Watch it learn.", runs=[run])
        expect(page.locator("[data-part=watch]")).to_contain_text("of your 1 drawing")
        take("pupil-watch")
        room.change(frozen=True)
        expect(page.get_by_role("dialog")).to_be_visible()
        take("pupil-frozen", full_page=False)
        room.change(frozen=False)
        take_game(page, room, take)


def take_game(page: Page, room: Room, take: Callable[..., None]) -> None:
    """The pupil's phone in a game of its own, at the sums and the nudge, and in a vote."""
    for path in ("accept", "reveal", "game"):
        room.teacher.post(f"{room.path}/{path}", json={} if path == "game" else None).raise_for_status()
    for phase in PHASES:
        expect(page.locator("[data-part=game-says]")).to_contain_text("Your teacher")
        room.teacher.post(f"{room.path}/game/next").raise_for_status()
        button = page.get_by_role("button", name="Pass on")
        expect(button).to_be_visible()
        take(f"pupil-game-{phase}", full_page=False)
        button.click()
        if phase == "forward-3":
            expect(page.locator("[data-part=game-says]")).to_contain_text("What was it meant to be?")
            room.teacher.post(f"{room.path}/game/next").raise_for_status()
    question = {"question": "Will the cost fall?", "options": ["Yes", "No"]}
    room.teacher.post(f"{room.path}/vote", json=question).raise_for_status()
    expect(page.get_by_role("dialog")).to_be_visible()
    take("pupil-vote", full_page=False)


if __name__ == "__main__":
    main()
