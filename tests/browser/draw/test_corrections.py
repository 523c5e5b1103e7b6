"""Saying what a drawing is that was answered wrongly, and what the admin sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessibility import violations, width_over
from tests.browser.conftest import OpenPage
from tests.support.hand import ONE, SEVEN, THREE, Stroke, draw_with_mouse
from tests.support.local_server import local_server
from tests.support.server import Server, wait_until

PRIVACY = "Your drawing and what you say it is are kept on this server, without anything about you."
THANKS = "Kept. Thank you."
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def keeping_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with local_server(tmp_path_factory.mktemp("keeping"), keep_drawings=True) as running:
        yield running


@pytest.fixture
def admin(keeping_server: Server) -> Iterator[httpx.Client]:
    """Nothing is kept yet."""
    with keeping_server.client() as client:
        client.delete("admin/corrections").raise_for_status()
        yield client


@pytest.fixture
def page(visit: OpenPage, keeping_server: Server, admin: httpx.Client) -> Page:
    """The draw page."""
    assert admin
    return visit(keeping_server.url)


def kept(admin: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.get("admin/corrections").raise_for_status().json()
    return found


def row(page: Page) -> Locator:
    return page.get_by_role("group", name="Not right? It is a")


def answered(page: Page, stroke: Stroke = SEVEN, digit: str = "7") -> None:
    draw_with_mouse(page, stroke)
    expect(page.locator(".answer-digit")).to_have_text(digit)


def test_a_drawing_is_kept_with_the_digit_that_is_pressed(page: Page, admin: httpx.Client) -> None:
    one = row(page).get_by_role("button", name="1")
    expect(one).to_be_disabled()
    expect(one).to_have_accessible_description(PRIVACY)
    before = row(page).bounding_box()

    answered(page)
    assert kept(admin) == []
    one.click()
    expect(row(page).get_by_role("status")).to_have_text(THANKS)
    expect(one).to_have_attribute("aria-pressed", "true")
    expect(one).to_be_disabled()
    assert row(page).bounding_box() == before
    (found,) = kept(admin)
    assert (found["label"], found["digit"], len(found["strokes"])) == (1, 7, 1)


@pytest.mark.slow
def test_it_is_kept_once_and_another_drawing_can_be_corrected_too(page: Page, admin: httpx.Client) -> None:
    answered(page)
    row(page).get_by_role("button", name="1").click()
    expect(row(page).get_by_role("status")).to_have_text(THANKS)
    row(page).get_by_role("button", name="2").click(force=True)

    page.get_by_role("button", name="Clear").click()
    expect(row(page).get_by_role("button", name="2")).to_be_disabled()
    answered(page, THREE, "3")
    expect(row(page).get_by_role("status")).to_have_text("")
    row(page).get_by_role("button", name="8").click()
    expect(row(page).get_by_role("status")).to_have_text(THANKS)
    assert [one["label"] for one in kept(admin)] == [8, 1]
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(row(page).get_by_role("button", name="1")).to_have_attribute("aria-pressed", "true")


def test_it_works_by_keyboard_and_the_focus_stays(page: Page, admin: httpx.Client) -> None:
    answered(page)
    one = row(page).get_by_role("button", name="1")
    one.press("Enter")

    expect(row(page).get_by_role("status")).to_have_text(THANKS)
    expect(one).to_be_focused()
    assert len(kept(admin)) == 1


def test_what_is_wrong_is_said_and_a_second_try_keeps_it_once(
    page: Page, admin: httpx.Client, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_FAILED")
    answered(page)
    lost = 0

    def lose_the_answer(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/corrections", lose_the_answer)
    one = row(page).get_by_role("button", name="1")
    one.click()
    expect(row(page).get_by_role("status")).to_contain_text("The server can't be reached just now.")
    one.click()
    expect(row(page).get_by_role("status")).to_have_text(THANKS)
    assert lost == 2
    assert len(kept(admin)) == 1


def test_a_picture_and_a_number_of_several_digits_can_not_be_corrected(page: Page) -> None:
    example = page.get_by_role("button", name="Example: a handwritten 4")
    place = example.bounding_box()
    example.click()
    expect(page.locator(".answer-digit")).to_have_text("4")
    expect(row(page)).to_be_hidden()
    assert example.bounding_box() == place

    page.get_by_role("button", name="Clear").click()
    answered(page, [(x / 2, 0.25 + y / 2) for x, y in SEVEN])
    expect(row(page)).to_be_visible()
    answered(page, [(0.5 + x / 2, 0.25 + y / 2) for x, y in ONE], "71")
    expect(row(page)).to_be_hidden()


def test_a_server_that_keeps_no_drawings_does_not_ask(draw_page: Page) -> None:
    answered(draw_page)

    expect(draw_page.get_by_text("Not right?")).to_have_count(0)


@pytest.mark.slow
def test_a_finger_can_hit_the_digits_on_a_phone(
    open_page: OpenPage, keeping_server: Server, admin: httpx.Client
) -> None:
    page = open_page(keeping_server.url, viewport=PHONE, has_touch=True)
    answered(page)
    for digit in range(10):
        box = row(page).get_by_role("button", name=str(digit)).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    row(page).get_by_role("button", name="1").tap()
    expect(row(page).get_by_role("status")).to_have_text(THANKS)
    assert width_over(page) == 0
    assert len(kept(admin)) == 1


def keep(server: Server, label: int, stroke: Stroke = SEVEN) -> None:
    strokes = [[list(point) for point in stroke]]
    httpx.post(f"{server.url}corrections", json={"label": label, "strokes": strokes}).raise_for_status()


@pytest.fixture
def admin_page(visit: OpenPage, keeping_server: Server, admin: httpx.Client) -> Page:
    """The page of corrections, with two of them."""
    assert admin
    keep(keeping_server, 1)
    keep(keeping_server, 8, THREE)
    page = visit(keeping_server.login_url)
    page.goto(f"{keeping_server.url}corrections")
    return page


def test_the_admin_sees_removes_and_restores_corrections(admin_page: Page, admin: httpx.Client) -> None:
    tiles = admin_page.locator(".correction-tile")
    expect(tiles).to_have_count(2)
    expect(tiles.first).to_contain_text("It is an 8. The network said 3")
    expect(tiles.first.get_by_role("img", name="Drawing 2, said to be an 8")).to_be_visible()

    admin_page.get_by_role("button", name="Remove drawing 2").press("Enter")
    restore = admin_page.get_by_role("button", name="Restore drawing 2")
    expect(restore).to_be_focused()
    assert [one["status"] for one in kept(admin)] == ["removed", "ready"]
    restore.click()
    expect(admin_page.get_by_role("button", name="Remove drawing 2")).to_be_visible()
    assert [one["status"] for one in kept(admin)] == ["ready", "ready"]


def test_the_admin_exports_and_forgets_them(admin_page: Page, admin: httpx.Client) -> None:
    with admin_page.expect_download() as download:
        admin_page.get_by_role("link", name="Export").click()
    assert download.value.suggested_filename == "corrections.zip"

    forget = admin_page.get_by_role("button", name="Forget all")
    forget.click()
    admin_page.get_by_role("button", name="Keep them").click()
    assert len(kept(admin)) == 2
    forget.click()
    admin_page.get_by_role("dialog").get_by_role("button", name="Forget all").click()
    expect(admin_page.locator("#corrections-count")).to_have_text("Nothing is kept yet.")
    expect(admin_page.locator("#corrections-count")).to_be_focused()
    expect(admin_page.locator(".correction-tile")).to_have_count(0)
    expect(forget).to_be_hidden()
    assert kept(admin) == []


def test_the_page_leads_to_the_data_set(admin_page: Page) -> None:
    admin_page.get_by_role("link", name="Data set").click()

    expect(admin_page.get_by_role("heading", level=1)).to_contain_text("corrections", ignore_case=True)


@pytest.mark.slow
def test_older_corrections_come_on_request(admin_page: Page, admin: httpx.Client) -> None:
    found = kept(admin)
    admin_page.route("**/admin/corrections", lambda route: route.fulfill(json=found[:1]))
    admin_page.reload()
    expect(admin_page.locator(".correction-tile")).to_have_count(1)

    more = admin_page.get_by_role("button", name="Show older ones")
    more.press("Enter")
    expect(admin_page.locator(".correction-tile")).to_have_count(2)
    expect(more).to_be_hidden()
    expect(admin_page.get_by_role("button", name="Remove drawing 1")).to_be_focused()


def test_who_is_not_signed_in_is_led_to_the_page_by_the_login(visit: OpenPage, keeping_server: Server) -> None:
    page = visit(f"{keeping_server.url}corrections")
    page.get_by_label("Token").fill(keeping_server.token)
    page.get_by_role("button", name="Sign in").click()

    wait_until(lambda: page.url == f"{keeping_server.url}corrections", "the page of corrections")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_both_pages_are_accessible_and_not_too_wide(
    page: Page, keeping_server: Server, viewport: Any, scheme: Any
) -> None:
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    answered(page)
    row(page).get_by_role("button", name="1").click()
    expect(row(page).get_by_role("status")).to_have_text(THANKS)
    assert (violations(page), width_over(page)) == ([], 0)

    page.goto(keeping_server.login_url)
    page.goto(f"{keeping_server.url}corrections")
    page.get_by_role("button", name="Remove drawing").first.click()
    assert (violations(page), width_over(page)) == ([], 0)
    page.get_by_role("button", name="Forget all").click()
    assert violations(page) == []
