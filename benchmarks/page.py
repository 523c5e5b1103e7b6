"""python -m benchmarks.page: the size of the pages, their layout shift, and the frame rate while drawing."""

from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from app.lessons.catalogue import LESSONS
from benchmarks.measure import table
from tests.browser.conftest import ARGUMENTS, chromium
from tests.support.server import running_server

# Bytes over the wire at the first load of a page.
LIMITS = {"": 100 * 1024, **{f"learn/{lesson.name}": 150 * 1024 for lesson in LESSONS}}
DRAWING_SECONDS = 4
# The layout shift of https://web.dev/articles/cls, where up to 0.1 counts as good.
_WATCH_SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""
_WATCH_FRAMES = """() => {
    window.frames_ = [];
    const tick = (time) => { window.frames_.push(time); requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
}"""


def loads(browser: Browser, url: str) -> str:
    rows = []
    for path, limit in LIMITS.items():
        for width, height in ((390, 844), (1280, 800)):
            page = browser.new_page(viewport={"width": width, "height": height})
            responses: list[Response] = []
            page.on("response", lambda response, all_of=responses: all_of.append(response))
            page.goto(url + path, wait_until="networkidle")
            page.evaluate(_WATCH_SHIFTS)
            size = sum(response.request.sizes()["responseBodySize"] for response in responses)
            shifted = page.evaluate("window.shifted")
            rows.append([f"`/{path}`", str(width), f"{size:,}", f"{size / limit:.2f}", f"{shifted:.3f}"])
            page.context.close()
    return table(["page", "width, px", "bytes over the wire", "share of the limit", "layout shift"], rows)


def drawing(browser: Browser, url: str) -> str:
    rows = []
    for name, section in (("none", None), ("the network's picture", "diagram")):
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(url)
        answers: list[Response] = []
        if section:
            page.locator(f"details[data-module={section}] > summary").click()
        _draw(page, 0.5)
        expect(page.locator(".answer-digit")).not_to_be_empty()
        page.on("response", lambda response, all_of=answers: "/predict" in response.url and all_of.append(response))
        page.evaluate(_WATCH_FRAMES)
        seconds = _draw(page, DRAWING_SECONDS)
        frames = page.evaluate("window.frames_.slice(1).map((time, i) => time - window.frames_[i])")
        frames.sort()
        rows.append(
            [
                name,
                f"{len(answers) / seconds:.0f}",
                f"{len(frames) / seconds:.0f}",
                f"{frames[int(0.95 * len(frames))]:.0f}",
            ]
        )
        page.context.close()
    return table(["open section", "answers/s", "frames/s", "95th percentile of a frame, ms"], rows)


def _draw(page: Page, seconds: float) -> float:
    """Draws a spiral as fast as the browser takes the moves. Returns the seconds that it took."""
    box = page.locator("#pad").bounding_box()
    assert box is not None
    started = time.perf_counter()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    while (passed := time.perf_counter() - started) < seconds:
        turn, radius = 4 * passed, 0.1 + 0.3 * passed / seconds
        page.mouse.move(
            box["x"] + box["width"] * (0.5 + radius * math.cos(turn)),
            box["y"] + box["height"] * (0.5 + radius * math.sin(turn)),
        )
    page.mouse.up()
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as state, running_server(Path(state)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        print(f"""
## The pages

The first load in Chromium with an empty cache. The limits are 100 KB for the draw page and 150 KB for a lesson.

{loads(browser, server.url)}

While a stroke is drawn, with the browser, the server and the script that moves the mouse on one machine.

{drawing(browser, server.url)}""")
        browser.close()


if __name__ == "__main__":
    main()
