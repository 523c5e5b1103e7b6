"""Pictures that were not drawn here: uploaded, dropped, pasted, and the examples."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.data import mnist
from app.settings import Settings
from tests.support.hand import draw_with_mouse, ink
from tests.support.server import wait_until

TRANSFER = """([type, name, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type }));
    return transfer;
}"""

# Keeps what the page sends: Playwright shows no body that is a Blob.
SHOW_SENT = """() => {
    const { fetch } = window;
    window.fetch = async (path, options) => {
        const bytes = options?.body instanceof Blob ? new Uint8Array(await options.body.arrayBuffer()) : [];
        if (options?.body) window.sent = btoa(String.fromCharCode(...bytes));
        return fetch(path, options);
    };
}"""


@pytest.fixture(scope="module")
def a_two() -> bytes:
    """A JPEG of a test image, dark on light, large as a photograph's."""
    return as_file(Image.fromarray(255 - mnist.read_test(Settings().mnist_dir).images[1]).resize((560, 560)), "JPEG")


def upload(page: Page, name: str, type_: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload").click()
    chooser.value.set_files({"name": name, "mimeType": type_, "buffer": content})


def drop(page: Page, name: str, type_: str, content: bytes, event: str = "drop") -> None:
    transfer = page.evaluate_handle(TRANSFER, [type_, name, base64.b64encode(content).decode()])
    page.evaluate(
        """([event, transfer]) => document.querySelector("#pad").dispatchEvent(event === "paste"
            ? new ClipboardEvent(event, { clipboardData: transfer, bubbles: true, cancelable: true })
            : new DragEvent(event, { dataTransfer: transfer, bubbles: true, cancelable: true }))""",
        [event, transfer],
    )


def last_sent(page: Page) -> Image.Image:
    """What the page, after `SHOW_SENT`, sent last."""
    return Image.open(io.BytesIO(base64.b64decode(page.evaluate("window.sent")))).convert("RGB")


def as_file(picture: Image.Image, format_: str) -> bytes:
    content = io.BytesIO()
    picture.save(content, format_)
    return content.getvalue()


@pytest.mark.slow
def test_an_uploaded_picture_is_sent_as_it_came_drawn_over_undone_and_cleared(draw_page: Page, a_two: bytes) -> None:
    with draw_page.expect_request("**/predict?*") as asked:
        upload(draw_page, "two.jpg", "image/jpeg", a_two)
    assert asked.value.headers["content-type"] == "image/jpeg"
    # Its own question is asked by now, so that the next one is about what is drawn over it.
    expect(draw_page.locator(".answer-digit")).to_have_text("2")
    picture = ink(draw_page)
    assert picture > 0
    with draw_page.expect_request("**/predict?*") as asked:
        draw_with_mouse(draw_page, [(0.1, 0.1), (0.2, 0.1)])
    assert asked.value.headers["content-type"] == "image/png"
    assert ink(draw_page) > picture
    draw_page.keyboard.press("Control+z")
    assert ink(draw_page) == picture
    draw_page.get_by_role("button", name="Clear").click()
    assert ink(draw_page) == 0
    draw_page.keyboard.press("Control+z")
    assert ink(draw_page) == picture


@pytest.mark.slow
def test_a_pasted_or_dropped_picture_is_answered(sheet: Page, a_two: bytes) -> None:
    for event in ("paste", "drop"):
        drop(sheet, "two.jpg", "image/jpeg", a_two, event)
        expect(sheet.locator(".answer-digit")).to_have_text("2")
        sheet.get_by_role("button", name="Clear").click()
        expect(sheet.locator(".answer-digit")).to_be_empty()


@pytest.mark.slow
def test_every_example_is_answered(sheet: Page) -> None:
    for digit in range(10):
        sheet.get_by_role("button", name=f"Example: a handwritten {digit}").click()
        expect(sheet.locator(".answer-digit")).to_have_text(str(digit))


def test_a_broken_picture_gets_the_servers_reason(draw_page: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append(r"status of 4\d\d")
    with draw_page.expect_response("**/predict?model=classic&explain=true") as response:
        upload(draw_page, "notes.png", "image/png", b"not a picture at all")
    problem = draw_page.locator(".answer-problem")
    expect(problem).to_have_text(response.value.json()["detail"])
    expect(draw_page.locator(".answer-digit")).to_be_empty()
    expect(draw_page.get_by_text("This browser can't show that picture.")).to_be_visible()
    draw_page.get_by_role("button", name="Clear").click()
    expect(problem).to_be_hidden()


@pytest.mark.slow
def test_a_file_that_is_no_picture_is_refused_and_leaves_the_sheet_as_it_was(draw_page: Page) -> None:
    asked: list[str] = []
    draw_page.on("request", lambda request: asked.append(request.url))
    problem = draw_page.locator(".answer-problem")
    for name, type_ in [("a.pdf", "application/pdf"), ("notes.txt", "text/plain"), ("thing", "")]:
        drop(draw_page, name, type_, b"%PDF-1.4 no picture")
        expect(problem).to_have_text("That is no picture. Choose a PNG, JPEG, WebP, BMP, GIF or TIFF.")
        expect(draw_page.get_by_text("This browser can't show that picture.")).to_be_hidden()
        expect(draw_page.get_by_role("button", name="Undo")).to_be_disabled()
        draw_page.reload()
    assert not [url for url in asked if "predict" in url]


def test_a_tiff_that_the_browser_cannot_show_is_answered(sheet: Page, a_two: bytes) -> None:
    upload(sheet, "two.tif", "image/tiff", as_file(Image.open(io.BytesIO(a_two)), "TIFF"))
    expect(sheet.locator(".answer-digit")).to_have_text("2")
    expect(sheet.get_by_text("This browser can't show that picture.")).to_be_visible()


def test_a_picture_without_a_type_is_sent_as_the_png_of_what_is_shown(sheet: Page, a_two: bytes) -> None:
    with sheet.expect_request("**/predict?*") as asked:
        drop(sheet, "two", "", a_two)
    assert asked.value.headers["content-type"] == "image/png"
    expect(sheet.locator(".answer-digit")).to_have_text("2")


@pytest.mark.slow
def test_a_large_photo_is_sent_as_a_smaller_copy(sheet: Page, a_two: bytes) -> None:
    two = Image.open(io.BytesIO(a_two)).convert("L")
    grain = Image.merge("RGB", [Image.effect_noise((1400, 1400), 60)] * 3)
    many_pixels = as_file(two.resize((1500, 1500)), "JPEG")
    many_bytes = a_two + bytes(1_000_000)  # decoders pass over what follows the picture
    grainy = as_file(Image.blend(two.resize(grain.size).convert("RGB"), grain, 0.3), "PNG")
    for photo, kind in ((many_pixels, "png"), (many_bytes, "png"), (grainy, "jpeg")):
        with sheet.expect_request("**/predict?*") as asked:
            upload(sheet, "two", "image/webp", photo)  # so that a copy has another type
        headers = asked.value.all_headers()
        assert headers["content-type"] == f"image/{kind}"
        assert int(headers["content-length"]) <= 1_000_000
        expect(sheet.locator(".answer-digit")).to_have_text("2")
        sheet.get_by_role("button", name="Clear").click()
        expect(sheet.locator(".answer-digit")).to_be_empty()


def test_a_drawing_is_sent_at_five_times_the_size_at_which_it_is_read(draw_page: Page) -> None:
    draw_page.evaluate(SHOW_SENT)
    draw_with_mouse(draw_page, [(0.5, 0.3), (0.5, 0.7)])
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    assert last_sent(draw_page).size == (140, 140)


def test_drawn_over_a_photo_its_paper_stays_paper(draw_page: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 422")  # the paper alone has no ink
    draw_page.evaluate(SHOW_SENT)
    paper = (196, 184, 160)
    upload(draw_page, "paper.png", "image/png", as_file(Image.new("RGB", (600, 300), paper), "PNG"))
    expect(draw_page.locator(".answer-problem")).to_contain_text("no ink")
    draw_with_mouse(draw_page, [(0.5, 0.35), (0.5, 0.65)])
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    wait_until(lambda: last_sent(draw_page).getpixel((140, 175)) == (0, 0, 0), "the whole stroke to be sent")
    sent = last_sent(draw_page)
    assert sent.size == (280, 280)
    assert [sent.getpixel(at) for at in ((2, 2), (140, 20), (20, 140))] == [paper] * 3


def test_a_light_digit_on_a_grey_board_is_drawn_on_in_light_ink(draw_page: Page) -> None:
    draw_page.evaluate(SHOW_SENT)
    board = Image.new("L", (300, 300), 140)
    board.paste(254, (140, 60, 160, 150))
    upload(draw_page, "board.png", "image/png", as_file(board, "PNG"))
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    draw_with_mouse(draw_page, [(0.5, 0.4), (0.5, 0.8)])
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    wait_until(lambda: last_sent(draw_page).getpixel((140, 210)) == (255, 255, 255), "the stroke to be sent, in white")
