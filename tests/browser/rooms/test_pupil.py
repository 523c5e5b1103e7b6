"""A pupil's phone: drawing, losing the connection, collecting and watching."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.rooms.phone import ANSWER, drawings, send
from tests.support.hand import SEVEN, THREE, draw_with_finger, draw_with_mouse, ink
from tests.support.rooms import Room
from tests.support.server import RunningServer, wait_until

CROSS = [(0.1, 0.1), (0.9, 0.9)], [(0.9, 0.1), (0.1, 0.9)]


def test_who_opens_the_address_is_in_and_draws_what_is_asked_for(pupil_page: Page, room: Room) -> None:
    room.change(prompt="Everybody draw a 7.", digit=7)
    expect(pupil_page.get_by_role("heading", level=1)).to_have_text("Everybody draw a 7.")
    draw_with_finger(pupil_page, SEVEN)
    send(pupil_page)

    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    expect(pupil_page.locator(".pupil-drawing .pupil-answer")).to_contain_text("% sure")
    expect(pupil_page.locator(".pupil-drawing .pupil-answer")).to_contain_text("as you meant it")
    expect(pupil_page.locator(".own-drawing-item")).to_have_count(1)
    own = pupil_page.get_by_role("img", name=re.compile("^Your 7: read as a 7, .*% sure$"))
    for picture in (own, pupil_page.locator(".pupil-drawing .pupil-answer")):
        expect(picture.locator("path")).to_have_attribute("d", re.compile(r"^M [\d.]+ [\d.]+ Q"))
    expect(pupil_page.get_by_role("status").last).to_contain_text("The network reads a 7")
    assert ink(pupil_page) == 0
    assert [(one["label"], one["digit"]) for one in drawings(pupil_page, room)] == [(7, 7)]
    assert pupil_page.context.cookies() == []


def test_a_wrong_answer_is_told_kindly_and_one_that_is_not_sure_waits(pupil_page: Page, room: Room) -> None:
    room.change(digit=7)
    expect(pupil_page.locator("[data-part=choice]")).to_be_hidden()
    draw_with_mouse(pupil_page, THREE)
    send(pupil_page)
    expect(pupil_page.locator(".pupil-drawing .pupil-answer")).to_contain_text("reads a 3, but you meant a 7")
    for stroke in CROSS:
        draw_with_mouse(pupil_page, stroke)
    send(pupil_page)
    expect(pupil_page.locator(".pupil-drawing .pupil-answer")).to_contain_text("waits for your teacher")


def test_with_no_digit_asked_for_a_pupil_may_say_what_it_is(pupil_page: Page, room: Room) -> None:
    draw_with_mouse(pupil_page, SEVEN)
    pupil_page.get_by_role("button", name="7", exact=True).click()
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(".own-drawing-item")).to_have_count(2)
    wait_until(lambda: len(drawings(pupil_page, room)) == 2, "both drawings")
    assert [one["label"] for one in drawings(pupil_page, room)] == [7, None]


@pytest.mark.slow
def test_what_is_drawn_offline_is_sent_once_when_the_connection_is_back(
    pupil_page: Page, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
    lost: list[str] = []

    def lose(route: Route) -> None:
        route.fetch()  # the server has it, but the phone does not hear of it
        lost.append(route.request.headers["idempotency-key"])
        route.abort()

    pupil_page.route("**/drawings", lose)
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(".pupil-drawing .pupil-answer")).to_contain_text("drawing is safe")
    pupil_page.context.set_offline(True)
    pupil_page.unroute_all(behavior="wait")
    draw_with_mouse(pupil_page, THREE)
    send(pupil_page)
    expect(pupil_page.locator(".own-drawing-item[data-status=unsent]")).to_have_count(2)
    expect(pupil_page.locator(".pupil-drawing .pupil-answer")).to_contain_text("Your 2 drawings are safe")

    pupil_page.context.set_offline(False)
    expect(pupil_page.locator(".own-drawing-item[data-status=unsent]")).to_have_count(0)
    expect(pupil_page.locator(ANSWER)).to_have_text("3")
    assert lost
    assert [one["digit"] for one in drawings(pupil_page, room)] == [7, 3]


@pytest.mark.slow
def test_a_drawing_that_was_not_sent_survives_a_reload(pupil_page: Page, room: Room, allowed_errors: list[str]) -> None:
    allowed_errors.append("ERR_FAILED")
    pupil_page.route("**/drawings", lambda route: route.abort())
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(".own-drawing-item[data-status=unsent]")).to_have_count(1)
    pupil_page.reload()
    expect(pupil_page.locator(".own-drawing-item[data-status=unsent]")).to_have_count(1)
    pupil_page.unroute_all(behavior="wait")

    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    assert len(drawings(pupil_page, room)) == 1


@pytest.mark.slow
def test_collecting_asks_for_the_digit_that_was_drawn_least(pupil_page: Page, room: Room) -> None:
    room.change(activity="collect", prompt="Our own data set")
    title = pupil_page.get_by_role("heading", level=1)
    asked = []
    for count in range(1, 4):
        expect(title).to_have_text(re.compile(r"Now draw an? \d\."))
        asked.append(int(title.inner_text()[-2]))
        draw_with_mouse(pupil_page, SEVEN)
        expect(title).to_have_text(re.compile(f" {asked[-1]}\\.$"))
        send(pupil_page)
        expect(pupil_page.locator(".own-drawing-item:not([data-status=unsent])")).to_have_count(count)
    assert len(set(asked)) == 3
    assert [one["label"] for one in drawings(pupil_page, room)] == asked
    expect(pupil_page.locator(f"[data-balance='{asked[0]}'] [data-part=count]")).to_have_text("1")

    draw_with_mouse(pupil_page, SEVEN)
    drawn, words = ink(pupil_page), title.inner_text()
    pupil_page.reload()
    expect(title).to_have_text(words)
    assert abs(ink(pupil_page) - drawn) < 30


def test_collecting_goes_on_while_nothing_can_be_sent(pupil_page: Page, room: Room, allowed_errors: list[str]) -> None:
    allowed_errors.append("ERR_FAILED")
    pupil_page.route("**/drawings", lambda route: route.abort())
    room.change(activity="collect", prompt="Our own data set")
    title = pupil_page.get_by_role("heading", level=1)
    for digit in (1, 2, 3):
        expect(title).to_have_text(f"Now draw a {digit}.")
        draw_with_mouse(pupil_page, SEVEN)
        send(pupil_page)
    expect(title).to_have_text("Now draw a 4.")


def test_a_new_question_clears_what_was_drawn_for_another_digit(pupil_page: Page, room: Room) -> None:
    room.change(prompt="Draw a 7.", digit=7)
    expect(pupil_page.get_by_role("heading", level=1)).to_have_text("Draw a 7.")
    draw_with_mouse(pupil_page, SEVEN)
    room.change(prompt="Draw a 3.", digit=3)
    expect(pupil_page.get_by_role("heading", level=1)).to_have_text("Draw a 3.")
    assert ink(pupil_page) == 0
    expect(pupil_page.get_by_role("button", name="Undo")).to_be_disabled()


@pytest.mark.slow
def test_a_flood_is_sent_when_the_server_says(pupil_page: Page, room: Room, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 429")
    refused: list[int] = []

    def refuse_first(route: Route) -> None:
        if refused:
            return route.continue_()
        refused.append(429)
        return route.fulfill(status=429, headers={"Retry-After": "1"}, json={"detail": "Too many. Wait a moment."})

    pupil_page.route("**/drawings", refuse_first)
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(".pupil-drawing .pupil-answer")).to_contain_text("sends it again in 1 second")
    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    assert len(drawings(pupil_page, room)) == 1


@pytest.mark.slow
def test_an_answer_moves_nothing(pupil_page: Page, room: Room) -> None:
    def places() -> list[float]:
        found: list[float] = pupil_page.evaluate(
            "['#pad', '[data-part=send]', '.pupil-answer', '.pupil-own'].map((one) =>"
            " document.querySelector(one).getBoundingClientRect().top + scrollY)"
        )
        return found

    room.change(digit=7)
    expect(pupil_page.locator("[data-part=choice]")).to_be_hidden()
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    before = places()
    draw_with_mouse(pupil_page, THREE)
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("3")
    assert places() == before


def test_a_stroke_is_whole_on_a_phone_in_landscape(pupil_page: Page) -> None:
    pupil_page.set_viewport_size({"width": 667, "height": 340})
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("7")


def test_all_of_it_works_by_keyboard(pupil_page: Page) -> None:
    pupil_page.locator("#pad").focus()
    for key in ("Space", *["ArrowDown"] * 10, "Space"):
        pupil_page.keyboard.press(key)
    for _ in range(30):
        pupil_page.keyboard.press("Tab")
        if pupil_page.evaluate("document.activeElement.matches('[data-part=send]')"):
            break
    pupil_page.keyboard.press("Enter")
    expect(pupil_page.locator(ANSWER)).not_to_be_empty()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_is_accessible_and_fits(pupil_page: Page, room: Room, width: int) -> None:
    pupil_page.set_viewport_size({"width": width, "height": 700})
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    pupil_page.get_by_text("I have a code to come back").click()
    found = {}
    for activity in ("draw", "collect", "watch"):
        room.change(activity=activity)
        expect(pupil_page.locator(f"[data-activity={activity}]")).to_be_visible()
        found[activity] = (violations_in_both_themes(pupil_page), width_over(pupil_page))
    assert found == dict.fromkeys(found, ([], 0))


@pytest.mark.slow
def test_who_watches_sees_the_run_and_their_own_drawing_read_ever_better(
    pupil_page: Page, server: RunningServer, room: Room
) -> None:
    room.change(digit=7)
    expect(pupil_page.locator("[data-part=choice]")).to_be_hidden()
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    started = httpx.post(
        f"{server.url}admin/runs", json={"preset": "quick", "epochs": 1}, headers=server.admin, timeout=30
    )
    run = started.raise_for_status().json()["id"]
    flights: list[int] = []

    def note(change: int) -> Callable[[Request], None]:
        return lambda request: flights.append(change) if "answers?" in request.url else None

    pupil_page.on("request", note(1))
    pupil_page.on("requestfinished", note(-1))
    pupil_page.on("requestfailed", note(-1))
    room.change(activity="watch", prompt="Watch it learn.", runs=[run])

    watch = pupil_page.locator("[data-part=watch]")
    expect(watch).to_contain_text("1 epoch done", timeout=60_000)
    expect(watch).to_contain_text("It reads 1 of your 1 drawing right.")
    expect(watch.locator(".pupil-answer-digit")).to_have_text("7")
    expect(watch.get_by_role("img", name=re.compile("Cost: now"))).to_be_visible()
    assert max(itertools.accumulate(flights)) == 1


@pytest.mark.slow
def test_while_three_networks_learn_the_phone_says_which_of_them_does(pupil_page: Page, room: Room) -> None:
    ended = {"1": "running", "2": "running"}

    def answer(route: Route) -> None:
        route.fulfill(json={"status": ended[route.request.url[-1]]})

    pupil_page.route(re.compile(r"/runs/\d$"), answer)
    room.change(activity="watch", runs=[1, 2, 3])
    learned = pupil_page.locator("[data-part=learned]")
    expect(learned).to_have_text("The first of three networks is learning.")

    ended["1"] = "finished"
    expect(learned).to_have_text("The second of three networks is learning.")
