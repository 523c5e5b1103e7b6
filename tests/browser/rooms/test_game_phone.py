"""A pupil's phone while the class is the network: it computes its neurons, and its numbers are NumPy's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from app.network import Network
from app.network.network import CLASSIC_SIZES, one_hot
from app.rooms.class_network import ACTIVATION, COST, PHASES, Floats
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.rooms.phone import pupil_of
from tests.support.drawn_rooms import strokes_of
from tests.support.phones import Phone
from tests.support.rooms import Pupil, Room, Watcher, watching
from tests.support.server import RunningServer, wait_until

pytestmark = pytest.mark.slow
ETA = 0.2


class Game:
    """A game that one phone plays; the server plays what it does not hold."""

    def __init__(self, page: Page, room: Room, watcher: Watcher) -> None:
        self.page, self.room, self.watcher = page, room, watcher
        self.section = page.locator("[data-part=game]")
        self.pass_on = page.get_by_role("button", name="Pass on")

    @property
    def now(self) -> dict[str, Any]:
        now: dict[str, Any] = self.watcher.parts["game"]
        return now

    @property
    def held(self) -> list[str]:
        me = pupil_of(self.page, self.room)
        return [neuron for neuron, who in self.watcher.parts["deal"]["held"].items() if me in who]

    def part(self, name: str) -> Locator:
        return self.section.locator(f"[data-part=game-{name}]")

    def teacher(self, path: str = "", body: object = None, method: str = "POST") -> None:
        self.room.teacher.request(method, f"{self.room.path}/game{path}", json=body).raise_for_status()

    def start(self, **how: object) -> None:
        self.teacher(body={"eta": ETA, **how})
        expect(self.section).to_be_visible()
        wait_until(lambda: "deal" in self.watcher.parts, "the deal")

    def go_to(self, phase: str) -> None:
        """The teacher's click that begins the phase."""
        self.teacher("/next", {})
        wait_until(lambda: self.now["phase"] == phase, phase)

    def finish(self) -> None:
        """Passes on the numbers of the phase, and reveals the label after the last layer."""
        self.pass_on.click()
        expect(self.part("says")).to_contain_text("Passed on.")
        wait_until(lambda: self.now["is_complete"], "all numbers")
        if self.now["phase"] == "forward-3":
            self.teacher("/next", {})
            wait_until(lambda: self.now["labels"], "the label")
            expect(self.part("revealed")).to_have_text(f"It was meant as a {self.now['labels'][0]}.")

    def network(self) -> Network:
        found = self.room.teacher.get(f"{self.room.path}/game/parameters").raise_for_status().content
        return Network(CLASSIC_SIZES, ACTIVATION, COST, np.frombuffer(found).copy())

    def inputs(self) -> Floats:
        phone = Phone(self.room, Pupil(self.room.anyone, self.room.code, _me(self.page, self.room)), self.watcher)
        return phone.inputs(self.now["digits"])


def _me(page: Page, room: Room) -> dict[str, Any]:
    me: dict[str, Any] = page.evaluate("(code) => JSON.parse(sessionStorage.getItem(`room-${code}`))", room.code)
    return me


@pytest.fixture
def game(pupil_page: Page, room: Room, server: RunningServer) -> Iterator[Game]:
    """A room whose one pupil has drawn digits, which are on the wall."""
    pupil = Pupil(room.anyone, room.code, _me(pupil_page, room))
    for label in (7, 3, 0):
        for strokes in strokes_of(label)[:3]:
            pupil.draw(label, strokes).raise_for_status()
    for path in ("accept", "reveal"):
        room.teacher.post(f"{room.path}/{path}").raise_for_status()
    with watching(server, f"rooms/{room.code}/events") as watcher:
        yield Game(pupil_page, room, watcher)


def _number(text: str) -> float:
    return float(text.replace("−", "-").rpartition("= ")[2])


def test_a_walk_through_one_step_shows_numpys_numbers(game: Game) -> None:
    page = game.page
    expect(page.locator("#pad")).to_be_visible()
    game.start()
    expect(page.locator("#pad")).to_be_hidden()
    expect(game.part("title")).to_have_text("You are 4 neurons")
    network = game.network()
    before = network.parameters.copy()
    for phase in PHASES:
        game.go_to(phase)
        expect(game.pass_on).to_be_visible()
        layer = int(phase[-1])
        name = next(neuron for neuron in game.held if neuron[0] == phase[-1])
        expect(game.part("neuron-name")).to_contain_text(f"You are neuron {name}")
        inputs = game.inputs()
        activations = [inputs, *(np.array(_part(game, f"forward-{n}")) for n in range(1, layer))]
        weights, biases = network.layers[layer - 1]
        place = int(name.partition("-")[2])
        if phase.startswith("forward"):
            z = float((activations[-1] @ weights.T + biases)[0, place])
            assert _number(game.part("sum").inner_text()) == pytest.approx(z, abs=6e-5)
            rows = game.part("terms").locator("tr:visible")
            expect(rows).to_have_count(7 if layer == 1 else 18)
            values = [float(text.replace("−", "-")) for text in rows.locator("td:last-child").all_inner_texts()]
            # Without a rest, each of 17 numbers is rounded to four decimals.
            assert sum(values[:-1]) == pytest.approx(values[-1], abs=1e-9 if layer == 1 else 9e-4)
            if layer < 3:
                assert _number(game.part("activation").inner_text()) == pytest.approx(max(z, z / 10), abs=6e-5)
        else:
            gradient = network.backprop(inputs, one_hot(np.array(game.now["labels"]), dtype=np.float64))[0]
            slopes, deltas = Network(CLASSIC_SIZES, ACTIVATION, COST, np.asarray(gradient)).layers[layer - 1]
            assert _number(game.part("delta").inner_text()) == pytest.approx(deltas[place], rel=1e-3, abs=6e-5)
            most = int(np.abs(slopes[place]).argmax())
            after = weights[place, most] - ETA * slopes[place, most]
            assert _number(game.part("nudge").inner_text()) == pytest.approx(after, rel=1e-3, abs=6e-5)
            moved = float(np.abs(ETA * slopes[place]).sum())
            assert f"{moved:.4f}" in game.part("moved").inner_text() or moved < 1e-3
        game.finish()
    game.teacher("/next", {})
    expect(game.part("phase")).to_have_text("Step 1 is done.")
    step = network.backprop(inputs, one_hot(np.array(game.now["labels"]), dtype=np.float64))[0]
    np.testing.assert_allclose(game.network().parameters, before - ETA * step, atol=1e-6)
    assert game.now["marks"].keys().isdisjoint(game.held)


def _part(game: Game, name: str) -> list[list[float]]:
    wait_until(lambda: game.watcher.parts.get(name, {}).get("step") == game.now["step"], name)
    numbers: list[list[float]] = game.watcher.parts[name]["numbers"]
    return numbers


def test_a_reload_in_the_middle_comes_back_into_the_game(game: Game) -> None:
    game.start()
    game.go_to("forward-1")
    game.finish()
    game.page.reload()
    expect(game.part("says")).to_have_text("Passed on. Your teacher goes on.")
    for phase in PHASES[1:4]:
        game.go_to(phase)
        game.finish()
    game.page.reload()
    for phase in PHASES[4:]:
        game.go_to(phase)
        game.finish()
    game.teacher("/next", {})
    game.go_to("forward-1")
    game.finish()
    assert game.now["marks"].keys().isdisjoint(game.held)


def test_a_wrong_number_is_told_with_what_the_room_took_instead(game: Game) -> None:
    def spoil(route: Route) -> None:
        sent = json.loads(route.request.post_data or "")
        sent["neurons"]["2-0"]["numbers"][0] += 1
        route.continue_(post_data=json.dumps(sent))

    game.start()
    game.page.get_by_text("Take a neuron by hand").click()
    game.page.get_by_role("button", name="Take neuron 2-0 (second layer)").click()
    expect(game.part("title")).to_have_text("You are neuron 2-0 (second layer)")
    game.go_to("forward-1")
    expect(game.part("says")).to_have_text("Nothing to do for you in this layer. Your teacher goes on.")
    game.go_to("forward-2")
    game.page.route("**/game/numbers", spoil)
    game.pass_on.click()
    expect(game.part("forward-verdict")).to_have_text("The room worked it out again.")
    game.page.unroute("**/game/numbers")
    game.go_to("forward-3")
    taken = _part(game, "forward-2")[0][0]
    expect(game.part("forward-verdict")).to_contain_text("The room worked it out again: ")
    assert f"{taken:.4f}".replace("-", "−") in game.part("forward-verdict").inner_text()


def test_at_a_run_numbers_are_passed_on_by_themselves(game: Game, allowed_errors: list[str]) -> None:
    # The game may end while a number is on its way.
    allowed_errors.append("409")
    game.start(batch=4)
    expect(game.part("title")).to_be_visible()
    game.teacher(body={"pace": "run"}, method="PATCH")
    expect(game.part("says")).to_have_text("Your numbers are passed on by themselves.")
    expect(game.part("digits")).to_have_text("and 3 more")
    wait_until(lambda: game.now["step"] >= 5, "five steps")
    first = game.part("sum").inner_text()
    expect(game.part("sum")).not_to_have_text(first)
    assert game.now["marks"].keys().isdisjoint(game.held)
    game.teacher(method="DELETE")
    expect(game.page.locator("#pad")).to_be_visible()
    expect(game.section).to_be_hidden()


def test_a_number_that_is_passed_on_offline_arrives_when_the_connection_is_back(
    game: Game, allowed_errors: list[str]
) -> None:
    allowed_errors += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
    game.start()
    game.go_to("forward-1")
    expect(game.pass_on).to_be_visible()
    game.page.get_by_role("button", name="output").click()
    expect(game.part("idle")).to_have_text("Nothing to do for this neuron in this layer.")
    game.page.context.set_offline(True)
    game.pass_on.click()
    expect(game.part("says")).to_have_text("The server can't be reached. This page keeps trying.")
    game.page.context.set_offline(False)
    expect(game.part("says")).to_have_text("Passed on. Your teacher goes on.")
    wait_until(lambda: game.now["is_complete"], "all numbers")
    assert game.now["marks"].keys().isdisjoint(game.held)


def test_all_are_told_whom_the_room_waits_for(game: Game) -> None:
    other = game.room.join()
    game.start()
    game.go_to("forward-1")
    game.pass_on.click()
    expect(game.part("says")).to_have_text(f"Passed on. Waiting for {other.name}.")


def test_a_phone_that_was_asleep_wakes_up_when_its_page_is_seen(game: Game, allowed_errors: list[str]) -> None:
    allowed_errors += ["409", "ERR_FAILED"]
    game.start()
    game.page.route("**/game/numbers", lambda route: route.abort())
    game.teacher(body={"pace": "run"}, method="PATCH")
    # Its page is seen, so it wakes up at once, and falls asleep again while its numbers are lost.
    asleep = [pupil_of(game.page, game.room)]
    told = game.watcher.history
    wait_until(lambda: any(event.get("deal", {}).get("asleep") == asleep for event in told), "it to be asleep")
    game.page.wait_for_event("request", lambda request: request.url.endswith("awake"))
    game.page.unroute("**/game/numbers")
    wait_until(lambda: game.watcher.parts["deal"]["asleep"] == [], "it to be awake")


def test_a_vote_is_a_card_that_can_be_changed_until_it_is_closed(pupil_page: Page, room: Room) -> None:
    def ask(path: str = "", body: object = None) -> None:
        room.teacher.post(f"{room.path}/vote{path}", json=body).raise_for_status()

    ask(body={"question": "What will it say?", "options": ["Three", "Seven", "Neither"]})
    card = pupil_page.get_by_role("dialog")
    expect(card).to_contain_text("What will it say?")
    card.get_by_role("button", name="Three").click()
    expect(card).to_contain_text("You chose Three. You can still change it.")
    pupil_page.reload()
    expect(card).to_contain_text("You chose Three. You can still change it.")
    card.get_by_role("button", name="Neither").click()
    expect(card).to_contain_text("You chose Neither.")
    card.get_by_role("button", name="Hide").click()
    expect(card).to_be_hidden()
    pupil_page.get_by_role("button", name="Vote: What will it say?").click()
    assert violations_in_both_themes(pupil_page) == []
    ask("/close", {"answer": 1})
    expect(card).to_contain_text("You chose Neither. Right is Seven.")
    room.teacher.delete(f"{room.path}/vote").raise_for_status()
    expect(card).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_game_is_accessible_and_fits_the_screen(game: Game, width: int) -> None:
    game.page.set_viewport_size({"width": width, "height": 844})
    game.start()
    for phase in ("forward-1", "forward-2"):
        game.go_to(phase)
        expect(game.pass_on).to_be_visible()
        assert violations_in_both_themes(game.page) == []
        assert width_over(game.page) == 0
        game.finish()
    expect(game.part("says")).to_have_text(re.compile("goes on"))
