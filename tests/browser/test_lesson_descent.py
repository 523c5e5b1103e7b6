"""The lesson on descent: a network learns, and two race; the page shows the numbers of a replay in NumPy."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Request, Route, expect

from app.drawing import read
from app.lessons.images import LessonImages
from app.network.descent import Descent
from app.network.network import Network
from app.network.normalise import normalise
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.conftest import OpenPage
from tests.browser.line import Line
from tests.browser.test_lessons import address_written
from tests.browser.test_pages import violations, width_over
from tests.conftest import MNIST
from tests.server import RunningServer, wait_until

DESCENT = "**/lessons/descent"
# A descent with a parameter as large has diverged.
OUT_OF_BOUNDS = 1e6
# What is left of the older costs at each step, of a mean over about ten.
KEPT = 0.9


class Replay(NamedTuple):
    """A descent that nobody watched: its costs and its networks before the first step and after each."""

    costs: list[float]
    networks: list[Network]


class Numbers(NamedTuple):
    """What the table says of a run."""

    cost: float
    accuracy: float
    norm: float
    images: int


@pytest.fixture(scope="module")
def images() -> LessonImages:
    return LessonImages(MNIST)


@pytest.fixture(scope="module")
def seven(server: RunningServer) -> NDArray[np.float32]:
    """What a network sees of the example that lies on the sheet at first."""
    return example(server, 7)


def example(server: RunningServer, digit: int) -> NDArray[np.float32]:
    with server.client() as client:
        return normalise(read(client.get(f"examples/{digit}.png").content)[np.newaxis])


def replay(images: LessonImages, steps: int, rate: float = 0.03, batch: int | None = 32, seed: int = 1) -> Replay:
    served = read_weights(ROOT / "models" / "classic.safetensors").network
    network = Network.random(np.random.default_rng(seed), served.sizes, served.activation.name, served.cost.name)
    told = Replay([], [copy(network)])
    descent = Descent(network, rate, batch, epochs=steps, seed=seed, norm_images=0)
    with np.errstate(all="ignore"):
        for progress in descent.run(images.learned.inputs, images.learned.labels):
            if not np.abs(network.parameters).max() < OUT_OF_BOUNDS:
                break
            told.costs.append(progress.cost)
            told.networks.append(copy(network))
            if progress.step == steps:
                break
    return told


def copy(network: Network) -> Network:
    return Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())


def means(costs: list[float]) -> list[float]:
    found, total, weight = [], 0.0, 0.0
    for cost in costs:
        total, weight = KEPT * total + cost, KEPT * weight + 1
        found.append(total / weight)
    return found


def lesson(open_page: OpenPage, server: RunningServer, query: str = "", **options: Any) -> Page:
    """The lesson, once it shows a network and what that makes of the example."""
    page = open_page(f"{server.url}learn/descent{query}", **options)
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
    widths = page.locator("#answer .answer-bar").evaluate_all("bars => bars.map((bar) => bar.style.inlineSize)")
    return [float(width.removesuffix("%")) / 100 for width in widths]


def chart_table(page: Page) -> tuple[list[str], list[list[float | None]]]:
    """The head of the table behind the chart, and its rows."""
    table = page.locator("#cost .chart-table table")
    if not table.is_visible():
        page.get_by_text("The chart as a table").click()
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


def test_nothing_starts_by_itself_and_a_step_has_the_numbers_of_a_replay(
    open_page: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    told = replay(images, 2)
    page = lesson(open_page, server)
    page.wait_for_load_state("networkidle")
    assert (step_shown(page), button(page, "Start").count()) == (0, 1)
    assert_shows(page, told.networks[0], images)
    assert_answers(page, told.networks[0], seven)
    for step in (1, 2):
        button(page, "One step").click()
        shows_step(page, step)
        assert_shows(page, told.networks[step], images)
        assert_answers(page, told.networks[step], seven)
    head, rows = chart_table(page)
    assert head == ["step", "running mean", "of the step's own images"]
    assert rows[1] == pytest.approx([2, means(told.costs)[1], told.costs[1]], rel=1e-3)


def test_a_link_shows_its_very_step_and_the_slider_goes_back_and_forth_over_the_steps_taken(
    open_page: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    told = replay(images, 55, 0.1, 125, seed=5)
    page = lesson(open_page, server, "?step=55&rate=0.1&batch=125&seed=5")
    shows_step(page, 55)
    rows = chart_table(page)[1]
    assert [row[0] for row in rows] == list(range(1, 56))
    assert [row[1] for row in rows] == pytest.approx(means(told.costs), rel=1e-3)
    assert [row[2] for row in rows] == pytest.approx(told.costs, rel=1e-3)
    assert_shows(page, told.networks[55], images)
    assert_answers(page, told.networks[55], seven)
    assert numbers(page).images == 55 * 125
    expect(words(page)).to_contain_text("After 55 steps")

    before = page.locator(".descent-table").inner_text(), bars(page)
    moved = np.abs(told.networks[55].layers[0].weights - told.networks[0].layers[0].weights).max()
    label = page.locator(".descent-pictures canvas").get_attribute("aria-label") or ""
    assert float(label.split("The largest is ")[1].rstrip(".")) == pytest.approx(moved, rel=2e-3)

    slider = page.locator("#place")
    slider.focus()
    page.keyboard.press("Home")
    shows_step(page, 0)
    assert_shows(page, told.networks[0], images)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    shows_step(page, 3)
    assert_shows(page, told.networks[3], images)
    assert_answers(page, told.networks[3], seven)
    page.keyboard.press("End")
    shows_step(page, 55)
    assert (page.locator(".descent-table").inner_text(), bars(page)) == before


def test_it_plays_pauses_goes_on_to_its_end_and_begins_again(
    open_page: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    page = lesson(open_page, server, "?step=215&speed=fast")
    shows_step(page, 215)
    button(page, "Go on").click()
    plays_past(page, 215)
    button(page, "Pause").click()
    paused = step_shown(page)
    told = replay(images, 240)
    assert 215 < paused <= 240
    assert_shows(page, told.networks[paused], images)
    if paused < 240:
        button(page, "Go on").click()
    expect(button(page, "On to step 480")).to_be_visible()
    shows_step(page, 240)
    assert_shows(page, told.networks[240], images)
    assert numbers(page).accuracy > 0.88
    assert_answers(page, told.networks[240], seven)

    button(page, "Again").click()
    page.wait_for_function("() => document.querySelector('#place').value < 200")
    plays_past(page, 5)
    # Nobody looks at a tab in the background.
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(button(page, "Go on")).to_be_visible()
    assert_shows(page, told.networks[step_shown(page)], images)


def test_in_a_race_both_runs_have_their_own_numbers_curves_and_answers(
    open_page: OpenPage, server: RunningServer, images: LessonImages, seven: NDArray[np.float32]
) -> None:
    a, b = replay(images, 50), replay(images, 50, 0.3, 10)
    page = lesson(open_page, server, "?step=50&race=true&batchB=10")
    shows_step(page, 50)
    for run, told in enumerate((a, b)):
        assert_shows(page, told.networks[50], images, run)
    assert [numbers(page, run).images for run in (0, 1)] == [50 * 32, 50 * 10]
    leader = "A" if numbers(page, 0).cost < numbers(page, 1).cost else "B"
    expect(words(page)).to_contain_text(f"After 50 steps {leader} leads: its cost is")

    head, rows = chart_table(page)
    assert head == ["step", "A, learning rate 0.03, batches of 32", "B, learning rate 0.3, batches of 10"]
    for run, told in enumerate((a, b)):
        assert [row[1 + run] for row in rows] == pytest.approx(means(told.costs), rel=1e-3)

    assert_answers(page, a.networks[50], seven)
    page.get_by_role("radio", name="Pictures and answer of B").check()
    assert_answers(page, b.networks[50], seven)

    page.get_by_role("radio", name="images seen").check()
    expect(page.locator("#cost thead th").first).to_have_text("images seen")
    rows = chart_table(page)[1]
    assert rows[0][:2] == [10, None]
    assert rows[0][2] == pytest.approx(b.costs[0], rel=1e-3)
    expect(words(page)).to_contain_text("After 500 images")
    expect(words(page)).to_contain_text("A has taken 15 steps by then, B 50 steps.")
    page.get_by_role("radio", name="computing time").check()
    expect(page.locator("#cost thead th").first).to_have_text("seconds of computing")


def test_too_large_a_rate_ends_its_run_with_its_last_good_network_while_the_other_goes_on(
    open_page: OpenPage, server: RunningServer, images: LessonImages
) -> None:
    told, other = replay(images, 50, 1.0), replay(images, 240, 0.1)
    last = len(told.costs)
    page = lesson(open_page, server, "?speed=fast")
    button(page, "A rate that is too large").click()
    button(page, "Start the race").click()
    expect(words(page)).to_contain_text(f"B diverged after step {last}")
    expect(words(page)).to_contain_text("A leads.")
    plays_past(page, last + 3)
    button(page, "Pause").click()
    assert_shows(page, other.networks[step_shown(page)], images, 0)
    assert_shows(page, told.networks[last], images, 1)

    page = lesson(open_page, server, "?rate=1&step=100")
    expect(words(page)).to_contain_text(f"It diverged after step {last}")
    expect(button(page, "Ended")).to_have_attribute("aria-disabled", "true")
    shows_step(page, last)
    assert_shows(page, told.networks[last], images)


def test_changing_a_setting_begins_anew_and_a_reload_keeps_all_of_it(
    open_page: OpenPage, server: RunningServer, images: LessonImages
) -> None:
    page = lesson(open_page, server, "?step=30")
    page.get_by_label("Learning rate", exact=True).select_option("0.1")
    shows_step(page, 0)
    page.get_by_label("Images in a step", exact=True).select_option("all 4,000")
    page.get_by_label("Random numbers, no.", exact=True).fill("12")
    page.get_by_label("A second run, B, beside it").check()
    page.get_by_label("Images in a step of B").select_option("500")
    page.get_by_label("Random numbers of B, no.").fill("13")
    page.get_by_role("radio", name="the weights").check()
    button(page, "Example: a handwritten 4").click()
    for step in (1, 2):
        button(page, "One step").click()
        shows_step(page, step)
    told = replay(images, 2, 0.1, None, 12).networks[2]
    assert_answers(page, told, example(server, 4))
    assert_shows(page, told, images, 0)
    assert_shows(page, replay(images, 2, 0.3, 500, 13).networks[2], images, 1)

    def state() -> list[Any]:
        labels = [
            page.locator(place).get_attribute("aria-label") for place in ("#cost canvas", ".descent-pictures canvas")
        ]
        settings = page.locator(".descent :is(select, input)").evaluate_all(
            "all => all.map((c) => [c.value, c.checked])"
        )
        return [labels, settings, bars(page), numbers(page, 0), numbers(page, 1), words(page).inner_text()]

    address_written(page)
    before = state()
    page.reload()
    shows_step(page, 2)
    assert_answers(page, told, example(server, 4))
    assert state() == before


def test_what_an_address_says_and_makes_no_sense_is_the_default(open_page: OpenPage, server: RunningServer) -> None:
    query = "?rate=7&batch=x&seed=-1&race=maybe&rateB=&batchB=3&seedB=1.5&step=1e9&to=7&axis=up&view=&of=c&speed=warp"
    page = lesson(open_page, server, query)
    shows_step(page, 0)
    assert page.get_by_label("Learning rate", exact=True).input_value() == "0.03"
    assert page.get_by_label("Images in a step", exact=True).input_value() == "32"
    assert page.get_by_label("Random numbers, no.", exact=True).input_value() == "1"
    expect(page.locator(".descent-place")).to_contain_text("Step 0 of 240")
    expect(page.get_by_label("A second run, B, beside it")).not_to_be_checked()
    expect(page.get_by_role("radio", name="change so far")).to_be_checked()


def test_a_lost_line_is_told_and_the_descent_goes_on_from_where_it_was(
    open_page: OpenPage, server: RunningServer, images: LessonImages, allowed_errors: list[str]
) -> None:
    allowed_errors.append("Failed to load resource")
    with Line(server.url) as line:
        page = open_page(f"{line.url}learn/descent?speed=fast")
        expect(page.locator("#answer")).not_to_have_attribute("data-state", "blank")
        button(page, "Start").click()
        plays_past(page, 5)
        line.cut()
        notice = page.locator("[data-part=descent-problem]")
        expect(notice).to_contain_text("The server can't be reached just now.")
        expect(notice).to_contain_text(re.compile(r"waits at step \d+ and goes on by itself"))
        waiting = step_shown(page)
        line.mend()
        expect(notice).to_be_hidden()
        plays_past(page, waiting + 10)
        button(page, "Pause").click()
        assert_shows(page, replay(images, 240).networks[step_shown(page)], images)
        page.close()


def test_a_refused_question_is_told_and_the_next_one_is_answered(
    open_page: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 422")
    page = lesson(open_page, server)
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": "Not that far."}

    def refuse(route: Route) -> None:
        route.fulfill(status=422, json=problem)

    page.route(DESCENT, refuse)
    button(page, "Start").click()
    expect(page.locator("[data-part=descent-problem]")).to_have_text("Not that far.")
    page.unroute(DESCENT, refuse)
    button(page, "Start").click()
    expect(page.locator("[data-part=descent-problem]")).to_be_hidden()
    plays_past(page, 0)


def test_a_race_is_set_and_run_by_keyboard_alone_in_jumps_for_who_wants_no_motion(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = lesson(open_page, server, reduced_motion="reduce")
    asked: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if "/lessons/descent" in request.url:
            asked.append(json.loads(request.post_data or "{}"))

    page.get_by_label("Learning rate", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("A second run, B, beside it").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Learning rate of B")).to_be_visible()
    expect(button(page, "Start the race")).to_be_visible()
    expect(words(page)).to_have_text("Both begin with the same 13,002 random numbers.")
    page.on("request", note)
    page.locator("[data-action=play]").focus()
    page.keyboard.press("Enter")
    shows_step(page, 8)
    page.keyboard.press("Enter")
    expect(page.locator("[data-action=play]")).to_have_text("Go on")
    expect(page.locator("[data-action=play]")).to_be_focused()
    assert [(q["learning_rate"], q["since"], q["until"]) for q in asked[:2]] == [(0.1, 0, 8), (0.3, 0, 8)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_race_is_accessible_and_fits_a_small_phone_with_all_of_it_open(
    open_page: OpenPage, server: RunningServer, theme: str
) -> None:
    query = "?step=20&race=true&batch=0&rateB=1&axis=images&log=true"
    page = lesson(open_page, server, query, color_scheme=theme, viewport={"width": 360, "height": 780})
    shows_step(page, 20)
    chart_table(page)
    page.wait_for_load_state("networkidle")
    assert (violations(page), width_over(page)) == ([], 0)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert width_over(page) == 0
