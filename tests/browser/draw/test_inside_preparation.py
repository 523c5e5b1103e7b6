"""The way from a stroke to its input, on the page and in NumPy: each step can be left out, and the answer follows."""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.images import drawing
from app.images.normalise import normalise
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.hand import SEVEN, ZERO, Stroke
from tests.support.sent import keep_sent_pictures, lay, picture_of, sent_picture
from tests.support.server import RunningServer

PREPARATION = "**/lessons/preparation?*"
STEPS = {
    "others": ("Pick out", "Without picking out"),
    "crop": ("Crop", "Without cropping"),
    "scale": ("Scale", "Without scaling"),
    "centre": ("Centre", "Without centring"),
    "straighten": ("Straighten", "Without straightening"),
    "size": ("One size", "Without the one size"),
}
CORNER: Stroke = [(0.68 + 0.3 * x, 0.68 + 0.3 * y) for x, y in SEVEN]


@pytest.fixture
def section(sheet: Page) -> Page:
    """The shared draw page with the section open and a clear sheet."""
    return sheet if sheet.locator(".inside-preparation").is_visible() else opened(sheet)


def opened(page: Page) -> Page:
    page.locator("details[data-module=preparation] > summary").click()
    keep_sent_pictures(page)
    return page


def laid(page: Page, stroke: Stroke) -> bytes:
    """Lays a picture of a stroke on the sheet, and waits until the section shows it."""
    picture = picture_of(stroke)
    lay(page, picture)
    expect(page.locator("[data-answer=all] [data-part=digit]")).to_have_text(re.compile(r"\d"))
    return picture


def checkbox(page: Page, step: str) -> Locator:
    return page.get_by_role("checkbox", name=STEPS[step][0], exact=True)


def input_of(picture: bytes, without: Collection[str] = ()) -> NDArray[np.float32]:
    return normalise(drawing.place(picture, without).placed, without)


def probabilities(picture: bytes, without: Collection[str] = (), model: str = "classic") -> NDArray[np.floating]:
    network = read_weights(ROOT / "models" / f"{model}.safetensors").network
    return np.asarray(network.probabilities(input_of(picture, without))[0])


def percent(share: float) -> str:
    return ">99%" if share > 0.99 else "<1%" if share < 0.01 else f"{int(100 * share + 0.5)}%"


def bars(page: Page, which: str) -> list[float]:
    script = "(bars) => bars.map((bar) => parseFloat(bar.style.blockSize) / 100)"
    shares: list[float] = page.locator(f"[data-answer={which}] .bar").evaluate_all(script)
    return shares


def expect_answer(page: Page, which: str, expected: NDArray[np.floating]) -> None:
    answer = page.locator(f"[data-answer={which}]")
    expect(answer.locator("[data-part=digit]")).to_have_text(str(expected.argmax()))
    expect(answer.locator("[data-part=confidence]")).to_have_text(f"{percent(expected.max())} sure")
    np.testing.assert_allclose(bars(page, which), expected, atol=1e-4)


def shown_ink(page: Page, stage: str) -> NDArray[np.float64]:
    """What the picture of a stage shows at the middles of 28x28 cells, in 0..1."""
    ink = page.locator(f"[data-stage={stage}] canvas").evaluate(
        """async (canvas) => {
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            const [side, cell] = [canvas.width, canvas.width / 28];
            const copy = Object.assign(document.createElement("canvas"), { width: side, height: side });
            const context = copy.getContext("2d", { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            const { data } = context.getImageData(0, 0, side, side);
            const at = (i) => Math.floor((i + 0.5) * cell);
            const alpha = (row, column) => data[4 * (at(row) * side + at(column)) + 3] / 255;
            return Array.from({ length: 784 }, (_, i) => alpha(Math.floor(i / 28), i % 28));
        }"""
    )
    return np.array(ink)


def full(x: NDArray[Any]) -> NDArray[Any]:
    """As a picture shows it: its darkest ink in full."""
    return np.asarray(x.ravel() / x.max())


@pytest.mark.slow
def test_each_step_is_switched_off_by_keyboard_and_answered_as_numpy_says(section: Page) -> None:
    page = section
    picture = laid(page, CORNER)
    whole = probabilities(picture)
    for step, (_, words) in STEPS.items():
        expected = probabilities(picture, [step])
        checkbox(page, step).focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-answer=chosen] h3")).to_have_text(words)
        expect_answer(page, "chosen", expected)
        expect_answer(page, "all", whole)
        verdict = page.locator(".preparation-verdict [data-part=verdict]")
        expect(verdict).to_contain_text(f"{words} it")
        if expected.argmax() != whole.argmax():
            changed = [f"{answer.argmax()} ({percent(answer.max())})" for answer in (expected, whole)]
            expect(verdict).to_have_text(f"{words} it answers {changed[0]} instead of {changed[1]}.")
        np.testing.assert_allclose(shown_ink(page, "sized"), full(input_of(picture, [step])), atol=0.01)
        page.keyboard.press("Space")
        expect(page.locator("[data-answer=chosen] h3")).to_have_text("With your switches")
    assert whole.argmax() == 7
    assert probabilities(picture, ["centre"]).argmax() != 7


def test_the_strip_shows_each_stage_of_the_way(section: Page) -> None:
    page = section
    picture = laid(page, SEVEN)
    for stage, without in [
        ("scaled", ["centre", "straighten", "size"]),
        ("centred", ["straighten", "size"]),
        ("straightened", ["size"]),
        ("sized", []),
    ]:
        is_placed = stage in ("scaled", "centred")
        expected = full(drawing.place(picture, without).placed if is_placed else input_of(picture, without))
        np.testing.assert_allclose(shown_ink(page, stage), expected, atol=0.01)
        rows = np.nonzero(np.round(expected * 255).reshape(28, 28).max(axis=1))[0]
        place = f"ink in rows {rows[0] + 1} to {rows[-1] + 1} of 28"
        expect(page.locator(f"[data-stage={stage}] canvas")).to_have_attribute("aria-label", re.compile(place))


def test_small_in_a_corner_and_not_centred_it_is_misread_until_all_is_restored(section: Page) -> None:
    page = section
    laid(page, ZERO)
    small = page.get_by_role("checkbox", name="Small, in a corner")
    restore = page.get_by_role("button", name="All steps, as drawn")
    expect(restore).to_be_disabled()
    corner = page.get_by_role("button", name="Small, in a corner, without centring")
    corner.click()
    expect(page.locator("[data-answer=chosen] h3")).to_have_text("Without centring")
    picture = sent_picture(page, "lessons/preparation?model=classic&without=centre")

    expect(small).to_be_checked()
    assert [checkbox(page, step).is_checked() for step in STEPS] == [step != "centre" for step in STEPS]
    expect_answer(page, "chosen", probabilities(picture, ["centre"]))
    expect_answer(page, "all", probabilities(picture))
    assert [int(probabilities(picture, without).argmax()) for without in ([], ["centre"])] == [0, 2]
    box = Image.open(io.BytesIO(picture)).convert("L").point(lambda shade: 255 * (shade < 128)).getbbox()
    assert box is not None
    assert min(box[:2]) > 0.68 * 280

    restore.click()
    expect(page.locator(".preparation-verdict [data-part=verdict]")).to_have_text(re.compile("^All steps are on"))
    expect(small).not_to_be_checked()
    expect(restore).to_be_disabled()


def test_the_way_is_shown_while_a_stroke_is_under_way_and_gone_with_it(section: Page) -> None:
    page = section
    verdict = page.locator(".preparation-verdict [data-part=verdict]")
    expect(verdict).to_have_text("Draw a digit, and you see its way to the input.")
    height = page.locator(".inside-preparation").evaluate("(body) => body.offsetHeight")
    page.locator("#pad").hover()
    page.mouse.down()
    page.mouse.move(300, 400, steps=4)
    expect(page.locator("[data-answer=all] [data-part=digit]")).to_have_text(re.compile(r"\d"))
    page.mouse.up()
    assert page.locator(".inside-preparation").evaluate("(body) => body.offsetHeight") == height
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-answer=all] [data-part=digit]")).to_be_empty()
    expect(verdict).to_contain_text("Draw a digit")
    assert shown_ink(page, "sized").max() == 0


def test_the_chosen_network_prepares_a_picture_that_the_browser_can_not_show(
    visit: OpenPage, server: RunningServer
) -> None:
    page = opened(visit(f"{server.url}?model=wide"))
    tiff = picture_of(SEVEN, "TIFF")
    lay(page, tiff, "image/tiff")
    expect(page.locator(".has-hidden-picture")).to_be_visible()
    expect_answer(page, "all", probabilities(tiff, model="wide"))
    page.get_by_role("button", name="Small, in a corner, without centring").click()
    expect(page.locator("[data-answer=chosen] h3")).to_have_text("Without centring")
    picture = sent_picture(page, "lessons/preparation?model=wide&without=centre")
    expect_answer(page, "chosen", probabilities(picture, ["centre"], "wide"))


def test_a_refusal_and_a_lost_server_are_reported_and_lose_nothing(draw_page: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 422|ERR_CONNECTION_REFUSED")
    page = opened(draw_page)
    laid(page, SEVEN)
    notice = page.locator(".preparation-verdict .notice")
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": "Nothing of that can be read."}
    page.route(PREPARATION, lambda route: route.fulfill(status=422, json=problem))
    checkbox(page, "size").click()
    expect(notice).to_have_text("Nothing of that can be read.")
    page.unroute(PREPARATION)
    page.route(PREPARATION, lambda route: route.abort("connectionrefused"))
    checkbox(page, "crop").click()
    expect(notice).to_contain_text("can't be reached")
    expect(checkbox(page, "size")).not_to_be_checked()
    page.unroute(PREPARATION)
    expect(notice).to_be_hidden()
    expect(page.locator("[data-answer=chosen] h3")).to_have_text("Without cropping and the one size")


@pytest.mark.slow
def test_it_is_accessible_and_fits_a_small_phone(visit: OpenPage, server: RunningServer) -> None:
    page = opened(visit(server.url, viewport={"width": 360, "height": 780}))
    assert width_over(page) == 0
    page.get_by_role("button", name="Example: a handwritten 4").click()
    page.get_by_role("button", name="Small, in a corner, without centring").click()
    expect(page.locator("[data-answer=chosen] h3")).to_have_text("Without centring")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
