from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.runs import trainer
from app.runs.recipe import RunSettings
from app.runs.snapshots import SnapshotNotFoundError, SnapshotWriter, read_snapshot, snapshot_steps
from app.runs.training_set import TrainingSet

SETTINGS = RunSettings(epochs=20, batch_size=60)


def _record(folder: Path, few: TrainingSet) -> dict[int, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    """Trains 200 steps, and returns the parameters after each."""
    descent = trainer.start(SETTINGS)
    snapshots = SnapshotWriter(folder, descent, trainer.total_steps(SETTINGS, len(few.inputs)))
    snapshots.write_if_due()
    seen = {0: descent.network.parameters.copy()}
    for report in trainer.train(descent, few):
        snapshots.write_if_due()
        seen[report.step] = descent.network.parameters.copy()
    snapshots.write_if_due(last=True)
    return seen


def test_snapshots_are_the_network_at_each_step_from_its_random_start_to_its_end(
    tmp_path: Path, few: TrainingSet
) -> None:
    seen = _record(tmp_path, few)

    steps = snapshot_steps(tmp_path)
    assert (steps[0], steps[-1]) == (0, 200)
    assert 40 <= len(steps) <= 80
    for step in steps:
        kept = read_snapshot(tmp_path, step)
        assert kept.step == step
        assert np.array_equal(kept.parameters, seen[step])


def test_the_first_steps_are_kept_more_densely_than_the_last(tmp_path: Path, few: TrainingSet) -> None:
    _record(tmp_path, few)

    steps = np.array(snapshot_steps(tmp_path))
    assert (steps <= 20).sum() > 2 * (steps > 180).sum()


def test_the_network_as_it_is_now_is_kept_too(tmp_path: Path, few: TrainingSet) -> None:
    seen = _record(tmp_path, few)

    now = read_snapshot(tmp_path, None)
    assert now.step == 200
    assert np.array_equal(now.parameters, seen[200])


def test_a_step_that_was_not_kept_is_refused_with_what_there_is(tmp_path: Path, few: TrainingSet) -> None:
    with pytest.raises(SnapshotNotFoundError, match="none yet"):
        read_snapshot(tmp_path, 7)
    _record(tmp_path, few)
    with pytest.raises(SnapshotNotFoundError, match="from step 0 to 200"):
        read_snapshot(tmp_path, 201)


def test_a_large_network_is_kept_less_often(tmp_path: Path) -> None:
    descent = trainer.start(RunSettings(hidden=[512, 512]))
    snapshots = SnapshotWriter(tmp_path, descent, 1000)
    for step in range(1001):
        descent.step = step
        snapshots.write_if_due()

    kept = sum(path.stat().st_size for path in (tmp_path / "checkpoints").iterdir())
    assert 12 <= len(snapshot_steps(tmp_path)) <= 20
    assert kept < 60_000_000
