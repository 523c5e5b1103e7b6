"""Teaching the network one's own drawing: every number on the page is that of NumPy's own gradient descent."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.draw.learning_page import (
    LEARNING,
    MEANT,
    PREDICT,
    SMALL,
    Teaching,
    click_cell,
    number,
    numbers,
    rule_is_right,
    shows_steps,
)
from tests.support.hand import THREE, draw_with_mouse
from tests.support.server import RunningServer


@pytest.fixture
def teaching(draw_page: Page) -> Teaching:
    return Teaching(draw_page)


@pytest.mark.slow
def test_the_steps_are_those_of_gradient_descent_and_undo_leads_back(teaching: Teaching) -> None:
    section = teaching.section
    expect(section.get_by_role("radio", name="7")).to_be_checked()
    teaching.mean(MEANT)
    at_first = teaching.shown()
    assert number(at_first["cost"][0]) == pytest.approx(teaching.descent(0)[0].cost, rel=1e-3)
    assert at_first["after"] == ["–"] * 10

    teaching.press("One step")
    shows_steps(teaching, 1)
    after_one = teaching.shown()
    teaching.press("Ten more steps")
    shows_steps(teaching, 11)
    expect(teaching.part("changes-title")).to_have_text("Step 11: 13,002 small changes")
    section.get_by_text("The costs as a table").click()
    cells = section.locator(".chart-table tbody td")
    expect(cells).to_have_count(12)
    costs = [number(text) for text in cells.all_text_contents()]
    assert costs == pytest.approx([step.cost for step in teaching.descent(11)], rel=2e-3)

    teaching.press("Undo 10 steps")
    teaching.after_steps(1)
    assert teaching.shown() == after_one
    teaching.press("Undo step")
    teaching.after_steps(0)
    assert teaching.shown() == at_first
    teaching.press("Ten more steps")
    teaching.after_steps(10)
    teaching.press("Start again")
    teaching.after_steps(0)
    assert teaching.shown() == at_first


@pytest.mark.slow
def test_the_rule_is_written_out_for_any_weight_and_bias_that_is_picked(teaching: Teaching) -> None:
    teaching.mean(MEANT)
    teaching.press("One step")
    teaching.after_steps(1)
    name = teaching.section.locator(".rule-name")
    before, after = teaching.descent(1)
    click_cell(teaching.part("third"), 16, 10, column=2, row=7)
    expect(name).to_have_text("Weight from neuron 3 of the second hidden layer to output 7")
    rule_is_right(teaching, (3, 7, 2), before)

    teaching.section.get_by_role("button", name="Look at neuron 9 of").click()
    click_cell(teaching.part("pixels"), 28, 28, column=14, row=9)
    expect(name).to_have_text("Weight from pixel (row 10, column 15) to neuron 9 of the first hidden layer")
    rule_is_right(teaching, (1, 8, 9 * 28 + 14), before)

    # By keyboard; and of the step that is taken then.
    teaching.part("bias-2").locator("canvas").focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "Enter"):
        teaching.page.keyboard.press(key)
    expect(name).to_have_text("Bias of neuron 3 of the second hidden layer")
    teaching.press("One step")
    teaching.after_steps(2)
    rule_is_right(teaching, (2, 2, None), after)


@pytest.mark.slow
def test_backprop_is_walked_from_the_outputs_to_the_gradient(teaching: Teaching) -> None:
    teaching.mean(MEANT)
    step = teaching.descent(0)[0]
    click_cell(teaching.part("second"), 16, 16, column=5, row=11)
    walk = [("1 of 4: the outputs", 3), ("2 of 4: the second hidden layer", 2), ("3 of 4: the first hidden layer", 1)]
    for position, layer in walk:
        expect(teaching.part("position")).to_have_text(position)
        shown = numbers(teaching.stop.locator("button [data-part=delta]"))
        assert shown == pytest.approx(step.deltas[layer - 1].tolist(), rel=2e-3, abs=SMALL)
        teaching.press("Next")
    teaching.press("Back")
    teaching.press("Back")

    # Neuron 12 of the second hidden layer is worked out, as its weight was picked.
    stop, delta = teaching.stop, step.deltas[1][11]
    expect(stop.locator(".learning-worked-name")).to_have_text("Neuron 12 of the second hidden layer")
    terms = numbers(stop.locator("[data-part=product]"))
    assert terms == pytest.approx((step.layers[2].weights[:, 11] * step.deltas[2]).tolist(), rel=2e-3, abs=SMALL)
    total = number(stop.locator("[data-part=sum]").text_content())
    assert sum(terms) == pytest.approx(total, rel=5e-3)
    result = stop.locator(".learning-worked > math")
    slope, again, found = (
        number(result.locator(f"[data-part={name}]").text_content()) for name in ("slope", "sum-again", "delta")
    )
    assert (slope, again) == (1 if step.activations[2][11] > 0 else 0.1, total)
    assert found == pytest.approx(delta, rel=2e-3)
    assert slope * total == pytest.approx(found, rel=2e-3)

    # Any other neuron can be worked out, too.
    teaching.press("Next")
    teaching.stop.get_by_role("button", name="Neuron 6 of the first hidden layer").click()
    expect(teaching.stop.locator(".learning-worked-name")).to_have_text("Neuron 6 of the first hidden layer")
    total = number(teaching.stop.locator("[data-part=sum]").text_content())
    assert total == pytest.approx(float(step.layers[1].weights[:, 5] @ step.deltas[1]), rel=2e-3)

    teaching.press("Next")
    expect(teaching.stop.locator(".learning-worked-name")).to_contain_text("to neuron 12 of the second hidden layer")
    parts = ("weight-delta", "activation", "weight-slope", "bias-slope")
    shown = [number(teaching.stop.locator(f"[data-part={name}]").text_content()) for name in parts]
    a, slopes = step.activations[1][5], step.gradient[1]
    assert shown == pytest.approx([delta, a, slopes.weights[11, 5], slopes.biases[11]], rel=2e-3)
    assert shown[0] * shown[1] == pytest.approx(shown[2], rel=2e-3)


@pytest.mark.slow
def test_a_hundred_steps_change_a_private_copy_alone(teaching: Teaching, client: httpx.Client) -> None:
    page = teaching.page

    def answer() -> httpx.Response:
        return client.post("predict", json={"instances": (teaching.x * 255).tolist()})

    before, version = answer().json(), client.get("models/classic").json()["version"]
    teaching.mean(MEANT)
    for count in range(10, 101, 10):
        teaching.press("Ten more steps")
        teaching.after_steps(count)
    expect(teaching.words).to_contain_text(f"the copy says {MEANT} (>99%)")
    expect(teaching.words).to_contain_text("The network above stays as it is: 7")
    expect(teaching.words).to_contain_text("You can take at most 100 steps")
    for name in ("One step", "Ten more steps"):
        expect(teaching.section.get_by_role("button", name=name)).to_be_disabled()
    assert (answer().json(), client.get("models/classic").json()["version"]) == (before, version)
    with page.expect_response(PREDICT) as response:
        page.reload()
        page.get_by_role("button", name="Example: a handwritten 7").click()
    assert response.value.json()["digit"] == 7


@pytest.mark.slow
def test_a_new_drawing_begins_at_no_steps_and_keeps_the_digit_that_was_chosen(teaching: Teaching) -> None:
    radio = teaching.section.get_by_role("radio", name=str(MEANT))
    teaching.lay(3)
    expect(teaching.section.get_by_role("radio", name="3")).to_be_checked()
    teaching.mean(MEANT)
    teaching.press("One step")
    teaching.after_steps(1)
    teaching.x = teaching.lay(2)
    expect(teaching.words).to_contain_text("A new drawing: back to 0 steps.")
    expect(teaching.section.get_by_role("radio", name="2")).to_be_checked()
    teaching.mean(MEANT)
    teaching.press("One step")
    shows_steps(teaching, 1)

    page = teaching.page
    page.get_by_role("button", name="Clear").click()
    expect(teaching.words).to_have_text("Draw a digit on the sheet above, then teach it here.")
    assert teaching.shown() == {"cost": ["–"], "norm": ["–"], "before": ["–"] * 10, "after": ["–"] * 10}
    draw_with_mouse(page, THREE)
    teaching.after_steps(0)
    expect(radio).to_be_checked()


@pytest.mark.slow
def test_a_drawing_is_meant_to_be_nothing_until_the_reader_says_what(draw_page: Page) -> None:
    draw_with_mouse(draw_page, THREE)
    expect(draw_page.locator(".answer-digit")).to_have_text("3")
    section = draw_page.locator("details[data-module=learning]")
    section.locator("> summary").click()
    words = section.locator("[data-part=words]")
    expect(words).to_have_text(re.compile(r"^The network says 3 \(.+\)[.] Which digit did you mean[?]$"))
    expect(section.locator(":checked[name=meant]")).to_have_count(0)
    expect(section.get_by_role("button", name="One step")).to_be_disabled()
    section.get_by_role("radio", name="8").check()
    expect(words).to_contain_text("but you meant 8")
    expect(section.get_by_role("button", name="One step")).to_be_enabled()


@pytest.mark.slow
def test_what_is_refused_is_reported_and_the_page_recovers(teaching: Teaching, allowed_errors: list[str]) -> None:
    allowed_errors += ["status of 422", "ERR_FAILED"]
    page, notice = teaching.page, teaching.part("problem")
    teaching.mean(MEANT)
    teaching.press("One step")
    teaching.after_steps(1)
    after_one = teaching.shown()

    # Steps so large that they overflow: back to those that did not.
    detail = "The steps are so large that the numbers overflow."
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": detail}
    page.route(LEARNING, lambda route: route.fulfill(status=422, json=problem), times=1)
    teaching.press("Ten more steps")
    expect(notice).to_have_text(detail)
    assert teaching.shown() == after_one
    page.route(LEARNING, lambda route: route.abort(), times=1)
    teaching.press("Ten more steps")
    expect(notice).to_be_visible()
    teaching.after_steps(11)
    expect(notice).to_be_hidden()

    page.locator("#network").select_option("wide")
    expect(notice).to_contain_text("too many to look at one by one")
    expect(teaching.section.get_by_role("button", name="One step")).to_be_disabled()
    page.locator("#network").select_option("classic")
    expect(notice).to_be_hidden()
    teaching.press("One step")
    teaching.after_steps(1)
    assert teaching.shown() == after_one


@pytest.mark.slow
def test_everything_is_done_by_keyboard_alone(draw_page: Page) -> None:
    page, press = draw_page, draw_page.keyboard.press

    def go_to(name: str) -> None:
        for _ in range(60):
            here = page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")
            if here.strip().startswith(name):
                return
            press("Tab")
        raise AssertionError(f"Tab never came to {name!r}")

    page.get_by_role("button", name="Example: a handwritten 7").focus()
    press("Enter")
    expect(page.locator(".answer-digit")).to_have_text("7")
    section = page.locator("details[data-module=learning]")
    go_to("Teach it your drawing: one real step of learning")
    press("Enter")
    words = section.locator("[data-part=words]")
    expect(words).to_contain_text("The network says")
    press("Tab")
    for _ in range(3):
        press("ArrowLeft")
    expect(words).to_contain_text("you meant 4")
    go_to("One step")
    press("Enter")
    expect(words).to_contain_text("After 1 step ")
    go_to("Ten more steps")
    press("Space")
    expect(words).to_contain_text("After 11 steps")
    go_to("Undo 10 steps")
    press("Enter")
    expect(words).to_contain_text("After 1 step ")
    press("Enter")
    expect(words).to_contain_text("The network says")
    assert page.evaluate("document.activeElement.textContent") == "Undo step"
    go_to("Look at neuron 2 of the first hidden layer")
    press("Enter")
    press("Escape")
    go_to("Next")
    press("Enter")
    expect(section.locator("[data-part=position]")).to_have_text("2 of 4: the second hidden layer")
    deltas_shown = section.locator(".learning-stop:visible button")
    label = deltas_shown.nth(4).get_attribute("aria-label")
    assert label is not None
    go_to(label)
    press("Space")
    expect(section.locator(".learning-stop:visible .learning-worked-name")).to_have_text(
        "Neuron 5 of the second hidden layer"
    )


@pytest.mark.slow
def test_it_is_accessible_and_fits_a_small_phone(visit: OpenPage, server: RunningServer) -> None:
    page = visit(server.url, viewport={"width": 360, "height": 780})
    page.locator("details[data-module=learning] > summary").click()
    expect(page.locator("details[data-module=learning] [data-part=position]")).to_contain_text("1 of 4")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    page.locator("details[data-module=learning] > summary").click()
    teaching = Teaching(page)
    teaching.mean(MEANT)
    teaching.press("Ten more steps")
    teaching.after_steps(10)
    teaching.section.get_by_text("The costs as a table").click()
    # All the stops of the walk at once: axe takes its time.
    page.evaluate("for (const stop of document.querySelectorAll('.learning-stop')) stop.hidden = false")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
