"""The cost as a tone, in the lessons and on a run's page. A stand-in for Web Audio writes down what is heard."""

from __future__ import annotations

import math
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.learn import descent_page, slope_page
from tests.browser.train.test_training import PATIENCE, start_by_api
from tests.support.api import ENDLESS
from tests.support.server import RunningServer, Server

# `sounds` has one entry for each AudioContext that was made.
STAND_IN = """
window.sounds = [];
const written = (list) => ({ set value(to) { list.push(to); }, setTargetAtTime: (to) => list.push(to) });
window.AudioContext = class {
  constructor() {
    this.currentTime = 0;
    this.sound = { pitches: [], loudness: [], started: false, closed: false };
    window.sounds.push(this.sound);
  }
  createOscillator() {
    return { frequency: written(this.sound.pitches), connect: (to) => to, start: () => (this.sound.started = true) };
  }
  createGain() {
    return { gain: written(this.sound.loudness), connect: (to) => to };
  }
  async resume() {}
  async close() { this.sound.closed = true; }
};
"""


@pytest.fixture
def hearing(visit: OpenPage) -> OpenPage:
    """Like `visit`, with the stand-in."""

    def open_page(url: str) -> Page:
        page = visit("about:blank", reduced_motion="no-preference")
        page.add_init_script(STAND_IN)
        page.goto(url)
        return page

    return open_page


def hear(page: Page) -> Locator:
    return page.get_by_role("button", name="Hear the cost")


def sounds(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("window.sounds")
    return found


def quiet(page: Page) -> None:
    page.wait_for_function("() => window.sounds.at(-1).loudness.at(-1) === 0")


@pytest.mark.slow
def test_the_tone_falls_with_the_rolling_ball_only_while_it_is_asked_for(
    hearing: OpenPage, server: RunningServer
) -> None:
    page = hearing(f"{server.url}learn/slope")
    slope_page.settled(page)
    expect(hear(page)).to_have_attribute("aria-pressed", "false")
    slope_page.try_out(page, "About right")
    assert sounds(page) == [], "nobody has asked for it"

    hear(page).click()
    expect(hear(page)).to_have_attribute("aria-pressed", "true")
    slope_page.try_out(page, "About right")
    quiet(page)
    (sound,) = sounds(page)
    costs = [row[2] for row in slope_page.rows(page, "The steps as a table")]
    assert costs == sorted(costs, reverse=True)
    assert sound["started"]
    assert len(sound["pitches"]) > 3
    assert sound["pitches"] == sorted(sound["pitches"], reverse=True)
    assert 110 <= sound["pitches"][-1] < sound["pitches"][0] <= 880
    assert max(sound["loudness"]) < 0.1, "quiet"

    hear(page).click()
    expect(hear(page)).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("() => window.sounds[0].closed")
    slope_page.try_out(page, "About right")
    assert [after["pitches"] for after in sounds(page)] == [sound["pitches"]]


@pytest.mark.slow
def test_a_descent_sounds_as_high_as_its_cost_and_a_pause_or_leaving_the_page_ends_it(
    hearing: OpenPage, server: RunningServer
) -> None:
    page = hearing(f"{server.url}learn/descent")
    descent_page.shows_step(page, 0)
    hear(page).click()
    page.get_by_role("button", name="One step").click()
    descent_page.shows_step(page, 1)
    cost = descent_page.numbers(page).cost
    assert sounds(page)[0]["pitches"][-1] == pytest.approx(440 * 2 ** math.log10(cost), rel=1e-3)
    page.get_by_role("button", name="Start").or_(page.get_by_role("button", name="Resume")).first.click()
    descent_page.plays_past(page, 40)
    page.get_by_role("button", name="Pause").click()
    quiet(page)
    pitches = sounds(page)[0]["pitches"]
    assert pitches[-1] < pitches[0]

    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.wait_for_function("() => window.sounds[0].closed")
    expect(hear(page)).to_have_attribute("aria-pressed", "false")


@pytest.mark.slow
def test_the_walk_down_the_landscape_is_heard(hearing: OpenPage, server: RunningServer) -> None:
    page = hearing(f"{server.url}learn/gradient?point=0")
    expect(page.locator(".landscape-words")).to_contain_text("After step 0")
    hear(page).click()
    page.get_by_role("button", name="Walk down").click()
    page.wait_for_function("() => window.sounds[0].pitches.length > 10")
    pitches = sounds(page)[0]["pitches"]
    assert pitches[10] < pitches[0]


@pytest.mark.slow
def test_a_run_is_heard_while_it_learns_and_not_while_it_is_paused(hearing: OpenPage, own_server: Server) -> None:
    run = start_by_api(own_server, preset="quick", **{**ENDLESS, "pace": 0.3})
    page = hearing(own_server.login_url)
    page.goto(f"{own_server.url}runs/{run}")
    hear(page).click()
    page.wait_for_function("() => window.sounds[0].pitches.length > 5", timeout=PATIENCE)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".run-head .status")).to_have_text("paused", timeout=PATIENCE)
    quiet(page)


@pytest.mark.slow
def test_without_web_audio_there_is_no_button(visit: OpenPage, server: RunningServer) -> None:
    page = visit("about:blank")
    page.add_init_script("delete window.AudioContext")
    page.goto(f"{server.url}learn/slope")
    slope_page.settled(page)
    expect(hear(page)).to_have_count(0)
