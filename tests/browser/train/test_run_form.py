"""The form that starts a run: what fills it, what it tells, and what it sends."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from pydantic import ValidationError

from app.network.network import parameter_count
from app.runs.recipe import PRESETS, RunSettings
from app.web.train.run_form import run_form
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.train.run_form_page import (
    CLOTHES,
    OpenForm,
    field,
    hint,
    problem,
    refuse,
    send,
    start,
)


@pytest.mark.slow
def test_a_preset_is_sent_as_it_is_and_a_changed_field_loses_nothing_of_it(
    open_form: OpenForm, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 422")
    page = open_form()
    sent = refuse(page)
    page.get_by_text("All settings").click()
    for name in PRESETS:
        preset = RunSettings.model_validate({"preset": name})
        field(page, "Settings").select_option(name)
        send(page)
        assert (sent[-1]["preset"], RunSettings.model_validate(sent[-1])) == (name, preset)

        field(page, "Pace").fill("7")
        expect(field(page, "Settings")).to_have_value("")
        expect(hint(page)).to_have_text(f"Settings of {name}, changed: pace.")
        send(page)
        assert sent[-1].keys() == preset.model_dump(exclude={"preset"}).keys()
        own = RunSettings.model_validate(sent[-1])
        assert own == preset.model_copy(update={"preset": None, "pace": 7.0})

    page.get_by_role("button", name="Back to 0: Pace").click()
    expect(field(page, "Pace")).to_be_focused()
    expect(field(page, "Settings")).to_have_value(name)
    page.get_by_label("all images: full batch").check()
    send(page)
    assert sent[-1]["batch_size"] is None
    expect(problem(page)).to_have_text("Learning rate: Only for this test. Epochs: Also.")
    expect(page.locator("#epochs-wrong")).to_have_text("Also.")


@pytest.mark.slow
def test_layers_are_added_and_removed_by_keyboard_with_the_count_of_parameters_at_once(open_form: OpenForm) -> None:
    page = open_form()
    count = page.locator("#run-form-parameters")
    add = page.get_by_role("button", name="Add a layer")

    def expect_count(*hidden: int) -> None:
        expect(count).to_have_text(f"{parameter_count((784, *hidden, 10)):,} numbers to learn")

    expect_count(16, 16)
    add.press("Enter")
    expect(field(page, "Layer 3")).to_be_focused()
    page.keyboard.type("300")
    expect_count(16, 16, 300)
    expect(page.locator("#run-form-terms")).to_have_text(
        "(784 + 1) × 16 + (16 + 1) × 16 + (16 + 1) × 300 + (300 + 1) × 10"
    )
    add.press("Enter")
    expect(add).to_be_disabled()
    page.get_by_role("button", name="Remove layer 1").press("Enter")
    expect(field(page, "Layer 1")).to_be_focused()
    expect_count(16, 300, 300)
    page.get_by_role("button", name="Remove layer 3").press("Enter")
    expect(field(page, "Layer 2")).to_be_focused()
    for number in (2, 1):
        page.get_by_role("button", name=f"Remove layer {number}").press("Enter")
    expect(add).to_be_focused()
    expect_count()
    page.get_by_role("button", name="Back to 16-16: Hidden layers").click()
    expect_count(16, 16)
    expect(field(page, "Settings")).to_have_value("quick")


@pytest.mark.slow
def test_the_time_is_asked_of_the_server_and_asked_again_after_a_failure(
    open_form: OpenForm, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 503")
    page = open_form("?batch_size=32&epochs=30")
    expected = page.locator("#run-form-expected")
    expect(expected).to_have_text(re.compile(r"^46,890 steps, about .* on this machine\.$"))

    field(page, "Last step").fill("1")
    expect(expected).to_have_text(re.compile(r"^1 step, about"))
    field(page, "Last step").fill("")
    field(page, "Pace").fill("60")
    # A minute an epoch, and what a busy machine needs besides.
    expect(expected).to_have_text(re.compile(r"^46,890 steps, about 3\d minutes on this machine\.$"))

    field(page, "Epochs").fill("0")
    expect(expected).to_have_text("Correct the settings to see how long it takes.")
    page.route("**/speed", lambda route: route.fulfill(status=503))
    field(page, "Epochs").fill("60")
    expect(expected).to_have_text("How long it takes is not known yet.")
    page.unroute("**/speed")
    expect(expected).to_have_text(re.compile(r"^93,780 steps, about 6\d minutes on this machine\.$"))


@pytest.mark.slow
def test_browser_and_server_refuse_the_same_numbers(open_form: OpenForm) -> None:
    page = open_form()
    tried, expected = [], []
    for name, limit in run_form()["limits"].items():
        values = [-1, 0, 0.5, 1, 1.5, 2, 3]
        for edge in (limit["min"], limit["max"]):
            step = 1 if limit["whole"] else 1e-7
            values += [] if edge is None else [edge, edge - step, edge + step]
        for value in values:
            try:
                RunSettings.model_validate({name: [value] if name == "hidden" else value})
                is_right = True
            except ValidationError:
                is_right = False
            tried.append((name, f"{value:.10f}".rstrip("0").rstrip(".")))
            expected.append((*tried[-1], is_right))
    pairs = page.evaluate(
        """(tried) => tried.map(([name, text]) => {
            const input = document.getElementById(name === "hidden" ? "hidden-1" : name);
            input.value = text;
            for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
            return [name, text, document.getElementById(`${name}-wrong`).hidden];
        })""",
        tried,
    )
    assert len(pairs) > 80
    assert [tuple(one) for one in pairs] == expected


@pytest.mark.slow
def test_what_is_wrong_is_said_at_the_top_and_at_its_field_which_takes_the_focus(
    open_form: OpenForm,
) -> None:
    page = open_form(color_scheme="light", viewport={"width": 360, "height": 780})
    page.locator("#epochs").evaluate("(input) => (input.value = '1001')")
    field(page, "Layer 2").fill("0")
    field(page, "Layer 2").press("Enter")
    expect(problem(page)).to_have_text("Hidden layers: Layer 2: at least 1. Epochs: At most 1,000.")
    expect(field(page, "Layer 2")).to_be_focused()
    expect(page.locator("#run-form-parameters")).to_have_text("")
    field(page, "Layer 2").fill("512")
    field(page, "Layer 2").press("Enter")
    expect(field(page, "Epochs")).to_be_focused()
    expect(field(page, "Epochs")).to_have_attribute("aria-invalid", "true")
    field(page, "Epochs").fill("1000")
    expect(page.locator("#epochs-wrong")).to_be_hidden()
    field(page, "Learning rate").fill("")
    field(page, "Learning rate").press_sequentially("1e")
    start(page).click()
    expect(problem(page)).to_have_text("Learning rate: Type a number.")
    for _ in range(2):
        page.get_by_role("button", name="Add a layer").click()
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)


@pytest.mark.slow
def test_other_images_are_offered_with_their_classes_or_with_their_problem(open_form: OpenForm) -> None:
    page = open_form()
    page.get_by_text("All settings").click()
    sets = page.get_by_role("radiogroup", name="Images")
    expect(sets).to_contain_text("The digits 0 to 9. 50,000 images to learn from, 10,000 held out, 10,000 to test.")
    expect(sets).to_contain_text(f"{', '.join(CLOTHES)}. 20 images to learn from, 4 held out, 10 to test.")
    expect(sets).to_contain_text("Not the ten digits")
    expect(page.get_by_role("radio", name="torn")).to_be_disabled()
    expect(sets).to_contain_text("torn has no test labels. Put a file there")
    page.get_by_role("radio", name="MNIST").press("ArrowDown")
    expect(page.get_by_role("radio", name="clothes")).to_be_checked()
    expect(page.locator("#run-form-expected")).to_contain_text("4 steps, about")

    page.goto(page.url + "?dataset=nowhere")
    expect(page.get_by_role("radio", name="clothes")).to_be_visible()
    start(page).click()
    expect(problem(page)).to_have_text("Images: There is no data set “nowhere” here. Choose another.")
    expect(page.get_by_role("radio", name="MNIST")).to_be_focused()


@pytest.mark.slow
def test_after_a_failed_click_the_sentence_goes_once_the_server_answers_again(
    open_form: OpenForm, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_FAILED")
    page = open_form()
    page.route("**/admin/runs?*", lambda route: route.abort())
    start(page).click()
    expect(problem(page)).to_contain_text("The server can't be reached just now.")
    # The page reads the runs every few seconds.
    expect(problem(page)).to_be_hidden()
    expect(start(page)).to_be_enabled()
