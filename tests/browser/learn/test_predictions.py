"""Questions before a lesson's moves: on the slope, as in every lesson."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.predict_page import (
    PHONE,
    came_true,
    choice,
    go_on,
    predict,
    question,
    result,
    summary,
)
from tests.browser.learn.slope_page import WALK, open_lesson, part, place, put_ball, settled, shown, tab_to
from tests.support.server import RunningServer

QUESTIONS = ["Where will the ball be", "Which learning rate overshoots", "A ball starts at the right"]


def top_of(picture: Locator) -> float:
    top: float = picture.evaluate("(element) => element.getBoundingClientRect().top")
    return top


@pytest.mark.slow
def test_a_reader_predicts_sees_what_happens_and_is_left_alone(open_page: OpenPage, server: RunningServer) -> None:
    page = open_lesson(open_page, server, **PHONE)
    expect(question(page)).to_contain_text(QUESTIONS[0])
    expect(page.locator(".lead")).to_be_visible()
    picture = page.locator(".slope canvas").first
    top = top_of(picture)
    assert violations_in_both_themes(page) == []
    before, slope = place(page), shown(page, "slope")
    given_away = [part(page, "words"), page.locator(".rule mtr").last]
    for told in given_away:
        expect(told).not_to_be_visible()

    sentence = predict(page, "Left")
    for told in given_away:
        expect(told).to_be_visible()
    after = place(page)
    assert shown(page, "count") == 1
    assert after == pytest.approx(before - 0.3 * slope, abs=1e-3)
    assert sentence.startswith("No. ")
    assert f"{after - before:.2g}" in sentence
    assert came_true(page) == ["Right"]
    expect(page.get_by_role("status").filter(has_text="No. The slope was")).to_be_visible()
    assert violations_in_both_themes(page) == []
    assert top_of(picture) == pytest.approx(top, abs=1)
    expect(choice(page, "Across the valley")).to_be_hidden()

    go_on(page)
    predict(page, "7.4")
    assert top_of(picture) == pytest.approx(top, abs=1)
    assert shown(page, "count") == 60
    assert shown(page, "cost") > 3
    go_on(page)
    assert predict(page, "No, it stays").startswith("Yes. ")
    go_on(page, "Done")
    expect(summary(page)).to_have_text("You predicted 2 of the 3 you answered.")
    expect(page.locator("[data-part=stage]")).to_be_focused()
    expect(page.locator(".lead")).to_be_visible()
    assert page.locator(".predictions + .own-words").count() == 1
    assert violations_in_both_themes(page) == []
    assert width_over(page) == 0


@pytest.mark.slow
def test_what_was_predicted_stays_in_the_tab_and_the_address_but_in_no_link(
    visit: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(visit, server, "?predicted=step.left.right")
    expect(question(page)).to_contain_text(QUESTIONS[1])
    page.get_by_role("button", name="Link to this state").click()
    expect(page.locator(".lesson-share [role=status]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{server.url}learn/slope"

    page.reload()
    expect(question(page)).to_contain_text(QUESTIONS[1])
    page.get_by_role("link", name=re.compile("Lesson 4")).click()
    expect(page).to_have_url(re.compile("/learn/gradient"))
    page.get_by_role("link", name=re.compile("Lesson 3")).click()
    expect(question(page)).to_contain_text(QUESTIONS[1])
    expect(page).to_have_url(re.compile(r"/learn/slope\?predicted=step\.left\.right$"))
    page.go_back()
    page.go_back()
    expect(question(page)).to_contain_text(QUESTIONS[1])

    page = open_lesson(visit, server, "?predicted=step.left")
    expect(question(page)).to_contain_text(QUESTIONS[0])


@pytest.mark.slow
def test_the_keyboard_predicts_goes_on_and_skips_with_one_key(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server)
    tab_to(page, choice(page, "Right"))
    page.keyboard.press("Enter")
    expect(result(page)).to_contain_text("Yes. ")
    at = place(page)
    tab_to(page, page.get_by_role("button", name="Next question"))
    page.keyboard.press("Enter")
    expect(choice(page, "0.3")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question(page)).to_contain_text(QUESTIONS[2])
    assert part(page, "title").inner_text() == "A made-up curve with two valleys"
    page.keyboard.press("Escape")
    expect(summary(page)).to_have_text("You predicted the one you answered.")
    # Nothing moved for the skipped ones.
    settled(page)
    assert (place(page), shown(page, "count")) == (at, 1)

    page.get_by_role("button", name="Ask me again").click()
    expect(choice(page, "Left")).to_be_focused()
    expect(question(page)).to_contain_text(QUESTIONS[0])
    assert shown(page, "count") == 0
    page.keyboard.press("Escape")
    put_ball(page, 1.5)
    skip = page.get_by_role("button", name="Skip")
    skip.click()
    skip.click()
    settled(page)
    assert place(page) == 1.5


@pytest.mark.slow
def test_a_choice_that_the_server_did_not_hear_of_is_made_again(
    open_page: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_FAILED")
    page = open_lesson(open_page, server, "?predicted=step.skip", **PHONE)
    page.route(WALK, lambda route: route.abort())
    choice(page, "3").tap()
    expect(result(page)).to_contain_text("The server can't be reached just now.")
    expect(page.get_by_role("button", name="Next question")).to_be_hidden()
    page.unroute(WALK)
    assert predict(page, "7.4").startswith("Yes. ")


@pytest.mark.slow
def test_a_class_whose_teacher_hides_the_questions_has_none_left_to_do(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(open_page, server, "?hide=predictions", **PHONE)
    expect(page.locator(".predictions")).to_be_hidden()
    expect(page.locator(".lead")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("JSON.parse(sessionStorage.lessons).slope.predicted") == ""
    progress = page.locator("[data-part=progress]")
    expect(progress).to_have_text("Still to do: your own words, to compare with the model answer.")
    words = page.get_by_role("textbox", name=re.compile("^A friend asks"))
    words.fill("It jumps.")
    page.get_by_text("Compare with a model answer").tap()
    expect(progress).to_have_text("You have done this lesson.")
    assert violations_in_both_themes(page) == []
    page.reload()
    expect(words).to_have_value("It jumps.")
    page.get_by_role("link", name="Go on to lesson 4").tap()
    expect(page).to_have_url(re.compile("/learn/gradient"))
