"""The image, as far as it can be tried without a container engine: the linter, and its own commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.settings import ROOT
from tests.support.api import PNG, SEVEN
from tests.support.server import wait_until

DOCKERFILE = (ROOT / "Dockerfile").read_text()
_BUILD, _FINAL = DOCKERFILE.split("\nFROM ")[1:]


def _instructions(stage: str, name: str) -> list[str]:
    joined = stage.replace("\\\n", " ")
    return [line.removeprefix(f"{name} ") for line in joined.splitlines() if line.startswith(f"{name} ")]


def _copy(stage: str, target: Path) -> None:
    for copied in _instructions(stage, "COPY"):
        *sources, destination = copied.split()
        if sources[0].startswith("--from"):
            continue
        for source in sources:
            place = target / destination / (Path(source).name if destination.endswith("/") else "")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's working directory, filled as both stages fill it, with the virtual environment they install."""
    folder = tmp_path_factory.mktemp("image") / "srv"
    folder.mkdir()
    venv = folder.parent / "venv"
    _copy(_BUILD, folder)
    for command in _instructions(_BUILD, "RUN"):
        subprocess.run(
            ["bash", "-ec", command.replace("/venv", str(venv))],
            cwd=folder,
            env={**os.environ, "PATH": f"{venv / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"},
            check=True,
        )
    _copy(_FINAL, folder)
    return folder


def _environment(image: Path, state: Path) -> dict[str, str]:
    set_here = {
        name: value
        for line in _instructions(_FINAL, "ENV")
        for name, value in (pair.split("=", 1) for pair in line.split())
    }
    venv = image.parent / "venv"
    path = {"PATH": f"{venv / 'bin'}:{os.environ['PATH']}", "VIRTUAL_ENV": str(venv), "DESCENT_STATE_DIR": str(state)}
    return {**os.environ, **set_here, **path}


def test_hadolint_finds_nothing() -> None:
    found = subprocess.run([Path(sys.executable).with_name("hadolint"), ROOT / "Dockerfile"], stdout=subprocess.PIPE)

    assert found.stdout.decode() == ""


def test_it_runs_as_somebody_else_than_root_and_in_exec_form() -> None:
    assert _instructions(_FINAL, "USER") == ["10001"]
    assert json.loads(_instructions(_FINAL, "CMD")[0])[0] == "python"
    assert "curl" not in DOCKERFILE


def test_every_file_that_the_image_needs_is_let_into_its_build() -> None:
    ignore = (ROOT / ".dockerignore").read_text()
    for stage in (_BUILD, _FINAL):
        for copied in _instructions(stage, "COPY"):
            for source in copied.split()[:-1]:
                if not source.startswith(("--from", "/venv")):
                    assert re.search(rf"^!{re.escape(source.partition('/')[0])}", ignore, re.MULTILINE), source


@pytest.mark.slow
def test_what_it_installs_and_starts_answers_is_healthy_and_stops_within_5_seconds(image: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command, environment = json.loads(_instructions(_FINAL, "CMD")[-1]), _environment(image, tmp_path / "state")
    files_before = sorted(image.rglob("*"))
    process = subprocess.Popen(
        [part.replace("8000", port).replace("0.0.0.0", "127.0.0.1") for part in command],
        cwd=image,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        health = json.loads(_instructions(_FINAL, "HEALTHCHECK")[0].split("CMD ")[1])
        check = [part.replace("8000", port) for part in health]

        def healthy() -> bool:
            return subprocess.run(check, cwd=image, env=environment, stderr=subprocess.DEVNULL).returncode == 0

        wait_until(healthy, "the health check")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/", timeout=30) as client:
            assert client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
            assert client.get("", headers={"Accept": "text/html"}).is_success
            assert client.get("static/page/base.css").is_success
        process.send_signal(signal.SIGTERM)
        process.wait(5)
        assert not healthy()
    finally:
        process.kill()
        process.wait()
    assert sorted(image.rglob("*")) == files_before, "something outside the state folder was written"
