"""python -m tests.browser.readme_pictures: makes the small pictures of the README, one for each part of Descent."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

from app.settings import ROOT
from tests.browser.conftest import ARGUMENTS, chromium
from tests.support.hand import SEVEN, draw_with_mouse
from tests.support.rooms import open_room
from tests.support.server import RunningServer, running_server

FOLDER = ROOT / "docs"
VIEWPORT: ViewportSize = {"width": 960, "height": 600}
PROJECTOR: ViewportSize = {"width": 1280, "height": 800}
PATIENCE = 60_000
# What the QR code holds. A server that prints to a terminal prints one.
ADDRESS = {"DESCENT_ADDRESS": "http://192.168.1.20:8000"}
ON_A_TERMINAL = (sys.executable, "-c", "import pty, sys; pty.spawn(sys.argv[1:])", sys.executable, "-m", "app")
TERMINAL = """
    <style>
      body { margin: 0; padding: 24px; background: black }
      pre { display: inline-block; margin: 0; color: white; font: 24px/27px "DejaVu Sans Mono", monospace }
    </style>
    <pre></pre>"""
RUN = {"preset": "article", "epochs": 30}
EPOCHS_SHOWN = 3
# It stays at the top of a run's page, in pixels.
STICKY_BAR = 96
PUPILS = 28


def main() -> None:
    expect.set_options(timeout=PATIENCE)
    with (
        tempfile.TemporaryDirectory() as state,
        running_server(Path(state), environment=ADDRESS) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport=VIEWPORT, color_scheme="light", reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        for show in (show_draw, show_learn, show_rooms, show_train, show_host):
            page.set_viewport_size(VIEWPORT)
            show(page, server)
            save(page, FOLDER / f"{show.__name__.removeprefix('show_')}.png")
        browser.close()


def show_draw(page: Page, server: RunningServer) -> None:
    """The pixels that speak for the answer."""
    page.goto(server.url)
    draw_with_mouse(page, SEVEN)
    section = page.locator("details", has=page.locator(".inside-evidence"))
    section.locator("summary").first.click()
    expect(section).to_contain_text("pixels wide")
    scroll_to(section)


def show_learn(page: Page, server: RunningServer) -> None:
    """A path down a landscape."""
    page.goto(f"{server.url}learn/gradient?point=40", wait_until="networkidle")
    scroll_to(page.locator(".landscape"))


def show_rooms(page: Page, server: RunningServer) -> None:
    """What a class drew, on the projector."""
    page.set_viewport_size(PROJECTOR)
    with open_room(server) as room:
        page.goto(f"{server.url}rooms/{room.code}/projector")
        room.change(digit=4, prompt="Everybody draw a 4.")
        room.teacher.post(f"{room.path}/simulated", json={"count": PUPILS}).raise_for_status()
        for path in ("accept", "reveal"):
            room.teacher.post(f"{room.path}/{path}").raise_for_status()
        expect(page.locator(".wall-card")).to_have_count(PUPILS)


def show_train(page: Page, server: RunningServer) -> None:
    """The cost of a run, and the weights of its first neurons."""
    run = httpx.post(f"{server.url}admin/runs", json=RUN, headers=server.admin, timeout=30).raise_for_status().json()
    page.goto(f"{server.url}runs/{run['id']}")
    expect(page.locator("#epochs tr").nth(EPOCHS_SHOWN)).to_be_attached()
    scroll_to(page.get_by_role("heading", name="Cost at each step"), below=STICKY_BAR)


def show_host(page: Page, _: RunningServer) -> None:
    """What a server prints on a terminal."""
    # It may still write into its folder when its terminal is gone.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as state,
        running_server(Path(state), environment=ADDRESS, program=ON_A_TERMINAL) as server,
    ):
        printed = re.sub(r"\x1b\[\d+m|\r", "", "".join(server.output))
    # The lines, and the QR code; nothing of the log that follows.
    start = re.match(r"(?:\w[^\n]*\n)*(?:[ █▀▄]+\n)+", printed)
    assert start is not None, printed
    lines = re.sub(r"(?<=127\.0\.0\.1:)\d+", "8000", start[0])
    # This server's token is the tests' own, so its link has none.
    text = "$ make run HOST=0.0.0.0\n" + lines.replace("/login\n", "/login?token=…\n")
    # The policy of a page of ours would go on, and refuse these styles.
    page.goto("about:blank")
    page.set_content(TERMINAL)
    shown = page.locator("pre")
    shown.evaluate("(pre, text) => { pre.textContent = text; }", text)
    box = shown.bounding_box()
    assert box is not None
    page.set_viewport_size({"width": round(box["x"] * 2 + box["width"]), "height": round(box["y"] * 2 + box["height"])})


def scroll_to(part: Locator, below: int = 0) -> None:
    part.evaluate("(part, below) => { part.scrollIntoView(); scrollBy(0, -below); }", below)


def save(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as picture:
        picture.quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
