"""The page of one run as a whole: what fits the screen, what keeps its place, and the view for a class."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import PATIENCE, start_by_api
from tests.support.active_run import active_run
from tests.support.api import FEW
from tests.support.server import RunningServer, Server

STATUS = ".run-head .status"
LONG = "https://example.org/" + "a" * 180

# Sums up the layout shifts since the page was opened, without those that follow an input.
_COUNT_SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifted += value;
    }).observe({ type: "layout-shift", buffered: true });
"""

_COUNT_CHANGES = """(element) => {
    window.changes = 0;
    new MutationObserver((records) => { window.changes += records.length; })
        .observe(element, { childList: true, characterData: true, subtree: true });
}"""


def bottom(page: Page, selector: str) -> float:
    return float(page.locator(selector).evaluate("(element) => element.getBoundingClientRect().bottom"))


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_nothing_jumps_while_a_run_starts_goes_on_and_ends(
    visit: OpenPage, own_server: Server, width: int, height: int
) -> None:
    page = visit(own_server.login_url, viewport={"width": width, "height": height})
    page.add_init_script(_COUNT_SHIFTS)
    page.goto(f"{own_server.url}runs")
    expect(page.locator("#served-models tr").first).to_be_visible()
    expect(page.locator("#run-form")).to_be_visible()
    assert page.evaluate("window.shifted") < 0.02, "all runs"

    run = start_by_api(own_server, **FEW, pace=0.2)
    page.goto(f"{own_server.url}runs/{run}")
    expect(page.locator(STATUS)).to_have_text("finished", timeout=PATIENCE)
    expect(page.locator("[data-part=testAccuracy]")).to_contain_text("%")
    expect(page.locator(".run-examples [data-is]").first).to_have_attribute("data-is", "right")
    assert page.evaluate("window.shifted") < 0.02, "a run"


def test_what_is_alive_fits_one_screen_and_the_results_come_below(visit: OpenPage, train_server: RunningServer) -> None:
    with active_run(train_server.state_dir) as run:
        run.add_costs(50)
        run.end_epoch()
        page = visit(train_server.login_url)
        page.goto(f"{train_server.url}runs/{run.id}")
        expect(page.locator(".figures [data-part=accuracy]")).to_have_text("90.00%")
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        for alive in (".run-controls", ".figures", ".run-time", ".run-cost", ".run-pictures", ".run-drawing"):
            assert bottom(page, alive) <= 800, alive
        assert page.locator("#run-after").evaluate("(element) => element.getBoundingClientRect().top") > 800
        # Without the three gaps, each of four pictures has 28 cells of as many whole pixels.
        pictures = "(canvas) => ((canvas.clientWidth - 3 * 6) / 4) % 28"
        assert page.locator(".run-pictures canvas").evaluate(pictures) == 0
        page.set_viewport_size({"width": 1920, "height": 1080})
        assert page.locator(".run-pictures canvas").evaluate(pictures) == 0
        assert page.locator(".run-live").evaluate("(element) => element.clientWidth") > 1700


@pytest.mark.slow
def test_a_run_that_has_stopped_learning_says_so_and_what_to_try(visit: OpenPage, train_server: RunningServer) -> None:
    with active_run(train_server.state_dir) as run:
        for epoch in range(1, 6):
            run.add_costs(1)
            run.end_epoch(epoch=epoch, cost=2.3 + 0.01 * (epoch % 2), accuracy=0.1)
        page = visit(train_server.login_url)
        page.goto(f"{train_server.url}runs/{run.id}")
        expect(page.get_by_text("This run has stopped learning: try a smaller learning rate")).to_be_visible()
        expect(page.locator(STATUS)).to_have_text("running, but not learning")

        # It is a live region: whatever it has for a moment is spoken.
        page.locator(STATUS).evaluate(_COUNT_CHANGES)
        page.get_by_label("Learning rate").fill("0.01")
        with page.expect_response(f"**/runs/{run.id}"):
            page.get_by_role("button", name="Change", exact=True).click()
        page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        assert page.evaluate("window.changes") == 0


@pytest.mark.slow
def test_the_view_for_a_class_is_large_has_no_controls_and_leads_back(
    visit: OpenPage, train_server: RunningServer
) -> None:
    with active_run(train_server.state_dir) as run:
        run.add_costs(50)
        run.end_epoch()
        page = visit(train_server.login_url)
        page.goto(f"{train_server.url}runs/{run.id}")
        page.get_by_role("link", name="Projector view").click()
        expect(page).to_have_url(f"{train_server.url}runs/{run.id}?view=projector")
        accuracy = page.locator(".figures [data-part=accuracy]")
        expect(accuracy).to_have_text("90.00%")
        assert accuracy.evaluate("(element) => parseFloat(getComputedStyle(element).fontSize)") > 80
        for large in (".run-cost canvas", ".run-pictures canvas"):
            assert page.locator(large).evaluate("(element) => element.clientHeight") > 440
            assert bottom(page, large) <= 800
        controls = page.locator("main :is(button, input, select, summary)")
        assert [control for control in controls.all() if control.is_visible()] == []
        assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
        page.get_by_role("link", name="Back to the run").click()
        expect(page).to_have_url(f"{train_server.url}runs/{run.id}")


@pytest.mark.slow
def test_a_name_and_a_note_of_one_long_word_widen_no_page(
    visit: OpenPage, train_server: RunningServer, ended_run: int
) -> None:
    labels = {"name": LONG[:80], "note": LONG * 5}
    address = f"{train_server.url}admin/runs/{ended_run}"
    httpx.patch(address, json=labels, headers=train_server.admin).raise_for_status()
    page = visit(train_server.login_url)
    for path in (f"runs/{ended_run}", "runs"):
        page.goto(train_server.url + path)
        expect(page.locator("main")).to_contain_text(LONG[:80])
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert width_over(page) == 0, f"{path} at {width}"
    httpx.patch(address, json={"name": None, "note": None}, headers=train_server.admin).raise_for_status()
