"""The lesson on descent: a network learns, and two race; the page shows the numbers of a replay in NumPy."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Route, expect

from app.lessons.digits import LessonImages
from tests.browser.conftest import OpenPage
from tests.browser.learn.descent_page import (
    assert_answers,
    assert_shows,
    bars,
    button,
    chart_table,
    example,
    lesson,
    means,
    numbers,
    plays_past,
    replay,
    shows_step,
    step_shown,
    words,
)
from tests.browser.learn.test_lessons import address_written
from tests.conftest import MNIST
from tests.support.line import Line
from tests.support.server import RunningServer


@pytest.fixture(scope="module")
def images() -> LessonImages:
    return LessonImages(MNIST)


@pytest.fixture(scope="module")
def seven(server: RunningServer) -> NDArray[np.float32]:
    """What a network sees of the example that lies on the sheet at first."""
    return example(server, 7)


@pytest.mark.slow
def test_nothing_starts_by_itself_and_a_step_has_the_numbers_of_a_replay(
    visit: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    expected = replay(images, 2)
    page = lesson(visit, server)
    page.wait_for_load_state("networkidle")
    assert (step_shown(page), button(page, "Start").count()) == (0, 1)
    assert_shows(page, expected.networks[0], images)
    assert_answers(page, expected.networks[0], seven)
    for step in (1, 2):
        button(page, "One step").click()
        shows_step(page, step)
        assert_shows(page, expected.networks[step], images)
        assert_answers(page, expected.networks[step], seven)
    head, rows = chart_table(page)
    assert head == ["step", "running mean", "of the step's own images"]
    assert rows[1] == pytest.approx([2, means(expected.costs)[1], expected.costs[1]], rel=1e-3)


@pytest.mark.slow
def test_a_link_shows_its_step_and_the_slider_goes_back_and_forth_over_the_steps_taken(
    visit: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    expected = replay(images, 55, 0.1, 125, seed=5)
    page = lesson(visit, server, "?step=55&rate=0.1&batch=125&seed=5")
    shows_step(page, 55)
    rows = chart_table(page)[1]
    assert [row[0] for row in rows] == list(range(1, 56))
    assert [row[1] for row in rows] == pytest.approx(means(expected.costs), rel=1e-3)
    assert [row[2] for row in rows] == pytest.approx(expected.costs, rel=1e-3)
    assert_shows(page, expected.networks[55], images)
    assert_answers(page, expected.networks[55], seven)
    assert numbers(page).images == 55 * 125
    expect(words(page)).to_contain_text("After 55 steps")

    before = page.locator(".descent-table").inner_text(), bars(page)
    moved = np.abs(expected.networks[55].layers[0].weights - expected.networks[0].layers[0].weights).max()
    label = page.locator(".descent-pictures canvas").get_attribute("aria-label") or ""
    assert float(label.split("The largest is ")[1].rstrip(".")) == pytest.approx(moved, rel=2e-3)

    slider = page.locator("#place")
    slider.focus()
    page.keyboard.press("Home")
    shows_step(page, 0)
    assert_shows(page, expected.networks[0], images)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    shows_step(page, 3)
    assert_shows(page, expected.networks[3], images)
    assert_answers(page, expected.networks[3], seven)
    page.keyboard.press("End")
    shows_step(page, 55)
    assert (page.locator(".descent-table").inner_text(), bars(page)) == before


@pytest.mark.slow
def test_it_plays_pauses_resumes_and_starts_again(
    visit: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    # Slowly, since at step 240 the button becomes "Continue", and a click that comes late would meet that.
    page = lesson(visit, server, "?step=120&speed=slow", reduced_motion="no-preference")
    shows_step(page, 120)
    button(page, "Resume").click()
    plays_past(page, 120)
    button(page, "Pause").click()
    page.wait_for_load_state("networkidle")
    paused = step_shown(page)
    expected = replay(images, 240)
    assert 120 < paused < 240
    assert_shows(page, expected.networks[paused], images)
    page.get_by_label("Speed").select_option("fast")
    button(page, "Resume").click()
    expect(button(page, "Continue to step 480")).to_be_visible()
    shows_step(page, 240)
    assert_shows(page, expected.networks[240], images)
    assert numbers(page).accuracy > 0.88
    assert_answers(page, expected.networks[240], seven)

    button(page, "Start again").click()
    page.wait_for_function("() => document.querySelector('#place').value < 200")
    plays_past(page, 5)
    # Nobody looks at a tab in the background.
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(button(page, "Resume")).to_be_visible()
    assert_shows(page, expected.networks[step_shown(page)], images)


@pytest.mark.slow
def test_in_a_race_both_runs_have_their_own_numbers_curves_and_answers(
    visit: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    a, b = replay(images, 50), replay(images, 50, 0.3, 10)
    page = lesson(visit, server, "?step=50&race=true&batchB=10")
    shows_step(page, 50)
    for run, expected in enumerate((a, b)):
        assert_shows(page, expected.networks[50], images, run)
    assert [numbers(page, run).images for run in (0, 1)] == [50 * 32, 50 * 10]
    leader = "A" if numbers(page, 0).cost < numbers(page, 1).cost else "B"
    expect(words(page)).to_contain_text(f"After 50 steps {leader} leads: its cost is")

    head, rows = chart_table(page)
    assert head == ["step", "A, learning rate 0.03, batches of 32", "B, learning rate 0.3, batches of 10"]
    for run, expected in enumerate((a, b)):
        assert [row[1 + run] for row in rows] == pytest.approx(means(expected.costs), rel=1e-3)

    assert_answers(page, a.networks[50], seven)
    page.get_by_role("radio", name="Pictures and answer of B").check()
    assert_answers(page, b.networks[50], seven)

    page.get_by_role("radio", name="images seen").check()
    expect(page.locator("#cost thead th").first).to_have_text("images seen")
    rows = chart_table(page)[1]
    assert rows[0][:2] == [10, None]
    assert rows[0][2] == pytest.approx(b.costs[0], rel=1e-3)
    expect(words(page)).to_contain_text("After 500 images")
    expect(words(page)).to_contain_text("By then A has taken 15 steps, B 50 steps.")
    page.get_by_role("radio", name="computing time").check()
    expect(page.locator("#cost thead th").first).to_have_text("seconds of computing")


@pytest.mark.slow
def test_too_large_a_rate_ends_its_run_with_its_last_good_network_while_the_other_goes_on(
    visit: OpenPage, server: RunningServer, images: LessonImages
) -> None:
    expected, other = replay(images, 50, 1.0), replay(images, 240, 0.1)
    last = len(expected.costs)
    page = lesson(visit, server, "?speed=fast")
    button(page, "A rate that is too large").click()
    expect(words(page)).to_contain_text(f"B diverged after step {last}")
    expect(words(page)).to_contain_text("A leads.")
    plays_past(page, last + 3)
    button(page, "Pause").click()
    assert_shows(page, other.networks[step_shown(page)], images, 0)
    assert_shows(page, expected.networks[last], images, 1)

    page = lesson(visit, server, "?rate=1&step=100")
    expect(words(page)).to_contain_text(f"It diverged after step {last}")
    expect(button(page, "Ended")).to_have_attribute("aria-disabled", "true")
    shows_step(page, last)
    assert_shows(page, expected.networks[last], images)


@pytest.mark.slow
def test_changing_a_setting_starts_again_and_a_reload_keeps_all_of_it(
    visit: OpenPage, server: RunningServer, images: LessonImages
) -> None:
    page = lesson(visit, server, "?step=30")
    page.get_by_label("Learning rate", exact=True).select_option("0.1")
    shows_step(page, 0)
    page.get_by_label("Images in a step", exact=True).select_option("all 4,000")
    page.get_by_label("Seed", exact=True).fill("12")
    page.get_by_label("Add a second run, B").check()
    page.get_by_label("Images in a step of B").select_option("500")
    page.get_by_label("Seed of B").fill("13")
    page.get_by_role("radio", name="the weights").check()
    button(page, "Example: a handwritten 4").click()
    for step in (1, 2):
        button(page, "One step").click()
        shows_step(page, step)
    expected = replay(images, 2, 0.1, None, 12).networks[2]
    assert_answers(page, expected, example(server, 4))
    assert_shows(page, expected, images, 0)
    assert_shows(page, replay(images, 2, 0.3, 500, 13).networks[2], images, 1)

    def state() -> list[Any]:
        labels = [
            page.locator(place).get_attribute("aria-label") for place in ("#cost canvas", ".descent-pictures canvas")
        ]
        settings = page.locator(".descent :is(select, input)").evaluate_all(
            "all => all.map((c) => [c.value, c.checked])"
        )
        return [labels, settings, bars(page), numbers(page, 0), numbers(page, 1), words(page).inner_text()]

    address_written(page)
    before = state()
    page.reload()
    shows_step(page, 2)
    assert_answers(page, expected, example(server, 4))
    assert state() == before


@pytest.mark.slow
def test_a_step_is_taken_though_another_digit_arrives_while_it_is_on_its_way(
    visit: OpenPage, server: RunningServer, images: LessonImages
) -> None:
    page = lesson(visit, server)
    page.wait_for_load_state("networkidle")
    held: list[Route] = []
    let_through = False
    page.route("**/lessons/descent", lambda route: route.continue_() if let_through else held.append(route))
    with page.expect_request("**/lessons/descent"):
        button(page, "One step").click()
    with page.expect_response("**/predict*"):
        button(page, "Example: a handwritten 4").click()
    # Two frames are enough for the page to take it in: only then is the step let through.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    for route in held:
        route.continue_()
    let_through = True
    shows_step(page, 1)
    assert_answers(page, replay(images, 1).networks[1], example(server, 4))


@pytest.mark.slow
def test_after_a_lost_connection_the_descent_resumes_where_it_was(
    visit: OpenPage, server: RunningServer, images: LessonImages, allowed_errors: list[str]
) -> None:
    allowed_errors.append("Failed to load resource")
    with Line(server.url) as line:
        page = visit(f"{line.url}learn/descent?speed=fast")
        expect(page.locator("#answer")).not_to_have_attribute("data-state", "blank")
        button(page, "Start").click()
        plays_past(page, 5)
        line.cut()
        notice = page.locator("[data-part=descent-problem]")
        expect(notice).to_contain_text("The server can't be reached just now.")
        expect(notice).to_contain_text(re.compile(r"waits at step \d+ and resumes by itself"))
        waiting = step_shown(page)
        line.mend()
        expect(notice).to_be_hidden()
        plays_past(page, waiting + 10)
        button(page, "Pause").click()
        assert_shows(page, replay(images, 240).networks[step_shown(page)], images)
        page.close()


@pytest.mark.slow
def test_an_answer_that_is_late_leaves_the_slider_where_it_is(visit: OpenPage, server: RunningServer) -> None:
    page = lesson(visit, server, "?step=9&rate=0.1&batch=125&seed=5")
    shows_step(page, 9)
    held: list[Route] = []
    page.route("**/lessons/descent", lambda route: held.append(route))
    slider = page.locator("#place")
    slider.focus()
    with page.expect_request("**/lessons/descent"):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    with page.expect_request("**/lessons/descent"):
        held[0].continue_()
    expect(slider).to_have_value("7")
    held[1].continue_()
    shows_step(page, 7)
