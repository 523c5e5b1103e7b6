from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from app.runs.recipe import RunSettings
from app.runs.speed import ImageCounts, Speed, expected_seconds, measure

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


def _seconds(images: ImageCounts | None = None, **settings: object) -> float:
    return expected_seconds(SPEED, RunSettings.model_validate({"epochs": 10, **settings}), images or ImageCounts())


def test_each_part_takes_its_time() -> None:
    # An epoch: 1,563 steps, and 50,000 images, 10,000 for the norm, and half of 10,000 that are held out.
    epoch = 1563 * (5e-5 + 1e-9 * 13_002) + 65_000 * (1e-6 + 1e-10 * 13_002)
    assert _seconds() == pytest.approx(1.0 + 70_000 * 1e-5 + 10 * epoch)


def test_a_slow_pace_is_what_an_epoch_takes_and_a_fast_one_changes_nothing() -> None:
    assert _seconds(pace=3.0) == pytest.approx(1.7 + 10 * 3.0)
    assert _seconds(pace=1e-3) == _seconds()


@pytest.mark.parametrize(
    "more",
    [
        {"epochs": 11},
        {"hidden": [16, 17]},
        {"batch_size": 31},
        {"pace": 5.0},
        {"optimizer": "momentum"},
        {"optimizer": "adam"},
        {"augmentation": "mild"},
        {"teacher": "wide"},
        {"augmentation": "strong", "teacher": "wide"},
        {"images": ImageCounts(training=60_000)},
        {"images": ImageCounts(held_out=10_001)},
        {"images": ImageCounts(test=10_001)},
    ],
)
def test_more_work_takes_longer(more: dict[str, Any]) -> None:
    assert _seconds(**more) > _seconds()


def test_full_batch_takes_one_step_an_epoch() -> None:
    assert _seconds(batch_size=None) == _seconds(batch_size=50_000) == _seconds(batch_size=60_000) < _seconds()


def test_a_run_that_stops_within_an_epoch_takes_that_share_of_it() -> None:
    start, half, whole = (_seconds(epochs=2, batch_size=50, last_step=step) for step in (1, 500, 1000))

    assert whole - half == pytest.approx((half - start) * 500 / 499)
    assert whole < _seconds(epochs=2, batch_size=50)


def test_a_measured_speed_is_of_parts_that_take_no_less_than_no_time() -> None:
    speed = measure()

    assert min(asdict(speed).values()) >= 0
    assert speed.image_augmented > 0
    # Whatever one of the differences is lost in, a run takes some time.
    assert expected_seconds(speed, RunSettings(), ImageCounts()) > speed.start
