"""The class is the network, on the projector: a teacher leads phones that are neurons through steps and votes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.network import Network
from app.network.network import CLASSIC_SIZES, one_hot
from app.rooms.class_network import ACTIVATION, COST, Floats
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.rooms.game import NEXT, press, reveal_simulated, said, start
from tests.support.phones import Phone, played
from tests.support.rooms import Pupil, Room, Watcher
from tests.support.server import RunningServer, wait_until


def layer(page: Page, name: str) -> list[str]:
    texts: list[str] = page.get_by_role("list", name=name).locator(".neuron-number").all_inner_texts()
    return texts


def network_of(room: Room) -> Network:
    content = room.teacher.get(f"{room.path}/game/parameters").raise_for_status().content
    return Network(CLASSIC_SIZES, ACTIVATION, COST, np.frombuffer(content).copy())


def activations(network: Network, inputs: Floats) -> list[Floats]:
    """Of the layers above the input, for one digit; the outputs are shares."""
    found: list[Floats] = []
    a: Any = inputs
    for number, (weights, biases) in enumerate(network.layers):
        z = a @ weights.T + biases
        a = network.cost.output(z) if number == 2 else network.activation.of(z)
        found.append(a[0])
    return found


def decimals(numbers: Any) -> list[str]:
    return [f"{number:.2f}".replace("-0.00", "0.00").replace("-", "−") for number in numbers]


@pytest.mark.slow
def test_a_teacher_walks_a_step_by_the_keyboard_and_the_numbers_are_numpys(
    projector: Page, room: Room, pupils: list[Pupil], watcher: Watcher
) -> None:
    projector.get_by_role("button", name="4 Be the network").press("Enter")
    projector.get_by_role("button", name="Start", exact=True).first.press("Enter")
    expect(projector.get_by_role("heading", name="The class is the network.")).to_be_visible()
    expect(projector.locator(NEXT)).to_be_focused()
    wait_until(lambda: "deal" in watcher.parts, "the deal")
    phones = [Phone(room, pupil, watcher) for pupil in pupils]
    network = network_of(room)
    with played(phones):
        press(projector, "Let the digit in", "Space")
        press(projector, "On to the second layer", "Space")
        press(projector, "The answer")
        expect(projector.locator(NEXT)).to_have_text("Show the label and the cost")
        game = watcher.parts["game"]
        inputs = phones[0].inputs(game["digits"])
        first, second, outputs = activations(network, inputs)
        assert layer(projector, "First layer") == decimals(first)
        assert layer(projector, "Second layer") == decimals(second)
        answer = int(outputs.argmax())
        expect(said(projector, "answer")).to_have_text(str(answer))
        expect(said(projector, "answer-share")).to_have_text(f"{100 * outputs[answer]:.0f}%")
        expect(said(projector, "label")).to_be_empty()

        press(projector, "Show the label and the cost")
        press(projector, "Back through the network")
        label = watcher.parts["game"]["labels"][0]
        expect(said(projector, "label")).to_have_text(f"meant as {label} {'✓' if answer == label else '✗'}")
        cost = -float(np.log(outputs[label]))
        expect(said(projector, "answer-cost")).to_have_text(f"cost {cost:.4g}")
        press(projector, "On to the second layer")
        deltas = outputs - one_hot(np.array([label]), dtype=np.float64)[0]
        wait_until(lambda: layer(projector, "Outputs")[0][0] in "+−", "the deltas")
        assert [number[0] for number in layer(projector, "Outputs")] == ["+" if delta > 0 else "−" for delta in deltas]
        press(projector, "On to the first layer")
        press(projector, "Take the step")
        expect(projector.get_by_role("heading", name="Step 1 is taken.")).to_be_visible()
    gradient = network.backprop(inputs, one_hot(np.array([label]), dtype=np.float64))[0]
    np.testing.assert_allclose(network_of(room).parameters, network.parameters - 0.1 * gradient, atol=1e-7)


@pytest.mark.slow
def test_at_a_run_the_cost_and_the_accuracy_are_shown(
    projector: Page, room: Room, pupils: list[Pupil], watcher: Watcher
) -> None:
    start(room, watcher, batch=4)
    with played([Phone(room, pupil, watcher) for pupil in pupils]):
        projector.get_by_role("button", name="Run").click()
        expect(projector.get_by_role("heading", name="The class is learning.")).to_be_visible()
        wait_until(lambda: watcher.parts["game"]["step"] >= 10, "ten steps")
        # Each shows what it last passed on, so that nothing flickers.
        assert all(layer(projector, name) != [""] * 16 for name in ("First layer", "Second layer"))
        press(projector, "Slow down to a walk")
        wait_until(lambda: watcher.parts["game"]["pace"] == "walk", "the walk")
    step = watcher.parts["course"]["steps"]
    expect(said(projector, "step")).to_have_text(str(step))
    last = watcher.parts["course"]["costs"][-1]
    expect(projector.locator("#game").get_by_role("img", name=re.compile("The cost from"))).to_be_visible()
    expect(said(projector, "cost")).to_have_text(f"{last:.4g}")
    expect(said(projector, "accuracy")).to_contain_text(
        re.compile(r"It reads \S+ of the drawings by pupils it never learned from. At the start: \S+\.")
    )


@pytest.mark.slow
def test_who_is_late_is_named_and_a_wrong_number_is_marked(
    projector: Page, room: Room, pupils: list[Pupil], watcher: Watcher
) -> None:
    start(room, watcher)
    late, wrong, *others = [Phone(room, pupil, watcher) for pupil in pupils]
    held = [name for name in late.held if name.startswith("1-")]
    press(projector, "Let the digit in")
    wait_until(lambda: watcher.parts["game"]["phase"] == "forward-1", "the digit")
    game = watcher.parts["game"]
    numbers = wrong.numbers(game)
    bad = next(iter(numbers))
    wrong.send({**numbers, bad: {"numbers": [99.0]}}, game)
    for phone in others:
        phone.play()

    expect(projector.get_by_role("heading", name=f"Waiting for {late.pupil.name}.")).to_be_visible()
    expect(projector.locator(NEXT)).to_have_text(f"{16 - len(held)} of 16 are in")
    projector.keyboard.press("ArrowRight")  # does nothing: they are waited for
    projector.get_by_role("button", name="Go on without them").click()
    expect(projector.locator(NEXT)).to_have_text("On to the second layer")
    first = projector.get_by_role("list", name="First layer").get_by_role("listitem")
    expect(first.nth(int(held[0][2:]))).to_contain_text(f"{late.pupil.name}… late")
    expect(first.nth(int(bad[2:]))).to_contain_text(f"{wrong.pupil.name}✗ wrong")


def test_whoever_is_not_signed_in_sees_the_game_and_can_not_lead_it(
    visit: OpenPage, server: RunningServer, room: Room, watcher: Watcher
) -> None:
    reveal_simulated(room)
    page = visit(f"{server.url}rooms/{room.code}/projector")
    start(room, watcher)
    room.teacher.post(f"{room.path}/vote", json={"question": "Is it sure?", "options": ["yes", "no"]})
    expect(page.get_by_role("heading", name="The class is the network.")).to_be_visible()
    expect(page.get_by_role("region", name="Vote")).to_contain_text("Is it sure?")
    expect(page.get_by_role("button")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    room.teacher.post(f"{room.path}/game/next").raise_for_status()
    expect(page.get_by_role("heading", name="Forward: the first layer computes.")).to_be_visible()


@pytest.mark.slow
def test_where_nobody_plays_the_server_does_and_too_large_a_rate_is_said_to_be(
    projector: Page, room: Room, watcher: Watcher
) -> None:
    reveal_simulated(room)
    start(room, watcher, eta=10, pace="run")
    expect(said(projector, "who")).to_have_text("The server plays all 42 neurons.")
    expect(projector.get_by_text("10, too large")).to_be_visible()

    expect(projector.get_by_role("heading", name="The numbers grew beyond all bounds.")).to_be_visible(timeout=90_000)
    expect(projector.get_by_role("alert")).to_contain_text("A learning rate of 10 is too large.")
    projector.get_by_role("button", name="Stop").click()
    projector.get_by_role("dialog", name="Stop the game?").get_by_role("button", name="Go on").click()
    press(projector, "Start over")
    expect(projector.get_by_text("0.1, usual")).to_be_visible()
    expect(projector.locator(NEXT)).to_have_text("Let the digit in")


def test_without_drawings_the_page_says_what_is_missing(projector: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 409")
    projector.get_by_role("button", name="4 Be the network").click()
    projector.get_by_role("button", name="Start", exact=True).first.click()
    expect(projector.locator("#room-notice")).to_contain_text("Let the class draw digits, and reveal them on the wall.")


@pytest.mark.usefixtures("pupils")
def test_the_teacher_chooses_the_digit(projector: Page, room: Room, watcher: Watcher) -> None:
    start(room, watcher)
    projector.get_by_role("button", name="Choose a digit").click()
    choice = projector.get_by_role("dialog").locator("li button").nth(2)
    drawing = int(re.findall(r"\d+", choice.get_attribute("aria-label") or "")[0])
    choice.click()
    wait_until(lambda: watcher.parts["game"]["digits"] == [drawing], "the digit")
    expect(projector.get_by_role("button", name="Choose a digit")).to_be_hidden()
    projector.get_by_role("button", name="Stop").click()
    expect(projector.locator("#wall")).to_be_visible()


@pytest.mark.slow
def test_the_game_is_accessible_and_fits_each_screen(
    projector: Page, room: Room, pupils: list[Pupil], watcher: Watcher
) -> None:
    start(room, watcher)
    assert violations_in_both_themes(projector) == []
    with played([Phone(room, pupil, watcher) for pupil in pupils[1:]]):
        press(projector, "Let the digit in")
        expect(projector.get_by_role("button", name="Go on without them")).to_be_visible()
        projector.get_by_role("button", name="Ask the class").click()
        assert violations_in_both_themes(projector) == []
        projector.get_by_role("button", name="What will it answer?").click()
        expect(projector.get_by_role("region", name="Vote")).to_be_visible()
        assert violations_in_both_themes(projector) == []
        projector.get_by_role("button", name="Go on without them").click()
        expect(projector.locator(NEXT)).to_have_text("On to the second layer")
    for width, height in ((1920, 1080), (1280, 800), (390, 844)):
        projector.set_viewport_size({"width": width, "height": height})
        assert width_over(projector) == 0
        if width > 390:
            assert projector.evaluate("document.documentElement.scrollHeight") == height
