"""python -m tests.browser.moving_picture: makes docs/descent.webp, the moving picture at the head of the README.

The ghost's pen writes a three on the empty sheet; a hand writes a seven, and the answer forms in the lit network beside
it; the network is shown neuron by neuron; then another one learns from random numbers to read it. All of it is the real
page, photographed frame by frame. docs/descent.png, for readers who prefer reduced motion, is the seven and its answer.

Animated WebP, since browsers, GitHub and PyPI show it. A GIF of the same frames has 256 colours and is several times
as large.
"""

from __future__ import annotations

import io
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

from app.settings import ROOT
from tests.browser.conftest import ARGUMENTS, chromium
from tests.support.hand import SEVEN
from tests.support.server import RunningServer, running_server

PICTURE = ROOT / "docs" / "descent.webp"
STILL = PICTURE.with_suffix(".png")
# The smallest text of a page of this width is still legible in a picture of that width, which the README shows.
VIEWPORT: ViewportSize = {"width": 960, "height": 720}
SIZE = (720, 540)
PATIENCE = 60_000
# Milliseconds for which a frame is shown: one of many in a motion, and one to look at.
MOTION, LOOK = 70, 700
POINTS_A_LINE = 8
SCROLL_FRAMES = 5
# Of the ghost, in milliseconds of the page's clock: from one frame to the next, and as long as it rests and writes.
GHOST_STEP, GHOST_RESTS, GHOST_WRITES = 230, 700, 2_300
STEPS, STEPS_A_FRAME = 240, 8

# A picture file, and the milliseconds for which it is shown.
Frame = tuple[bytes, int]


def main() -> None:
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as state, running_server(Path(state)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        # The ghost shows itself only to those who let pages move.
        with browser.new_page(viewport=VIEWPORT, color_scheme="light") as page:
            page.set_default_timeout(PATIENCE)
            shown = [*ghost(page, server)]
        # With reduced motion, nothing moves but what is moved here.
        page = browser.new_page(viewport=VIEWPORT, color_scheme="light", reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        drawn = [*draw(page, server)]
        save([*shown, *drawn, *look_inside(page), *learn(page, server)], still=drawn[-1])
        browser.close()


def ghost(page: Page, server: RunningServer) -> Iterator[Frame]:
    """The pen that writes on the empty sheet of a newcomer, by a clock that moves only from frame to frame."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)
    page.goto(server.url, wait_until="networkidle")
    yield page.screenshot(), LOOK // 2
    page.clock.run_for(GHOST_RESTS)
    for _ in range(0, GHOST_WRITES, GHOST_STEP):
        page.clock.run_for(GHOST_STEP)
        page.wait_for_load_state("networkidle")
        yield page.screenshot(), MOTION
    page.clock.run_for(GHOST_STEP)
    expect(page.locator(".answer-sentence")).to_contain_text("sure")
    yield page.screenshot(), LOOK


def draw(page: Page, server: RunningServer) -> Iterator[Frame]:
    """A seven is written, and its answer forms with the network that gives it."""
    page.goto(server.url)
    yield page.screenshot(), LOOK // 2
    box = page.locator("canvas").first.bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
    page.mouse.move(*points[0])
    page.mouse.down()
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        for n in range(1, POINTS_A_LINE + 1):
            page.mouse.move(x0 + (x1 - x0) * n / POINTS_A_LINE, y0 + (y1 - y0) * n / POINTS_A_LINE)
            yield page.screenshot(), MOTION
    with page.expect_response(lambda response: "predict" in response.url):
        page.mouse.up()
    expect(page.get_by_role("main")).to_contain_text("More than 99% sure")
    yield page.screenshot(), 2 * LOOK


def look_inside(page: Page) -> Iterator[Frame]:
    """The network that answered, neuron by neuron."""
    network = page.locator("details", has=page.get_by_text("The network, neuron by neuron"))
    network.locator("summary").first.click()
    expect(network).to_contain_text("Output 7")
    yield from scroll_to(page, network)
    yield page.screenshot(), 2 * LOOK


def scroll_to(page: Page, part: Locator) -> Iterator[Frame]:
    """Scrolls from the top of the page to a part of it, slower at both ends. Each frame is a whole new picture: few."""
    distance = part.evaluate("part => part.getBoundingClientRect().top + scrollY")
    for n in range(1, SCROLL_FRAMES + 1):
        way = n / SCROLL_FRAMES
        page.evaluate("y => scrollTo(0, y)", distance * way * way * (3 - 2 * way))
        yield page.screenshot(), MOTION


def learn(page: Page, server: RunningServer) -> Iterator[Frame]:
    """The last lesson, with the same drawing: the cost falls, until the new network reads it."""
    # With reduced motion, it would take many steps at once.
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"{server.url}learn/descent", wait_until="networkidle")
    yield page.screenshot(), LOOK
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("heading", name="The cost of each step").evaluate("heading => heading.scrollIntoView()")
    page.get_by_role("button", name="Start", exact=True).click()
    step = page.get_by_label("Step").locator("..").locator("output")
    for wanted in range(0, STEPS, STEPS_A_FRAME):
        page.wait_for_function(
            "([output, step]) => Number(output.textContent) >= step", arg=[step.element_handle(), wanted]
        )
        yield page.screenshot(), MOTION
    expect(step).to_have_text(str(STEPS))
    yield page.screenshot(), 2 * LOOK


def save(frames: list[Frame], still: Frame) -> None:
    pictures = [small(png) for png, _ in frames]
    durations = [shown for _, shown in frames]
    # loop=0 repeats it for ever.
    pictures[0].save(
        PICTURE, save_all=True, append_images=pictures[1:], duration=durations, loop=0, quality=75, minimize_size=True
    )
    small(still[0]).quantize(256).save(STILL, optimize=True)


def small(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
