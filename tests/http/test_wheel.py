"""The wheel: what is in it, and how it runs in environments of its own, as the README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app import __version__
from app.settings import ROOT
from tests.support.api import PNG, SEVEN, SHORT, ended, start
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.slow

BUILD, *INSTALLED = re.findall(r"^    (.*\bdist\b.*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
PACKED = ("app", "data", "models", "static", "templates")
# uv is beside this Python. What it installs is for the same Python.
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    "UV_PYTHON": sys.executable,
    "COLUMNS": "160",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the checkout that has the wheel in `dist`, built by the README's command."""
    looked_up = subprocess.run(
        ["uv", "pip", "compile", "--quiet", "--refresh", "-"], env=ENVIRONMENT, input=b"hatchling", capture_output=True
    )
    if looked_up.returncode != 0:
        reason = f"The wheel is built and installed where uv can reach PyPI: {looked_up.stderr.decode()}"
        # CI must build it.
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("reader")
    _run(folder, BUILD.removesuffix(" .") + f" {ROOT}")
    return folder


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    (wheel,) = (folder / "dist").iterdir()
    return wheel


@pytest.fixture(scope="module")
def server(folder: Path, wheel: Path) -> Iterator[RunningServer]:
    """The installed program, whose user has set no folder of state, but `data` for all programs."""
    found = {**ENVIRONMENT, "DESCENT_STATE_DIR": "", "XDG_DATA_HOME": str(folder / "data")}
    with running_server(folder / "data" / "descent-digits", environment=found, program=_uvx(folder, wheel)) as server:
        yield server


def _uvx(folder: Path, wheel: Path) -> list[str]:
    """The command `descent`, once all is downloaded. In the checkout, Python could find the modules there."""
    _run(folder, f"uvx --from {wheel} descent --help")
    return ["env", "-C", str(folder), "uvx", "--from", str(wheel), "descent"]


def _run(folder: Path, command: str, **environment: str) -> str:
    ran = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=ENVIRONMENT | environment, capture_output=True, text=True, timeout=500
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_holds_the_files_that_the_program_reads_and_no_others(wheel: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKED]
    listed = [
        path for path in subprocess.check_output(command, cwd=ROOT, text=True).splitlines() if (ROOT / path).exists()
    ]
    expected = {path if path.startswith("app/") else f"app/resources/{path}" for path in listed}
    metadata = {
        f"descent_digits-{__version__}.dist-info/{name}"
        for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    }

    assert _files(wheel) ^ expected ^ metadata == set()


def test_the_sdist_builds_the_same_wheel(folder: Path, wheel: Path) -> None:
    _run(folder, f"uv build --sdist --out-dir source {ROOT}")
    _run(folder, "uv build --wheel --out-dir again source/*.tar.gz")

    assert _files(folder / "again" / wheel.name) == _files(wheel)


@pytest.mark.parametrize("line", INSTALLED)
def test_a_line_of_the_readme_installs_the_command(folder: Path, tmp_path: Path, line: str) -> None:
    if line.startswith("pipx "):
        line = f"uvx {line}"
    here = line.replace("~", str(tmp_path))

    assert "Without a command, it serves" in _run(folder, f"{here} --help", PIPX_HOME=str(tmp_path))


def test_it_answers_a_drawing_and_has_its_pages(server: RunningServer) -> None:
    with server.client() as client:
        assert client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
        assert client.get("openapi.json").json()["info"]["version"] == __version__
        page = client.get("learn/network", headers={"Accept": "text/html"})
        assert "app/network/network.py, line" in page.text
        addresses = re.findall(r'(?:href|src)="(static/[^"]+)"', page.text)
        assert addresses
        assert all(client.get(address).is_success for address in addresses)


def test_it_trains_and_keeps_its_state_in_the_data_folder_of_its_user(server: RunningServer, folder: Path) -> None:
    with server.client() as client:
        run = start(client, SHORT)
        assert ended(client, run)["status"] == "finished"

    assert (server.state_dir / "descent.sqlite3").is_file()
    assert (server.state_dir / "runs" / str(run)).is_dir()
    assert not (folder / "state").exists()


def test_a_folder_of_state_that_is_set_wins_also_with_more_processes(folder: Path, wheel: Path, tmp_path: Path) -> None:
    found = {**ENVIRONMENT, "XDG_DATA_HOME": str(tmp_path / "data")}
    with running_server(tmp_path / "own", "--workers", "2", environment=found, program=_uvx(folder, wheel)) as server:
        assert httpx.get(f"{server.url}models").is_success

    assert (tmp_path / "own" / "descent.sqlite3").is_file()
    assert not (tmp_path / "data" / "descent-digits").exists()


def test_train_writes_to_the_current_folder_and_not_into_the_package(wheel: Path, tmp_path: Path) -> None:
    _run(tmp_path, f"uvx --from {wheel} descent train --preset quick --epochs 1")

    assert "test images" in _run(tmp_path, f"uvx --from {wheel} descent evaluate quick.safetensors")
