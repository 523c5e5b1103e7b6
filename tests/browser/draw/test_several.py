"""More than one digit on the sheet: the page leads with the number, and shows the answer to each digit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.draw.test_answering import an_answer
from tests.support.hand import ONE, SEVEN, Stroke, draw_with_mouse


def _at(stroke: Stroke, left: float) -> Stroke:
    """The stroke at half of its size."""
    return [(left + x / 2, 0.25 + y / 2) for x, y in stroke]


@pytest.mark.slow
def test_two_digits_raise_the_question_and_one_does_not(sheet: Page) -> None:
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    number = sheet.locator("#several details")

    draw_with_mouse(sheet, _at(SEVEN, 0.0))
    expect(sheet.locator(".answer-sentence")).to_contain_text("sure")
    expect(number).to_be_hidden()
    assert not [url for url in asked if "several" in url]

    draw_with_mouse(sheet, _at(ONE, 0.5))
    expect(sheet.locator(".answer-digit")).to_have_text("71")
    expect(sheet.locator(".answer-sentence")).to_contain_text("As one digit: ")
    expect(sheet.locator("#answer-announcement")).to_contain_text("71. As one digit: ")
    expect(sheet.locator(".answer-note")).to_have_text("This may not be a single digit from 0 to 9.")
    expect(number.locator("summary")).to_have_text("You drew 7 and 1?")
    expect(number.locator("li").first).to_be_hidden()
    number.locator("summary").press("Enter")
    expect(number.locator("strong")).to_have_text(["7", "1"])
    expect(number.locator("li").first).to_contain_text("sure")
    expect(number.locator("canvas").first).to_be_visible()

    sheet.get_by_role("button", name="Undo").click()
    expect(number).to_be_hidden()
    expect(sheet.locator(".answer-digit")).to_have_text("7")


def test_a_sure_answer_to_a_picture_stands_above_the_question(sheet: Page) -> None:
    several, found = "**/predict?*several=true*", {"number": "60", "digits": [an_answer(6), an_answer(0)]}
    sheet.route(several, lambda route: route.fulfill(json=found))
    example = sheet.get_by_role("button", name="Example: a handwritten 7")
    own = sheet.request.get(example.locator("img").evaluate("image => image.src")).body()
    sheet.locator("#upload").set_input_files({"name": "seven.png", "mimeType": "image/png", "buffer": own})
    expect(sheet.locator("#several summary")).to_have_text("You drew 6 and 0?")
    expect(sheet.locator(".answer-digit")).to_have_text("7")

    # A test image is known to be a single digit.
    example.click()
    expect(sheet.locator("#several details")).to_be_hidden()
    sheet.unroute(several)
