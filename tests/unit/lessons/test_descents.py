from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from app.lessons import descents as module
from app.lessons.descents import MAX_STEPS, Course, Descents, Stretch
from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.descent import Descent
from app.network.network import Network, one_hot

_RNG = np.random.default_rng(5)
_PIXELS = _RNG.integers(0, 256, (100, 12), np.uint8)
_INPUTS = (_PIXELS / 255).astype(np.float32)
_LABELS = _INPUTS[:, :3].argmax(axis=1).astype(np.uint8)
IMAGES = Set(_PIXELS, _INPUTS, _LABELS, one_hot(_LABELS, 3))
COURSE = Course((12, 6, 3), "leaky-relu", "cross-entropy", seed=4, learning_rate=0.1, batch_size=10)
WHOLE = COURSE._replace(batch_size=None)
# With it every step overshoots further than the one before.
TOO_LARGE = COURSE._replace(learning_rate=1000.0)


@pytest.fixture(autouse=True)
def _enough_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here no machine is too busy for a stretch; the tests that are about the time set their own."""
    monkeypatch.setattr(module, "_TIME", 60.0)


def straight(course: Course, steps: int) -> tuple[list[float], list[Floats]]:
    """The cost of each step, and the parameters before the first and after each, of a descent that nobody watches."""
    rng = np.random.default_rng(course.seed)
    network = Network.random(rng, course.sizes, course.activation, course.cost)
    descent = Descent(network, course.learning_rate, course.batch_size, epochs=steps, seed=course.seed, norm_images=0)
    costs, parameters = [], [network.parameters.copy()]
    with np.errstate(all="ignore"):
        for progress, _ in zip(descent.run(IMAGES.inputs, IMAGES.labels), range(steps), strict=False):
            costs.append(progress.cost)
            parameters.append(network.parameters.copy())
    return costs, parameters


def watched(descents: Descents, course: Course, steps: int, length: int) -> Iterator[Stretch]:
    for since, until in pairwise([*range(0, steps, length), steps]):
        yield descents.stretch(course, since, until, IMAGES)


@pytest.mark.parametrize("course", [COURSE, WHOLE, COURSE._replace(batch_size=7)])
@pytest.mark.parametrize("length", [1, 7, 300])
def test_a_watched_descent_is_the_one_run_straight_whatever_stretches_are_asked_for(
    course: Course, length: int
) -> None:
    costs, parameters = straight(course, 300)
    told: list[float] = []
    for stretch in watched(Descents(), course, 300, length):
        told += stretch.costs
        assert (stretch.network.parameters == parameters[stretch.step]).all()
        assert not stretch.diverged
    assert told == costs


def test_whoever_is_behind_or_goes_back_gets_the_very_network_of_that_step() -> None:
    descents = Descents()
    costs, parameters = straight(COURSE, 700)
    descents.stretch(COURSE, 0, 700, IMAGES)

    for step in (0, 1, 19, 128, 129, 333, 511, 699, 700):
        stretch = descents.stretch(COURSE, step // 2, step, IMAGES)
        assert (stretch.step, stretch.costs) == (step, costs[step // 2 : step])
        assert (stretch.network.parameters == parameters[step]).all()


def test_what_is_done_to_the_network_of_an_answer_is_not_done_to_the_descent() -> None:
    descents = Descents()
    descents.stretch(COURSE, 0, 10, IMAGES).network.parameters[:] = 0
    descents.stretch(COURSE, 0, 5, IMAGES).network.parameters[:] = 0

    assert (descents.stretch(COURSE, 10, 20, IMAGES).network.parameters == straight(COURSE, 20)[1][20]).all()


def test_other_settings_are_another_descent_and_forgotten_ones_are_made_again() -> None:
    descents = Descents()
    first = descents.stretch(COURSE, 0, 20, IMAGES)
    others = [COURSE._replace(seed=seed) for seed in range(100, 120)]
    ends = [descents.stretch(other, 0, 20, IMAGES).network.parameters for other in others]

    assert not any((one == another).all() for one, another in pairwise([first.network.parameters, *ends]))
    assert (descents.stretch(COURSE, 0, 20, IMAGES).network.parameters == first.network.parameters).all()


def test_a_descent_that_diverges_ends_with_its_last_good_network() -> None:
    descents = Descents()
    costs, parameters = straight(TOO_LARGE, 50)
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


def test_an_answer_ends_when_its_time_does_and_the_next_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    descents, clock = Descents(), iter(range(10_000))
    monkeypatch.setattr("app.lessons.descents.time.monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(module, "_TIME", 12.0)
    costs, parameters = straight(COURSE, 40)

    told: list[float] = []
    while len(told) < 40:
        stretch = descents.stretch(COURSE, len(told), 40, IMAGES)
        assert 0 < len(stretch.costs) < 10
        told += stretch.costs
        assert (stretch.network.parameters == parameters[len(told)]).all()
    assert told == costs


def test_who_is_ahead_of_a_forgotten_descent_is_told_how_far_it_is_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TIME", 0.0)
    stretch = Descents().stretch(COURSE, 30, 31, IMAGES)

    assert (stretch.step, stretch.costs, stretch.diverged) == (0, [], False)


def test_the_computing_time_grows_with_the_steps_and_stays_what_it_was() -> None:
    descents = Descents()
    seconds = [stretch.seconds for stretch in watched(descents, COURSE, 60, 10)]

    assert seconds[0] > 0
    assert seconds == sorted(seconds)
    assert descents.stretch(COURSE, 0, 10, IMAGES).seconds == seconds[0]
    assert descents.stretch(COURSE, 0, 0, IMAGES).seconds == 0


@pytest.mark.parametrize("course", [COURSE, WHOLE])
def test_a_descent_may_go_as_far_as_the_most_steps(course: Course) -> None:
    stretch = Descents().stretch(course, 0, MAX_STEPS, IMAGES)

    assert (stretch.step, len(stretch.costs), stretch.diverged) == (MAX_STEPS, MAX_STEPS, False)


def test_a_path_has_the_parameters_of_every_so_many_steps_and_ends_before_it_diverges() -> None:
    descents, parameters = Descents(), straight(COURSE, 40)[1]

    assert (descents.path(COURSE, 40, 10, IMAGES) == np.array(parameters[::10])).all()
    assert len(descents.path(TOO_LARGE, 40, 10, IMAGES)) < 5


def test_a_path_asked_for_again_is_not_walked_again_and_the_oldest_are_forgotten() -> None:
    descents = Descents()
    first = descents.path(COURSE, 40, 10, IMAGES)

    assert descents.path(COURSE, 40, 10, IMAGES) is first
    for seed in range(20):
        descents.path(COURSE._replace(seed=100 + seed), 4, 2, IMAGES)
    again = descents.path(COURSE, 40, 10, IMAGES)
    assert again is not first
    assert (again == first).all()
