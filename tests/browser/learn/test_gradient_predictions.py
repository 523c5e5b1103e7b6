"""The questions of the lesson on the gradient: NumPy's numbers decide what comes true."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from app.network.network import one_hot, split_layers
from tests.browser.conftest import OpenPage
from tests.browser.learn.descent_page import example
from tests.browser.learn.gradient_page import (
    SURFACE,
    in_double,
    numbers,
    open_lesson,
    path,
    random_start,
    rule,
    surface_cost,
)
from tests.browser.learn.predict_page import PHONE, came_true, choice, go_on, predict, result, summary
from tests.support.server import RunningServer


@pytest.mark.slow
def test_each_question_on_the_gradient_is_answered_by_the_real_numbers(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(open_page, server, **PHONE)

    with page.expect_response(SURFACE) as surface:
        sentence = predict(page, "Many valleys")
    costs = np.array(surface.value.json()["costs"])
    around = np.pad(costs, 1, constant_values=np.inf)
    shifted = [
        around[1 + y : 1 + y + costs.shape[0], 1 + x : 1 + x + costs.shape[1]]
        for y in (-1, 0, 1)
        for x in (-1, 0, 1)
        if (y, x) != (0, 0)
    ]
    assert (costs < np.min(shifted, axis=0)).sum() == 1
    assert numbers(sentence)[:2] == pytest.approx([costs.min(), costs.max()], rel=2e-3)
    assert came_true(page) == ["A bowl"]
    go_on(page)

    mini, full = surface_cost(path()[-1]), surface_cost(path(None, 25, 1)[-1])
    assert mini < full
    sentence = predict(page, "200 steps, 128 images each")
    assert sentence.startswith("Yes. ")
    assert numbers(sentence)[:4] == pytest.approx([200, mini, 25, full], rel=5e-3)
    go_on(page)

    # This question stands where one sees the slopes.
    assert page.locator(".predictions + .slopes").count() == 1
    expect(page.locator(".predictions")).to_be_in_viewport(ratio=1)
    x, y = example(server, 7).astype(np.float64), one_hot(np.array([7]), dtype=np.float64)
    network = in_double(random_start())
    first, hidden, last = (np.abs(layer.weights) for layer in split_layers(network.backprop(x, y)[0], network.sizes))
    ink, white = first[:, x[0] > 0].max(), first[:, x[0] == 0].max()
    assert ink > max(hidden.max(), last.max())
    assert white == 0
    sentence = predict(page, "Into an output")
    assert numbers(sentence)[:4] == pytest.approx([ink, hidden.max(), last.max(), 0], rel=2e-3)
    assert came_true(page) == ["From a pixel with ink"]
    assert abs(rule(page)["gradient"]) == pytest.approx(ink, rel=1e-3)
    go_on(page, "Done")
    expect(summary(page)).to_have_text("You predicted 1 of the 3 you answered.")


@pytest.mark.slow
def test_without_a_digit_the_lesson_asks_for_one_and_then_answers(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?drawing=blank&predicted=plane.skip_images.skip")
    choice(page, "From a paper pixel").click()
    expect(page.locator("[data-part=slopes-problem]")).to_have_text("Draw a digit, or choose an example.")
    page.get_by_role("button", name="Example: a handwritten 3").click()
    expect(result(page)).to_contain_text("No. From ink it is")
