"""The form that starts a run, with rooms to learn from and to measure on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.store.opening import open_store
from tests.browser.conftest import OpenPage
from tests.browser.train.run_form_page import field, refuse, send
from tests.support.drawn_rooms import ROOM, add_room
from tests.support.server import Server


@pytest.mark.slow
def test_a_room_can_be_learned_from_too_and_measured_on_once_there_is_one(
    visit: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    # The time of a run on images that are gone can't be told.
    allowed_errors += ["status of 422", "status of 409"]
    page = visit(own_server.login_url)
    page.get_by_text("All settings").click()
    expect(page.locator("input[value=few]")).to_be_attached()
    expect(field(page, "Also learn from")).to_be_hidden()
    store = open_store(own_server.state_dir / "descent.sqlite3", None)
    add_room(store)
    store.close()

    page.goto(f"{own_server.url}runs?also={ROOM}&collection_sha256={'a' * 64}")
    sent = refuse(page)
    expect(page.locator(f"input[value={ROOM}]")).to_be_attached()
    expect(field(page, "Also learn from")).to_have_value(ROOM)
    expect(page.locator("[data-kept=collection_sha256]")).to_contain_text("begins with aaaaaaaaaaaa.")
    field(page, "Measured on").select_option(ROOM)
    expect(page.locator("[data-kept=collection_sha256]")).to_be_hidden()
    send(page)

    names = ("dataset", "also", "measured_on", "collection_sha256")
    assert [sent[-1][name] for name in names] == ["mnist", ROOM, ROOM, None]
    page.locator(f"input[value={ROOM}]").check()
    field(page, "Also learn from").select_option("")
    send(page)
    assert [sent[-1][name] for name in names] == [ROOM, None, ROOM, None]
