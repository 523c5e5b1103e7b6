"""Drawing with a mouse, a finger and the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.hand import (
    ONE,
    SEVEN,
    THREE,
    ZERO,
    draw_with_finger,
    draw_with_mouse,
    draw_with_pen,
    ink,
    touch,
)
from tests.support.server import RunningServer

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 3}
DIGITS = {"0": ZERO, "1": ONE, "3": THREE, "7": SEVEN}


def test_a_digit_drawn_with_the_mouse_is_answered_right(sheet: Page) -> None:
    for digit, stroke in DIGITS.items():
        draw_with_mouse(sheet, stroke)
        expect(sheet.locator(".answer-digit")).to_have_text(digit)
        expect(sheet.locator(".answer-bars li")).to_have_count(10)
        expect(sheet.locator(".answer-bars .is-likeliest")).to_contain_text(digit)
        expect(sheet.locator("#answer-announcement")).to_contain_text(f"{digit}. ")
        sheet.get_by_role("button", name="Clear").click()


def test_a_digit_drawn_with_a_finger_is_answered_right_all_on_one_screen_and_kept_when_the_phone_is_rotated(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = open_page(server.url, **PHONE)
    draw_with_finger(page, SEVEN)
    expect(page.locator(".answer-digit")).to_have_text("7")
    assert page.evaluate("scrollY") == 0
    expect(page.locator("#pad")).to_be_in_viewport(ratio=1)
    expect(page.locator("#answer")).to_be_in_viewport(ratio=1)
    upright = ink(page)
    page.set_viewport_size({"width": 844, "height": 390})
    expect(page.locator("#pad")).not_to_have_js_property("width", 0)
    assert abs(ink(page) - upright) < 0.1 * upright
    expect(page.locator(".answer-digit")).to_have_text("7")


def test_a_second_finger_draws_nothing(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page(server.url, **PHONE)
    box = page.locator("#pad").bounding_box()
    assert box is not None
    left, right = box["x"] + 60, box["x"] + 300
    cdp = page.context.new_cdp_session(page)
    touch(cdp, "touchStart", (left, box["y"] + 60))
    touch(cdp, "touchStart", (left, box["y"] + 60), (right, box["y"] + 60))
    touch(cdp, "touchMove", (left, box["y"] + 300), (right, box["y"] + 300))
    touch(cdp, "touchEnd")
    one_line = ink(page)
    page.get_by_role("button", name="Clear").click()
    touch(cdp, "touchStart", (left, box["y"] + 60))
    touch(cdp, "touchMove", (left, box["y"] + 300))
    touch(cdp, "touchEnd")
    assert 0 < ink(page) == one_line


@pytest.mark.slow
def test_a_digit_drawn_with_the_keyboard_alone_is_answered_right(draw_page: Page) -> None:
    canvas = draw_page.locator("#pad")
    while not canvas.evaluate("canvas => canvas === document.activeElement"):
        draw_page.keyboard.press("Tab")
    for _ in range(9):
        draw_page.keyboard.press("ArrowUp")
    draw_page.keyboard.press("Space")
    expect(draw_page.locator("#pad-status")).to_have_text("Pen down, column 15, row 6")
    for _ in range(18):
        draw_page.keyboard.press("ArrowDown")
    draw_page.keyboard.press("Space")
    expect(draw_page.locator("#pad-status")).to_have_text("Pen up, column 15, row 24")
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    draw_page.keyboard.press("Delete")
    expect(draw_page.locator("#pad-status")).to_have_text("Cleared")
    expect(draw_page.locator(".answer-digit")).to_be_empty()


def test_a_tap_makes_a_dot(sheet: Page) -> None:
    draw_with_mouse(sheet, [(0.5, 0.5)])
    assert 20 < ink(sheet) < 60


@pytest.mark.slow
def test_undo_and_redo_go_through_strokes_and_clear(draw_page: Page) -> None:
    blank = ink(draw_page)
    draw_with_mouse(draw_page, ONE)
    one = ink(draw_page)
    draw_with_mouse(draw_page, SEVEN)
    both = ink(draw_page)
    assert blank < one < both

    undo, redo, clear = (draw_page.get_by_role("button", name=name) for name in ("Undo", "Redo", "Clear"))
    undo.click()
    assert ink(draw_page) == one
    redo.click()
    assert ink(draw_page) == both
    clear.click()
    assert ink(draw_page) == blank
    expect(clear).to_be_disabled()
    undo.click()
    assert ink(draw_page) == both
    draw_page.keyboard.press("Control+z")
    draw_page.keyboard.press("Control+z")
    assert ink(draw_page) == blank
    expect(undo).to_be_disabled()
    draw_page.keyboard.press("Control+Shift+z")
    draw_page.keyboard.press("Control+y")
    assert ink(draw_page) == both
    draw_page.keyboard.press("Delete")
    expect(redo).to_be_disabled()
    assert ink(draw_page) == blank


@pytest.mark.slow
def test_rotating_the_phone_mid_stroke_ends_the_stroke_where_it_was(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page(server.url, **PHONE)
    cdp = page.context.new_cdp_session(page)
    box = page.locator("#pad").bounding_box()
    assert box is not None
    top, left = box["y"] + 60, box["x"] + 60
    touch(cdp, "touchStart", (left, top))
    touch(cdp, "touchMove", (left, top + 100))
    stroke = ink(page)
    page.set_viewport_size({"width": 844, "height": 390})
    touch(cdp, "touchMove", (left + 100, top + 110))
    touch(cdp, "touchMove", (left + 120, top))
    assert abs(ink(page) - stroke) < 0.1 * stroke
    touch(cdp, "touchEnd")
    draw_with_finger(page, ONE, cdp)
    assert ink(page) > 1.5 * stroke


def test_undone_to_the_last_by_keyboard_the_focus_stays_on_the_button(draw_page: Page) -> None:
    draw_with_mouse(draw_page, ONE)
    undo = draw_page.get_by_role("button", name="Undo")
    undo.focus()
    for _ in range(3):
        draw_page.keyboard.press("Space")
    expect(undo).to_be_disabled()
    expect(undo).to_be_focused()
    assert ink(draw_page) == 0


@pytest.mark.slow
def test_only_delete_clears_and_escape_lifts_the_keyboards_pen(draw_page: Page) -> None:
    upload = draw_page.get_by_role("button", name="Upload")
    draw_page.locator("#pad").focus()
    for key in ("Space", "ArrowDown", "Escape", "ArrowDown"):
        draw_page.keyboard.press(key)
    expect(draw_page.locator("#pad-status")).to_have_text("Pen up, column 15, row 17")
    upload.focus()
    drawn = ink(draw_page)
    draw_page.locator("#pad").focus()
    for key in ("ArrowDown", "Escape", "Backspace"):
        draw_page.keyboard.press(key)
    expect(draw_page.locator("#pad-status")).to_have_text("Pen up, column 15, row 18")
    upload.focus()
    for key in ("Escape", "Backspace"):
        draw_page.keyboard.press(key)
    assert ink(draw_page) == drawn > 0
    draw_page.keyboard.press("Delete")
    assert ink(draw_page) == 0


def test_a_stroke_that_begins_just_outside_the_sheet_enters_it(sheet: Page) -> None:
    draw_with_mouse(sheet, [(-0.03, 0.5), (0.01, 0.5), (0.4, 0.5)])
    outside = ink(sheet)
    sheet.get_by_role("button", name="Clear").click()
    draw_with_mouse(sheet, [(0.0, 0.5), (0.4, 0.5)])
    assert outside > 0.8 * ink(sheet)


def test_a_selection_that_is_drawn_over_the_sheet_leaves_no_ink(sheet: Page) -> None:
    box = sheet.locator("#pad-help").bounding_box()
    assert box is not None
    sheet.mouse.move(box["x"] + 200, box["y"] + 30)
    sheet.mouse.down()
    sheet.mouse.move(box["x"] + 100, box["y"] + 10, steps=5)
    sheet.mouse.move(box["x"] + 100, box["y"] - 300, steps=5)
    sheet.mouse.up()
    assert ink(sheet) == 0


def test_a_change_of_theme_keeps_the_drawing(sheet: Page) -> None:
    draw_with_mouse(sheet, SEVEN)
    light = ink(sheet)
    sheet.emulate_media(color_scheme="dark")
    assert abs(ink(sheet) - light) < 0.1 * light
    sheet.emulate_media(color_scheme="light")


@pytest.mark.slow
def test_the_sheet_is_square_and_its_tools_are_on_every_screen(draw_page: Page) -> None:
    for width, height in [(740, 360), (667, 375), (640, 400), (700, 480), (768, 500), (1280, 800)]:
        draw_page.set_viewport_size({"width": width, "height": height})
        for tool in draw_page.locator(".drawing-pad-tools button").all():
            expect(tool).to_be_in_viewport(ratio=1)
            box = tool.bounding_box()
            sheet = draw_page.locator(".drawing-pad-sheet").bounding_box()
            assert box is not None
            assert sheet is not None
            assert abs(sheet["width"] - sheet["height"]) < 1
            assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1


def test_a_pen_takes_over_from_the_palm_that_lies_on_the_sheet_before_it(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = open_page(server.url, **PHONE)
    box = page.locator("#pad").bounding_box()
    assert box is not None
    palm = (box["x"] + 0.8 * box["width"], box["y"] + 0.9 * box["height"])
    cdp = page.context.new_cdp_session(page)
    touch(cdp, "touchStart", palm)
    draw_with_pen(cdp, page, ONE)
    line = ink(page)
    touch(cdp, "touchMove", (palm[0], palm[1] - 200))
    touch(cdp, "touchEnd")
    touch(cdp, "touchStart", palm)
    touch(cdp, "touchEnd")
    assert ink(page) == line
    expect(page.locator(".answer-digit")).to_have_text("1")
    page.get_by_role("button", name="Undo").click()
    assert ink(page) == 0


def test_a_touch_that_the_system_cancels_leaves_nothing(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page(server.url, **PHONE)
    box = page.locator("#pad").bounding_box()
    assert box is not None
    cdp = page.context.new_cdp_session(page)
    touch(cdp, "touchStart", (box["x"] + 60, box["y"] + 60))
    touch(cdp, "touchMove", (box["x"] + 60, box["y"] + 200))
    assert ink(page) > 0
    touch(cdp, "touchCancel")
    assert ink(page) == 0
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
