from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.runs import trainer
from app.runs.recipe import RunSettings
from app.runs.snapshots import SnapshotNotFoundError, SnapshotWriter, read_snapshot, snapshot_steps
from app.runs.training_set import TrainingSet
from app.store.files import FolderFiles

SETTINGS = RunSettings(epochs=20, batch_size=60)


@dataclass(frozen=True)
class Trained:
    """The snapshots of 200 steps, and the parameters after each step."""

    files: FolderFiles
    parameters: dict[int, NDArray[np.float32]]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, few: TrainingSet) -> Trained:
    files = FolderFiles(tmp_path_factory.mktemp("run"))
    descent = trainer.start(SETTINGS)
    snapshots = SnapshotWriter(files, descent, trainer.total_steps(SETTINGS, len(few.inputs)))
    snapshots.write_if_due()
    seen = {0: descent.network.parameters.copy()}
    for report in trainer.train(descent, few):
        snapshots.write_if_due()
        seen[report.step] = descent.network.parameters.copy()
    snapshots.write_if_due(last=True)
    return Trained(files, seen)


def test_snapshots_are_the_network_at_each_step_from_its_random_start_to_its_end(trained: Trained) -> None:
    steps = snapshot_steps(trained.files)

    assert (steps[0], steps[-1]) == (0, 200)
    assert 40 <= len(steps) <= 80
    for step in steps:
        snapshot = read_snapshot(trained.files, step)
        assert snapshot.step == step
        assert np.array_equal(snapshot.parameters, trained.parameters[step])


def test_there_are_more_snapshots_of_the_first_steps_than_of_the_last(trained: Trained) -> None:
    steps = np.array(snapshot_steps(trained.files))

    assert (steps <= 20).sum() > 2 * (steps > 180).sum()


def test_the_current_network_can_be_read_too(trained: Trained) -> None:
    current = read_snapshot(trained.files, None)

    assert current.step == 200
    assert np.array_equal(current.parameters, trained.parameters[200])


def test_a_step_without_a_snapshot_is_refused_with_those_there_are(tmp_path: Path, trained: Trained) -> None:
    with pytest.raises(SnapshotNotFoundError, match="none yet"):
        read_snapshot(FolderFiles(tmp_path), 7)
    with pytest.raises(SnapshotNotFoundError, match="from step 0 to 200"):
        read_snapshot(trained.files, 201)


def test_a_large_network_has_fewer_snapshots(tmp_path: Path) -> None:
    descent = trainer.start(RunSettings(hidden=[512, 512]))
    snapshots = SnapshotWriter(FolderFiles(tmp_path), descent, 1000)
    for step in range(1001):
        descent.step = step
        snapshots.write_if_due()

    kept = sum(path.stat().st_size for path in (tmp_path / "checkpoints").iterdir())
    assert 12 <= len(snapshot_steps(FolderFiles(tmp_path))) <= 20
    assert kept < 60_000_000
