"""Every activation and every cost: the pages show the formulas and the numbers of a network that has it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import cycle, islice

import numpy as np
import pytest
from markupsafe import Markup
from playwright.sync_api import Locator, Page, expect

from app.network import ACTIVATIONS, COSTS, Network
from app.network.activation import Floats
from app.network.explain import deltas, weighted_inputs
from app.network.network import one_hot
from app.network.weights import write_weights
from app.web.shared.formula import mathml
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer, running_server

# Each activation once and each cost once, so that there are as few networks as can be.
_COUNT = max(len(ACTIVATIONS), len(COSTS))
# The meanings of terms wait within the sentences.
WITHOUT_MEANINGS = "document.querySelectorAll('.term-note').forEach((note) => note.remove())"
PAIRS = list(zip(islice(cycle(ACTIVATIONS), _COUNT), islice(cycle(COSTS), _COUNT), strict=True))
# The first is served as "classic", the network of the lessons.
NAMES = ["classic", *("-".join(pair) for pair in PAIRS[1:])]
ROUNDED = 6e-4


def _network(name: str) -> Network:
    activation, cost = PAIRS[NAMES.index(name)]
    made = Network.random(np.random.default_rng(5), activation=activation, cost=cost)
    made.parameters += np.random.default_rng(6).normal(0, 0.05, made.parameters.size).astype(np.float32)
    return made


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("models")
    for name in NAMES:
        write_weights(folder / f"{name}.safetensors", _network(name), {})
    with running_server(folder / "state", environment={"DESCENT_MODELS_DIR": str(folder)}) as server:
        yield server


def _words(text: str | Markup | None) -> str:
    """The text of markup, without any space."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", text or "")).split())


def _numbers(formula: Locator) -> list[float]:
    """The numbers that it shows, but for those with a power of ten."""
    texts = formula.locator("mn:visible").all_text_contents()
    return [float(text.strip("()").replace("−", "-")) for text in texts if "×" not in text]


def _lay_seven(page: Page) -> Floats:
    with page.expect_response("**/predict?*") as response:
        page.get_by_role("button", name="Example: a handwritten 7").click()
    return np.array([response.value.json()["input"]], np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_diagram_and_backprop_show_the_formulas_and_numbers_of_the_network(
    visit: OpenPage, serving: RunningServer, name: str
) -> None:
    page, network = visit(f"{serving.url}?model={name}"), _network(name)
    for module in ("diagram", "learning"):
        page.locator(f"details[data-module={module}] > summary").click()
    x = _lay_seven(page)
    _assert_diagram_shows(page, network, x)
    _assert_backprop_shows(page, network, x)


def _assert_diagram_shows(page: Page, network: Network, x: Floats) -> None:
    activations = network.activations(x)
    every_z = weighted_inputs(network, activations)
    view = page.locator("details[data-module=diagram]")
    for layer, neuron, title, function in [
        (1, 2, "Neuron 3 of the first hidden layer", network.activation),
        (2, 5, "Neuron 6 of the second hidden layer", network.activation),
        (3, 7, "Output 7", network.cost.outputs),
    ]:
        view.get_by_role("button", name=title, exact=True).click()
        expect(view.get_by_role("heading", name=title)).to_be_visible()
        rows = view.locator("[data-kind]:visible mtr")
        assert _words(rows.nth(0).inner_html()) == "a=" + _words(mathml(function.formula))
        z, a = float(every_z[layer - 1][0, neuron]), float(activations[layer][0, neuron])
        numbers = _numbers(rows.nth(1))
        assert numbers[-1] == pytest.approx(a, abs=ROUNDED)
        if layer < 3:
            assert any(number == pytest.approx(z, abs=ROUNDED) for number in numbers)


def _assert_backprop_shows(page: Page, network: Network, x: Floats) -> None:
    section = page.locator("details[data-module=learning]")
    expect(section.locator("[data-part=words]")).to_contain_text("The network says")
    section.get_by_role("radio", name="4").check()
    expect(section.locator("[data-part=words]")).to_contain_text("you meant 4")
    activations, wanted = network.activations(x), one_hot(np.array([4]))
    last = deltas(network, activations, network.cost.delta(activations[-1], wanted))[-1][0]

    stop = section.locator(".learning-stop:visible")
    formula = stop.locator("math[data-cost]:visible").inner_html()
    assert _words(formula) == "δj=" + _words(mathml(network.cost.delta_formula, "j"))
    worked = _numbers(stop.locator(".learning-worked > math"))
    digit = int(np.abs(last).argmax())
    assert worked[-1] == pytest.approx(last[digit], rel=2e-3, abs=1e-5)
    assert any(number == pytest.approx(activations[-1][0, digit], rel=2e-3, abs=1e-5) for number in worked)

    section.get_by_role("button", name="Next").click()
    slope = stop.locator("[data-activation]:visible").inner_html()
    assert _words(slope) == _words(mathml(network.activation.slope_formula)) + "."


@pytest.mark.slow
def test_the_lessons_say_what_the_served_network_does(visit: OpenPage, serving: RunningServer) -> None:
    activation, cost = PAIRS[0]
    page = visit(f"{serving.url}learn/network")
    page.evaluate(WITHOUT_MEANINGS)
    expect(page.locator("[data-activation]:visible")).to_have_text(f"{ACTIVATIONS[activation].phrase}.")
    expect(page.locator("[data-cost]:visible")).to_have_text(f"{COSTS[cost].phrase};")
    # The words for the others wait in the page.
    for name, each in ACTIVATIONS.items():
        expect(page.locator(f"[data-activation={name}]")).to_have_text(f"{each.phrase}.")
    for name, each_cost in COSTS.items():
        expect(page.locator(f"[data-cost={name}]")).to_have_text(f"{each_cost.phrase};")

    page.goto(f"{serving.url}learn/cost")
    page.evaluate(WITHOUT_MEANINGS)
    expect(page.locator("p > [data-served]:visible").first).to_contain_text(COSTS[cost].phrase)
    for name, each_cost in COSTS.items():
        expect(page.locator(f"p > [data-served={name}]").first).to_contain_text(each_cost.phrase)


@pytest.mark.slow
def test_the_form_of_a_run_offers_and_explains_each(visit: OpenPage, serving: RunningServer) -> None:
    page = visit(serving.login_url)
    page.get_by_text("All settings").click()
    for choice, registry in (("activation", ACTIVATIONS), ("cost", COSTS)):
        for name, chosen in registry.items():
            page.locator(f"#{choice}").select_option(name)
            expect(page.locator(f"#{choice}-hint")).to_contain_text(chosen.hint)
