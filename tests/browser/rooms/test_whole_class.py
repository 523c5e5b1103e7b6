"""A class of twelve phones and a projector, from joining to being the network."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from app.network import Network
from app.network.network import CLASSIC_SIZES, one_hot
from app.rooms.class_network import ACTIVATION, COST, NEURONS
from tests.browser.conftest import OpenPage
from tests.browser.rooms.phone import ANSWER, send
from tests.support.hand import SEVEN, draw_with_finger
from tests.support.phones import Phone
from tests.support.rooms import Room, watching
from tests.support.server import RunningServer, wait_until

PUPILS, STEPS = 12, 20


@pytest.mark.slow
def test_twelve_pupils_draw_and_are_the_network_for_twenty_steps(
    open_page: OpenPage, server: RunningServer, room: Room
) -> None:
    projector = open_page(server.login_url, viewport={"width": 1920, "height": 1080})
    projector.goto(f"{server.url}rooms/{room.code}/projector")
    phones = [
        open_page(f"{server.url}rooms/{room.code}", viewport={"width": 390, "height": 844}, has_touch=True)
        for _ in range(PUPILS)
    ]
    projector.get_by_role("button", name="7", exact=True).click()
    for phone in phones:
        expect(phone.get_by_role("heading", level=1)).to_have_text("Everybody draw a 7.")
        draw_with_finger(phone, SEVEN)
        send(phone)
        expect(phone.locator(ANSWER)).to_have_text("7")
    projector.get_by_role("button", name=f"Reveal {PUPILS}").click()
    expect(projector.locator(".wall-answer")).to_have_text(["7 ✓"] * PUPILS)

    with watching(server, f"rooms/{room.code}/events") as watcher:
        projector.get_by_role("button", name="4 Be the network").click()
        projector.locator("#game-start").get_by_label("Batch").select_option("4")
        projector.locator("#game-start").get_by_role("button", name="Start").click()
        wait_until(lambda: "deal" in watcher.parts, "the deal")
        held = watcher.parts["deal"]["held"]
        assert sorted(held) == sorted(NEURONS)
        assert {pupil for who in held.values() for pupil in who} == set(range(1, PUPILS + 1))
        start = np.frombuffer(room.teacher.get(f"{room.path}/game/parameters").content).copy()

        room.teacher.patch(f"{room.path}/game", json={"pace": "run"}).raise_for_status()
        wait_until(lambda: watcher.parts["game"]["step"] >= STEPS, "the steps", 120)
        room.teacher.patch(f"{room.path}/game", json={"pace": "walk"}).raise_for_status()
        wait_until(lambda: watcher.parts["game"]["pace"] == "walk", "the walk")
        last = watcher.parts["game"]["step"]
        inputs = Phone(room, room.join(), watcher).inputs

        told = [event["game"] for event in watcher.history if "game" in event]
        steps = {game["step"]: game for game in told if game["labels"]}
        for step in range(last):
            game = steps[step]
            wanted = one_hot(np.array(game["labels"]), dtype=np.float64)
            gradient, _ = Network(CLASSIC_SIZES, ACTIVATION, COST, start).backprop(inputs(game["digits"]), wanted)
            start = start - game["step_eta"] * gradient
    learned = np.frombuffer(room.teacher.get(f"{room.path}/game/parameters").content)
    np.testing.assert_allclose(learned, start, atol=1e-5)
    # The phones computed it, not the server in their place.
    assert any(not game["marks"] for game in told if game["phase"] == "backward-1")
