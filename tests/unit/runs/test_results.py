from __future__ import annotations

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from app.data import mnist
from app.network import Descent, Network
from app.network.calibration import expected_calibration_error
from app.runs.recipe import RunSettings
from app.runs.repeat import in_force, settings_to_repeat
from app.runs.results import WORST, images_taken, results_of
from app.served.answers import answers
from app.store.records import Event, Run

RUN = Run(
    id=3,
    status="stopped",
    reason=None,
    settings={},
    steps=900,
    step=431,
    epoch=1,
    cost=None,
    accuracy=None,
    test_accuracy=None,
    created_at="",
    started_at=None,
    ended_at=None,
)


def test_the_results_of_a_network_add_up(test_images: mnist.Images) -> None:
    network = Network.random(np.random.default_rng(1))
    images, labels = test_images.images[:1_500], test_images.labels[:1_500]
    found = answers(network, images, labels)

    results = results_of(found, images, "0123456789")

    assert results.images == 1_500
    assert results.accuracy == pytest.approx(1 - results.wrong / 1_500)
    assert sum(chain.from_iterable(results.confusion)) == 1_500
    assert sum(one.images for one in results.calibration.bins) == 1_500
    assert results.calibration.error == expected_calibration_error(found.probabilities, labels)
    assert len(results.mistakes) == WORST
    assert results.mistakes[0].confidence == found.confidences[~found.right].max()


def test_a_class_without_images_has_no_accuracy_and_fewer_classes_than_outputs_are_told_as_they_are(
    test_images: mnist.Images,
) -> None:
    few = test_images.labels < 3
    images = test_images.images[few]
    results = results_of(answers(Network(), images, test_images.labels[few]), images, ("cat", "dog", "bird"))

    assert results.classes == ["cat", "dog", "bird"]
    assert results.by_class == [1.0, 0.0, 0.0, *[None] * 7]
    assert [sum(row) > 0 for row in results.confusion] == [True] * 3 + [False] * 7


def test_the_images_behind_a_cell_are_counted_and_the_first_of_them_given(test_images: mnist.Images) -> None:
    found = answers(Network(), test_images.images[:200], test_images.labels[:200])

    count, images = images_taken(found, test_images.images, 4, 0, 3)

    fours = np.flatnonzero(test_images.labels[:200] == 4).tolist()
    assert count == len(fours)
    assert [image.number for image in images] == fours[:3]
    assert images_taken(found, test_images.images, 4, 9, 3) == (0, [])


def test_a_recipe_tells_the_rates_given_on_the_way_the_last_step_and_the_data() -> None:
    run = replace(RUN, settings={"preset": "quick", "rates": [[10, 0.5], [400, 0.1]]})
    events = [
        Event(1, "cost", {"step": 120, "epoch": 1, "cost": 2.0}),
        Event(2, "rate", {"step": 120, "learning_rate": 0.25}),
        Event(3, "rate", {"step": 120, "learning_rate": 0.2}),
    ]

    settings = settings_to_repeat(run, events, "a" * 64)

    assert "preset" not in settings
    assert settings["optimizer"] == "adam"
    assert settings["rates"] == [(10, 0.5), (120, 0.2)]
    assert (settings["last_step"], settings["data_sha256"]) == (431, "a" * 64)
    assert RunSettings.model_validate(settings).epochs == 4


@pytest.mark.parametrize(
    ("status", "step", "last_step"),
    [("finished", 900, None), ("failed", 431, None), ("diverged", 0, None), ("diverged", 9, 9)],
)
def test_only_what_ended_early_stops_early_again(status: str, step: int, last_step: int | None) -> None:
    run = replace(RUN, status=status, step=step)  # type: ignore[arg-type]

    assert settings_to_repeat(run, [], None)["last_step"] == last_step


def test_rates_that_never_count_are_left_out_and_what_is_left_is_in_force_as_before() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        rates = [(int(step), float(n)) for n, step in enumerate(rng.integers(0, 20, 8), start=1)]
        whole, kept = (Descent(Network((2, 2)), rates=list(some)) for some in (rates, in_force(rates)))
        for step in range(25):
            whole.step = kept.step = step
            assert whole.rate == kept.rate
        assert [step for step, _ in kept.rates] == sorted({step for step, _ in kept.rates})
