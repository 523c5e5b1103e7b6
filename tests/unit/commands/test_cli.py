from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.cli import cli
from app.settings import ROOT


@pytest.mark.parametrize("command", ["serve", "train", "evaluate", "backup", "move", "runs"])
def test_a_system_that_is_not_posix_is_named_in_a_sentence(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    # As on Windows.
    monkeypatch.setitem(sys.modules, "fcntl", None)

    ended = CliRunner().invoke(cli, [command, "x"])

    assert ended.exit_code == 1
    assert ended.output == "Descent runs on Linux and macOS. On Windows, run it in WSL or in Docker.\n"


@pytest.mark.parametrize("arguments", [(), ("--root-path", "/digits")])
def test_without_the_name_of_a_command_it_serves(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    # A server with this setting refuses to start, so that no port is taken.
    ran = _run(*arguments, environment={"DESCENT_STATE_DIR": str(tmp_path), "DESCENT_SCHEDULER": "tcp://host:8786"})

    assert (ran.returncode, ran.stderr.count("DESCENT_SCHEDULER needs DESCENT_DATABASE")) == (1, 1)


def test_its_help_lists_the_commands() -> None:
    assert "Without a command, it serves" in _run("--help", environment={}).stdout


def _run(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "160", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
