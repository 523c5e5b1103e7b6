"""docs/operations.md is true: what can be run here is run."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app.data import mnist
from app.settings import ROOT
from tests.support.active_run import active_run
from tests.support.api import ENDLESS, FEW, PNG, SEVEN, at_step, ended, events, run, start
from tests.support.command import run_command
from tests.support.idx_files import write_digits
from tests.support.local_server import local_server
from tests.support.rooms import Watcher, open_room, watching
from tests.support.server import Server, running_server, wait_until
from tests.support.trained import add_run, blind_to

DOC = (ROOT / "docs" / "operations.md").read_text()


def _block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOC, re.DOTALL)
    return str(found)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@pytest.mark.slow
def test_a_backup_taken_while_a_run_trains_is_the_same_server_again(tmp_path: Path, few_digits: Path) -> None:
    state, copy = tmp_path / "state", tmp_path / "copy"
    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        done = add_run(state, blind_to(7))
        published = client.post(f"admin/runs/{done}/publish", json={"name": "ours"}).json()
        recorded = list(events(client, done))
        at_step(client, under_way := start(client, ENDLESS), 5)

        backed_up = run_command("backup", copy, DESCENT_STATE_DIR=str(state))

        assert backed_up.exit_code == 0, backed_up.stderr
        assert run_command("backup", copy, DESCENT_STATE_DIR=str(state)).exit_code == 1  # none is written over
    with local_server(copy, datasets_dir=few_digits) as server, server.client() as client:
        assert list(events(client, done)) == recorded
        assert client.get("models/ours").json()["version"] == published["version"]
        assert client.post("predict?model=ours", content=SEVEN, headers=PNG).status_code == 200
        assert client.post(f"admin/runs/{done}/publish", json={"name": "again"}).is_success
        was = run(client, under_way)
        assert was["status"] == "failed"
        assert client.post(f"admin/runs/{under_way}/resume").is_success
        at_step(client, under_way, was["step"] + 1)
        client.post(f"admin/runs/{under_way}/stop")
        ids = [event["id"] for event in events(client, under_way)]
        assert ids == list(range(1, len(ids) + 1))


def test_a_backup_that_fails_leaves_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    ran = run_command("backup", tmp_path / "copy", DESCENT_STATE_DIR=str(tmp_path / "nothing"))

    assert ran.exit_code == 1
    assert "DESCENT_STATE_DIR" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_metric_is_documented_and_no_other(client: httpx.Client) -> None:
    client.post("predict", content=SEVEN, headers=PNG)
    families = set(
        re.findall(r"^# TYPE (\S+(?<!_created)) (?:counter|gauge|histogram)$", client.get("metrics").text, re.M)
    )

    assert families == set(re.findall(r"^\| `(descent_\w+)` \|", DOC, re.M))


def _watchers(client: httpx.Client) -> float:
    (line,) = re.findall(r"^descent_watchers (\S+)$", client.get("metrics").text, re.M)
    return float(line)


@contextlib.contextmanager
def _proxied(command: list[str], port: int, folder: Path) -> Iterator[httpx.Client]:
    with (folder / "caddy.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/digits/", timeout=30) as client:
            wait_until(lambda: _is_open(port), "the proxy")
            yield client
    finally:
        process.terminate()
        process.wait(10)


def _is_open(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def _proxy_command(program: str, server: Server, port: int, folder: Path) -> list[str]:
    """The proxy as the page configures it, from that port to the server."""
    own = httpx.URL(server.url).netloc.decode()
    configuration = _block(program).replace("127.0.0.1:8000", own).replace("8080", str(port))
    if program == "caddy":
        options = _block("caddyfile").replace("{", "{\n    admin off", 1)
        (folder / "Caddyfile").write_text(options + configuration.replace("{", "{\n    log", 1))
        return ["caddy", "run", "--config", str(folder / "Caddyfile")]
    frame = "daemon off; pid {0}/pid; error_log {0}/errors; events {{}} http {{ {1} }}"
    (folder / "nginx.conf").write_text(frame.format(folder, configuration.replace("/var/log/nginx", str(folder))))
    return ["nginx", "-c", str(folder / "nginx.conf")]


@pytest.mark.parametrize("program", ["nginx", "caddy"])
def test_behind_a_proxy_under_a_sub_path_streams_come_as_they_happen(
    program: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not here")
    port = _free_port()
    caplog.set_level(logging.INFO, "descent.access")
    with (
        local_server(tmp_path / "state", root_path="/digits") as server,
        _proxied(_proxy_command(program, server, port, tmp_path), port, tmp_path) as client,
    ):
        origin = {"Origin": f"http://127.0.0.1:{port}"}
        assert client.post("login", data={"token": server.token}, headers=origin).status_code == 303
        assert '<base href="/digits/">' in client.get("", headers={"Accept": "text/html"}).text
        assert client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
        large = client.post("predict", content=bytes(9_000_000), headers=PNG)
        assert large.headers["content-type"] == "application/problem+json"
        with active_run(server.state_dir) as active:
            stream = events(client, active.id)
            for number in (1, 2):
                active.add_costs(1)
                assert next(stream)["id"] == number  # it came while the run goes on
            with client.stream("GET", f"runs/{active.id}/events"):
                wait_until(lambda: _watchers(client) == 2, "another watcher")
            wait_until(lambda: _watchers(client) == 1, "the end of a stream whose client has left", 10)
            assert client.post(f"admin/runs/{active.id}/stop", headers=origin).json()["status"] == "stopping"
        assert [event["name"] for event in stream][-1] == "end"
        client.get("healthz", headers={"X-Forwarded-For": "203.0.113.9"})
    (seen,) = [line for line in map(vars, caplog.records) if line.get("path") == "/digits/healthz"]
    assert seen["client"] == "127.0.0.1"


@pytest.mark.slow
@pytest.mark.parametrize("program", ["nginx", "caddy"])
def test_behind_a_proxy_the_stream_of_a_room_goes_on_and_no_log_says_who_was_in_it(
    program: str, tmp_path: Path
) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not here")
    port = _free_port()
    with (
        local_server(tmp_path / "state", root_path="/digits") as server,
        _proxied(_proxy_command(program, server, port, tmp_path), port, tmp_path) as client,
        open_room(replace(server, url=str(client.base_url))) as room,
    ):
        here = replace(server, url=str(client.base_url))
        assert room.teacher.get("admin/rooms").json()[0]["url"] == f"{here.url}rooms/{room.code}"
        pupil, watcher = room.join(), Watcher()
        for number in (1, 3, 5):
            pupil.draw()
            with watching(here, f"rooms/{room.code}/events", watcher):
                wait_until(lambda: number in watcher.drawings, "the drawing of before")  # noqa: B023 - it is asked at once
                pupil.draw()
                wait_until(lambda: number + 1 in watcher.drawings, "the drawing as it is sent")  # noqa: B023
        assert re.findall(r'"drawings": \[\{"id": (\d+)', watcher.text) == list("123456")
        assert room.anyone.post(f"rooms/{room.code}/drawings", content=bytes(11_000_000)).status_code == 413
        room.anyone.get(
            "models", headers={"Referer": f"{here.url}learn/slope?at=1&room={room.code}"}
        ).raise_for_status()
        client.get("healthz")
        room.teacher.delete(room.path)  # which ends all streams: until then, Caddy would not end
    logged = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert "/digits/healthz" in logged
    assert "remote_ip" not in logged
    assert not re.findall(r"^(?:127\.0\.0\.1 |.*client: 127).*(?:/digits/rooms/|room=)", logged, re.MULTILINE)


def test_the_unit_is_one_that_systemd_reads(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not here")
    unit = tmp_path / "descent.service"
    unit.write_text(_block("ini").replace("/srv/descent/.venv/bin/python", sys.executable))

    ran = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)

    assert "descent.service" not in ran.stderr, ran.stderr


@pytest.mark.slow
def test_nothing_but_the_state_folder_is_written_and_no_privilege_is_needed(
    request: pytest.FixtureRequest, test_images: mnist.Images
) -> None:
    """What --read-only, --cap-drop ALL and no-new-privileges come to."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can give its privileges up, by setpriv")
    # Not below pytest's own folder, which is closed to everybody else.
    folder = Path(tempfile.mkdtemp())
    request.addfinalizer(lambda: shutil.rmtree(folder))
    folder.chmod(0o755)
    write_digits(folder / "datasets" / "few", test_images)
    state = folder / "state"
    state.mkdir()
    os.chown(state, 10001, 10001)
    user = ("--reuid", "10001", "--regid", "10001", "--clear-groups")
    drop = ["setpriv", *user, "--bounding-set=-all", "--no-new-privs"]
    environment = {
        "DESCENT_DATASETS_DIR": str(folder / "datasets"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/nonexistent",
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }
    # As the trainer is started: by a process that has no privilege any more.
    starts = "import subprocess, sys, numpy; subprocess.run([sys.executable, '-c', ''], check=True)"
    here = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, here):
        tried = subprocess.run([*drop, python, "-c", starts], env=environment, stderr=subprocess.DEVNULL)
        if tried.returncode == 0:
            break
    else:
        pytest.skip("another user may not run this Python")
    with running_server(state, environment=environment, program=[*drop, python, "-m", "app"]) as server:
        with server.client() as client:
            trained = ended(client, start(client, FEW))
            assert trained["status"] == "finished", trained["reason"]
            assert client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        # The code belongs to root: whatever else had to be written would have failed.
        assert re.search(r"^Uid:\s+10001\s", status, re.M)
        assert re.search(r"^CapEff:\s+0+$", status, re.M)
        assert re.search(r"^NoNewPrivs:\s+1$", status, re.M)


def test_the_locks_hold_hashes_no_place_and_what_pyproject_asks_for() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = {
        "requirements.lock": [],
        "requirements-cluster.lock": extras["cluster"],
        "requirements-dev.lock": extras["dev"] + extras["cluster"],
        "requirements-bench.lock": extras["bench"],
    }
    for name, more in asked.items():
        lock = (ROOT / name).read_text()
        assert "://" not in lock
        assert "--index" not in lock
        pins = re.findall(
            r"^([a-z0-9-]+)==(\S+)(?: ;[^\\]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.M
        )
        assert len(pins) == len(re.findall(r"^\S", lock, re.M)), "each line is a version with its hashes"
        versions: dict[str, list[str]] = {}
        for package, version, _ in pins:
            versions.setdefault(package, []).append(version)
        for text in (*project["dependencies"], *more):
            needed = Requirement(text)
            found = versions[needed.name.lower().replace("_", "-")]
            assert all(needed.specifier.contains(version) for version in found), f"{text}: {found} in {name}"


def test_everything_is_installed_from_the_locks_and_no_known_hole_is_let_in() -> None:
    for name in ("Makefile", "Dockerfile"):
        for line in re.findall(r".*pip install.*", (ROOT / name).read_text()):
            assert "--require-hashes" in line, line
    dependencies = (ROOT / "pyproject.toml").read_text()
    for floor in ("pillow>=13.0", "starlette>=1.10", "python-multipart>=0.0.34", "uvicorn[standard]>=0.54"):
        assert re.search(rf'"{re.escape(floor)}[",]', dependencies)
