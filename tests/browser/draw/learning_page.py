"""The section on learning as a reader has it, and its steps made again in NumPy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from app.network.activation import Floats
from app.network.explain import deltas
from app.network.network import Layer, Network, one_hot, split_layers
from app.network.weights import read_weights
from app.settings import ROOT

PREDICT = "**/predict?*"
LEARNING = "**/lessons/learning"
RATE = 0.006
MEANT = 4
# Numbers below 0.0001 are shown with two digits.
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
        expect(self.words).to_contain_text(f"you meant {digit}")

    def press(self, name: str) -> None:
        self.section.get_by_role("button", name=name, exact=True).click()

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

    def shown(self) -> dict[str, list[str]]:
        """All that it shows in numbers of the costs and the outputs."""
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


def classic() -> Network:
    return read_weights(ROOT / "models" / "classic.safetensors").network


def number(text: str | None) -> float:
    """A number of the page: with the minus sign of mathematics, in brackets or with an explanation before it."""
    assert text is not None
    return float(text.split(":")[-1].replace("−", "-").replace("<", "").replace(",", "").strip(" ()"))


def numbers(locator: Locator) -> list[float]:
    return [number(text) for text in locator.all_text_contents()]


def shows_steps(teaching: Teaching, steps: int) -> None:
    """The page shows the cost, the gradient's length and the outputs before and after so many steps."""
    teaching.after_steps(steps)
    first, last = (found := teaching.descent(steps))[0], found[-1]
    shown = teaching.shown()
    for name, before, after in (("cost", first.cost, last.cost), ("norm", first.norm, last.norm)):
        numbers_shown = [number(text) for text in shown[name][0].split("→")]
        assert numbers_shown == pytest.approx([before, after], rel=2e-3)
    for name, outputs in (("before", first.outputs), ("after", last.outputs)):
        assert [number(text) for text in shown[name]] == pytest.approx(outputs.tolist(), abs=1.1e-4)


def rule_is_right(teaching: Teaching, picked: Picked, step: Step) -> None:
    layer, neuron, source = picked
    weights, biases = step.layers[layer - 1]
    slopes, bias_slopes = step.gradient[layer - 1]
    old = biases[neuron] if source is None else weights[neuron, source]
    slope = bias_slopes[neuron] if source is None else slopes[neuron, source]
    rule = teaching.section.locator(".rule")
    shown = [number(rule.locator(f"[data-part={name}]").text_content()) for name in ("old", "eta", "gradient", "new")]
    assert shown == pytest.approx([old, RATE, slope, old - RATE * slope], rel=1e-3, abs=1e-6)
    assert number(teaching.part("change").text_content()) == pytest.approx(-RATE * slope, rel=2e-3, abs=SMALL)


def click_cell(grid: Locator, columns: int, rows: int, column: int, row: int) -> None:
    canvas = grid.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    at = ((column + 0.5) / columns * box["width"], (row + 0.5) / rows * box["height"])
    canvas.click(position={"x": at[0], "y": at[1]})
