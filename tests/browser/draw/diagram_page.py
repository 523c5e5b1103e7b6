"""The section with the network's picture as a reader has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from app.network.weights import read_weights
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

NETWORK = read_weights(Path("models/classic.safetensors")).network
PREDICT = "**/predict?*"
# Tall enough for the sheet and the network at once.
TALL = {"viewport": {"width": 1280, "height": 1800}}


def open_diagram(visit: OpenPage, server: RunningServer, **options: Any) -> Page:
    page = visit(server.url, **{**TALL, **options})
    page.locator("details[data-module=diagram] > summary").click()
    expect(page.locator(".inside-diagram-invitation")).to_be_visible()
    return page


def lay_seven(page: Page) -> dict[str, Any]:
    """Lays the example seven, and gives what was answered once it is shown."""
    with page.expect_response(PREDICT) as response:
        page.get_by_role("button", name="Example: a handwritten 7").click()
    answer: dict[str, Any] = response.value.json()
    expect(view(page)).to_have_attribute("data-state", "shown")
    return answer


def view(page: Page) -> Locator:
    return page.locator(".inside-diagram-view")


def title(page: Page) -> Locator:
    return page.locator(".inside-diagram-panel h3")


def neuron(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def activations_of(answer: dict[str, Any]) -> list[NDArray[np.floating]]:
    return NETWORK.activations(np.array([answer["input"]], np.float32))


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def table_of(page: Page) -> list[list[str]]:
    rows = page.locator(".inside-diagram-inputs tbody tr:visible").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def written_sum(page: Page) -> tuple[list[tuple[float, float]], float, float, float]:
    """The weights and activations, the rest, the bias and z, as the formula has them."""
    rows = page.locator(".inside-diagram-sum mtr").all()
    texts = ["".join((row.text_content() or "").split()).replace("z=", "").replace("=", "") for row in rows]
    signed = [text.replace("−", "-").replace("+", "") for text in texts]
    factors = [text.replace("(", "").replace(")", "").split("·") for text in signed[:-3]]
    rest, bias = (float(text.split("(")[0]) for text in signed[-3:-1])
    return [(float(w), float(a)) for w, a in factors], rest, bias, float(signed[-1])
