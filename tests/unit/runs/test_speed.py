from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from app.runs.speed import Speed, Work, expected_seconds, measure

SPEED = Speed(
    start=1.0,
    image_read=1e-5,
    step=5e-5,
    parameter_sgd=1e-9,
    parameter_momentum=2e-9,
    parameter_adam=3e-9,
    image=1e-6,
    image_parameter=1e-10,
    image_augmented=3e-5,
)
WORK = Work(parameters=13_002, epochs=10)


def test_each_part_takes_its_time() -> None:
    # An epoch: 1,563 steps, and 50,000 images, 10,000 for the norm, and half of 10,000 that are held out.
    epoch = 1563 * (5e-5 + 1e-9 * 13_002) + 65_000 * (1e-6 + 1e-10 * 13_002)
    assert expected_seconds(SPEED, WORK) == pytest.approx(1.0 + 70_000 * 1e-5 + 10 * epoch)


def test_a_slow_pace_is_what_an_epoch_takes_and_a_fast_one_changes_nothing() -> None:
    assert expected_seconds(SPEED, replace(WORK, pace=3.0)) == pytest.approx(1.7 + 10 * 3.0)
    assert expected_seconds(SPEED, replace(WORK, pace=1e-3)) == expected_seconds(SPEED, WORK)


@pytest.mark.parametrize(
    "more",
    [
        {"epochs": 11},
        {"parameters": 13_003},
        {"batch_size": 31},
        {"pace": 5.0},
        {"optimizer": "momentum"},
        {"optimizer": "adam"},
        {"is_augmented": True},
        {"teacher_parameters": 1},
        {"is_augmented": True, "teacher_parameters": 500_000},
        {"training": 60_000},
        {"held_out": 10_001},
        {"test": 10_001},
    ],
)
def test_more_work_takes_longer(more: dict[str, object]) -> None:
    assert expected_seconds(SPEED, replace(WORK, **more)) > expected_seconds(SPEED, WORK)  # type: ignore[arg-type]


def test_full_batch_takes_one_step_an_epoch_however_it_is_said() -> None:
    full = expected_seconds(SPEED, replace(WORK, batch_size=None))

    assert full == expected_seconds(SPEED, replace(WORK, batch_size=50_000))
    assert full == expected_seconds(SPEED, replace(WORK, batch_size=60_000))
    assert full < expected_seconds(SPEED, WORK)


@pytest.mark.slow
def test_a_measured_speed_is_of_parts_that_take_no_less_than_no_time() -> None:
    speed = measure()

    assert min(asdict(speed).values()) >= 0
    assert speed.image_augmented > 0
    # Whatever one of the differences is lost in, a run takes some time.
    assert expected_seconds(speed, WORK) > speed.start
