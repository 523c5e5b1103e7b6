"""What a start prints, and a server that does not start."""

from __future__ import annotations

import io
import os
import pty
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import segno

from app.server.phone_addresses import phone_addresses
from app.server.serving import listen
from app.settings import ROOT
from tests.support.command import run_command
from tests.support.server import TOKEN, end, running_server

Start = Callable[..., str]


def test_importing_the_app_opens_nothing(tmp_path: Path) -> None:
    code = "import app.main; app.main.create_app(); import os; print(os.listdir('.'))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )

    assert ran.stdout == b"[]\n"


@pytest.mark.parametrize("host", ["", " ", "[]"])
def test_an_empty_host_does_not_mean_all_addresses(tmp_path: Path, host: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--host", host],
        cwd=ROOT,
        env={**os.environ, "DESCENT_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.returncode == 1
    assert "--host is empty" in ran.stderr


def test_a_port_that_is_taken_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = subprocess.run(
            [sys.executable, "-m", "app", "serve", "--port", str(taken.getsockname()[1])],
            cwd=ROOT,
            env={**os.environ, "DESCENT_STATE_DIR": str(tmp_path)},
            stderr=subprocess.PIPE,
            text=True,
        )

    assert ran.returncode == 1
    assert "Choose another with --port" in ran.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SCHEDULER": "tcp://host:8786"}, "DESCENT_SCHEDULER needs DESCENT_DATABASE"),
        ({"SCHEDULER": "http://host:8786"}, "DESCENT_SCHEDULER: Write it as tcp://host:8786"),
        ({"SCHEDULER": "host"}, "DESCENT_SCHEDULER: Write it as tcp://host:8786"),
        ({"DATABASE": "postgresql://user:pa55-word@host/name"}, "DESCENT_DATABASE needs DESCENT_ADMIN_TOKEN"),
        ({"DATABASE": "mysql://user:pa55-word@host/name"}, "DESCENT_DATABASE: Write it as postgresql://"),
        ({"DATABASE": "postgresql://user:pa55-word@127.0.0.1:1/name", "ADMIN_TOKEN": TOKEN}, "Check its address"),
        ({"DATABASE": "postgresql://user:pa55-word@127.0.0.1:x/name", "ADMIN_TOKEN": TOKEN}, "can't be reached"),
        ({"DATABASE": "postgresql://user:pa55 word@host/name", "ADMIN_TOKEN": TOKEN}, "can't be read"),
    ],
)
def test_settings_of_a_database_that_can_not_be_are_one_line_without_the_password(
    tmp_path: Path, environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.logs.configure", lambda _: None)  # pytest has the log of this process
    settings = {"DESCENT_STATE_DIR": str(tmp_path), **{f"DESCENT_{name}": value for name, value in environment.items()}}
    ran = run_command("serve", "--port", "0", **settings)

    assert ran.exit_code == 1
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert "pa55" not in ran.output


@pytest.fixture
def own_address() -> str:
    with listen("0.0.0.0", 0) as sock:
        addresses = phone_addresses(sock)
    if not addresses:
        pytest.skip("this machine has no network")
    return addresses[0]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """What `serve` prints before it would serve."""
    monkeypatch.setattr("app.server.logs.configure", lambda _: None)
    monkeypatch.setattr("app.server.serving.serve", lambda sock, *_: sock.close())

    def printed(*arguments: str, **environment: str) -> str:
        # Also those that `serve` sets, so that they are put back.
        usual = {
            "DESCENT_STATE_DIR": str(tmp_path),
            "DESCENT_ADMIN_TOKEN": TOKEN,
            "DESCENT_ADDRESS": "",
            "DESCENT_ROOT_PATH": "",
            "container": "",
        }
        ran = run_command("serve", "--port", "0", *arguments, **usual | environment)
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    return printed


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_where_all_are_let_in_the_address_for_phones_is_printed(start: Start, own_address: str, host: str) -> None:
    assert re.search(
        rf"^Phones open    http://{own_address}:\d+/digits/$", start("--host", host, "--root-path", "digits"), re.M
    )


def test_where_only_this_machine_is_let_in_there_is_no_address_for_phones(start: Start) -> None:
    assert "Phones" not in start()


def test_the_address_that_is_set_is_the_one_that_is_printed(start: Start) -> None:
    for host in ("127.0.0.1", "0.0.0.0"):
        printed = start("--host", host, DESCENT_ADDRESS="https://school.example", container="oci")
        assert printed.splitlines()[2:] == ["Phones open    https://school.example/"]


def test_a_containers_own_address_is_not_given_to_phones(start: Start) -> None:
    assert "Phones" not in start("--host", "0.0.0.0", container="oci")


@pytest.mark.slow
@pytest.mark.usefixtures("own_address")
def test_phones_get_in_and_a_room_that_is_opened_at_localhost_has_their_address(tmp_path: Path) -> None:
    everyone = ("--host", "0.0.0.0", "--workers", "2")
    with running_server(tmp_path, *everyone, environment={"DESCENT_ADDRESS": "", "container": ""}) as server:
        (address,) = re.findall(r"^Phones open    (\S+)/$", "".join(server.output), re.M)
        assert httpx.get(f"{address}/rooms").status_code == 200
        with server.client() as client:
            opened = client.post("admin/rooms").json()
        assert opened["url"] == f"{address}/rooms/{opened['code']}"
        assert not any("\u2580" in line for line in server.output)


@pytest.mark.slow
def test_a_terminal_shows_the_address_as_a_qr_code_and_never_the_link_of_the_admin(
    tmp_path: Path, own_address: str
) -> None:
    shown = _on_a_terminal(tmp_path, "0.0.0.0")
    (address,) = re.findall(r"Phones open    (\S+)\r\n", shown)
    drawn = io.StringIO()
    segno.make_qr(address).terminal(drawn, border=2, compact=True)

    assert address.startswith(f"http://{own_address}:")
    plain = re.sub(r"\x1b\[\d+m", "", shown).replace("\r\n", "\n")
    assert drawn.getvalue() in plain
    # No other one.
    assert not re.search("[\u2580-\u259f]", plain.replace(drawn.getvalue(), ""))


@pytest.mark.slow
def test_a_terminal_says_how_to_let_phones_in(tmp_path: Path) -> None:
    assert "Phones need    --host 0.0.0.0" in _on_a_terminal(tmp_path, "127.0.0.1")


def _on_a_terminal(state: Path, host: str) -> str:
    """What a server shows until its first line of the log."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--host", host],
        cwd=ROOT,
        env={**os.environ, "DESCENT_STATE_DIR": str(state), "DESCENT_ADDRESS": "", "container": ""},
        stdout=its,
        stderr=its,
        text=True,
    )
    os.close(its)
    shown = b""
    try:
        while b" INFO " not in shown:
            shown += os.read(ours, 65_536)
    finally:
        end(process)
        os.close(ours)
    return shown.decode()
