"""Digits as a hand draws them: strokes through points in 0..1 of the sheet, and ways to draw them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from playwright.sync_api import CDPSession, Page

Stroke = Sequence[tuple[float, float]]

ZERO: Stroke = [
    (0.50, 0.18), (0.38, 0.24), (0.31, 0.38), (0.30, 0.55), (0.35, 0.72), (0.47, 0.81), (0.60, 0.76), (0.68, 0.62),
    (0.70, 0.45), (0.66, 0.28), (0.58, 0.20), (0.50, 0.18),
]  # fmt: skip
ONE: Stroke = [(0.5, 0.15), (0.5, 0.85)]
THREE: Stroke = [
    (0.33, 0.25), (0.45, 0.18), (0.58, 0.20), (0.64, 0.30), (0.58, 0.42), (0.47, 0.48), (0.60, 0.54), (0.67, 0.66),
    (0.60, 0.79), (0.46, 0.82), (0.32, 0.75),
]  # fmt: skip
SEVEN: Stroke = [(0.28, 0.22), (0.70, 0.22), (0.57, 0.50), (0.45, 0.82)]


def draw_with_mouse(page: Page, stroke: Stroke) -> None:
    points = _on_screen(page, stroke)
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=2)
    page.mouse.up()


def draw_with_finger(page: Page, stroke: Stroke, cdp: CDPSession | None = None) -> None:
    cdp = cdp or page.context.new_cdp_session(page)
    points = _on_screen(page, stroke)
    touch(cdp, "touchStart", points[0])
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        for n in range(1, 6):
            touch(cdp, "touchMove", (x0 + (x1 - x0) * n / 5, y0 + (y1 - y0) * n / 5))
    touch(cdp, "touchEnd")


def draw_with_pen(cdp: CDPSession, page: Page, stroke: Stroke) -> None:
    points = _on_screen(page, stroke)
    for kind, (x, y) in [
        ("mousePressed", points[0]),
        *(("mouseMoved", point) for point in points),
        ("mouseReleased", points[-1]),
    ]:
        pen = {"x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1, "pointerType": "pen"}
        cdp.send("Input.dispatchMouseEvent", {"type": kind, **pen})


def touch(cdp: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    """Fingers on the screen, as the browser gets them from a touch screen."""
    fingers = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
    cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


def ink(page: Page) -> int:
    """How many pixels of the sheet have ink on them, of 10,000."""
    count = page.evaluate(
        """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
            const small = document.createElement("canvas");
            small.width = small.height = 100;
            const context = small.getContext("2d");
            context.drawImage(document.querySelector("#pad"), 0, 0, 100, 100);
            const { data } = context.getImageData(0, 0, 100, 100);
            resolve(data.filter((value, i) => i % 4 === 0 && Math.abs(value - data[0]) > 60).length);
        })))"""
    )
    return int(count)


def _on_screen(page: Page, stroke: Stroke) -> list[tuple[float, float]]:
    box = page.locator("#pad").bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
