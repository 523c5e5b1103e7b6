from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.data.collection import LabelledDrawing, dataset_of
from app.data.dataset import Dataset
from app.runs import trainer
from app.runs.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from app.runs.recipe import RunSettings
from app.runs.training_set import TrainingSet
from app.store.files import FolderFiles
from tests.support.drawn_rooms import strokes_of


def test_the_quick_preset_learns_95_percent_of_the_test_images(data: TrainingSet, mnist: Dataset) -> None:
    descent = trainer.start(RunSettings.model_validate({"preset": "quick"}))

    reports = list(trainer.train(descent, data))

    assert trainer.accuracy_on_test(descent.network, mnist) >= 0.95
    ended = [report.ended for report in reports if report.ended]
    assert [epoch.epoch for epoch in ended] == [1, 2, 3, 4]
    assert ended[-1].accuracy == trainer.accuracy(descent.network, data.held_out_inputs, data.held_out_labels)
    assert ended[-1].images_per_second > 0


def test_the_article_preset_learns_by_plain_gradient_descent(data: TrainingSet, mnist: Dataset) -> None:
    descent = trainer.start(RunSettings.model_validate({"preset": "article", "epochs": 3}))

    list(trainer.train(descent, data))

    assert trainer.accuracy_on_test(descent.network, mnist) >= 0.88


def test_an_epoch_tells_its_cost_at_least_ten_times(few: TrainingSet) -> None:
    descent = trainer.start(RunSettings(batch_size=10, epochs=2))

    reports = list(trainer.train(descent, few))

    assert len([report for report in reports if report.epoch == 1]) >= 10
    assert [report.step for report in reports if report.ended] == [60, 120]


def test_full_batch_tells_every_step(few: TrainingSet) -> None:
    reports = list(trainer.train(trainer.start(RunSettings(batch_size=None, epochs=5)), few))

    assert [report.step for report in reports] == [1, 2, 3, 4, 5]
    assert all(report.ended for report in reports)


def test_the_pace_is_kept_by_waiting_between_reports(few: TrainingSet) -> None:
    waits: list[float] = []

    list(trainer.train(trainer.start(RunSettings(batch_size=10, epochs=2)), few, pace=8, wait=waits.append))

    # Nothing passes the time here, so each wait asks for all that is left of the epoch so far.
    assert max(waits) == pytest.approx(8, abs=1)
    assert len(waits) >= 20


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_run_left_and_gone_on_from_its_checkpoint_ends_the_same_bit_for_bit(
    few: TrainingSet, tmp_path: Path, optimizer: str
) -> None:
    recipe = RunSettings.model_validate({"optimizer": optimizer, "batch_size": 25, "epochs": 3, "decay": True})
    whole = trainer.start(recipe)
    whole_reports = list(trainer.train(whole, few))

    left = trainer.start(recipe)
    for report in trainer.train(left, few):
        if report.step == 31:
            break
    write_checkpoint(FolderFiles(tmp_path), left)
    gone_on = trainer.start(recipe)
    read_checkpoint(FolderFiles(tmp_path), gone_on)
    rest = list(trainer.train(gone_on, few))

    assert gone_on.network.parameters.tobytes() == whole.network.parameters.tobytes()
    assert [(report.step, report.cost) for report in rest] == [
        (report.step, report.cost) for report in whole_reports if report.step > 31
    ]


def test_an_augmented_run_left_and_gone_on_with_ends_the_same_bit_for_bit(few: TrainingSet) -> None:
    recipe = RunSettings.model_validate({"optimizer": "adam", "batch_size": 50, "epochs": 2, "learning_rate": 0.01})
    whole = trainer.start(recipe)
    list(trainer.train(whole, few, augmentation="mild"))

    left = trainer.start(recipe)
    for report in trainer.train(left, few, augmentation="mild"):
        if report.step == 15:
            break
    list(trainer.train(left, few, augmentation="mild"))
    plain = trainer.start(recipe)
    list(trainer.train(plain, few))

    assert left.network.parameters.tobytes() == whole.network.parameters.tobytes()
    assert left.network.parameters.tobytes() != plain.network.parameters.tobytes()


def test_a_teachers_answers_are_learned_in_place_of_the_labels(few: TrainingSet) -> None:
    misled = few._replace(labels=(few.labels + 1) % 10)
    teacher = trainer.start(RunSettings(hidden=[20], epochs=20))
    list(trainer.train(teacher, few))
    recipe = RunSettings.model_validate({"optimizer": "adam", "learning_rate": 0.01, "epochs": 20})

    for augmentation in ("none", "mild"):
        descent = trainer.start(recipe)
        list(trainer.train(descent, misled._replace(teacher=teacher.network), augmentation=augmentation))

        answers = teacher.network.feedforward(few.inputs).argmax(axis=1)
        assert trainer.accuracy(descent.network, few.inputs, answers) > 0.9


def test_a_finished_network_is_as_sure_as_its_recipe_says(few: TrainingSet, mnist: Dataset) -> None:
    descent = trainer.start(RunSettings())

    finished = trainer.finish(descent, RunSettings(temperature=0.5), few, mnist, 0).network

    outputs, sharper = (network.feedforward(few.inputs) for network in (descent.network, finished))
    np.testing.assert_array_equal(outputs.argmax(axis=1), sharper.argmax(axis=1))
    assert sharper.max(axis=1).mean() > outputs.max(axis=1).mean()


def test_a_checkpoint_of_another_network_is_refused_by_name(tmp_path: Path) -> None:
    write_checkpoint(FolderFiles(tmp_path), trainer.start(RunSettings(hidden=[8])))

    with pytest.raises(CheckpointError, match=r"checkpoint.safetensors can't be read"):
        read_checkpoint(FolderFiles(tmp_path), trainer.start(RunSettings()))


def test_time_between_two_reports_is_not_counted(few: TrainingSet, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    def clock() -> float:
        now[0] += 1e-6  # whatever is done takes some time
        return now[0]

    monkeypatch.setattr("app.runs.trainer.time.perf_counter", clock)
    reports = trainer.train(trainer.start(RunSettings(epochs=3, batch_size=60)), few, pace=10.0, wait=wait)
    ended = []
    for number, report in enumerate(reports):
        if number == 4:
            now[0] += 1000.0  # a pause, for instance
        if report.ended:
            ended.append(report.ended.seconds)

    assert ended == pytest.approx([10.0] * 3, abs=0.01)
    assert sum(waits) == pytest.approx(30.0, abs=0.01)


def test_another_set_is_measured_after_each_epoch(few: TrainingSet) -> None:
    measured = (few.inputs[:7], np.asarray(few.labels[:7], np.uint8))
    descent = trainer.start(RunSettings(epochs=2))

    ended = [report.ended for report in trainer.train(descent, few._replace(measured=measured)) if report.ended]

    assert [round(epoch.measured_accuracy * 7, 6) % 1 for epoch in ended if epoch.measured_accuracy] == [0, 0]
    assert ended[-1].measured_accuracy == trainer.accuracy(descent.network, *measured)
    without = next(report.ended for report in trainer.train(trainer.start(RunSettings(epochs=1)), few) if report.ended)
    assert without.measured_accuracy is None


def test_the_file_of_a_network_does_not_name_the_room_that_it_learned_from(few: TrainingSet) -> None:
    drawings = [LabelledDrawing(writer, 7, strokes_of(7)[0]) for writer in (1, 2)]
    recipe = RunSettings(dataset="room-ABC234", also="room-ABC234")

    metadata = trainer.finish(trainer.start(recipe), recipe, few, dataset_of("room-ABC234", drawings), 1.0).metadata

    assert "ABC234" not in str(metadata)
    assert (metadata["dataset"], json.loads(metadata["settings"])["also"]) == ("room", "room")
