"""The image: what is in it, and how it runs as the README says."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from app.settings import ROOT
from app.store.records import RESUMABLE
from tests.support.api import LONG, PNG, SEVEN, SHORT, at_step, ended, run, start
from tests.support.image import Container, built_image
from tests.support.postgres import free_port

TOKEN = secrets.token_urlsafe(32)
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
# Sends the name of the function that a server would send, and has the worker find the function.
CLIENT = """
import operator, sys, distributed, app.runs.cluster
with distributed.Client(sys.argv[1], timeout=30) as client:
    print(client.submit(operator.attrgetter("__module__"), app.runs.cluster.train_here).result(30))
"""
COPIED = ("LICENSE", "app", "data", "models", "static", "templates")


@pytest.fixture(scope="module")
def container() -> Iterator[Container]:
    with built_image() as podman:
        container = Container(podman, [f"DESCENT_ADMIN_TOKEN={TOKEN}"])
        container.start()
        yield container


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """Calls the running container as the admin."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url="http://127.0.0.1:8000/", headers=headers, timeout=30) as client:
        yield client


def test_hadolint_finds_nothing() -> None:
    found = subprocess.run([Path(sys.executable).with_name("hadolint"), ROOT / "Dockerfile"], stdout=subprocess.PIPE)

    assert found.stdout.decode() == ""


@pytest.mark.slow
def test_it_holds_the_files_that_the_server_reads_and_no_others(container: Container) -> None:
    listed = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *COPIED], cwd=ROOT, text=True
    )

    inside = container.execute("find", ".", "-type", "f", "-printf", "%P\n").stdout

    assert set(inside.splitlines()) ^ {path for path in listed.splitlines() if (ROOT / path).exists()} == set()


@pytest.mark.slow
def test_it_runs_without_root_without_capabilities_and_writes_to_its_volume_only(container: Container) -> None:
    lines = container.execute("cat", "/proc/1/status").stdout.splitlines()
    status = dict(line.split(":\t", 1) for line in lines)

    assert set(status["Uid"].split()) == {"10001"}
    assert {int(value, 16) for name, value in status.items() if name.startswith("Cap")} == {0}
    for path in ("/srv/descent/file", "/venv/file", "/file"):
        assert "Read-only file system" in container.execute("touch", path).stderr
    assert container.execute("touch", "/state/file").returncode == 0


@pytest.mark.slow
def test_it_is_healthy_and_answers_a_drawing_and_its_page(container: Container, client: httpx.Client) -> None:
    assert container.is_healthy()
    assert client.get("readyz").json() == {"status": "ready"}
    assert client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
    assert client.get("", headers={"Accept": "text/html"}).is_success


@pytest.mark.slow
def test_as_scheduler_and_worker_it_finds_the_function_that_trains(container: Container) -> None:
    port, health, worker_health = free_port(), free_port(), free_port()
    url = f"tcp://127.0.0.1:{port}"
    addresses = f" --host 127.0.0.1 --port {port} --dashboard-address 127.0.0.1:{health}"

    _as_service(container, "scheduler", addresses, {"8787": health}).start()
    _as_service(container, "worker", "", {"tcp://scheduler:8786": url, "8787": worker_health}).start()

    assert container.execute("python", "-c", CLIENT, url).stdout == "app.runs.cluster\n"


def _as_service(container: Container, name: str, more: str, replaced: dict[str, object]) -> Container:
    """The container of a service of compose.yaml, with other addresses."""
    service = SERVICES[name]
    command, health = service["command"].replace("${RUNS_PER_WORKER:-1}", "1") + more, service["healthcheck"]["test"]
    for old, new in replaced.items():
        command, health = command.replace(old, str(new)), health.replace(old, str(new))
    return Container(container.podman, name=name, command=command.split(), health=health)


@pytest.mark.slow
def test_it_trains_stops_when_asked_and_has_its_runs_at_the_next_start(
    container: Container, client: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    finished = start(client, SHORT)
    assert ended(client, finished)["status"] == "finished"
    under_way = start(client, LONG)
    at_step(client, under_way, 1)

    before = time.monotonic()
    container.stop()
    seconds = time.monotonic() - before
    exit_status = container.exit_status()
    container.start()

    assert exit_status == 0
    assert run(client, under_way)["status"] in RESUMABLE
    assert client.get(f"runs/{finished}/weights").is_success
    with capsys.disabled():
        sys.stdout.write(f"\nThe image stopped in {seconds:.1f} s. ")
