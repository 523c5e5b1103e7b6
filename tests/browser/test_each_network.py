"""Every activation and every cost, each served as the network of the pages: they show its formulas and its numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

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

# Each activation once and each cost once, so that there are as few servers as can be.
_COUNT = max(len(ACTIVATIONS), len(COSTS))
PAIRS = list(zip(islice(cycle(ACTIVATIONS), _COUNT), islice(cycle(COSTS), _COUNT), strict=True))
ROUNDED = 6e-4


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def network(request: pytest.FixtureRequest) -> Network:
    activation, cost = request.param
    made = Network.random(np.random.default_rng(5), activation=activation, cost=cost)
    made.parameters += np.random.default_rng(6).normal(0, 0.05, made.parameters.size).astype(np.float32)
    return made


@pytest.fixture(scope="module")
def serving(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose only network is this one, named classic."""
    folder: Path = tmp_path_factory.mktemp("models")
    write_weights(folder / "classic.safetensors", network, {})
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


def test_the_diagram_shows_the_function_of_each_neuron(
    open_page: OpenPage, serving: RunningServer, network: Network
) -> None:
    page = open_page(serving.url, viewport={"width": 1280, "height": 1800})
    page.locator("details[data-module=diagram] > summary").click()
    activations = network.activations(_lay_seven(page))
    every_z = weighted_inputs(network, activations)
    view = page.locator("details[data-module=diagram]")
    for layer, neuron, name, function in [
        (1, 2, "Neuron 3 of the first hidden layer", network.activation),
        (2, 5, "Neuron 6 of the second hidden layer", network.activation),
        (3, 7, "Output 7", network.cost.outputs),
    ]:
        view.get_by_role("button", name=name, exact=True).click()
        expect(view.get_by_role("heading", name=name)).to_be_visible()
        rows = view.locator("[data-kind]:visible mtr")
        assert _words(rows.nth(0).inner_html()) == "a=" + _words(mathml(function.formula))
        z, a = float(every_z[layer - 1][0, neuron]), float(activations[layer][0, neuron])
        numbers = _numbers(rows.nth(1))
        assert numbers[-1] == pytest.approx(a, abs=ROUNDED)
        if layer < 3:
            assert any(number == pytest.approx(z, abs=ROUNDED) for number in numbers)


def test_backprop_shows_the_slope_and_the_delta(open_page: OpenPage, serving: RunningServer, network: Network) -> None:
    page = open_page(serving.url)
    x = _lay_seven(page)
    section = page.locator("details[data-module=learning]")
    section.locator("> summary").click()
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


def test_the_lessons_say_what_the_network_does(open_page: OpenPage, serving: RunningServer, network: Network) -> None:
    page = open_page(f"{serving.url}learn/network")
    expect(page.locator("[data-activation]:visible")).to_have_text(f"{network.activation.phrase}.")
    expect(page.locator("[data-cost]:visible")).to_have_text(f"{network.cost.phrase};")

    page.goto(f"{serving.url}learn/cost")
    expect(page.locator("p > [data-served]:visible").first).to_contain_text(network.cost.phrase)


def test_the_form_of_a_run_offers_and_explains_it(
    open_page: OpenPage, serving: RunningServer, network: Network
) -> None:
    page = open_page(f"{serving.url}login?token={serving.token}")
    page.get_by_text("All settings").click()
    for name, chosen in (("activation", network.activation), ("cost", network.cost)):
        page.locator(f"#{name}").select_option(chosen.name)
        expect(page.locator(f"#{name}-hint")).to_contain_text(chosen.hint)
