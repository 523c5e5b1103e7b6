"""What goes wrong in the browser is told as that, and not as the server's or the drawing's fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.draw.test_pictures import a_two as a_two
from tests.browser.draw.test_pictures import upload
from tests.support.hand import ONE, SEVEN, draw_with_mouse
from tests.support.server import RunningServer

# As Firefox does with privacy.resistFingerprinting, and Brave with strict protection.
HIDES = {
    "white": "image.data.fill(255)",
    "noise": "image.data.forEach((_, i) => { image.data[i] = 255 * Math.random(); })",
}
HIDE_PIXELS = """
    const kinds = [OffscreenCanvasRenderingContext2D, CanvasRenderingContext2D];
    const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
    const { convertToBlob } = OffscreenCanvas.prototype;
    function hide(image) { if (!window.isAllowed) { %s; } return image; }
    for (const kind of kinds) {
        const read = kind.prototype.getImageData;
        kind.prototype.getImageData = function (...box) { return hide(read.apply(this, box)); };
    }
    OffscreenCanvas.prototype.convertToBlob = function (options) {
        const { width, height } = this;
        const copy = new OffscreenCanvas(width, height);
        const image = getImageData.call(this.getContext("2d"), 0, 0, width, height);
        copy.getContext("2d").putImageData(hide(image), 0, 0);
        return convertToBlob.call(copy, options);
    };
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", HIDES)
def test_a_browser_that_hides_the_pixels_of_a_canvas_is_said_to_do_so(
    open_page: OpenPage, server: RunningServer, a_two: bytes, how: str
) -> None:
    page = open_page("about:blank")
    page.add_init_script(HIDE_PIXELS % HIDES[how])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    draw_with_mouse(page, SEVEN)
    expect(page.locator(".answer-problem")).to_contain_text("This browser hides your drawing")
    assert not [url for url in asked if "predict" in url]
    page.get_by_role("button", name="Example: a handwritten 3").click()
    expect(page.locator(".answer-digit")).to_have_text("3")

    upload(page, "large.jpg", "image/jpeg", a_two + bytes(8 * 1024 * 1024))  # sent as a PNG of what is shown
    expect(page.locator(".answer-problem")).to_contain_text("This browser hides your drawing")

    page.evaluate("window.isAllowed = true")
    page.get_by_role("button", name="Clear").click()
    draw_with_mouse(page, ONE)
    expect(page.locator(".answer-digit")).to_have_text("1")


def test_a_chosen_file_that_changes_or_goes_later_is_still_answered(
    draw_page: Page, tmp_path: Path, a_two: bytes
) -> None:
    file = tmp_path / "two.jpg"
    file.write_bytes(a_two)
    draw_page.locator("#upload").set_input_files(file)
    digit = draw_page.locator(".answer-digit")
    expect(digit).to_have_text("2")
    file.unlink()
    draw_page.get_by_role("button", name="Clear").click()
    expect(digit).to_be_empty()
    draw_page.get_by_role("button", name="Undo").click()
    expect(digit).to_have_text("2")


def test_a_file_that_is_gone_before_it_is_read_is_refused_with_the_reason(
    draw_page: Page, tmp_path: Path, a_two: bytes
) -> None:
    file = tmp_path / "two.jpg"
    file.write_bytes(a_two)
    draw_page.evaluate("""() => {
        const input = document.createElement("input");
        input.type = "file";
        input.id = "elsewhere";
        document.body.append(input);
    }""")
    draw_page.locator("#elsewhere").set_input_files(file)
    file.unlink()
    draw_page.evaluate("""() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(document.querySelector("#elsewhere").files[0]);
        document.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }""")
    expect(draw_page.locator(".answer-problem")).to_contain_text("That file can't be read")
    draw_with_mouse(draw_page, SEVEN)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    expect(draw_page.locator(".answer-problem")).to_be_hidden()


@pytest.mark.slow
def test_when_the_browser_is_online_again_the_answer_to_the_drawing_is_back(
    draw_page: Page, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_INTERNET_DISCONNECTED")
    # Asked about once, unlike strokes: the answer to an earlier question would show that the server is reached.
    draw_page.get_by_role("button", name="Example: a handwritten 7").click()
    digit = draw_page.locator(".answer-digit")
    expect(digit).to_have_text("7")
    draw_page.route("**/examples/3.png", lambda route: route.abort("internetdisconnected"))
    draw_page.get_by_role("button", name="Example: a handwritten 3").click()
    expect(draw_page.locator(".answer-problem")).to_contain_text("can't be reached")
    draw_page.evaluate("dispatchEvent(new Event('online'))")
    expect(draw_page.locator(".answer-problem")).to_be_hidden()
    expect(digit).to_have_text("7")
