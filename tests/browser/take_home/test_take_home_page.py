"""The file to take home, opened from a disk: it draws, answers and learns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.network import Network
from app.settings import ROOT
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.take_home.conftest import CLASSIC, Save, weights_of
from tests.support.engines import ENGINES, missing
from tests.support.hand import ONE, SEVEN, THREE, ZERO, Stroke, draw_with_finger, draw_with_mouse
from tests.support.server import RunningServer, wait_until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 3}
OLDEST = (ROOT / "tests" / "support" / "oldest-browsers.js").read_text()


def teach(page: Page, stroke: Stroke, name: str) -> None:
    page.evaluate("scrollTo(0, 0)")
    draw_with_mouse(page, stroke)
    page.get_by_role("button", name=f"Keep it as {name}").click()


def learn(page: Page) -> None:
    page.get_by_role("button", name="Learn", exact=True).click()
    expect(page.get_by_role("button", name="Learn", exact=True)).to_be_visible()
    expect(page.locator("#learned")).to_contain_text("After ")


def test_a_drawn_digit_is_answered_in_words_with_its_pixels_and_neurons(home: Page) -> None:
    for digit, stroke in {"0": ZERO, "3": THREE, "7": SEVEN}.items():
        draw_with_mouse(home, stroke)
        expect(home.locator("main #digit")).to_have_text(digit)
        expect(home.locator("main #sentence")).to_have_text("More than 99% sure")
        expect(home.locator("#said")).to_have_text(f"{digit}. More than 99% sure")
        expect(home.locator("#seen")).to_be_visible()
        expect(home.get_by_role("img", name=re.compile("The most active is neuron"))).to_have_count(2)
        expect(home.locator("#bars .is-likeliest")).to_have_text(f"{digit}>99%")
        home.get_by_role("button", name="Clear").click()
    expect(home.locator("#sentence")).to_have_text("The network answers while you draw.")
    expect(home.locator("#seen")).to_be_hidden()
    assert home.locator("canvas").first.get_attribute("id") == "pad"


def test_it_says_which_network_it_holds_and_how_well_that_reads(home: Page) -> None:
    expect(home.locator(".about")).to_contain_text(
        f"It holds the network “classic”, version {CLASSIC.version}: 784-16-16-10 neurons, 13,002 weights and biases,"
        " leaky-relu, cross-entropy."
    )
    accuracy = f"{100 * float(CLASSIC.metadata['accuracy']):.2f}%"
    expect(home.locator(".about")).to_contain_text(f"right on {accuracy} of the test images")


def test_strokes_are_taken_back_one_by_one_and_all_at_once(home: Page) -> None:
    draw_with_mouse(home, SEVEN)
    draw_with_mouse(home, ONE)
    home.get_by_role("button", name="Undo").click()
    expect(home.locator("#digit")).to_have_text("7")
    home.keyboard.press("Delete")
    expect(home.locator("#digit")).to_be_empty()
    home.keyboard.press("Control+z")
    expect(home.locator("#digit")).to_have_text("7")
    home.keyboard.press("Control+z")
    expect(home.locator("#digit")).to_be_empty()
    expect(home.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")


def test_the_keyboard_draws_and_reaches_everything(home: Page) -> None:
    home.keyboard.press("Tab")
    expect(home.locator("#pad")).to_be_focused()
    expect(home.locator("#help")).to_be_visible()
    for _ in range(9):
        home.keyboard.press("ArrowUp")
    home.keyboard.press("Space")
    for _ in range(18):
        home.keyboard.press("ArrowDown")
    home.keyboard.press("Escape")
    expect(home.locator("#digit")).to_have_text("1")
    names = [str(number) for number in range(10)]
    for name in ["Undo", "Clear", *names]:
        home.keyboard.press("Tab")
        expect(home.locator(":focus")).to_have_text(name)
    home.keyboard.press("Enter")
    expect(home.locator("#examples li")).to_have_count(1)


def test_a_finger_draws_on_a_phone_and_the_answer_is_on_the_same_screen(open_page: OpenPage, save: Save) -> None:
    page = open_page(save(CLASSIC), **PHONE)
    draw_with_finger(page, SEVEN)
    expect(page.locator("#digit")).to_have_text("7")
    assert page.evaluate("scrollY") == 0
    expect(page.locator("#pad")).to_be_in_viewport(ratio=1)
    expect(page.locator("#sentence")).to_be_in_viewport(ratio=1)


@pytest.mark.slow
def test_it_learns_the_readers_digits_and_forgets_them_again(home: Page) -> None:
    # What they are called is up to the reader.
    teach(home, SEVEN, "1")
    teach(home, THREE, "3")
    expect(home.locator("#learned")).to_have_text("Your drawings: 2. It gets 1 of 2 right.")
    before = home.evaluate("network.layers[0].weights[3]")
    learn(home)
    words = home.locator("#learned").text_content() or ""
    cost = re.fullmatch(r"After 300 steps: cost ([\d.]+) → ([\d.]+), right 1 of 2 → 2 of 2\.", words)
    assert cost
    assert float(cost[2]) < float(cost[1]) / 2
    expect(home.locator("#said")).to_have_text(words)
    expect(home.locator("polyline")).to_be_visible()
    assert home.evaluate("network.layers[0].weights[3]") != before
    home.evaluate("scrollTo(0, 0)")
    draw_with_mouse(home, SEVEN)
    expect(home.locator("#digit")).to_have_text("1")

    home.get_by_role("button", name="Reset").click()
    expect(home.locator("#digit")).to_have_text("7")
    assert home.evaluate("network.layers[0].weights[3]") == before
    expect(home.locator("#learned")).to_have_text("Your drawings: 2. It gets 1 of 2 right.")
    home.get_by_role("button", name="Remove this 1").click()
    expect(home.locator("#learned")).to_have_text("Your drawings: 1. It gets 1 of 1 right.")


def test_learning_can_be_stopped_and_ends_when_the_drawings_change(home: Page) -> None:
    teach(home, SEVEN, "1")
    home.get_by_label("Steps").select_option("1000")
    home.get_by_role("button", name="Learn", exact=True).click()
    expect(home.locator("#learned")).to_contain_text("After ")
    home.get_by_role("button", name="Stop").click()
    words = home.locator("#learned").text_content() or ""
    assert 0 < int(words.split()[1]) < 1_000
    home.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    expect(home.locator("#learned")).to_have_text(words)
    home.get_by_role("button", name="Learn", exact=True).click()
    home.get_by_role("button", name="Remove this 1").click()
    home.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    expect(home.locator("#learned")).to_have_text("Your drawings: 0.")
    expect(home.get_by_role("button", name="Learn", exact=True)).to_be_focused()


def test_steps_that_are_too_large_end_in_a_sentence_and_the_first_network(visit: OpenPage, save: Save) -> None:
    network = Network(
        CLASSIC.network.sizes, "leaky-relu", "cross-entropy", CLASSIC.network.parameters * np.float32(1e30)
    )
    page = visit(save(weights_of(network)))
    for name in "12":  # it can't be both
        teach(page, SEVEN, name)
    page.get_by_label("Learning rate").select_option("0.1")
    page.get_by_role("button", name="Learn", exact=True).click()
    expect(page.locator("#learned")).to_contain_text("The steps were too large")
    expect(page.get_by_role("button", name="Learn", exact=True)).to_be_visible()
    assert page.evaluate("network.layers[0].weights[3][400]") == network.layers[0].weights[3, 400]


def test_learning_without_a_drawing_says_what_to_do(home: Page) -> None:
    home.get_by_role("button", name="Keep it as 4").click()
    expect(home.locator("#said")).to_have_text("Draw first, then keep the drawing as what it is.")
    expect(home.locator("#learned")).to_have_text("Draw first, then keep the drawing as what it is.")
    home.get_by_role("button", name="Learn", exact=True).click()
    expect(home.locator("#examples li")).to_have_count(0)


def test_other_classes_are_called_by_their_names(visit: OpenPage, save: Save) -> None:
    names = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "trainer", "bag", "boot"]
    page = visit(save(weights_of(CLASSIC.network, classes=json.dumps(names))))
    draw_with_mouse(page, SEVEN)
    expect(page.locator("#digit")).to_have_text("trainer")
    expect(page.get_by_role("button", name="Keep it as boot")).to_be_visible()
    assert width_over(page) == 0


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_is_accessible_and_no_wider_than_the_screen(open_page: OpenPage, save: Save, width: int) -> None:
    page = open_page(save(CLASSIC), viewport={"width": width, "height": 800})
    draw_with_mouse(page, SEVEN)
    page.get_by_role("button", name="Keep it as 7").click()
    learn(page)
    assert violations_in_both_themes(page) == []
    assert width_over(page) == 0


@pytest.mark.slow
def test_it_works_without_what_the_oldest_browsers_lack(save: Save, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    page.add_init_script(OLDEST)
    page.goto(save(CLASSIC))
    draw_with_mouse(page, SEVEN)
    expect(page.locator("#digit")).to_have_text("7")
    page.get_by_role("button", name="Keep it as 7").click()
    learn(page)


@pytest.mark.slow
@pytest.mark.parametrize("name", ENGINES)
def test_it_works_in_another_browser(name: str, save: Save, tmp_path: Path) -> None:
    start, programs = ENGINES[name]
    if lacking := missing(programs):
        pytest.skip(f"{name} is not tested, since this is not installed: {', '.join(lacking)}")
    with start(tmp_path) as engine:
        engine.goto(save(CLASSIC))
        left, top, side = engine.evaluate(
            "(({ left, top, width }) => [left, top, width])(document.querySelector('canvas').getBoundingClientRect())"
        )
        engine.drag([(left + x * side, top + y * side) for x, y in SEVEN])
        wait_until(lambda: engine.evaluate("document.getElementById('digit').textContent") == "7", "the answer")
        for button in ("#labels button:nth-of-type(8)", "#learn"):
            assert engine.evaluate(f"document.querySelector('{button}').click() === undefined")
        wait_until(
            lambda: engine.evaluate("document.getElementById('learned').textContent").startswith("After 300 steps"),
            "300 steps",
        )
        assert engine.evaluate("document.getElementById('digit').textContent") == ""


def test_the_draw_page_offers_it_for_a_network_that_is_small_enough(visit: OpenPage, server: RunningServer) -> None:
    page = visit(f"{server.url}?model=wide")
    expect(page.locator("#take-home")).to_have_text(
        "“wide” is too large to take home: the file holds at most 20,000 parameters.", use_inner_text=True
    )
    page.get_by_label("Network that answers").select_option("classic")
    with page.expect_download() as download:
        page.get_by_role("link", name="Take it home").click()
    assert download.value.suggested_filename == f"classic-{CLASSIC.version}.html"
