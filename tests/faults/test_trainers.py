"""What a training process shares with the server that started it: an argument, the lock, and nothing else."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.support.api import ENDLESS, at_step, start
from tests.support.server import Server, running_server, wait_until


def _open_files(process_id: int) -> list[str]:
    found = []
    for file in Path(f"/proc/{process_id}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            found.append(str(file.readlink()))
    return found


def _connections(process_id: int) -> int:
    """How many connections to the store a process has."""
    return [Path(file).name for file in _open_files(process_id)].count("descent.sqlite3")


def _command(process_id: int) -> str:
    return Path(f"/proc/{process_id}/cmdline").read_text().replace("\0", " ")


def test_a_trainer_is_a_program_of_its_own_with_one_thread_for_its_matrices(
    own_server: Server, own_client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    at_step(own_client, start(own_client, ENDLESS), 1)
    trainer = own_server.trainer()

    assert "-m app.runs.worker" in _command(trainer)
    variables = Path(f"/proc/{trainer}/environ").read_text().split("\0")
    assert "OPENBLAS_NUM_THREADS=1" in variables
    # Its own, and the one that watches the server.
    assert len(list(Path(f"/proc/{trainer}/task").iterdir())) == 2
    files = _open_files(trainer)
    assert not [file for file in files if file.startswith("socket:")]
    assert _connections(trainer) == 1


@pytest.mark.slow
def test_server_processes_are_spawned_and_share_no_connection_to_the_store(tmp_path: Path) -> None:
    with running_server(tmp_path / "state", "--workers", "2") as server:
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        serving = [int(child) for child in children if "spawn_main" in _command(int(child))]

        assert len(serving) == 2
        assert not [file for file in _open_files(server.process.pid) if ".sqlite3" in file]
        for child in serving:
            # The server is ready as soon as one of them is.
            wait_until(partial(_connections, child), "its connection to the store")
            assert _connections(child) == 1
