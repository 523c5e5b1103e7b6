"""State in the address: what is read, what is written, and how it keeps in step with a form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

# A page with the form below and a state over it; every change is added to `window.states`.
PREPARE = """async () => {
    const { addressState } = await import(new URL("static/page/address-state.js", document.baseURI));
    document.querySelector("main").innerHTML = `
        <form>
          <label>Rate <input type="range" name="rate" min="0" max="2" step="0.1"></label>
          <label>Steps <input type="number" name="steps" min="1" max="100"></label>
          <label>Mean <input type="checkbox" name="mean"></label>
          <label>Left <input type="radio" name="side" value="left"></label>
          <label>Right <input type="radio" name="side" value="right"></label>
          <label>Cost <select name="cost"><option>quadratic</option><option>cross-entropy</option></select></label>
        </form>
        <p data-control="one">One</p><p data-control="two">Two</p>`;
    const checks = { seed: Number.isInteger };
    const defaults = { rate: 0.5, steps: 10, mean: false, side: "left", cost: "quadratic", seed: 1, note: null };
    window.state = addressState(defaults, checks);
    window.states = [];
    window.state.onChange((now) => window.states.push(now));
    window.state.bind(document.querySelector("form"));
}"""
DEFAULTS = {
    "rate": 0.5, "steps": 10, "mean": False, "side": "left", "cost": "quadratic", "seed": 1, "note": None,
}  # fmt: skip


@pytest.fixture
def open_form(visit: OpenPage, server: RunningServer) -> Any:
    def open_form(query: str = "") -> Page:
        page = visit(f"{server.url}learn{query}")
        page.evaluate(PREPARE)
        return page

    return open_form


def values(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("state.get()")
    return found


@pytest.mark.slow
def test_without_a_query_the_state_is_the_defaults_and_the_form_shows_them(open_form: Any) -> None:
    page = open_form()
    assert values(page) == DEFAULTS
    expect(page.get_by_label("Rate")).to_have_value("0.5")
    expect(page.get_by_label("Steps")).to_have_value("10")
    expect(page.get_by_label("Mean")).not_to_be_checked()
    expect(page.get_by_label("Left")).to_be_checked()
    assert page.evaluate("states") == []


def test_the_address_sets_the_state_and_the_form(open_form: Any) -> None:
    page = open_form("?rate=1.5&steps=20&mean=true&side=right&cost=cross-entropy&seed=7&note=a+b")
    given = {"rate": 1.5, "steps": 20, "mean": True, "side": "right", "cost": "cross-entropy", "seed": 7, "note": "a b"}
    assert values(page) == given
    expect(page.get_by_label("Rate")).to_have_value("1.5")
    expect(page.get_by_label("Mean")).to_be_checked()
    expect(page.get_by_label("Right")).to_be_checked()
    expect(page.get_by_label("Cost")).to_have_value("cross-entropy")


def test_what_makes_no_value_is_the_default(open_form: Any) -> None:
    page = open_form("?rate=fast&steps=0&mean=yes&side=up&cost=none&seed=1.5")
    assert values(page) == DEFAULTS
    for query in ("?rate=&steps=101", "?rate=NaN", "?rate=1e999", "?rate=3"):
        page.goto(page.url.partition("?")[0] + query)
        page.evaluate(PREPARE)
        assert values(page) == DEFAULTS, query


@pytest.mark.slow
def test_every_control_changes_the_state_and_the_address_which_holds_only_what_differs(open_form: Any) -> None:
    page = open_form("?other=1")
    page.get_by_label("Rate").fill("1.2")
    page.get_by_label("Steps").fill("50")
    page.get_by_label("Mean").check()
    page.get_by_label("Right").check()
    page.get_by_label("Cost").select_option("cross-entropy")
    expect(page).to_have_url(re.compile(r"/learn\?other=1&rate=1.2&steps=50&mean=true&side=right&cost=cross-entropy$"))
    assert page.evaluate("states.at(-1)") == values(page)
    assert len(page.evaluate("states")) == 5
    page.get_by_label("Rate").fill("0.5")
    page.get_by_label("Steps").fill("1000")  # more than it may be: the last good one stays
    page.get_by_label("Mean").uncheck()
    page.get_by_label("Left").check()
    page.get_by_label("Cost").select_option("quadratic")
    expect(page).to_have_url(re.compile(r"/learn\?other=1&steps=50$"))


def test_set_moves_the_form_and_undefined_puts_the_default_back(open_form: Any) -> None:
    page = open_form()
    page.evaluate("state.set({ rate: 0.123456789, mean: true })")
    assert values(page) == {**DEFAULTS, "rate": 0.123456789, "mean": True}
    expect(page.get_by_label("Rate")).to_have_value("0.1")
    expect(page.get_by_label("Mean")).to_be_checked()
    expect(page).to_have_url(re.compile(r"\?rate=0.123456789&mean=true$"))
    page.evaluate("state.set({ rate: undefined, mean: false })")
    expect(page).to_have_url(re.compile("/learn$"))
    assert len(page.evaluate("states")) == 2
    page.evaluate("state.set({ rate: 0.5 })")
    assert len(page.evaluate("states")) == 2


def test_a_slider_makes_no_more_changes_of_the_address_than_browsers_take(open_form: Any) -> None:
    page = open_form()
    page.evaluate(
        """() => {
            window.writes = 0;
            const { replaceState } = history;
            history.replaceState = (...given) => (window.writes++, replaceState.apply(history, given));
            for (let i = 0; i < 500; i++) state.set({ rate: i / 1000 });
        }"""
    )
    expect(page).to_have_url(re.compile(r"rate=0.499$"))
    assert page.evaluate("writes") <= 2


def test_back_and_forward_bring_the_state_of_their_address(open_form: Any) -> None:
    page = open_form("?rate=1.5")
    page.evaluate("history.pushState(null, '', location.pathname + '?rate=0.2&steps=30&hide=two')")
    page.go_back()
    expect(page).to_have_url(re.compile("rate=1.5$"))
    assert values(page) == {**DEFAULTS, "rate": 1.5}
    page.go_forward()
    expect(page.get_by_label("Steps")).to_have_value("30")
    assert values(page) == {**DEFAULTS, "rate": 0.2, "steps": 30}
    expect(page.get_by_text("Two")).to_be_hidden()
    page.go_back()
    expect(page.get_by_text("Two")).to_be_visible()
    expect(page.get_by_label("Rate")).to_have_value("1.5")


def test_another_address_is_shown_in_place_and_all_who_ask_are_told_of_each(open_form: Any) -> None:
    page = open_form("?rate=1.5&room=KX4H7M")
    page.evaluate(
        """async () => {
            window.module = await import(new URL("static/page/address-state.js", document.baseURI));
            window.told = [];
            module.onAddress(() => told.push(location.search));
            module.showAddress("?rate=0.2&steps=30&hide=two&room=KX4H7M");
        }"""
    )
    assert values(page) == {**DEFAULTS, "rate": 0.2, "steps": 30}
    expect(page.get_by_label("Steps")).to_have_value("30")
    expect(page.get_by_text("Two")).to_be_hidden()
    page.get_by_label("Mean").check()
    expect(page).to_have_url(re.compile("mean=true$"))
    first = "?rate=0.2&steps=30&hide=two&room=KX4H7M"
    assert page.evaluate("told") == [first, f"{first}&mean=true"]
    assert page.evaluate("module.linkToState()").endswith("/learn?rate=0.2&steps=30&mean=true&hide=two")
    assert page.evaluate("history.length") == 2


def test_hidden_controls_are_hidden_also_when_they_come_late(open_form: Any) -> None:
    page = open_form("?hide=two,no-such,%22%5D*%7B")
    expect(page.get_by_text("One")).to_be_visible()
    expect(page.get_by_text("Two")).to_be_hidden()
    page.get_by_label("Mean").check()
    expect(page).to_have_url(re.compile(r"hide=two,no-such.*&mean=true$"))


def test_a_part_of_the_page_may_add_keys_and_keeps_a_default_that_is_there(open_form: Any) -> None:
    page = open_form("?example=12&extra=4")
    page.evaluate("state.add({ rate: 1, extra: 0, example: 7 }, { example: (digit) => digit < 10 })")
    assert values(page) == {**DEFAULTS, "extra": 4, "example": 7}
