from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from app.main import create_app
from app.settings import MIN_TOKEN_LENGTH, Settings
from tests.http.test_access_table import TABLE
from tests.support.api import JSON, assert_problem
from tests.support.command import run_command
from tests.support.server import Server, running_server, wait_until

# Without those that take a pupil's key.
CHANGING = [(row.method, row.url) for row in TABLE if row.none == 401 and row.path.startswith("/admin")]
STOP = "admin/runs/999999999/stop"
FOREIGN = {"Origin": "https://elsewhere.example"}
HTML = {"Accept": "text/html"}


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def browser(stranger: httpx.Client, server: Server) -> httpx.Client:
    """Signed in by the link that the console printed."""
    stranger.get(server.login_url)
    return stranger


def own_origin(client: httpx.Client) -> str:
    return str(client.base_url).rstrip("/")


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Basic YTpi", "Bearer wrong", "Bearer é".encode(), "Bearer " + "x" * 5000]
)
def test_nobody_changes_anything_without_the_token(stranger: httpx.Client, authorization: str | bytes | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    response = stranger.post(STOP, headers=headers)  # type: ignore[arg-type]

    assert_problem(response, 401, "Authorization: Bearer TOKEN", "login")


@pytest.mark.parametrize("foreign", [FOREIGN, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
def test_another_sites_page_changes_nothing_with_the_admins_cookie(
    browser: httpx.Client, foreign: dict[str, str]
) -> None:
    for method, path in CHANGING:
        assert_problem(browser.request(method, path, headers=foreign), 403, "another site")


def test_the_cookie_of_the_login_link_is_as_good_as_the_token(browser: httpx.Client) -> None:
    for method, path in CHANGING:
        headers = {**JSON, "Origin": own_origin(browser), "Sec-Fetch-Site": "same-origin"}
        response = browser.request(method, path, headers=headers, content=b'{"unknown": 1}')
        # Opening a room takes no body; there is none to forget, and there are no corrections.
        assert response.status_code in (200, 201, 204, 404, 422), (method, path)


def test_an_origin_is_ours_only_with_our_scheme_host_and_port(browser: httpx.Client, server: Server) -> None:
    own = httpx.URL(server.url)
    ours = own_origin(browser)
    for origin in (
        f"https://{own.host}:{own.port}",
        f"http://{own.host}",
        f"http://{own.host}:{own.port}0",
        f"http://localhost:{own.port}",
        f"http://elsewhere.example:{own.port}",
        f"{ours}/",
        f"{ours}.elsewhere.example",
        f"http://x@{own.host}:{own.port}",
        f"{ours} {ours}",
        "",
    ):
        for credentials in ({}, server.admin, {"Authorization": "Basic eDp5"}):
            response = browser.post(STOP, headers={"Origin": origin, **credentials})
            assert_problem(response, 403, "another site", "X-Forwarded-Proto")

    assert browser.post(STOP, headers=[("Origin", ours), ("Origin", "null")]).status_code == 403
    assert browser.post(STOP, headers={"Origin": ours}).status_code == 404


@pytest.mark.parametrize(
    ("origin", "forwarded", "status"),
    [
        ("https://school.example", {"X-Forwarded-Host": "school.example", "X-Forwarded-Proto": "https"}, 404),
        ("https://school.example", {"Host": "school.example", "X-Forwarded-Proto": "https"}, 404),
        ("https://school.example", {"Host": "school.example:443", "X-Forwarded-Proto": "https, http"}, 404),
        ("http://school.example", {"Host": "school.example"}, 404),
        ("https://school.example", {"Host": "school.example"}, 403),
        ("http://school.example", {"X-Forwarded-Host": "school.example", "X-Forwarded-Proto": "https"}, 403),
        ("https://school.example:8443", {"Host": "school.example", "X-Forwarded-Proto": "https"}, 403),
        ("gopher://school.example", {"Host": "school.example", "X-Forwarded-Proto": "gopher"}, 403),
    ],
)
def test_a_proxy_may_send_the_scheme_and_the_host_that_were_asked_for(
    server: Server, stranger: httpx.Client, origin: str, forwarded: dict[str, str], status: int
) -> None:
    response = stranger.post(STOP, headers={**server.admin, **forwarded, "Origin": origin})

    assert response.status_code == status


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", None])
def test_a_body_of_another_type_changes_nothing(client: httpx.Client, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    pieces = iter([b"{}"])

    assert_problem(client.post("admin/runs", content=b"{}", headers=headers), 415, "application/json")
    assert_problem(client.post("admin/runs", content=pieces, headers=headers), 415, "application/json")


def test_json_may_name_its_encoding_and_no_body_needs_no_type(client: httpx.Client) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    assert client.post("admin/runs", content=b'{"epochs": -1}', headers=headers).status_code == 422
    assert client.post(STOP).status_code == 404


def test_another_sites_forms_sign_nobody_in_or_out_but_its_links_may_lead_here(
    browser: httpx.Client, server: Server
) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    assert_problem(browser.post("logout", headers=FOREIGN), 403, "another site")
    assert_problem(browser.post("login", data={"token": server.token}, headers=FOREIGN), 403, "another site")
    assert browser.get(server.login_url, headers=link).status_code == 303


def test_signing_in_takes_a_form_and_nothing_else(stranger: httpx.Client, server: Server) -> None:
    form = {"token": server.token}

    assert_problem(stranger.post("login", json=form), 415, "application/x-www-form-urlencoded")
    assert stranger.post("login", files={name: (None, value) for name, value in form.items()}).status_code == 303
    assert_problem(stranger.post("login", data={"token": "x" * 20_000}), 413, "too large")


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("runs?hidden=32,16&rates=120:0.05", "/runs?hidden=32,16&rates=120:0.05"),
        ("", "/runs"),
        ("//other.example", "/runs"),
        ("https://other.example", "/runs"),
        ("runs\\..", "/runs"),
        ("runs?a\r\nb", "/runs"),
    ],
)
def test_signing_in_leads_back_to_a_page_of_this_app_alone(
    stranger: httpx.Client, server: Server, back: str, to: str
) -> None:
    response = stranger.post("login", data={"token": server.token, "back": back})
    assert response.headers["location"] == to


def test_the_login_link_leaves_the_token_in_no_address_and_sets_a_strict_cookie(server: Server) -> None:
    response = httpx.get(server.login_url)

    assert response.status_code == 303
    assert response.headers["location"] == "/runs"
    assert response.headers["cache-control"] == "no-store"
    cookie = response.headers["set-cookie"]
    assert server.token not in cookie
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert attribute in cookie
    assert "Secure" not in cookie

    behind_tls = httpx.get(server.login_url, headers={"X-Forwarded-Proto": "https"})

    assert "Secure" in behind_tls.headers["set-cookie"]


async def sign_in_once(state_dir: Path, token: str, cookies: httpx.Cookies | None) -> tuple[int, httpx.Cookies]:
    """Of a server with that folder and token: its answer to the cookies, and the cookies it gives."""
    app = create_app(Settings(admin_token=SecretStr(token), state_dir=state_dir))
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", cookies=cookies)
    async with app.router.lifespan_context(app), browser:
        status = (await browser.post(STOP)).status_code
        return status, (await browser.get("login", params={"token": token})).cookies


def test_the_cookie_is_valid_after_a_restart_until_the_token_changes(tmp_path: Path) -> None:
    _, first = asyncio.run(sign_in_once(tmp_path, "one token that is long enough", None))
    again, same = asyncio.run(sign_in_once(tmp_path, "one token that is long enough", first))
    changed, another = asyncio.run(sign_in_once(tmp_path, "another token that is long enough", first))

    assert (again, changed) == (404, 401)
    assert first["descent_admin"] == same["descent_admin"] != another["descent_admin"]


def test_what_older_versions_kept_about_tokens_is_left_alone(tmp_path: Path) -> None:
    left_over = {tmp_path / name: b"of an older version" for name in ("key", "attempts.sqlite3")}
    for path, content in left_over.items():
        path.write_bytes(content)

    _, cookies = asyncio.run(sign_in_once(tmp_path, "one token that is long enough", None))

    assert "descent_admin" in cookies
    assert {path: path.read_bytes() for path in left_over} == left_over


def test_wrong_tokens_make_nobody_wait(stranger: httpx.Client, server: Server) -> None:
    for _ in range(100):
        assert stranger.post(STOP, headers={"Authorization": "Bearer wrong"}).status_code == 401

    assert stranger.post(STOP, headers=server.admin).status_code == 404


def test_a_wrong_token_signs_nobody_in(stranger: httpx.Client) -> None:
    for response in (
        stranger.get("login", params={"token": "wrong"}),
        stranger.post("login", data={"token": "wrong"}),
        stranger.post("login", data={"token": "wrong"}, headers=HTML),
        stranger.post("login"),
    ):
        assert response.status_code == 401
        assert "set-cookie" not in response.headers


def test_the_login_form_signs_in_and_logout_signs_out(stranger: httpx.Client, server: Server) -> None:
    assert stranger.post("login", data={"token": server.token}).status_code == 303
    assert stranger.post(STOP).status_code == 404

    stranger.post("logout")

    assert stranger.post(STOP).status_code == 401


def test_a_server_with_a_short_token_does_not_start_and_says_how_to_make_a_longer_one(tmp_path: Path) -> None:
    token = "7" * (MIN_TOKEN_LENGTH - 1)
    own = {"DESCENT_ADMIN_TOKEN": f" {token} ", "DESCENT_STATE_DIR": str(tmp_path)}

    ran = run_command("serve", "--port", 0, **own)

    assert ran.exit_code == 1
    assert ran.stderr.startswith("DESCENT_ADMIN_TOKEN: ")
    command = re.search(r"python3 -c .*\)\"", ran.stderr)
    assert command is not None
    made = subprocess.run(["sh", "-c", command[0]], stdout=subprocess.PIPE, text=True, check=True)
    assert len(made.stdout.strip()) == 43
    assert token not in ran.output
    assert not list(tmp_path.iterdir())


def test_a_refused_token_is_not_in_the_error_and_one_of_22_characters_is_taken() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(admin_token=SecretStr("7" * (MIN_TOKEN_LENGTH - 1)))

    assert "777" not in str(refused.value)
    assert Settings(admin_token=SecretStr("7" * MIN_TOKEN_LENGTH)).admin_token is not None


@pytest.mark.slow
def test_without_a_token_one_is_made_and_printed_in_a_ready_link(tmp_path: Path) -> None:
    with running_server(tmp_path / "state", environment={"DESCENT_ADMIN_TOKEN": ""}) as server:
        found = re.search(r"(http://\S+/login\?token=(\S+))", "".join(server.output))
        assert found is not None
        assert len(found[2]) >= 22  # 128 bits in base64

        with httpx.Client(base_url=server.url) as client:
            client.get(found[1])

            assert client.post(STOP).status_code == 404
        wait_until(lambda: '"path": "/login"' in "".join(server.output), "the access log's line")
    assert "".join(server.output).count(found[2]) == 1
