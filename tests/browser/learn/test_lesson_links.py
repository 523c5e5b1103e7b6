"""A link to a lesson as it stands, in which a teacher may hide some of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenPage
from tests.browser.learn.test_lessons import open_lesson
from tests.support.server import RunningServer


@pytest.mark.slow
def test_the_link_button_copies_the_state_and_says_so(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?example=3")
    page.get_by_role("button", name="Link to this state").click()
    expect(page.locator(".lesson-share [role=status]")).to_have_text(
        "Copied. Anyone who opens it sees what you see now."
    )
    assert page.evaluate("navigator.clipboard.readText()") == f"{server.url}learn/network?example=3"


@pytest.mark.slow
def test_without_a_clipboard_the_link_is_there_to_be_copied_by_hand(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?example=3")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Link to this state").click()
    field = page.get_by_role("textbox", name="Link to this state")
    expect(field).to_have_value(f"{server.url}learn/network?example=3")
    expect(field).to_be_focused()
    assert violations(page) == []


@pytest.mark.slow
def test_a_teacher_hides_a_control_in_the_copied_link_alone(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?example=3")
    page.get_by_text("For teachers", exact=True).click()
    page.get_by_role("checkbox", name="Show the code").check()
    page.get_by_role("checkbox", name="For teachers").check()
    page.get_by_role("button", name="Link to this state").click()
    expect(page.locator(".lesson-share [role=status]")).to_contain_text("without what you hide")
    expect(page.get_by_text("Show the code").first).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{server.url}learn/network?example=3&hide=code,teachers"

    page = open_lesson(visit, server, link.removeprefix(f"{server.url}learn/network"))
    for name in ("code", "teachers"):
        expect(page.locator(f"[data-control={name}]")).to_be_hidden()
    expect(page.get_by_role("button", name="Link to this state")).to_be_visible()
