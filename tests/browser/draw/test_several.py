"""More than one digit on the sheet: the page leads with the number, and shows the answer to each digit."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.hand import ONE, SEVEN, Stroke, draw_with_mouse


def _at(stroke: Stroke, left: float) -> Stroke:
    """The stroke at half of its size."""
    return [(left + x / 2, 0.25 + y / 2) for x, y in stroke]


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
    expect(sheet.locator(".answer-sentence")).to_contain_text("You drew 7 and 1? As one digit: ")
    expect(sheet.locator("#answer-announcement")).to_contain_text("71. You drew 7 and 1?")
    expect(number.locator("li").first).to_be_hidden()
    number.locator("summary").press("Enter")
    expect(number.locator("strong")).to_have_text(["7", "1"])
    expect(number.locator("li").first).to_contain_text("sure")
    expect(number.locator("canvas").first).to_be_visible()

    sheet.get_by_role("button", name="Undo").click()
    expect(number).to_be_hidden()
    expect(sheet.locator(".answer-digit")).to_have_text("7")
