"""compose.yaml and deploy/Caddyfile: what they keep private, and that their servers, scheduler and workers do the work.

The containers' commands run here without containers.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from app.settings import ROOT
from tests.support.api import FEW, PNG, SEVEN, at_step, ended, events, start
from tests.support.postgres import free_port
from tests.support.programs import answers, running_dask, running_process
from tests.support.server import TOKEN, running_server, wait_until

TEXT = (ROOT / "compose.yaml").read_text()
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# Runs that last until they are stopped, and are stopped.
UNDER_WAY = {**FEW, "epochs": 1000, "pace": 20}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_watched_restarted_and_can_change_nothing_but_its_volumes(name: str) -> None:
    service = SERVICES[name]

    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_only_caddy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["caddy"]["networks"] == ["front"]
    for name in ("database", "scheduler", "worker"):
        assert SERVICES[name]["networks"] == ["back"], name
    assert not any("network_mode" in service for service in SERVICES.values())


def test_it_holds_no_secret_and_says_where_a_missing_one_comes_from() -> None:
    for name, value in re.findall(r"(\w*(?:TOKEN|PASSWORD)): (.*)", TEXT):
        assert value.startswith("${"), name
    assert re.findall(r"://[^@\s]*?:([^@\s{]*)\{?.*@", TEXT) == ["$"]
    for variable in ("DESCENT_ADMIN_TOKEN", "DATABASE_PASSWORD"):
        assert f"${{{variable}:?Make the file .env as README.md says" in TEXT
    assert subprocess.run(["git", "check-ignore", "--quiet", ".env"], cwd=ROOT).returncode == 0


def test_only_web_servers_know_the_token() -> None:
    knows = {name for name, service in SERVICES.items() if "DESCENT_ADMIN_TOKEN" in service.get("environment", {})}

    assert knows == {"web-1", "web-2"} == set(re.findall(r"([\w-]+):8000", CADDYFILE))


def test_the_caddyfile_is_valid_and_formatted() -> None:
    _require_caddy()
    ran = subprocess.run(
        ["caddy", "adapt", "--validate", "--adapter", "caddyfile", "--config", ROOT / "deploy" / "Caddyfile"],
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stderr
    assert "not formatted" not in ran.stderr


@pytest.mark.slow
def test_requests_and_runs_go_on_when_a_web_server_and_a_worker_are_killed(
    database_url: str, few_digits: Path, tmp_path: Path
) -> None:
    _require_caddy()
    ports = {name: free_port() for name in ("scheduler", "scheduler health", "worker", "other worker", "caddy")}
    scheduler_url = f"tcp://127.0.0.1:{ports['scheduler']}"
    shared = {"DESCENT_DATABASE": database_url, "DESCENT_DATASETS_DIR": str(few_digits)}
    web = {**shared, "DESCENT_SCHEDULER": scheduler_url, "DESCENT_ADMIN_TOKEN": TOKEN}
    scheduler = (
        f"{SERVICES['scheduler']['command']} --host 127.0.0.1 --port {ports['scheduler']}"
        f" --dashboard-address 127.0.0.1:{ports['scheduler health']}"
    )

    def worker(name: str) -> str:
        command = str(SERVICES["worker"]["command"]).replace("${RUNS_PER_WORKER:-1}", "1")
        command = command.replace("tcp://scheduler:8786", scheduler_url).replace("8787", str(ports[name]))
        return command.replace("/tmp", str(tmp_path))

    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        enter(running_dask(scheduler, ports["scheduler health"], {}))
        first = enter(running_dask(worker("worker"), ports["worker"], shared))
        servers = [enter(running_server(tmp_path / name, environment=web)) for name in ("web-1", "web-2")]
        client = enter(_through_caddy([httpx.URL(server.url).netloc.decode() for server in servers], ports["caddy"]))

        run_id = start(client, UNDER_WAY)
        at_step(client, run_id, 1)
        watched = _Watched(client, run_id)
        watched.read_until(lambda: len(watched.ids) >= 3)
        servers[0].process.kill()
        for _ in range(20):
            assert client.get("readyz").status_code == 200
        # Before 2.7, Caddy sends no body to another server, until its health check misses the one that is gone.
        wait_until(lambda: all(_sees_seven(client) for _ in range(20)), "drawings to be answered again")
        enter(running_dask(worker("other worker"), ports["other worker"], shared))
        first.kill()
        watched.read_until(lambda: "resume" in watched.names)
        assert client.post(f"admin/runs/{run_id}/stop").is_success
        watched.read_until(lambda: watched.names[-1] == "end")

        assert ended(client, run_id)["status"] == "stopped"
        assert watched.ids == list(range(1, len(watched.ids) + 1))


class _Watched:
    """A run's events, read as a browser does: it connects again after the last event that it has."""

    def __init__(self, client: httpx.Client, run_id: int) -> None:
        self._client, self._run_id = client, run_id
        self.ids: list[int] = []
        self.names: list[str] = []

    def read_until(self, is_enough: Callable[[], bool]) -> None:
        wait_until(lambda: self._reads_enough(is_enough), "an event")

    def _reads_enough(self, is_enough: Callable[[], bool]) -> bool:
        with contextlib.suppress(httpx.TransportError):
            for event in events(self._client, self._run_id, self.ids[-1] if self.ids else None):
                self.ids.append(event["id"])
                self.names.append(event["name"])
                if is_enough():
                    return True
        return False


def _sees_seven(client: httpx.Client) -> bool:
    response = client.post("predict", content=SEVEN, headers=PNG)
    return response.is_success and response.json()["digit"] == 7


def _require_caddy() -> None:
    if not shutil.which("caddy"):
        pytest.skip("caddy is not here")


@contextlib.contextmanager
def _through_caddy(servers: list[str], port: int) -> Iterator[httpx.Client]:
    """Caddy on that port, with deploy/Caddyfile, before these servers; and a client that is the admin."""
    configuration = re.sub(r"web-(\d):8000", lambda found: servers[int(found[1]) - 1], CADDYFILE)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", "-"]
    environment = {**os.environ, "SITE_ADDRESS": f"http://127.0.0.1:{port}"}
    with running_process(command, environment, configuration.replace("{\n", "{\n\tadmin off\n", 1)):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
            wait_until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "Caddy")
            yield client
