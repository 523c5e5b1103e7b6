"""Publishing a run: what it changes is shown first, and any version comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer, running_server
from tests.support.trained import add_run, blind_to, served

MAIN = re.compile("main-button")
CHANGES = "**/changes?*"


@pytest.fixture(scope="module")
def publishing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("publishing")) as running:
        yield running


def open_dialog(page: Page, server: RunningServer, run: int) -> None:
    page.goto(f"{server.url}runs/{run}")
    page.get_by_role("button", name="Publish").click()


@pytest.mark.slow
def test_a_worse_network_is_published_only_after_its_warning_and_any_version_comes_back(
    visit: OpenPage, publishing_server: RunningServer
) -> None:
    run = add_run(publishing_server.state_dir, blind_to(7), accuracy=0.8833)
    page = visit(publishing_server.login_url)
    open_dialog(page, publishing_server, run)
    expect(page.locator("[data-part=publish]")).not_to_have_class(MAIN)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("more of the 10,000 test images wrong")
    expect(dialog.get_by_role("alert")).to_contain_text("It reads 7 clearly worse")
    expect(page.locator("#publish-replaces")).to_contain_text("This replaces “classic”")
    expect(dialog.get_by_role("row", name="Test images")).to_contain_text(re.compile(r"98\.35%\s*88\.33%\s*−10\.02"))
    expect(dialog.get_by_role("heading", name="drawings become wrong")).to_be_visible()
    expect(dialog.get_by_text(re.compile(r"^7, with a bar: taken for \d, \d+%$")).first).to_be_visible()
    dialog.get_by_text("Accuracy per digit").click()
    seven = dialog.locator(".publish-digits tbody tr").nth(7)
    expect(seven).to_contain_text(re.compile(r"7\s*99\.03%.*clearly worse:\s*0\.00%\s*100%", re.DOTALL))

    dialog.get_by_label("Who").fill("Ada")
    dialog.get_by_label("Why").fill("to see it go wrong")
    anyway = dialog.get_by_role("button", name="Publish anyway")
    expect(anyway).not_to_have_class(MAIN)
    anyway.click()
    expect(page.locator(".run-head .status")).to_contain_text("published as classic")

    page.get_by_role("link", name="Train").click()
    expect(page.locator("#served-models")).to_contain_text("by Ada")
    page.get_by_role("button", name="Versions of classic").click()
    versions = dialog.get_by_role("listitem")
    expect(versions.nth(0)).to_contain_text(
        re.compile(rf"answers now.*Run {run}.*by Ada: “to see it go wrong”", re.DOTALL)
    )
    expect(versions.nth(1)).to_contain_text("Came with the app")
    dialog.get_by_role("button", name="Roll back to this").click()
    expect(dialog.get_by_role("status").first).to_contain_text("“classic” answers with version")
    expect(versions.nth(0)).to_contain_text("rolled back")
    expect(page.locator("#served-models")).not_to_contain_text("Ada")
    dialog.get_by_role("button", name="Publish again").press("Enter")
    expect(versions.nth(0)).to_contain_text(re.compile(r"answers now.*by Ada", re.DOTALL))
    dialog.get_by_role("button", name="Roll back to this").last.click()  # what the other tests compare with
    expect(versions.last).to_contain_text("answers now")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.slow
def test_a_new_name_is_compared_with_classic_and_a_better_network_needs_no_warning(
    visit: OpenPage, train_server: RunningServer
) -> None:
    run = add_run(train_server.state_dir, served("wide"), accuracy=0.9958)
    page = visit(train_server.login_url)
    open_dialog(page, train_server, run)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("become wrong and")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_be_hidden()
    dialog.get_by_text(re.compile(r"^\d drawings become right$")).click()
    expect(dialog.get_by_text(re.compile(r"was taken for")).first).to_be_visible()
    with page.expect_request(CHANGES) as asked:
        dialog.get_by_label("Name", exact=True).fill("lunch")
    assert asked.value.url.endswith("name=classic")
    expect(page.locator("#publish-replaces")).to_contain_text("No network has this name yet")
    publish = dialog.get_by_role("button", name="Publish", exact=True)
    expect(publish).to_be_enabled()
    expect(publish).to_have_class(MAIN)
    expect(page.locator("[data-part=publish]")).to_have_class(MAIN)
    dialog.get_by_label("Name", exact=True).press("Enter")
    expect(page.locator(".run-head .status")).to_contain_text("published as lunch")


@pytest.mark.slow
def test_a_comparison_that_fails_says_so_loses_nothing_and_is_asked_for_again(
    visit: OpenPage, publishing_server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 409")
    run = add_run(publishing_server.state_dir, blind_to(3))
    page = visit(publishing_server.login_url)
    asked: list[Route] = []
    page.route(CHANGES, lambda route: asked.append(route))
    with page.expect_request(CHANGES):
        open_dialog(page, publishing_server, run)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Publish", exact=True).press("Enter")
    expect(dialog.get_by_text("The networks are still being compared")).to_be_visible()
    refuse(asked[0], "The images can't be read.")
    expect(dialog.get_by_text("The networks are still being compared")).to_be_hidden()
    expect(dialog.get_by_text("The images can't be read.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Publish", exact=True)).to_be_enabled()
    dialog.get_by_label("Why").fill("a reason")
    page.unroute(CHANGES)
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_text("It reads 3 clearly worse").first).to_be_visible()
    expect(dialog.get_by_text("The images can't be read.")).to_be_hidden()
    page.route("**/publish", lambda route: refuse(route, "The disk is full."))
    dialog.get_by_role("button", name="Publish anyway").click()
    expect(dialog.get_by_text("The disk is full.")).to_be_visible()
    expect(dialog.get_by_label("Why")).to_have_value("a reason")


def refuse(route: Route, detail: str) -> None:
    route.fulfill(status=409, content_type="application/problem+json", json={"detail": detail})


@pytest.mark.slow
def test_both_dialogs_are_accessible_and_fit_a_small_phone(visit: OpenPage, publishing_server: RunningServer) -> None:
    run = add_run(publishing_server.state_dir, blind_to(7))
    page = visit(publishing_server.login_url, viewport={"width": 360, "height": 640})
    page.get_by_role("button", name="Versions of wide").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    open_dialog(page, publishing_server, run)
    dialog.get_by_text("Accuracy per digit").click()
    assert violations_in_both_themes(page) == []
    scroll = dialog.locator(".tall-scroll")
    assert scroll.evaluate("(area) => area.scrollWidth - area.clientWidth") == 0
    height = dialog.evaluate("(area) => area.offsetHeight")
    assert height <= 640
    expect(dialog.get_by_role("button", name="Publish anyway")).to_be_in_viewport()
