"""Which network answers, where more than one is served."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.draw.test_answering import an_answer
from tests.support.server import RunningServer

PREDICT = "**/predict?*"
MINE = {"name": "mynet", "run_id": 3, "accuracy": 0.9012, "version": "0123456789ab"}


@pytest.fixture
def two_networks(visit: OpenPage, server: RunningServer) -> Page:
    """A page to which a second network, mynet, seems to be served; every answer is a 7 of the network asked."""
    page = visit("about:blank")
    classic = httpx.get(f"{server.url}models/classic").json()
    page.route("**/models", lambda route: route.fulfill(json=[classic, {**classic, **MINE}]))

    def answer(route: Route) -> None:
        asked = "mynet" if "model=mynet" in route.request.url else "classic"
        version = MINE["version"] if asked == "mynet" else classic["version"]
        route.fulfill(json={**an_answer(7), "model": asked, "version": version})

    page.route(PREDICT, answer)
    serve_parameters(page, server)
    return page


def serve_parameters(page: Page, server: RunningServer) -> None:
    """Those of classic, as mynet's."""
    later = httpx.get(f"{server.url}lessons/parameters?from_layer=2").json()
    mine = {**later, "model": "mynet", "version": MINE["version"]}
    page.route("**/lessons/parameters?model=mynet&from_layer=2", lambda route: route.fulfill(json=mine))


def lay_seven(page: Page) -> None:
    page.get_by_role("button", name="Example: a handwritten 7").click()


@pytest.mark.slow
def test_the_network_in_the_address_answers(two_networks: Page, server: RunningServer) -> None:
    two_networks.goto(f"{server.url}?model=mynet")
    with two_networks.expect_request(PREDICT) as asked:
        lay_seven(two_networks)
    assert "model=mynet" in asked.value.url
    expect(two_networks.locator("#served-by")).to_contain_text("“mynet”")
    expect(two_networks.get_by_label("Network that answers")).to_have_value("mynet")


@pytest.mark.slow
def test_another_network_is_chosen_answers_at_once_and_stays_in_the_address(
    two_networks: Page, server: RunningServer
) -> None:
    two_networks.goto(server.url)
    lay_seven(two_networks)
    expect(two_networks.locator(".answer-digit")).to_have_text("7")
    with two_networks.expect_request(lambda request: "predict?model=mynet" in request.url):
        two_networks.get_by_label("Network that answers").select_option("mynet")
    expect(two_networks).to_have_url(f"{server.url}?model=mynet")
    expect(two_networks.locator("#served-by")).to_contain_text("learned in run 3")
    two_networks.reload()
    choice = two_networks.get_by_label("Network that answers")
    expect(choice).to_have_value("mynet")
    choice.select_option("classic")
    expect(two_networks).to_have_url(server.url)


@pytest.mark.slow
def test_an_unknown_network_is_named_and_classic_answers(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 404")
    page = visit(f"{server.url}?model=nobody")
    detail = httpx.get(f"{server.url}models/nobody").json()["detail"]
    expect(page.locator("#network-notice")).to_contain_text(detail)
    lay_seven(page)
    expect(page.locator(".answer-digit")).to_have_text("7")
    expect(page.locator("#served-by")).to_contain_text("“classic”")


def test_a_network_that_is_served_no_more_leaves_the_answer_to_classic(
    two_networks: Page, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 404")
    two_networks.goto(f"{server.url}?model=mynet")
    expect(two_networks.locator("#served-by")).to_contain_text("“mynet”")
    two_networks.unroute(PREDICT)
    lay_seven(two_networks)
    expect(two_networks.locator(".answer-digit")).to_have_text("7")
    expect(two_networks.locator("#network-notice")).to_contain_text("There is no network 'mynet'")
    expect(two_networks.locator("#served-by")).to_contain_text("“classic”")


def test_where_one_network_is_served_there_is_no_choice(visit: OpenPage, server: RunningServer) -> None:
    page = visit("about:blank")
    classic = httpx.get(f"{server.url}models/classic").json()
    page.route("**/models", lambda route: route.fulfill(json=[classic]))
    page.goto(server.url)
    expect(page.locator("#served-by")).to_contain_text("“classic”")
    expect(page.get_by_label("Network that answers")).to_be_hidden()
