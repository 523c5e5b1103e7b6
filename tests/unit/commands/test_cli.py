from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner

from app.commands.cli import cli


@pytest.mark.parametrize("command", ["serve", "train", "evaluate", "backup", "runs"])
def test_a_system_that_is_not_posix_is_named_in_a_sentence(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    # As on Windows.
    monkeypatch.setitem(sys.modules, "fcntl", None)

    ended = CliRunner().invoke(cli, [command, "x"])

    assert ended.exit_code == 1
    assert ended.output == "Descent runs on Linux and macOS. On Windows, run it in WSL or in Docker.\n"
