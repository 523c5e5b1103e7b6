"""The results of a run: its mistakes, its calibration, and its downloads."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer, Server, wait_until

# Those of the network, with the endings of their files.
DOWNLOADS = {"Weights": "safetensors", "Network, ONNX": "onnx", "Take it home": "html"}


@pytest.fixture
def run_page(visit: OpenPage, train_server: RunningServer, ended_run: int) -> Page:
    """The page of a run that has ended, which nobody has asked for its results yet."""
    page = visit(f"{train_server.url}runs/{ended_run}")
    expect(page.locator("#run-after summary").first).to_be_visible()
    return page


def opened(page: Page, title: str) -> Locator:
    """A section, opened."""
    section = page.locator("#run-after details", has=page.locator("summary", has_text=title))
    section.locator("summary").first.click()
    return section


@pytest.mark.slow
def test_a_cell_of_the_confusion_matrix_shows_its_images_by_mouse_and_by_keyboard(
    run_page: Page, train_server: RunningServer, ended_run: int
) -> None:
    asked: list[Request] = []
    run_page.on("request", lambda request: asked.append(request) if "/results" in request.url else None)
    expect(run_page.locator("#run-after table")).to_be_hidden()
    assert asked == []

    section = opened(run_page, "Confusion matrix: what it mixes up")

    found = httpx.get(f"{train_server.url}runs/{ended_run}/results").json()
    matrix = np.array(found["confusion"])
    label, answer = map(int, np.unravel_index((matrix * (1 - np.eye(10, dtype=int))).argmax(), matrix.shape))
    count = found["confusion"][label][answer]
    expect(section.get_by_text(f"Most often {label} is taken for {answer}: {count} times.")).to_be_visible()
    cell = section.get_by_role("button", name=f"{label}, taken for {answer}: {count} images", exact=True)
    expect(cell).to_have_text(str(count))
    cell.click()
    heading = section.locator("[data-part=cell]")
    expect(heading).to_have_text(f"{label}, taken for {answer}: {count} images.")
    images = section.locator(".test-images button:visible")
    expect(images).to_have_count(count)
    expect(images.first).to_contain_text(f"a {label}, taken for {answer}")
    images.first.click()
    expect(
        section.get_by_text(re.compile(rf"Test image [\d,]+\. It is: {label}\. The network’s answers: {answer} \("))
    ).to_be_visible()
    assert (violations_in_both_themes(run_page), width_over(run_page)) == ([], 0)

    cell.focus()
    for key in ("ArrowLeft", "ArrowUp"):
        run_page.keyboard.press(key)
    # Cells without images are passed over.
    column = max(i for i in range(answer) if matrix[label][i])
    row = max(i for i in range(label) if matrix[i][column])
    other = run_page.locator("#run-after td button:focus")
    expect(other).to_have_text(f"{found['confusion'][row][column]:,}")
    run_page.keyboard.press("Enter")
    expect(heading).to_contain_text(f"{row}, ")
    expect(section.locator("td button[tabindex='0']")).to_have_count(1)
    run_page.set_viewport_size({"width": 360, "height": 780})
    assert width_over(run_page) == 0


@pytest.mark.slow
def test_the_worst_mistakes_and_the_calibration_show_whether_to_trust_the_network(
    run_page: Page, train_server: RunningServer, ended_run: int
) -> None:
    found = httpx.get(f"{train_server.url}runs/{ended_run}/results").json()
    mistakes = opened(run_page, "worst mistakes")
    expect(mistakes).to_contain_text(f"It gets {found['wrong']} of the 10,000 test images wrong")
    expect(mistakes.locator(".test-images button:visible")).to_have_count(50)

    calibration = opened(run_page, "Can you trust")

    expect(calibration).to_contain_text(f"differ by {found['calibration']['error'] * 100:.2f} percentage points")
    chart = calibration.get_by_role("img", name="Reliability diagram")
    expect(chart).to_have_attribute("aria-label", re.compile("93 to 100% sure: [0-9,]+ images"))
    chart.focus()
    run_page.keyboard.press("ArrowLeft")
    expect(calibration.locator("figcaption")).to_contain_text("93 to 100% sure")
    calibration.get_by_text("As a table").click()
    expect(calibration.locator("tbody tr")).to_have_count(15)
    last = found["calibration"]["bins"][-1]
    expect(calibration.locator("tbody tr").last).to_contain_text(f"{last['images']:,}")
    assert violations_in_both_themes(run_page) == []


@pytest.mark.slow
def test_results_that_failed_to_load_can_be_loaded_again(run_page: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 503")
    run_page.route("**/results", lambda route: route.fulfill(status=503))
    section = opened(run_page, "worst mistakes")
    expect(section.get_by_text("The server can't be reached just now.")).to_be_visible()

    run_page.unroute("**/results")
    section.get_by_role("button", name="Try again").click()

    expect(section.locator(".test-images button:visible")).to_have_count(50)
    expect(section.get_by_text("The server can't be reached just now.")).to_be_hidden()


@pytest.mark.slow
def test_the_results_come_when_the_run_ends(visit: OpenPage, own_server: Server) -> None:
    with own_server.client() as client:
        run_id = client.post("admin/runs", json={"preset": "quick", "epochs": 900, "pace": 5}).json()["id"]
        page = visit(f"{own_server.url}runs/{run_id}")
        expect(page.get_by_text("When the run has ended, you see here what its network gets right")).to_be_visible()
        for name in DOWNLOADS:
            expect(page.get_by_role("link", name=name)).to_be_hidden()
        wait_until(lambda: client.get(f"runs/{run_id}").json()["step"] > 0, "the first step")

        client.post(f"admin/runs/{run_id}/stop")

    expect(page.locator("#run-after summary", has_text="Confusion matrix: what it mixes up")).to_be_visible()
    expect(page.get_by_text("When the run has ended")).to_be_hidden()
    for name, ending in DOWNLOADS.items():
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert re.fullmatch(rf"descent-run-{run_id}-[0-9a-f]{{12}}\.{ending}", download.value.suggested_filename)


@pytest.mark.slow
def test_the_recipe_is_copied_as_a_link_that_names_what_differs_from_the_defaults(
    run_page: Page, train_server: RunningServer, ended_run: int
) -> None:
    recipe = httpx.get(f"{train_server.url}runs/{ended_run}/recipe").json()["settings"]
    run_page.get_by_role("button", name="Copy link").click()
    expect(run_page.get_by_text("Copied.")).to_be_visible()
    link = run_page.evaluate("navigator.clipboard.readText()")

    assert link.startswith(f"{train_server.url}runs?")
    parts = dict(part.split("=") for part in urlsplit(link).query.split("&"))
    assert parts == {
        "activation": "leaky-relu",
        "batch_size": "null",
        "decay": "true",
        "seed": "4294967295",
        "rates": "120:0.05,300:0.000001",
        "learning_rate": "0.30000000000000004",
        "data_sha256": recipe["data_sha256"],
    }
    like = run_page.get_by_role("link", name="Copy this run and change it")
    expect(like).to_have_attribute("href", f"runs?like={ended_run}")
