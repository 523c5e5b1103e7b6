"""Votes on the projector: in a game, and beside the wall."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rooms.game import press, reveal_simulated, said, start
from tests.support.phones import Phone, played
from tests.support.rooms import Pupil, Room, Watcher


@pytest.mark.slow
def test_whether_the_cost_fell_is_told_once_the_same_digit_went_in_again(
    projector: Page, room: Room, watcher: Watcher
) -> None:
    reveal_simulated(room)
    start(room, watcher)
    pupil = room.join()  # who came after the deal, and only votes
    forward = ["On to the second layer", "The answer", "Show the label and the cost"]
    back = ["On to the second layer", "On to the first layer", "Take the step"]
    for words in ["Let the digit in", *forward, "Back through the network", *back]:
        press(projector, words)
    projector.get_by_role("button", name="The same again").click()
    # Its cost has changed already when the question comes, which is about the next change.
    for words in [*forward, "Back through the network"]:
        press(projector, words)
    projector.get_by_role("button", name="Ask the class").click()
    projector.get_by_role("button", name="Will the cost rise or fall?").click()
    vote = projector.get_by_role("region", name="Vote")
    expect(vote).to_contain_text("have voted.")
    assert pupil.post("vote", {"option": 1}).status_code == 204
    for words in back:
        press(projector, words)
    projector.get_by_role("button", name="The same again").click()
    for words in forward:
        expect(vote).to_contain_text("have voted.")
        press(projector, words)
    expect(vote).to_contain_text("It was “fall”: 1 of 1 chose it.")


@pytest.mark.slow
def test_a_vote_on_the_answer_is_closed_by_the_answer(
    projector: Page, room: Room, pupils: list[Pupil], watcher: Watcher
) -> None:
    start(room, watcher)
    with played([Phone(room, pupil, watcher) for pupil in pupils]):
        press(projector, "Let the digit in")
        press(projector, "On to the second layer")
        projector.get_by_role("button", name="Ask the class").click()
        projector.get_by_role("button", name="What will it answer?").click()
        vote = projector.get_by_role("region", name="Vote")
        expect(vote.get_by_role("heading", name="What will it answer?")).to_be_visible()
        for pupil, option in zip(pupils, (7, 7, 1), strict=False):
            assert pupil.post("vote", {"option": option}).status_code == 204
        expect(vote).to_contain_text("3 of 11 have voted.")
        expect(vote.locator(".vote-count")).to_have_text([""] * 10)

        press(projector, "The answer")
        expect(vote).to_contain_text(re.compile(r"It was “\d”: \d of 3 chose it\."))
    expect(vote.locator(".vote-count")).to_have_text(list("0100000200"))
    answer = said(projector, "answer").inner_text()
    expect(vote.locator("[data-right=true] .vote-option")).to_have_text(f"{answer} ✓")
    projector.get_by_role("button", name="Take it away").click()
    expect(vote).to_be_hidden()


@pytest.mark.slow
def test_a_teacher_asks_a_question_of_their_own_beside_the_wall(projector: Page, pupils: list[Pupil]) -> None:
    projector.get_by_role("button", name="Ask the class").click()
    projector.get_by_label("Or a question of your own").fill("Is it sure?")
    projector.get_by_label("Answer 1").fill("Yes")
    projector.get_by_label("Answer 2").fill("No")
    projector.get_by_role("button", name="Ask", exact=True).click()
    vote = projector.get_by_role("region", name="Vote")
    expect(vote).to_contain_text("0 of 11 have voted.")
    assert pupils[0].post("vote", {"option": 1}).status_code == 204
    projector.get_by_role("button", name="Close the vote").click()
    expect(vote.locator(".vote-count")).to_have_text(["0", "1"])
    expect(vote).to_contain_text("1 vote.")
