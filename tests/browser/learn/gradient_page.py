"""The lesson on the gradient as a reader has it, and its numbers made again in NumPy."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from app.lessons.digits import LessonImages, Set
from app.network import Descent, Network
from app.network.landscape import Parameter, index_of
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

SURFACE = "**/lessons/surface"
GRADIENT = "**/lessons/gradient"
RATE, BATCH, STEPS, EVERY = 0.1, 128, 200, 5
WORDS = "[data-part=words]"
SLOPES_WORDS = "[data-part=slopes-words]"


def open_lesson(visit: OpenPage, server: RunningServer, query: str = "", **options: Any) -> Page:
    page = visit(f"{server.url}learn/gradient{query}", **options)
    expect(page.locator(WORDS)).to_contain_text("After step")
    return page


@cache
def measured() -> Set:
    return LessonImages(ROOT / "data" / "mnist").measured


def in_double(network: Network) -> Network:
    parameters = network.parameters.astype(np.float64)
    return Network(network.sizes, network.activation.name, network.cost.name, parameters)


def classic() -> Network:
    return in_double(read_weights(ROOT / "models" / "classic.safetensors").network)


def random_start() -> Network:
    return Network.random(np.random.default_rng(1), activation="leaky-relu")


def cost_of(network: Network, x: NDArray[Any], y: NDArray[Any]) -> float:
    return network.cost.mean(network.feedforward(x), y)


def central_difference(network: Network, parameter: Parameter, x: NDArray[Any], y: NDArray[Any]) -> float:
    place, h = index_of(parameter, network.sizes), 1e-5
    here = network.parameters[place]
    costs = []
    for value in (here + h, here - h):
        network.parameters[place] = value
        costs.append(cost_of(network, x, y))
    network.parameters[place] = here
    return (costs[0] - costs[1]) / (2 * h)


@cache
def path(batch_size: int | None = BATCH, steps: int = STEPS, every: int = EVERY) -> NDArray[np.float64]:
    """The parameters (points, parameters) along a descent from the random start."""
    network = random_start()
    points = [network.parameters.copy()]
    descent = Descent(network, RATE, batch_size, epochs=steps, seed=1, norm_images=0)
    walk = itertools.islice(descent.run(measured().inputs, measured().labels), steps)
    points += [network.parameters.copy() for progress in walk if progress.step % every == 0]
    return np.array(points, np.float64)


def at(parameters: NDArray[np.float64]) -> tuple[float, float]:
    """The cost and the norm of its gradient over the images of a surface."""
    gradient, _ = with_parameters(parameters).backprop(
        measured().inputs[:200].astype(np.float64), measured().wanted[:200]
    )
    return surface_cost(parameters), float(np.linalg.norm(gradient))


def surface_cost(parameters: NDArray[np.float64]) -> float:
    return cost_of(with_parameters(parameters), measured().inputs[:200], measured().wanted[:200])


def with_parameters(parameters: NDArray[np.float64]) -> Network:
    return Network(activation="leaky-relu", parameters=parameters)


def numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"-?\d[\d,]*\.?\d*(?:e[+-]?\d+)?", text)]


def rule(page: Page) -> dict[str, float]:
    """The numbers in the rule, as they stand there."""

    def number(part: str) -> float:
        text = page.locator(f".rule [data-part={part}]").text_content() or ""
        return float(text.strip("()").replace("−", "-").replace(",", ""))

    return {part: number(part) for part in ("old", "eta", "gradient", "new")}


def rule_name(page: Page) -> Any:
    return page.locator(".rule [data-part=name]")


def assert_rule(page: Page, network: Network, parameter: Parameter, x: NDArray[Any], y: NDArray[Any]) -> None:
    shown = rule(page)
    assert shown["old"] == pytest.approx(network.parameters[index_of(parameter, network.sizes)], rel=1e-4)
    assert shown["gradient"] == pytest.approx(central_difference(network, parameter, x, y), rel=2e-3)
    assert shown["new"] == pytest.approx(shown["old"] - shown["eta"] * shown["gradient"], rel=1e-4)
