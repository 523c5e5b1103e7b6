"""The joining half of the projector: the QR code, and where it stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.rooms import Room
from tests.support.server import RunningServer


@pytest.mark.slow
def test_the_qr_code_stays_large_while_pupils_join_and_until_something_is_asked(
    visit: OpenPage, server: RunningServer, room: Room
) -> None:
    page = visit(f"{server.url}rooms/{room.code}/projector")
    join = page.get_by_role("region", name="How to join")
    expect(join).to_contain_text(room.code)
    expect(join).to_contain_text("Nobody is in yet.")
    expect(join).to_contain_text("works on this computer only")
    code = join.get_by_role("img")
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.locator("#lead")).to_have_count(0)
    expect(page.get_by_role("link", name="Sign in to lead")).to_be_visible()
    room.join()
    expect(join).to_contain_text("1 pupil is in.")
    large = code.bounding_box()

    room.change(activity="draw", digit=3, prompt="Everybody draw a 3.")
    expect(page.locator("main[data-join=rail]")).to_be_visible()
    small = code.bounding_box()
    assert large
    assert small
    assert small["height"] < large["height"] / 1.5
    expect(page.locator(".room-code")).to_be_in_viewport()


@pytest.mark.parametrize("change", [{"locked": True}, {"activity": "collect"}, None])
def test_the_qr_code_moves_aside_once_the_room_is_locked_or_drawn_in(
    visit: OpenPage, server: RunningServer, room: Room, change: dict[str, object] | None
) -> None:
    page = visit(f"{server.url}rooms/{room.code}/projector")
    expect(page.locator("main[data-join=large]")).to_be_visible()
    if change:
        room.change(**change)
    else:
        room.join().draw().raise_for_status()
    expect(page.locator("main[data-join=rail]")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1280, 720), (1280, 800), (1920, 1080)])
def test_the_qr_code_is_never_cut(projector: Page, room: Room, size: tuple[int, int]) -> None:
    projector.set_viewport_size({"width": size[0], "height": size[1]})
    code = projector.locator(".join-qr")

    def expect_whole() -> None:
        expect(code).to_be_in_viewport(ratio=1)
        assert projector.evaluate("document.documentElement.scrollHeight") == size[1]

    expect_whole()
    projector.get_by_text("A phone can't open it?").click()
    expect_whole()
    say = "notice => { notice.hidden = false; notice.textContent = 'The connection is lost. The page keeps trying.'; }"
    for notice in ("#room-connection", "#room-notice"):
        projector.locator(notice).evaluate(say)
    expect_whole()
    room.change(locked=True)
    expect(projector.locator("main[data-join=rail]")).to_be_visible()
    expect_whole()
