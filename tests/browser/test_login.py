"""Signing in: by the link and by the form, also after a wrong token."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer


@pytest.mark.slow
def test_a_refused_token_leaves_the_address_and_the_form_says_what_to_do_by_keyboard_too(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 401")
    size = {"width": 360, "height": 780}
    page = visit(f"{server.url}login?token=wrong", viewport=size)
    expect(page).to_have_url(f"{server.url}login")
    expect(page.get_by_role("alert")).to_contain_text("not the admin token")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)

    field = page.get_by_label("Token")
    field.fill(server.token)
    field.press("Enter")
    expect(page).to_have_url(f"{server.url}runs")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
