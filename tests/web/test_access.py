from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.api import assert_problem
from tests.server import RunningServer, running_server, wait_until

CHANGING = [
    ("POST", "admin/runs"),
    ("PATCH", "admin/runs/1"),
    ("DELETE", "admin/runs/1"),
    ("POST", "admin/runs/1/restore"),
    ("POST", "admin/runs/1/pause"),
    ("POST", "admin/runs/1/rate"),
    ("POST", "admin/runs/1/stop"),
    ("POST", "admin/runs/1/resume"),
    ("POST", "admin/runs/1/publish"),
    ("POST", "admin/models/x/rollback"),
    ("POST", "admin/sweeps"),
    ("POST", "admin/sweeps/expected"),
    ("POST", "admin/sweeps/1/stop"),
    ("POST", "admin/sweeps/1/resume"),
]
STOP = "admin/runs/1/stop"
# They take a body and change nothing: what they compute on is a copy.
ASKING = {
    "predict",
    "runs/{run_id}/checkpoints/{step}/answers",
    *(
        f"lessons/{name}"
        for name in (
            "forward", "costs", "slice", "walk", "surface", "gradient", "descent",
            "evidence", "preparation", "mind", "learning",
        )
    ),
}  # fmt: skip
FOREIGN = {"Origin": "https://elsewhere.example"}


@pytest.fixture
def stranger(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def browser(stranger: httpx.Client, server: RunningServer) -> httpx.Client:
    """Signed in by the link that the console printed."""
    stranger.get(server.login_url)
    return stranger


def test_every_changing_call_is_listed_here(server: RunningServer) -> None:
    paths = httpx.get(f"{server.url}openapi.json").json()["paths"]
    changing = {
        (method.upper(), path.lstrip("/"))
        for path, calls in paths.items()
        if path.lstrip("/") not in ASKING
        for method in calls.keys() - {"get"}
    }

    assert changing == {
        (method, re.sub(r"/(run|sweep)s/1(?=/|$)", r"/\1s/{\1_id}", path).replace("/x/", "/{name}/"))
        for method, path in CHANGING
    }


@pytest.mark.parametrize(("method", "path"), CHANGING)
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer é".encode(), "Bearer " + "x" * 5000]
)
def test_nobody_changes_anything_without_the_token(
    stranger: httpx.Client, method: str, path: str, authorization: str | bytes | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    response = stranger.request(method, path, headers=headers)  # type: ignore[arg-type]

    assert_problem(response, 401, "Authorization: Bearer TOKEN", "login")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), CHANGING)
@pytest.mark.parametrize("foreign", [FOREIGN, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
def test_another_sites_page_changes_nothing_with_the_admins_cookie(
    browser: httpx.Client, method: str, path: str, foreign: dict[str, str]
) -> None:
    assert_problem(browser.request(method, path, headers=foreign), 403, "another site")


def test_another_kind_of_authorization_does_not_switch_that_off(browser: httpx.Client) -> None:
    response = browser.post(STOP, headers={**FOREIGN, "Authorization": "Basic eDp5"})

    assert_problem(response, 403, "another site")


def test_another_sites_page_does_not_sign_the_admin_out(browser: httpx.Client) -> None:
    assert_problem(browser.post("logout", headers=FOREIGN), 403, "another site")


def test_a_proxy_that_puts_its_own_name_for_the_host_may_tell_the_one_that_was_asked_for(browser: httpx.Client) -> None:
    headers = {"Origin": "https://school.example", "X-Forwarded-Host": "school.example"}

    assert browser.post(STOP, headers=headers).status_code == 404


@pytest.mark.parametrize(("method", "path"), CHANGING[1:])
def test_the_cookie_of_the_login_link_is_as_good_as_the_token(browser: httpx.Client, method: str, path: str) -> None:
    response = browser.request(method, path, headers={"Origin": str(browser.base_url).rstrip("/")})

    assert response.status_code in (404, 409, 422)


def test_the_login_link_leaves_the_token_in_no_address_and_sets_a_strict_cookie(server: RunningServer) -> None:
    response = httpx.get(server.login_url)

    assert response.status_code == 303
    assert response.headers["location"] == "/runs"
    cookie = response.headers["set-cookie"]
    assert server.token not in cookie
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert attribute in cookie


def test_a_wrong_token_signs_nobody_in(server: RunningServer) -> None:
    for response in (
        httpx.get(f"{server.url}login", params={"token": "wrong"}),
        httpx.post(f"{server.url}login", data={"token": "wrong"}),
        httpx.post(f"{server.url}login"),
    ):
        assert response.status_code == 401
        assert "set-cookie" not in response.headers


def test_the_login_form_signs_in_and_logout_signs_out(stranger: httpx.Client, server: RunningServer) -> None:
    assert stranger.post("login", data={"token": server.token}).status_code == 303
    assert stranger.post(STOP).status_code != 401

    stranger.post("logout")

    assert stranger.post(STOP).status_code == 401


def test_without_a_token_one_is_made_and_printed_in_a_ready_link(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("state"), environment={"DESCENT_ADMIN_TOKEN": ""}) as server:
        found = re.search(r"(http://\S+/login\?token=(\S+))", "".join(server.output))
        assert found is not None
        assert len(found[2]) >= 22  # 128 bits in base64

        with httpx.Client(base_url=server.url) as client:
            client.get(found[1])

            assert client.post(STOP).status_code == 404
        wait_until(lambda: '"path": "/login"' in "".join(server.output), "the access log's line")
    assert "".join(server.output).count(found[2]) == 1


def test_a_token_that_the_host_chose_is_never_printed(fresh_server: RunningServer) -> None:
    httpx.get(fresh_server.login_url)

    printed = wait_until(
        lambda: '"path": "/login"' in (text := "".join(fresh_server.output)) and text, "the log's line"
    )

    assert fresh_server.token not in str(printed)
