from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from app.lessons import descents as module
from app.lessons.descents import MAX_STEPS, Descents, DescentSettings, Stretch
from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.descent import Descent
from app.network.fast import with_ones
from app.network.network import Network, one_hot

_RNG = np.random.default_rng(5)
_PIXELS = _RNG.integers(0, 256, (100, 12), np.uint8)
_INPUTS = (_PIXELS / 255).astype(np.float32)
_LABELS = _INPUTS[:, :3].argmax(axis=1).astype(np.uint8)
IMAGES = Set(_PIXELS, with_ones(_INPUTS), _LABELS, one_hot(_LABELS, 3))
SETTINGS = DescentSettings((12, 6, 3), "leaky-relu", "cross-entropy", seed=4, learning_rate=0.1, batch_size=10)
FULL_BATCH = SETTINGS._replace(batch_size=None)
# With it every step overshoots further than the one before.
TOO_LARGE = SETTINGS._replace(learning_rate=1000.0)


@pytest.fixture(autouse=True)
def _enough_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough time for any answer, however slow the machine. The tests about the time set their own."""
    monkeypatch.setattr(module, "_TIME", 60.0)


def uninterrupted(settings: DescentSettings, steps: int) -> tuple[list[float], list[Floats]]:
    """The cost of each step, and the parameters before the first and after each, of an uninterrupted descent."""
    rng = np.random.default_rng(settings.seed)
    network = Network.random(rng, settings.sizes, settings.activation, settings.cost)
    descent = Descent(
        network, settings.learning_rate, settings.batch_size, epochs=steps, seed=settings.seed, norm_images=0
    )
    costs, parameters = [], [network.parameters.copy()]
    with np.errstate(all="ignore"):
        for progress, _ in zip(descent.run(IMAGES.inputs, IMAGES.labels), range(steps), strict=False):
            costs.append(progress.cost)
            parameters.append(network.parameters.copy())
    return costs, parameters


def in_stretches(descents: Descents, settings: DescentSettings, steps: int, length: int) -> Iterator[Stretch]:
    for since, until in pairwise([*range(0, steps, length), steps]):
        yield descents.stretch(settings, since, until, IMAGES)


@pytest.mark.parametrize("batch_size", [1, 7, 10, 64, 99, 100, None])
@pytest.mark.parametrize("length", [1, 7, 300])
def test_any_stretches_give_the_same_descent_as_one_without_interruption(batch_size: int | None, length: int) -> None:
    settings = SETTINGS._replace(batch_size=batch_size)
    costs, parameters = uninterrupted(settings, 300)
    costs_given: list[float] = []
    for stretch in in_stretches(Descents(), settings, 300, length):
        costs_given += stretch.costs
        assert (stretch.network.parameters == parameters[stretch.step]).all()
        assert not stretch.diverged
    assert costs_given == costs


def test_a_client_that_is_behind_or_goes_back_gets_the_exact_network_of_that_step() -> None:
    descents = Descents()
    costs, parameters = uninterrupted(SETTINGS, 700)
    descents.stretch(SETTINGS, 0, 700, IMAGES)

    for step in (0, 1, 19, 128, 129, 333, 511, 699, 700):
        stretch = descents.stretch(SETTINGS, step // 2, step, IMAGES)
        assert (stretch.step, stretch.costs) == (step, costs[step // 2 : step])
        assert (stretch.network.parameters == parameters[step]).all()


def test_changing_the_network_of_an_answer_does_not_change_the_descent() -> None:
    descents = Descents()
    descents.stretch(SETTINGS, 0, 10, IMAGES).network.parameters[:] = 0
    descents.stretch(SETTINGS, 0, 5, IMAGES).network.parameters[:] = 0

    assert (descents.stretch(SETTINGS, 10, 20, IMAGES).network.parameters == uninterrupted(SETTINGS, 20)[1][20]).all()


def test_other_settings_give_another_descent_and_an_evicted_one_is_computed_again() -> None:
    descents = Descents()
    first = descents.stretch(SETTINGS, 0, 20, IMAGES)
    others = [SETTINGS._replace(seed=seed) for seed in range(100, 120)]
    ends = [descents.stretch(other, 0, 20, IMAGES).network.parameters for other in others]

    assert not any((one == another).all() for one, another in pairwise([first.network.parameters, *ends]))
    assert (descents.stretch(SETTINGS, 0, 20, IMAGES).network.parameters == first.network.parameters).all()


def test_a_descent_that_diverges_ends_with_its_last_good_network() -> None:
    descents = Descents()
    costs, parameters = uninterrupted(TOO_LARGE, 50)
    last = next(step for step in range(50) if not np.abs(parameters[step + 1]).max() < 1e6)
    stretch = descents.stretch(TOO_LARGE, 0, 50, IMAGES)

    assert 0 < last < 49
    assert (stretch.step, stretch.costs, stretch.diverged) == (last, costs[:last], True)
    assert (stretch.network.parameters == parameters[last]).all()
    gradient, outputs = stretch.network.backprop(IMAGES.inputs, IMAGES.wanted)
    assert np.isfinite([*gradient, *outputs.ravel(), np.linalg.norm(gradient)]).all()
    assert not descents.stretch(TOO_LARGE, 0, last, IMAGES).diverged
    again = descents.stretch(TOO_LARGE, last, MAX_STEPS, IMAGES)
    assert (again.step, again.costs, again.diverged) == (last, [], True)


def test_an_answer_ends_when_its_time_is_up_and_the_next_continues_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    descents, clock = Descents(), itertools.count()
    monkeypatch.setattr(time, "thread_time", lambda: float(next(clock)))
    monkeypatch.setattr(module, "_TIME", 12.0)
    costs, parameters = uninterrupted(SETTINGS, 40)

    costs_given: list[float] = []
    while len(costs_given) < 40:
        stretch = descents.stretch(SETTINGS, len(costs_given), 40, IMAGES)
        assert 0 < len(stretch.costs) < 20
        costs_given += stretch.costs
        assert (stretch.network.parameters == parameters[len(costs_given)]).all()
    assert costs_given == costs


def test_hundreds_of_clients_alternate_and_each_makes_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TIME", 0.0)
    descents = Descents()
    class_of_many = [SETTINGS._replace(seed=seed) for seed in range(300)]

    for step in range(3):
        for settings in class_of_many:
            stretch = descents.stretch(settings, step, 3, IMAGES)
            assert (stretch.step, len(stretch.costs)) == (step + 1, 1)


def test_an_evicted_descent_gets_there_again_by_several_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TIME", 0.0)
    descents = Descents()
    answers = [descents.stretch(SETTINGS, 3, 5, IMAGES) for _ in range(5)]

    assert [answer.step for answer in answers] == [1, 2, 3, 4, 5]
    costs = uninterrupted(SETTINGS, 5)[0]
    assert [answer.costs for answer in answers] == [[], [], [], costs[3:4], costs[3:5]]


def test_the_snapshots_stay_below_the_limit_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_BYTES", 10_000)
    descents = Descents()
    for seed in range(100):
        descents.stretch(SETTINGS._replace(seed=seed), 0, 20, IMAGES)

    kept = [snapshot for _, snapshot in descents._snapshots.items()]
    assert 5_000 < sum(snapshot.parameters.nbytes + snapshot.costs.nbytes for snapshot in kept) <= 10_000


def test_the_computing_time_grows_with_the_steps_and_is_kept() -> None:
    descents = Descents()
    seconds = [stretch.seconds for stretch in in_stretches(descents, SETTINGS, 60, 10)]

    assert seconds[0] > 0
    assert seconds == sorted(seconds)
    assert descents.stretch(SETTINGS, 0, 10, IMAGES).seconds == seconds[0]
    assert descents.stretch(SETTINGS, 0, 0, IMAGES).seconds == 0


@pytest.mark.parametrize("settings", [SETTINGS, FULL_BATCH])
def test_a_descent_reaches_the_maximum_number_of_steps(settings: DescentSettings) -> None:
    stretch = Descents().stretch(settings, 0, MAX_STEPS, IMAGES)

    assert (stretch.step, len(stretch.costs), stretch.diverged) == (MAX_STEPS, MAX_STEPS, False)


def test_a_path_has_the_parameters_at_even_intervals_and_ends_before_it_diverges() -> None:
    descents, parameters = Descents(), uninterrupted(SETTINGS, 40)[1]

    assert (descents.path(SETTINGS, 40, 10, IMAGES) == np.array(parameters[::10])).all()
    assert len(descents.path(TOO_LARGE, 40, 10, IMAGES)) < 5


def test_a_path_is_cached_until_newer_ones_replace_it() -> None:
    descents = Descents()
    first = descents.path(SETTINGS, 40, 10, IMAGES)

    assert descents.path(SETTINGS, 40, 10, IMAGES) is first
    for seed in range(20):
        descents.path(SETTINGS._replace(seed=100 + seed), 4, 2, IMAGES)
    again = descents.path(SETTINGS, 40, 10, IMAGES)
    assert again is not first
    assert (again == first).all()
