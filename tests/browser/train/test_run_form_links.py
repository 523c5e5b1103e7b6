"""The form that starts a run, filled by another run or by a recipe's link."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.runs.recipe import RunSettings
from tests.browser.conftest import OpenPage
from tests.browser.train.run_form_page import OpenForm, field, hint, problem, refuse, send
from tests.support.server import RunningServer, wait_until


@pytest.fixture(scope="module")
def stopped_run(train_server: RunningServer) -> int:
    """A run of other settings than any preset."""
    settings = {"preset": "article", "hidden": [20], "learning_rate": 0.7, "seed": 5, "dataset": "clothes"}
    with train_server.client() as client:
        run = int(client.post("admin/runs", json=settings).raise_for_status().json()["id"])
        client.post(f"admin/runs/{run}/stop").raise_for_status()
        wait_until(lambda: client.get(f"runs/{run}").json()["ended_at"], "the run's end")
    return run


@pytest.mark.slow
def test_the_settings_of_a_run_are_filled_in_marked_where_changed_and_reset(
    open_form: OpenForm, train_server: RunningServer, stopped_run: int, allowed_errors: list[str]
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
    with train_server.client() as client:
        settings = client.get(f"runs/{stopped_run}").json()["settings"]
    del settings["preset"]
    assert sent == [{**settings, "learning_rate": 0.9}]
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(field(page, "Learning rate")).to_have_value("0.7")
    expect(field(page, "Settings").locator("option:checked")).to_have_text(f"as {title}")
    field(page, "Settings").select_option("quick")
    field(page, "Settings").select_option(f"as {title}")
    expect(field(page, "Seed")).to_have_value("5")

    page.goto(f"{train_server.url}runs?like=999")
    expect(problem(page)).to_have_text("There is no run 999. The settings are those of quick.")
    expect(field(page, "Epochs")).to_have_value("4")
    with train_server.client() as client:
        client.delete(f"admin/runs/{stopped_run}").raise_for_status()
        page.goto(f"{train_server.url}runs?like={stopped_run}")
        expect(problem(page)).to_contain_text(f"Run {stopped_run} was deleted.")
        client.post(f"admin/runs/{stopped_run}/restore").raise_for_status()


@pytest.mark.slow
def test_the_settings_of_a_link_are_sent_unchanged_and_those_without_a_field_can_be_removed(
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
    expect(kept).to_contain_text("their SHA-256 must begin with 0123456789ab.")
    page.get_by_role("button", name="Remove these changes").click()
    expect(hint(page)).to_have_text("Settings of the link, changed: changes of the learning rate.")
    page.get_by_role("radio", name="clothes").check()  # and the digest is that of MNIST
    expect(kept).to_be_hidden()
    send(page)
    assert (sent[-1]["rates"], sent[-1]["data_sha256"], sent[-1]["dataset"]) == ([], None, "clothes")
    page.get_by_role("button", name="Back to mnist: Images").click()
    page.get_by_role("button", name="Use the images on this server").click()
    expect(field(page, "Settings")).to_be_focused()
    send(page)
    assert (sent[-1]["data_sha256"], sent[-1]["dataset"]) == (None, "mnist")


@pytest.mark.slow
def test_a_recipes_link_leads_a_signed_out_admin_to_the_filled_form(
    visit: OpenPage, train_server: RunningServer
) -> None:
    page = visit(f"{train_server.url}runs?preset=quick&sort=cost")  # which is of the table
    filled = page.get_by_text("After signing in, the form is filled in.")
    expect(filled).to_have_count(0)
    page.goto(f"{train_server.url}runs?hidden=20&rates=120:0.05")
    expect(filled).to_be_visible()
    page.get_by_role("link", name="sign in").click()
    page.get_by_label("Token").fill(train_server.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{train_server.url}runs?hidden=20&rates=120:0.05")
    expect(field(page, "Layer 1")).to_have_value("20")
