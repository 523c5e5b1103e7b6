"""Teaching the network one's own drawing: every number on the page is that of NumPy's own gradient descent."""

from __future__ import annotations

from typing import NamedTuple

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from app.network.activation import Floats
from app.network.explain import deltas
from app.network.network import Layer, Network, one_hot, split_layers
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.conftest import OpenPage
from tests.browser.hand import THREE, draw_with_mouse
from tests.browser.test_pages import violations, width_over
from tests.server import RunningServer

PREDICT = "**/predict?*"
LEARNING = "**/lessons/learning"
RATE = 0.006
MEANT = 4
# Numbers below 0.0001 are told with two digits.
SMALL = 6e-7
Picked = tuple[int, int, int | None]


class Step(NamedTuple):
    """Where a descent is, and the gradient there."""

    layers: list[Layer]
    cost: float
    outputs: Floats
    norm: float
    gradient: list[Layer]
    activations: list[Floats]
    deltas: list[Floats]


class Teaching:
    """The section, opened on an example, as a reader sees and uses it."""

    def __init__(self, page: Page, example: int = 7) -> None:
        self.page = page
        self.section = page.locator("details[data-module=learning]")
        self.x = self.lay(example)
        self.section.locator("> summary").click()
        self.after_steps(0)

    def lay(self, example: int) -> Floats:
        """Puts an example on the sheet; what the network sees of it."""
        with self.page.expect_response(PREDICT) as response:
            self.page.get_by_role("button", name=f"Example: a handwritten {example}").click()
        return np.array([response.value.json()["input"]], np.float32)

    def mean(self, digit: int) -> None:
        self.section.get_by_role("radio", name=str(digit)).check()
        expect(self.words).to_contain_text(f"meant to be {digit}")

    def press(self, name: str) -> None:
        self.section.get_by_role("button", name=name).click()

    def part(self, name: str) -> Locator:
        return self.section.locator(f"[data-part={name}]")

    @property
    def words(self) -> Locator:
        return self.part("words")

    @property
    def stop(self) -> Locator:
        """The stop of the walk that is shown."""
        return self.section.locator(".learning-stop:visible")

    def after_steps(self, count: int) -> None:
        """Waits until the page is there."""
        expect(self.words).to_contain_text(f"After {count} step" if count else "The network says")

    def told(self) -> dict[str, list[str]]:
        """All that it says in numbers of the costs and the outputs."""
        return {
            name: self.section.locator(selector).all_text_contents()
            for name, selector in {
                "cost": "dd[data-part=cost]",
                "norm": "dd[data-part=norm]",
                "before": ".learning-outputs [data-part=before]",
                "after": ".learning-outputs [data-part=after]",
            }.items()
        }

    def descent(self, steps: int, digit: int = MEANT) -> list[Step]:
        """NumPy's own gradient descent on what is on the sheet."""
        network, y, found = classic(), one_hot(np.array([digit])), []
        for _ in range(steps + 1):
            gradient, outputs = network.backprop(self.x, y)
            activations = network.activations(self.x)
            found.append(
                Step(
                    layers=[Layer(*(np.copy(part) for part in layer)) for layer in network.layers],
                    cost=network.cost.mean(outputs, y),
                    outputs=outputs[0],
                    norm=float(np.linalg.norm(gradient)),
                    gradient=split_layers(gradient, network.sizes),
                    activations=[a[0] for a in activations],
                    deltas=[delta[0] for delta in deltas(network, activations, outputs - y)],
                )
            )
            network.parameters -= np.float32(RATE) * gradient
        return found


@pytest.fixture
def teaching(draw_page: Page) -> Teaching:
    return Teaching(draw_page)


def classic() -> Network:
    return read_weights(ROOT / "models" / "classic.safetensors").network


def number(text: str | None) -> float:
    """A number of the page: with the minus sign of mathematics, in brackets or with an explanation before it."""
    assert text is not None
    return float(text.split(":")[-1].replace("−", "-").replace("<", "").replace(",", "").strip(" ()"))


def numbers(locator: Locator) -> list[float]:
    return [number(text) for text in locator.all_text_contents()]


def is_told(teaching: Teaching, steps: int) -> None:
    """The page tells the cost, the gradient's length and the outputs before and after so many steps."""
    teaching.after_steps(steps)
    first, last = (found := teaching.descent(steps))[0], found[-1]
    told = teaching.told()
    for name, before, after in (("cost", first.cost, last.cost), ("norm", first.norm, last.norm)):
        shown = [number(text) for text in told[name][0].split("→")]
        assert shown == pytest.approx([before, after], rel=2e-3)
    for name, outputs in (("before", first.outputs), ("after", last.outputs)):
        assert [number(text) for text in told[name]] == pytest.approx(outputs.tolist(), abs=1.1e-4)


def rule_is_right(teaching: Teaching, picked: Picked, step: Step) -> None:
    layer, neuron, source = picked
    weights, biases = step.layers[layer - 1]
    slopes, bias_slopes = step.gradient[layer - 1]
    old = biases[neuron] if source is None else weights[neuron, source]
    slope = bias_slopes[neuron] if source is None else slopes[neuron, source]
    rule = teaching.section.locator(".rule")
    shown = [number(rule.locator(f"[data-part={name}]").text_content()) for name in ("old", "eta", "gradient", "new")]
    assert shown == pytest.approx([old, RATE, slope, old - RATE * slope], rel=1e-3, abs=1e-6)
    assert number(teaching.part("nudge").text_content()) == pytest.approx(-RATE * slope, rel=2e-3, abs=SMALL)


def click_cell(grid: Locator, columns: int, rows: int, column: int, row: int) -> None:
    canvas = grid.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    at = ((column + 0.5) / columns * box["width"], (row + 0.5) / rows * box["height"])
    canvas.click(position={"x": at[0], "y": at[1]})


def test_the_steps_are_those_of_gradient_descent_and_undo_leads_back(teaching: Teaching) -> None:
    section = teaching.section
    expect(section.get_by_role("radio", name="7")).to_be_checked()
    teaching.mean(MEANT)
    at_first = teaching.told()
    assert number(at_first["cost"][0]) == pytest.approx(teaching.descent(0)[0].cost, rel=1e-3)
    assert at_first["after"] == ["–"] * 10

    teaching.press("One step")
    is_told(teaching, 1)
    after_one = teaching.told()
    teaching.press("Ten more steps")
    is_told(teaching, 11)
    expect(teaching.part("nudges-title")).to_have_text("Step 11: 13,002 nudges")
    section.get_by_text("The costs as a table").click()
    costs = [number(text) for text in section.locator(".chart-table tbody td").all_text_contents()]
    assert costs == pytest.approx([step.cost for step in teaching.descent(11)], rel=2e-3)

    teaching.press("Undo 10 steps")
    teaching.after_steps(1)
    assert teaching.told() == after_one
    teaching.press("Undo step")
    teaching.after_steps(0)
    assert teaching.told() == at_first
    teaching.press("Ten more steps")
    teaching.after_steps(10)
    teaching.press("Start over")
    teaching.after_steps(0)
    assert teaching.told() == at_first


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
    expect(teaching.words).to_contain_text("100 steps are the most")
    for name in ("One step", "Ten more steps"):
        expect(teaching.section.get_by_role("button", name=name)).to_be_disabled()
    assert (answer().json(), client.get("models/classic").json()["version"]) == (before, version)
    with page.expect_response(PREDICT) as response:
        page.reload()
        page.get_by_role("button", name="Example: a handwritten 7").click()
    assert response.value.json()["digit"] == 7


def test_a_new_drawing_begins_at_no_steps_and_keeps_the_digit_that_was_chosen(teaching: Teaching) -> None:
    radio = teaching.section.get_by_role("radio", name=str(MEANT))
    teaching.lay(3)
    expect(teaching.section.get_by_role("radio", name="3")).to_be_checked()
    teaching.mean(MEANT)
    teaching.press("One step")
    teaching.after_steps(1)
    teaching.x = teaching.lay(2)
    expect(teaching.words).to_contain_text("A new drawing: back to 0 steps.")
    expect(radio).to_be_checked()
    teaching.press("One step")
    is_told(teaching, 1)

    page = teaching.page
    page.get_by_role("button", name="Clear").click()
    expect(teaching.words).to_have_text("Draw a digit on the sheet above, then teach it here.")
    assert teaching.told() == {"cost": ["–"], "norm": ["–"], "before": ["–"] * 10, "after": ["–"] * 10}
    draw_with_mouse(page, THREE)
    teaching.after_steps(0)
    expect(radio).to_be_checked()


def test_what_is_refused_is_told_and_the_page_recovers(teaching: Teaching, allowed_errors: list[str]) -> None:
    allowed_errors += ["status of 422", "ERR_FAILED"]
    page, notice = teaching.page, teaching.part("problem")
    teaching.mean(MEANT)
    teaching.press("One step")
    teaching.after_steps(1)
    after_one = teaching.told()

    # Steps so large that they overflow: back to those that did not.
    detail = "The steps are so large that the numbers overflow."
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": detail}
    page.route(LEARNING, lambda route: route.fulfill(status=422, json=problem), times=1)
    teaching.press("Ten more steps")
    expect(notice).to_have_text(detail)
    assert teaching.told() == after_one
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
    assert teaching.told() == after_one


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
    expect(words).to_contain_text("meant to be 4")
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_small_phone(open_page: OpenPage, server: RunningServer, theme: str) -> None:
    page = open_page(server.url, color_scheme=theme, viewport={"width": 360, "height": 780})
    page.locator("details[data-module=learning] > summary").click()
    expect(page.locator("details[data-module=learning] [data-part=position]")).to_contain_text("1 of 4")
    assert (violations(page), width_over(page)) == ([], 0)
    page.locator("details[data-module=learning] > summary").click()
    teaching = Teaching(page)
    teaching.mean(MEANT)
    teaching.press("Ten more steps")
    teaching.after_steps(10)
    teaching.section.get_by_text("The costs as a table").click()
    # All the stops of the walk at once: axe takes its time.
    page.evaluate("for (const stop of document.querySelectorAll('.learning-stop')) stop.hidden = false")
    assert (violations(page), width_over(page)) == ([], 0)
