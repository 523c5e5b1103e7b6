"""A training process killed at any moment, and the disk gone from under it."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.network.weights import read_weights
from app.runs import trainer
from app.runs.recipe import RunSettings
from app.runs.runner import STORE_LOST
from app.settings import ROOT, Settings
from app.store.sqlite import SqliteRunStore
from tests.faults.torture import SEED
from tests.support.idx_files import write_set
from tests.support.server import wait_until

SHORT, LONG = 10, 50
# Small enough that a process starts in a fraction of a second; paced so that there is time to be killed in.
IMAGES = 1200
RECIPE = RunSettings(dataset="small", epochs=12, batch_size=20, optimizer="adam", learning_rate=0.01, pace=0.4)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_set(tmp_path / "datasets" / "small", training=IMAGES, test=50)
    return Settings(state_dir=tmp_path / "state", datasets_dir=tmp_path / "datasets")


@pytest.fixture
def store(settings: Settings) -> Iterator[SqliteRunStore]:
    store = SqliteRunStore(settings.sqlite_file)
    yield store
    store.close()


def _new_run(store: SqliteRunStore, recipe: RunSettings) -> int:
    return store.create_run(recipe.model_dump(), trainer.total_steps(recipe, IMAGES - IMAGES // 6)).id


def _training(
    settings: Settings, store: SqliteRunStore, run_id: int, most_bytes: int | None = None
) -> subprocess.Popen[bytes]:
    """The process that trains the run. No file of it grows beyond `most_bytes`, as on a disk that is full."""

    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    run = store.run(run_id)
    assert run
    environment = {
        **os.environ,
        "DESCENT_STATE_DIR": str(settings.state_dir),
        "DESCENT_DATASETS_DIR": str(settings.datasets_dir),
        "OPENBLAS_NUM_THREADS": "1",
    }
    with (settings.state_dir / "said.txt").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "app.runs.worker", str(run_id), str(run.attempt), str(os.getpid())],
            cwd=ROOT,
            env=environment,
            stderr=said,
            preexec_fn=limit,
        )


def _parameters(settings: Settings, run_id: int) -> bytes:
    return read_weights(settings.state_dir / "runs" / str(run_id) / "network.safetensors").network.parameters.tobytes()


def _end_despite_kills(settings: Settings, store: SqliteRunStore, moments: random.Random, most: int) -> tuple[int, int]:
    """A run that was killed up to `most` times, and resumed each time, until it came to its end; and how often."""
    run_id = _new_run(store, RECIPE)
    for kills in range(most + 1):
        process = _training(settings, store, run_id)
        try:
            assert process.wait(moments.uniform(0.2, 1.8) if kills < most else 120) == 0
            return run_id, kills
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        # What the next server does about a run whose process is gone, and what its admin does then.
        store.end(run_id, "failed", "The training process was ended by SIGKILL.")
        store.reopen(run_id)
    raise AssertionError("the last time it was not killed")


def _kill_at_random_moments(settings: Settings, store: SqliteRunStore, most: int) -> None:
    """Asserts that each run ends with the weights and the events of one that was not killed."""
    undisturbed = _new_run(store, RECIPE.model_copy(update={"pace": 0.0}))
    assert _training(settings, store, undisturbed).wait(60) == 0
    undisturbed_costs = {event.data["step"]: event.data["cost"] for event in store.events(undisturbed, name="cost")}
    moments, kills = random.Random(SEED), 0

    while kills < most:
        killed, times = _end_despite_kills(settings, store, moments, most - kills)
        kills += times

        run = store.run(killed)
        assert run is not None
        assert (run.status, run.step) == ("finished", run.steps)
        assert _parameters(settings, killed) == _parameters(settings, undisturbed)
        events = store.events(killed)
        assert [event.id for event in events] == list(range(1, len(events) + 1))
        steps = [event.data["step"] for event in events if event.name == "cost"]
        assert steps == sorted(set(steps))
        both = [event.data for event in events if event.name == "cost" and event.data["step"] in undisturbed_costs]
        assert len(both) > 100
        assert all(undisturbed_costs[cost["step"]] == cost["cost"] for cost in both)


@pytest.mark.slow
def test_runs_killed_at_random_moments_end_as_one_that_was_not(settings: Settings, store: SqliteRunStore) -> None:
    _kill_at_random_moments(settings, store, SHORT)


@pytest.mark.torture
def test_runs_killed_at_fifty_random_moments_end_as_one_that_was_not(settings: Settings, store: SqliteRunStore) -> None:
    _kill_at_random_moments(settings, store, LONG)


@pytest.mark.slow
def test_a_rate_that_was_changed_before_a_kill_holds_after_it(settings: Settings, store: SqliteRunStore) -> None:
    recipe = RECIPE.model_copy(update={"epochs": 5})
    run_id = _new_run(store, recipe)
    process = _training(settings, store, run_id)
    wait_until(lambda: store.events(run_id, name="epoch"), "the first epoch")
    store.ask_for_rate(run_id, 0.001)
    (change,) = wait_until(lambda: store.events(run_id, name="rate"), "the change of the rate")
    wait_until(lambda: _step(store, run_id) > change.data["step"] + 5, "steps at the new rate")
    process.kill()
    process.wait()

    store.end(run_id, "failed", "killed")
    store.reopen(run_id)
    assert _training(settings, store, run_id).wait(60) == 0

    planned = recipe.model_copy(update={"pace": 0.0, "rates": [(change.data["step"], 0.001)]})
    undisturbed = _new_run(store, planned)
    assert _training(settings, store, undisturbed).wait(60) == 0
    assert _parameters(settings, run_id) == _parameters(settings, undisturbed)
    assert len(store.events(run_id, name="rate")) == 1


def _step(store: SqliteRunStore, run_id: int) -> int:
    run = store.run(run_id)
    return run.step if run else 0


@pytest.mark.slow
def test_a_disk_that_is_full_ends_the_run_with_a_plain_message_and_it_goes_on_when_there_is_room(
    settings: Settings, store: SqliteRunStore
) -> None:
    run_id = _new_run(store, RECIPE.model_copy(update={"pace": 0.0, "hidden": [512, 512], "epochs": 1}))

    # Enough for the store, too little for a network of 670,000 parameters.
    assert _training(settings, store, run_id, most_bytes=1_000_000).wait(60) == 0

    failed = store.run(run_id)
    assert failed is not None
    assert failed.status == "failed"
    assert "disk is full" in (failed.reason or "")
    assert "resume" in (failed.reason or "")
    store.reopen(run_id)
    assert _training(settings, store, run_id).wait(60) == 0
    finished = store.run(run_id)
    assert finished is not None
    assert (finished.status, finished.step) == ("finished", finished.steps)


def test_a_store_that_can_not_be_written_ends_the_process_with_a_word_for_the_server(
    settings: Settings, store: SqliteRunStore
) -> None:
    run_id = _new_run(store, RECIPE)

    assert _training(settings, store, run_id, most_bytes=4096).wait(60) == STORE_LOST

    said = (settings.state_dir / "said.txt").read_text()
    assert "disk full" in said
    assert "Traceback" not in said
