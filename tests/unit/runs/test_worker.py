"""The process that trains, when the process that started it is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.runs.recipe import RunSettings
from app.settings import ROOT, Settings
from app.store.records import Run
from app.store.sqlite import SqliteRunStore
from tests.support.api import ENDLESS
from tests.support.server import is_alive, wait_until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteRunStore]:
    store = SqliteRunStore(Settings(state_dir=tmp_path).sqlite_file)
    yield store
    store.close()


StartWorker = Callable[[int], tuple[subprocess.Popen[str], int]]


@pytest.fixture
def start_worker(tmp_path: Path, few_digits: Path) -> Iterator[StartWorker]:
    """Starts the worker of a run: returns the process in place of the server, and the worker's id."""
    started = []

    def start(run_id: int) -> tuple[subprocess.Popen[str], int]:
        server = subprocess.Popen(
            ["sh", "-c", f"{sys.executable} -m app.runs.worker {run_id} 1 $$ > /dev/null & echo $!; wait"],
            cwd=ROOT,
            env={**os.environ, "DESCENT_STATE_DIR": str(tmp_path), "DESCENT_DATASETS_DIR": str(few_digits)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(server)
        assert server.stdout
        return server, int(server.stdout.readline())

    yield start
    for server in started:
        server.kill()
        server.communicate()


def _new_run(store: SqliteRunStore) -> int:
    return store.create_run(RunSettings.model_validate(ENDLESS).model_dump(), 32_000).id


def _run(store: SqliteRunStore, run_id: int) -> Run:
    found = store.run(run_id)
    assert found
    return found


def test_a_worker_whose_server_is_killed_ends_by_itself_and_keeps_what_it_learned(
    store: SqliteRunStore, start_worker: StartWorker
) -> None:
    run_id = _new_run(store)
    server, worker = start_worker(run_id)
    wait_until(lambda: _run(store, run_id).step, "the first step")

    server.kill()

    wait_until(lambda: not is_alive(worker), "the worker's end")
    stopped = _run(store, run_id)
    assert stopped.status == "stopped"
    assert "server" in (stopped.reason or "")
    assert stopped.test_accuracy is not None


def test_a_worker_whose_server_is_killed_at_once_ends_too(store: SqliteRunStore, start_worker: StartWorker) -> None:
    server, worker = start_worker(_new_run(store))

    server.kill()

    wait_until(lambda: not is_alive(worker), "the worker's end")
