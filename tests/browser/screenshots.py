"""python -m tests.browser.screenshots [FOLDER]: every page, on a phone and a desk, light and dark.

It starts a server of its own, draws a digit, and takes the pages of a run while it is under way. The README's picture
is one of them, made smaller.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from app.settings import ROOT
from app.web.learn.lesson_pages import LESSONS
from tests.browser.conftest import ARGUMENTS, chromium
from tests.support.hand import SEVEN, draw_with_mouse
from tests.support.server import RunningServer, running_server

SIZES = {390: 844, 1280: 800}
THEMES = ("light", "dark")
RUN = {"preset": "article", "epochs": 30, "pace": 2}
PATIENCE = 60_000
# What the slower sections say once they are filled.
INSIDE = {"evidence": "pixels wide", "learning": "Choose another digit", "favourites": "“classic” gets"}
README_PICTURE = ROOT / "docs" / "draw.png"


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
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
    with Image.open(folder / "draw-1280-light.png") as picture:
        picture.reduce(2).quantize(64).save(README_PICTURE, optimize=True)


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
    page.goto(f"{server.url}runs/{run}")
    expect(page.locator("#epochs tr").nth(2)).to_be_attached(timeout=PATIENCE)
    take("run")


if __name__ == "__main__":
    main()
