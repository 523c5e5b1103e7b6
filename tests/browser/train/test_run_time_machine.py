"""The time machine on the page of a run: what it shows is what NumPy makes of the very same checkpoints."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from app.images.normalise import normalise
from app.network.network import Network
from app.runs.snapshots import read_snapshot, snapshot_steps
from app.store.files import FolderFiles
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import start_by_api
from tests.support.hand import ONE, draw_with_mouse
from tests.support.server import RunningServer, running_server, wait_until

WORDS = ".run-time [data-part=words]"
SLIDER = "#run-time-slider"


class EndedRun(NamedTuple):
    """A run that has ended, and what was recorded of it: `inputs` are the ten examples as the network takes them."""

    server: RunningServer
    path: str
    files: FolderFiles
    steps: list[int]
    inputs: NDArray[np.float32]

    def network(self, step: int) -> Network:
        return Network((784, 16, 16, 10), "relu", "cross-entropy", read_snapshot(self.files, step).parameters)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EndedRun]:
    with running_server(tmp_path_factory.mktemp("state")) as server:
        run = start_by_api(server, preset="quick", epochs=1)
        with server.client() as client:
            wait_until(lambda: client.get(f"runs/{run}").json()["ended_at"], "the end of the run")
            pictures = [client.get(f"examples/{digit}.png") for digit in range(10)]
        files = FolderFiles(server.state_dir / "runs" / str(run))
        images = np.stack([np.asarray(Image.open(io.BytesIO(picture.content))) for picture in pictures])
        yield EndedRun(server, f"{server.url}runs/{run}", files, snapshot_steps(files), normalise(images))


def bars(page: Page) -> list[float]:
    widths = page.locator("#answer .bar").evaluate_all("bars => bars.map((bar) => bar.style.inlineSize)")
    return [float(width.removesuffix("%") or 0) / 100 for width in widths]


def assert_shows(page: Page, ended: EndedRun, step: int, digit: int) -> None:
    """Pictures, answers, examples and diagram are those of the network after that step."""
    network = ended.network(step)
    probabilities = network.probabilities(ended.inputs)
    wanted = pytest.approx(probabilities[digit].tolist(), abs=2e-3)
    wait_until(lambda: bars(page) == wanted, f"the ten outputs after step {step}")
    expect(page.locator("#answer .answer-digit")).to_have_text(str(probabilities[digit].argmax()))
    examples = page.locator(".run-examples li")
    for i, likely in enumerate(probabilities):
        answer = int(likely.argmax())
        expect(examples.nth(i).locator("[data-part=answer]")).to_have_text(str(answer))
        expect(examples.nth(i).locator("[data-part=mark]")).to_have_text("✓" if answer == i else "✗")
    largest = float(np.abs(network.layers[0].weights).max())
    label = page.locator(".run-pictures canvas").get_attribute("aria-label") or ""
    assert f"after step {step:,}," in label
    assert float(label.rpartition("The largest is ")[2].rstrip(".")) == pytest.approx(largest, rel=1e-3)
    activations = network.activations(ended.inputs[digit : digit + 1])
    expect(page.locator(".run-diagram .inside-diagram-view")).to_have_attribute("data-state", "shown")
    if not page.locator(".run-diagram .chart-table table").is_visible():
        page.get_by_text("All activations as a table").click()
    wanted_activations = np.concatenate([layer[0] for layer in activations[1:]]).tolist()
    shown = page.locator(".run-diagram .chart-table tbody tr td:last-child")
    expect(shown).to_have_count(len(wanted_activations))
    shown_activations = [float(text.replace("−", "-")) for text in shown.all_inner_texts()]
    assert shown_activations == pytest.approx(wanted_activations, abs=5e-3)


@pytest.mark.slow
def test_a_link_leads_to_a_step_and_keys_move_everything_together(visit: OpenPage, ended: EndedRun) -> None:
    step = ended.steps[len(ended.steps) // 2]
    page = visit(f"{ended.path}?step={step}&example=3")
    expect(page.locator(WORDS)).to_have_text(re.compile(rf"^after step {step:,}, [\d.]+ epochs$"))
    assert_shows(page, ended, step, 3)
    expect(page.locator("#cost-chart canvas")).to_have_accessible_name(re.compile(rf"; marked: step {step:,}\."))

    before = ended.steps[ended.steps.index(step) - 1]
    page.locator(SLIDER).press("ArrowLeft")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", re.compile(rf"^after step {before:,}, "))
    assert_shows(page, ended, before, 3)
    page.wait_for_function("(step) => location.search.includes(`step=${step}`)", arg=before)

    page.locator(SLIDER).press("End")
    expect(page.locator(WORDS)).to_have_text(re.compile("^at its end, after step "))
    assert_shows(page, ended, ended.steps[-1], 3)
    page.wait_for_function("() => !location.search.includes('step=')")
    page.locator(SLIDER).press("Home")
    expect(page.locator(WORDS)).to_have_text("after step 0, 0 epochs")
    assert_shows(page, ended, 0, 3)
    page.get_by_label("change since start").check()
    expect(page.locator(".run-pictures canvas")).to_have_attribute(
        "aria-label", re.compile("The change of the weights.* is 0\\.")
    )
    expect(page.locator(".run-classes .bar-share").first).to_have_text("–")


@pytest.mark.slow
def test_a_drawing_of_ones_own_is_answered_by_the_network_of_the_step(visit: OpenPage, ended: EndedRun) -> None:
    step = ended.steps[-5]
    page = visit(f"{ended.path}?step={step}")
    expect(page.locator("#answer")).not_to_have_attribute("data-state", "blank")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#answer")).to_have_attribute("data-state", "blank")
    asked: list[list[list[float]]] = []

    def on_request(request: Request) -> None:
        if request.url.endswith(f"/{step}/answers"):
            body: Any = request.post_data_json
            asked.append(body["inputs"])

    page.on("request", on_request)
    draw_with_mouse(page, ONE)
    expect(page.locator("#answer")).not_to_have_attribute("data-state", "blank")

    def is_answered() -> bool:
        drawn = np.array(asked[-1][:1], np.float32)
        return bars(page) == pytest.approx(ended.network(step).probabilities(drawn)[0].tolist(), abs=1e-4)

    wait_until(is_answered, "the answer to the whole drawing")
    assert len(asked[-1]) == 11
    page.wait_for_function("() => /drawing=(?!blank)/.test(location.search)")
    page.reload()
    wait_until(is_answered, "the answer to the drawing that a link has brought")


@pytest.mark.slow
def test_dragging_fast_ends_at_the_newest_step_however_late_older_answers_are(visit: OpenPage, ended: EndedRun) -> None:
    page = visit(ended.path)
    expect(page.locator("#answer")).not_to_have_attribute("data-state", "blank")
    held: list[Route] = []
    page.route(f"**/checkpoints/{ended.steps[-1]}/answers", lambda route: held.append(route))
    slider = page.locator(SLIDER)
    slider.focus()
    page.keyboard.press("ArrowLeft")

    def is_held() -> bool:
        page.wait_for_timeout(20)  # routes are called while the page waits
        return bool(held)

    wait_until(is_held, "the question that is held back")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(WORDS)).to_have_text(re.compile(f"^after step {ended.steps[-5]:,}, "))
    held[0].continue_()
    assert_shows(page, ended, ended.steps[-5], 7)


@pytest.mark.slow
def test_it_plays_to_the_end_and_says_when_the_server_is_gone(
    visit: OpenPage, ended: EndedRun, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_FAILED")
    page = visit(f"{ended.path}?step={ended.steps[-2]}", reduced_motion="reduce")
    expect(page.locator("#answer")).not_to_have_attribute("data-state", "blank")
    page.get_by_role("button", name="Play").press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    expect(page.locator(WORDS)).to_have_text(re.compile("^at its end, "))
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert_shows(page, ended, ended.steps[-1], 7)

    page.route(f"**/checkpoints/{ended.steps[0]}/*", lambda route: route.abort(), times=1)
    page.locator(SLIDER).press("Home")
    expect(page.get_by_text("The server can't be reached just now")).to_be_visible()
    assert_shows(page, ended, ended.steps[0], 7)
    expect(page.get_by_text("The server can't be reached just now")).to_be_hidden()


@pytest.mark.slow
def test_the_page_of_a_run_is_accessible_and_fits_a_phone(visit: OpenPage, ended: EndedRun) -> None:
    page = visit(f"{ended.path}?step={ended.steps[9]}")
    assert_shows(page, ended, ended.steps[9], 7)
    assert violations_in_both_themes(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
