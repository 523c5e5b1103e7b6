"""/teach: the plans, on the screen and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.web.rooms.teach_pages import PLANS
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.server import Server

PATHS = ["teach", *(f"teach/{plan.name}" for plan in PLANS)]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_for_teachers_prints_on_one_page(visit: OpenPage, server: Server, path: str) -> None:
    printed = visit(server.url + path).pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_a_page_for_teachers_is_accessible_and_fits_every_screen(visit: OpenPage, server: Server, path: str) -> None:
    page = visit(server.url + path)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 780})
        assert (violations_in_both_themes(page), width_over(page)) == ([], 0)


@pytest.mark.slow
def test_all_plans_are_listed_and_lead_back(visit: OpenPage, server: Server) -> None:
    page = visit(f"{server.url}teach")
    for plan in PLANS:
        page.get_by_role("link", name=plan.title).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(plan.title)
        page.get_by_role("link", name="All plans").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Teach with a room")
