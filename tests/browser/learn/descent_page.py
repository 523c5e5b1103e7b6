"""The lesson on descent as a reader has it, and a descent made again in NumPy to compare it with."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from app.images.drawing import read
from app.images.normalise import normalise
from app.lessons.digits import LessonImages
from app.network.descent import Descent
from app.network.network import Network
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer, wait_until

DESCENT = "**/lessons/descent"
# A descent with a parameter as large has diverged.
OUT_OF_BOUNDS = 1e6
# What is left of the older costs at each step, of a mean over about ten.
KEPT = 0.9


class Replay(NamedTuple):
    """A descent made in NumPy: its costs and its networks before the first step and after each."""

    costs: list[float]
    networks: list[Network]


class Numbers(NamedTuple):
    """What the table says of a run."""

    cost: float
    accuracy: float
    norm: float
    images: int


def example(server: RunningServer, digit: int) -> NDArray[np.float32]:
    with server.client() as client:
        return normalise(read(client.get(f"examples/{digit}.png").content)[np.newaxis])


def replay(images: LessonImages, steps: int, rate: float = 0.03, batch: int | None = 32, seed: int = 1) -> Replay:
    served = read_weights(ROOT / "models" / "classic.safetensors").network
    network = Network.random(np.random.default_rng(seed), served.sizes, served.activation.name, served.cost.name)
    replayed = Replay([], [copy(network)])
    descent = Descent(network, rate, batch, epochs=steps, seed=seed, norm_images=0)
    with np.errstate(all="ignore"):
        for progress in descent.run(images.learned.inputs, images.learned.labels):
            if not np.abs(network.parameters).max() < OUT_OF_BOUNDS:
                break
            replayed.costs.append(progress.cost)
            replayed.networks.append(copy(network))
            if progress.step == steps:
                break
    return replayed


def copy(network: Network) -> Network:
    return Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())


def means(costs: list[float]) -> list[float]:
    found, total, weight = [], 0.0, 0.0
    for cost in costs:
        total, weight = KEPT * total + cost, KEPT * weight + 1
        found.append(total / weight)
    return found


def lesson(visit: OpenPage, server: RunningServer, query: str = "", **options: Any) -> Page:
    """The lesson, once it shows a network and what that makes of the example."""
    page = visit(f"{server.url}learn/descent{query}", **options)
    expect(page.locator("#answer")).not_to_have_attribute("data-state", "blank")
    return page


def shows_step(page: Page, step: int) -> None:
    expect(page.locator(".descent-pictures canvas")).to_have_attribute(
        "aria-label", re.compile(rf" after step {step},")
    )


def step_shown(page: Page) -> int:
    label = page.locator(".descent-pictures canvas").get_attribute("aria-label") or ""
    found = re.search(r"after step ([\d,]+),", label)
    return int(found.group(1).replace(",", "")) if found else -1


def plays_past(page: Page, step: int) -> None:
    page.wait_for_function("(step) => document.querySelector('#place').value > step", arg=step)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def words(page: Page) -> Locator:
    return page.locator("[data-part=words]")


def numbers(page: Page, run: int = 0) -> Numbers:
    def cell(name: str) -> float:
        text = page.locator(f".descent-table [data-number={name}]").nth(run).inner_text()
        return float(text.replace(",", "").removesuffix("%"))

    return Numbers(cell("cost"), cell("accuracy") / 100, cell("norm"), int(cell("images")))


def bars(page: Page) -> list[float]:
    """The ten outputs, as long as their bars are."""
    widths = page.locator("#answer .bar").evaluate_all("bars => bars.map((bar) => bar.style.inlineSize)")
    return [float(width.removesuffix("%")) / 100 for width in widths]


def chart_table(page: Page) -> tuple[list[str], list[list[float | None]]]:
    """The head of the table behind the chart, and its rows."""
    table = page.locator("#cost .chart-table table")
    if not table.is_visible():
        page.get_by_text("The chart as a table").click()
        expect(table).to_be_visible()
    head = table.locator("thead th").all_inner_texts()
    rows = table.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    return head, [[None if text == "–" else float(text.replace(",", "")) for text in row] for row in rows]


def assert_shows(page: Page, network: Network, images: LessonImages, run: int = 0) -> None:
    """The table tells of that network on the 1,000 images."""
    x, y = images.measured.inputs, images.measured.wanted
    gradient, outputs = network.backprop(x, y)
    shown = numbers(page, run)
    assert shown.cost == pytest.approx(network.cost.mean(outputs, y), rel=1e-3)
    assert shown.accuracy == pytest.approx((outputs.argmax(axis=1) == images.measured.labels).mean(), abs=6e-4)
    norm = float(np.linalg.norm(gradient))
    assert shown.norm == pytest.approx(norm, rel=1e-3 if norm < 1e6 else 0.05)


def assert_answers(page: Page, network: Network, digit: NDArray[np.float32]) -> None:
    probabilities = network.probabilities(digit)[0]
    wanted = pytest.approx(probabilities.tolist(), abs=1e-4)
    wait_until(lambda: bars(page) == wanted, "the ten outputs of that network")
    assert page.locator("#answer .answer-digit").inner_text() == str(probabilities.argmax())
