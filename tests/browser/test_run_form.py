"""The form that starts a run: what fills it, what it tells, and what it sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from pydantic import ValidationError

from app.network.network import parameter_count
from app.training.recipe import PRESETS, RunSettings
from app.training.speed import Speed, Work, expected_seconds
from app.web.run_form import run_form
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import violations_in_both_themes, width_over
from tests.server import RunningServer, running_server, wait_until
from tests.training.idx_files import write_set

CLOTHES = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
SPEED = Speed(1.0, 1e-5, 5e-5, 1e-9, 2e-9, 3e-9, 1e-6, 1e-10, 3e-5)
REFUSAL = "learning_rate: Only for this test. epochs: Also."

OpenForm = Callable[..., Page]


@pytest.fixture(scope="module")
def form_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with one set of images besides MNIST that can be used, and one that can't."""
    folder = tmp_path_factory.mktemp("sets")
    write_set(folder / "clothes")
    (folder / "clothes" / "classes.txt").write_text("\n".join(CLOTHES))
    next(write_set(folder / "torn").glob("t10k-labels*")).unlink()
    environment = {"DESCENT_DATASETS_DIR": str(folder)}
    with running_server(tmp_path_factory.mktemp("state"), environment=environment) as running:
        yield running


@pytest.fixture(scope="module")
def stopped_run(form_server: RunningServer) -> int:
    """A run of other settings than any preset."""
    settings = {"preset": "article", "hidden": [20], "learning_rate": 0.7, "seed": 5, "dataset": "clothes"}
    with form_server.client() as client:
        run = int(client.post("admin/runs", json=settings).raise_for_status().json()["id"])
        client.post(f"admin/runs/{run}/stop").raise_for_status()
        wait_until(lambda: client.get(f"runs/{run}").json()["ended_at"], "the run's end")
    return run


@pytest.fixture
def open_form(open_page: OpenPage, form_server: RunningServer) -> OpenForm:
    def open_form(query: str = "", **options: object) -> Page:
        page = open_page(form_server.login_url, **options)
        if query:
            page.goto(f"{form_server.url}runs{query}")
        expect(page.locator("input[value=clothes]")).to_be_attached()
        expect(start(page)).to_be_enabled()
        return page

    return open_form


def start(page: Page) -> Locator:
    return page.get_by_role("button", name="Start the run")


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def hint(page: Page) -> Locator:
    return page.locator("#preset-hint")


def refuse(page: Page) -> list[dict[str, Any]]:
    """Lets no run start; what the form sends is in the list."""
    sent: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        route.fulfill(status=422, json={"detail": REFUSAL}, content_type="application/problem+json")

    page.route("**/admin/runs", answer)
    return sent


def send(page: Page) -> None:
    with page.expect_response("**/admin/runs"):
        start(page).click()
    expect(start(page)).to_be_enabled()


def test_a_preset_is_sent_as_it_is_and_a_changed_field_loses_nothing_of_it(
    open_form: OpenForm, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 422")
    page = open_form()
    sent = refuse(page)
    page.get_by_text("All settings").click()
    for name in PRESETS:
        preset = RunSettings.model_validate({"preset": name})
        field(page, "Settings").select_option(name)
        send(page)
        assert (sent[-1]["preset"], RunSettings.model_validate(sent[-1])) == (name, preset)

        field(page, "Pace").fill("7")
        expect(field(page, "Settings")).to_have_value("")
        expect(hint(page)).to_have_text(f"Settings of {name}, changed: pace.")
        send(page)
        assert sent[-1].keys() == preset.model_dump(exclude={"preset"}).keys()
        own = RunSettings.model_validate(sent[-1])
        assert own == preset.model_copy(update={"preset": None, "pace": 7.0})

    page.get_by_role("button", name="Back to 0: Pace").click()
    expect(field(page, "Pace")).to_be_focused()
    expect(field(page, "Settings")).to_have_value(name)
    page.get_by_label("all images: full batch").check()
    send(page)
    assert sent[-1]["batch_size"] is None
    expect(page.locator("#run-form-problem span")).to_have_text("Learning rate: Only for this test. Epochs: Also.")
    expect(page.locator("#epochs-wrong")).to_have_text("Also.")


def test_layers_are_added_and_removed_by_keyboard_with_the_count_of_parameters_at_once(open_form: OpenForm) -> None:
    page = open_form()
    count = page.locator("#run-form-parameters")
    add = page.get_by_role("button", name="Add a layer")

    def expect_count(*hidden: int) -> None:
        expect(count).to_have_text(f"{parameter_count((784, *hidden, 10)):,} numbers to learn")

    expect_count(16, 16)
    add.press("Enter")
    expect(field(page, "Layer 3")).to_be_focused()
    page.keyboard.type("300")
    expect_count(16, 16, 300)
    expect(page.locator("#run-form-terms")).to_have_text(
        "(784 + 1) × 16 + (16 + 1) × 16 + (16 + 1) × 300 + (300 + 1) × 10"
    )
    add.press("Enter")
    expect(add).to_be_disabled()
    page.get_by_role("button", name="Remove layer 1").press("Enter")
    expect(field(page, "Layer 1")).to_be_focused()
    expect_count(16, 300, 300)
    page.get_by_role("button", name="Remove layer 3").press("Enter")
    expect(field(page, "Layer 2")).to_be_focused()
    for number in (2, 1):
        page.get_by_role("button", name=f"Remove layer {number}").press("Enter")
    expect(add).to_be_focused()
    expect_count()
    page.get_by_role("button", name="Back to 16-16: Hidden layers").click()
    expect_count(16, 16)
    expect(field(page, "Settings")).to_have_value("quick")


def test_the_time_is_that_of_the_measured_speed(open_form: OpenForm, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 503")
    page = open_form("?batch_size=32&epochs=30")
    work = Work(parameters=13_002, epochs=7)
    works = [
        work,
        replace(work, batch_size=None, optimizer="momentum"),
        replace(work, batch_size=256, optimizer="adam", is_augmented=True, teacher_parameters=569_290),
        replace(work, teacher_parameters=569_290, training=20, held_out=4, test=10),
        replace(work, pace=60),
    ]
    given = [{**asdict(one), "teacherParameters": one.teacher_parameters} for one in works]
    told = page.evaluate(
        """async ([speed, works]) => {
            const { expectedSeconds } = await import(new URL("static/run-form-time.js", document.baseURI));
            return works.map((work) => expectedSeconds(
                speed, { ...work, augmentation: work.is_augmented ? "mild" : "none", last_step: null }, work));
        }""",
        [asdict(SPEED), given],
    )
    assert told == pytest.approx([expected_seconds(SPEED, one) for one in works])

    is_measured = False

    def answer(route: Route) -> None:
        route.fulfill(json=asdict(SPEED) if is_measured else {"detail": "Not yet."}, status=200 if is_measured else 503)

    page.route("**/speed", answer)
    page.reload()
    expected = page.locator("#run-form-expected")
    expect(expected).to_have_text("46,890 steps. How long they take is not known yet.")
    is_measured = True
    seconds = expected_seconds(SPEED, replace(work, epochs=30))
    expect(expected).to_have_text(f"46,890 steps, about {round(seconds)} seconds on this machine.")
    field(page, "Last step").fill("1")
    expect(expected).to_have_text("1 step, about 2 seconds on this machine.")
    field(page, "Pace").fill("60")
    field(page, "Last step").fill("")
    expect(expected).to_have_text("46,890 steps, about 30 minutes on this machine.")


def test_the_settings_of_a_run_are_filled_in_marked_where_changed_and_taken_back(
    open_form: OpenForm, form_server: RunningServer, stopped_run: int, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 4")
    page = open_form(f"?like={stopped_run}")
    title = f"run {stopped_run}"
    expect(hint(page)).to_contain_text(f"Settings of {title}.")
    expect(page.locator("[data-changed]")).to_have_count(0)
    field(page, "Learning rate").fill("0.9")
    page.get_by_role("button", name="Add a layer").click()
    expect(hint(page)).to_have_text(f"Settings of {title}, changed: hidden layers, learning rate.")
    expect(page.locator("[data-changed]")).to_have_count(2)
    page.get_by_role("button", name="Back to 20: Hidden layers").click()
    expect(hint(page)).to_have_text(f"Settings of {title}, changed: learning rate.")
    sent = refuse(page)
    send(page)
    with form_server.client() as client:
        settings = client.get(f"runs/{stopped_run}").json()["settings"]
    del settings["preset"]
    assert sent == [{**settings, "learning_rate": 0.9}]
    page.get_by_role("button", name="Take all changes back").click()
    expect(field(page, "Learning rate")).to_have_value("0.7")
    expect(field(page, "Settings").locator("option:checked")).to_have_text(f"as {title}")
    field(page, "Settings").select_option("quick")
    field(page, "Settings").select_option(f"as {title}")
    expect(field(page, "Seed")).to_have_value("5")

    page.goto(f"{form_server.url}runs?like=999")
    problem = page.locator("#run-form-problem span")
    expect(problem).to_have_text("There is no run 999. The settings are those of quick.")
    expect(field(page, "Epochs")).to_have_value("4")
    with form_server.client() as client:
        client.delete(f"admin/runs/{stopped_run}").raise_for_status()
        page.goto(f"{form_server.url}runs?like={stopped_run}")
        expect(problem).to_contain_text(f"Run {stopped_run} was deleted.")
        client.post(f"admin/runs/{stopped_run}/restore").raise_for_status()


def test_a_recipes_link_is_sent_as_it_is_and_what_it_brings_along_can_be_dropped(
    open_form: OpenForm, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 422")
    digest = "0123456789ab" + "c" * 52
    page = open_form(
        "?hidden=&learning_rate=0.05&seed=3&decay=true&teacher=wide&centred=true&weight_decay=0.02&last_step=500"
        f"&data_sha256={digest}&rates=120:0.01,300:0.002,301:0.001,400:0.5&batch_size=null&dataset=mnist"
    )
    sent = refuse(page)
    send(page)
    settings = RunSettings(
        hidden=[], learning_rate=0.05, seed=3, decay=True, teacher="wide", centred=True, weight_decay=0.02,
        last_step=500, data_sha256=digest, rates=[(120, 0.01), (300, 0.002), (301, 0.001), (400, 0.5)], batch_size=None,
    )  # fmt: skip
    assert sent == [settings.model_dump(exclude={"preset"}, mode="json")]
    kept = page.locator("[data-part=kept]")
    expect(kept).to_contain_text("to 0.01 after step 120, to 0.002 after step 300, to 0.001 after step 301, and 1 more")
    expect(kept).to_contain_text("their SHA-256 begins with 0123456789ab.")
    page.get_by_role("button", name="Leave these changes out").click()
    expect(hint(page)).to_have_text("Settings of the link, changed: rates on the way.")
    page.get_by_role("radio", name="clothes").check()  # and the digest is that of MNIST
    expect(kept).to_be_hidden()
    send(page)
    assert (sent[-1]["rates"], sent[-1]["data_sha256"], sent[-1]["dataset"]) == ([], None, "clothes")
    page.get_by_role("button", name="Back to mnist: Images").click()
    page.get_by_role("button", name="Take the images as they are here").click()
    expect(field(page, "Settings")).to_be_focused()
    send(page)
    assert (sent[-1]["data_sha256"], sent[-1]["dataset"]) == (None, "mnist")


def test_browser_and_server_refuse_the_same_numbers(open_form: OpenForm) -> None:
    page = open_form()
    tried, expected = [], []
    for name, limit in run_form()["limits"].items():
        values = [-1, 0, 0.5, 1, 1.5, 2, 3]
        for edge in (limit["least"], limit["most"]):
            step = 1 if limit["whole"] else 1e-7
            values += [] if edge is None else [edge, edge - step, edge + step]
        for value in values:
            try:
                RunSettings.model_validate({name: [value] if name == "hidden" else value})
                is_right = True
            except ValidationError:
                is_right = False
            tried.append((name, f"{value:.10f}".rstrip("0").rstrip(".")))
            expected.append((*tried[-1], is_right))
    told = page.evaluate(
        """(tried) => tried.map(([name, text]) => {
            const input = document.getElementById(name === "hidden" ? "hidden-1" : name);
            input.value = text;
            for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
            return [name, text, document.getElementById(`${name}-wrong`).hidden];
        })""",
        tried,
    )
    assert len(told) > 80
    assert [tuple(one) for one in told] == expected


def test_what_is_wrong_is_said_at_the_top_and_at_its_field_which_takes_the_focus(
    open_form: OpenForm,
) -> None:
    page = open_form(color_scheme="light", viewport={"width": 360, "height": 780})
    page.locator("#epochs").evaluate("(input) => (input.value = '1001')")
    field(page, "Layer 2").fill("0")
    field(page, "Layer 2").press("Enter")
    problem = page.locator("#run-form-problem span")
    expect(problem).to_have_text("Hidden layers: Layer 2: at least 1. Epochs: At most 1,000.")
    expect(field(page, "Layer 2")).to_be_focused()
    expect(page.locator("#run-form-parameters")).to_have_text("")
    field(page, "Layer 2").fill("512")
    field(page, "Layer 2").press("Enter")
    expect(field(page, "Epochs")).to_be_focused()
    expect(field(page, "Epochs")).to_have_attribute("aria-invalid", "true")
    field(page, "Epochs").fill("1000")
    expect(page.locator("#epochs-wrong")).to_be_hidden()
    field(page, "Learning rate").fill("")
    field(page, "Learning rate").press_sequentially("1e")
    start(page).click()
    expect(problem).to_have_text("Learning rate: Type a number.")
    for _ in range(2):
        page.get_by_role("button", name="Add a layer").click()
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)


def test_other_images_are_offered_with_their_classes_or_with_what_hinders(open_form: OpenForm) -> None:
    page = open_form()
    page.get_by_text("All settings").click()
    sets = page.get_by_role("radiogroup", name="Images")
    expect(sets).to_contain_text("The digits 0 to 9. 50,000 images to learn from, 10,000 held out, 10,000 to test.")
    expect(sets).to_contain_text(f"{', '.join(CLOTHES)}. 20 images to learn from, 4 held out, 10 to test.")
    expect(sets).to_contain_text("These are not the ten digits")
    expect(page.get_by_role("radio", name="torn")).to_be_disabled()
    expect(sets).to_contain_text("torn has no test labels. Put a file there")
    page.get_by_role("radio", name="MNIST").press("ArrowDown")
    expect(page.get_by_role("radio", name="clothes")).to_be_checked()
    expect(page.locator("#run-form-expected")).to_contain_text("4 steps, about")

    page.goto(page.url + "?dataset=nowhere")
    expect(page.get_by_role("radio", name="clothes")).to_be_visible()
    start(page).click()
    expect(page.locator("#run-form-problem span")).to_have_text(
        "Images: There is no data set “nowhere” here. Choose another."
    )
    expect(page.get_by_role("radio", name="MNIST")).to_be_focused()


def test_who_opens_a_recipes_link_signed_out_is_told_to_open_it_again(
    open_page: OpenPage, form_server: RunningServer
) -> None:
    page = open_page(f"{form_server.url}runs?hidden=20")
    again = page.get_by_text("Then open this address again")
    expect(again).to_be_visible()
    page.goto(f"{form_server.url}runs?preset=quick&sort=cost")  # which is of the table
    expect(again).to_have_count(0)
