"""The disk becomes full under a server or a run: what is said, what goes on, and that nothing half-written is left."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from app.network import Network
from app.network.tensor_file import remove_unfinished, write_whole
from tests.support.api import ENDLESS, PNG, SEVEN, assert_problem, at_step, ended, run, start
from tests.support.local_server import local_server
from tests.support.server import Server, running_server, wait_until
from tests.support.trained import add_run

_SWEEP = {"vary": {"learning_rate": {"values": [0.01, 0.02]}}}


def _digit(client: httpx.Client) -> tuple[int, str]:
    answer = client.post("predict", content=SEVEN, headers=PNG)
    assert answer.status_code == 200
    return answer.json()["digit"], answer.json()["version"]


@pytest.mark.slow
def test_a_run_whose_store_is_full_ends_with_what_to_do_and_hurts_nothing_else(
    own_client: httpx.Client, own_server: Server
) -> None:
    served = own_client.get("models/classic").json()["version"]
    run_id = start(own_client, ENDLESS)
    at_step(own_client, run_id, 1)

    # No file of the training process grows any more, as on a disk that is full.
    resource.prlimit(own_server.trainer(), resource.RLIMIT_FSIZE, (4096, 4096))

    failed = ended(own_client, run_id)
    assert failed["status"] == "failed"
    assert "disk" in failed["reason"]
    assert "resume the run" in failed["reason"]
    assert _digit(own_client) == (7, served)

    assert own_client.post(f"admin/runs/{run_id}/resume").status_code == 200
    at_step(own_client, run_id, failed["step"] + 1)
    own_client.post(f"admin/runs/{run_id}/stop")
    assert ended(own_client, run_id)["status"] == "stopped"
    assert run(own_client, run_id)["step"] > failed["step"]


@contextlib.contextmanager
def _no_file_grows(server: Server) -> Iterator[None]:
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def _disk_is_full(server: Server) -> Iterator[None]:
    filler = server.state_dir / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(512))
    try:
        yield
    finally:
        filler.unlink()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB, which the run of a test does not fill by itself. Only root can make one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tiny", str(folder)], capture_output=True)
    if made.returncode:
        pytest.skip(f"a disk of its own can't be mounted here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


Full = Callable[[Server], contextlib.AbstractContextManager[None]]


def _assert_that_writing_is_refused_in_words(server: Server, client: httpx.Client, full: Full) -> None:
    run_id = add_run(server.state_dir, Network.random(np.random.default_rng(1)))
    before = _digit(client)
    calls: dict[str, Callable[[], httpx.Response]] = {
        "publish": lambda: client.post(f"admin/runs/{run_id}/publish"),
        "label": lambda: client.patch(f"admin/runs/{run_id}", json={"name": "the best"}),
        "start": lambda: client.post("admin/runs", json=ENDLESS),
        "sweep": lambda: client.post("admin/sweeps", json=_SWEEP),
        "delete": lambda: client.delete(f"admin/runs/{run_id}"),
    }

    with full(server):
        for call in calls.values():
            assert_problem(call(), 503, "disk")
            assert _digit(client) == before
        assert client.get(f"runs/{run_id}").json()["name"] is None
        assert len(client.get("runs").json()) == 1
        assert [file.name for file in (server.state_dir / "models").rglob("*") if file.is_file()] == []

    assert calls["label"]().json()["name"] == "the best"
    assert calls["publish"]().status_code == 200
    assert _digit(client) != before
    started = calls["start"]()
    assert started.status_code == 201
    client.post(f"admin/runs/{started.json()['id']}/stop")
    ended(client, started.json()["id"])


@pytest.mark.slow
def test_a_server_whose_files_can_not_grow_says_so_and_goes_on_answering(tmp_path: Path, few_digits: Path) -> None:
    environment = {"DESCENT_DATASETS_DIR": str(few_digits)}
    with running_server(tmp_path / "state", environment=environment) as server, server.client() as client:
        _assert_that_writing_is_refused_in_words(server, client, _no_file_grows)


@pytest.mark.slow
def test_on_a_disk_that_is_full_a_run_ends_in_words_and_all_goes_on_when_there_is_room(
    tiny_disk: Path, few_digits: Path
) -> None:
    with local_server(tiny_disk / "state", datasets_dir=few_digits) as server, server.client() as client:
        _assert_that_writing_is_refused_in_words(server, client, _disk_is_full)

        run_id = start(client, {**ENDLESS, "pace": 0, "hidden": [64]})
        at_step(client, run_id, 1)
        with _disk_is_full(server):
            trainer = server.trainer()
            wait_until(lambda: not Path(f"/proc/{trainer}").exists(), "the trainer's end")
            assert _digit(client)
        failed = ended(client, run_id)
        assert failed["status"] == "failed"
        assert "disk" in failed["reason"]
        assert "resume the run" in failed["reason"]
        assert not list((server.state_dir / "runs").rglob(".*"))
        client.post(f"admin/runs/{run_id}/resume")
        at_step(client, run_id, failed["step"] + 1)
        client.post(f"admin/runs/{run_id}/stop")
        assert ended(client, run_id)["status"] == "stopped"


@pytest.mark.parametrize("call", ["os.fdopen", "os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_when_a_write_fails_the_old_file_stays_whole_and_no_other_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "network.safetensors"
    write_whole(path, b"before")

    def fail(*arguments: object, **_: object) -> None:
        if call == "os.fdopen":
            os.close(int(str(arguments[0])))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(call, fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"after")

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_kill_left_half_written_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / "classic" / ".0a1b.safetensors.x7k2"
    kept = [tmp_path / "classic" / "0a1b.safetensors", tmp_path / "card.txt"]
    for path in (left, *kept):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")

    remove_unfinished(tmp_path, older_than=60)
    assert left.exists()
    remove_unfinished(tmp_path)

    assert not left.exists()
    assert all(path.exists() for path in kept)
