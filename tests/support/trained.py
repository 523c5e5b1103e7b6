"""Runs that have ended, put into a server's store without the time that training takes."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.network import Network
from app.network.weights import read_weights
from app.runs.final_network import write_final_network
from app.runs.recipe import RunSettings
from app.settings import ROOT
from app.store.records import Status
from app.store.sqlite import SqliteRunStore
from tests.support.server import wait_until

_STEPS = 1_564


def add_run(
    state_dir: Path,
    network: Network,
    accuracy: float = 0.9,
    status: Status = "finished",
    settings: RunSettings | None = None,
) -> int:
    """A run of one epoch that learned this network. Returns its id."""
    made = settings or RunSettings(preset="quick", hidden=list(network.sizes[1:-1]))
    store = SqliteRunStore(state_dir / "descent.sqlite3")
    try:
        with as_a_trainer(state_dir, store):
            run = store.create_run(made.model_dump(mode="json"), _STEPS)
            store.begin(run.id)
            epoch = {
                "epoch": 1,
                "cost": 0.3,
                "accuracy": accuracy,
                "gradient_norm": 0.1,
                "seconds": 1.0,
                "images_per_second": 50_000,
                "by_class": [accuracy] * 10,
            }
            store.append(run.id, [("cost", {"step": _STEPS, "epoch": 1, "cost": 0.3}), ("epoch", epoch)])
            metadata = {"accuracy": str(accuracy), "settings": made.model_dump_json(), "trained_at": run.created_at}
            write_final_network(store.files_of(run), network, metadata)
            store.end(run.id, status, test_accuracy=accuracy)
            return run.id
    finally:
        store.close()


@contextlib.contextmanager
def as_a_trainer(state_dir: Path, store: SqliteRunStore) -> Iterator[None]:
    """Holds what a process that trains holds: a server takes a run that is under way without it for a lost one."""
    lock = os.open(state_dir / "training.lock", os.O_RDWR | os.O_CREAT, 0o644)

    def is_held() -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return bool(store.active_runs())  # by one that goes on training
        return True

    try:
        wait_until(is_held, "the last run's process to end")
        yield
    finally:
        os.close(lock)


def served(name: str = "classic") -> Network:
    """A network that comes with the program."""
    return read_weights(ROOT / "models" / f"{name}.safetensors").network


def blind_to(digit: int, network: Network | None = None) -> Network:
    """The same network, but it never answers that digit."""
    seeing = network or served()
    parameters = seeing.parameters.copy()
    # The last parameters are the biases of the ten outputs.
    parameters[len(parameters) - 10 + digit] = np.float32(-1e4)
    return Network(seeing.sizes, seeing.activation.name, seeing.cost.name, parameters)
