from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from app.lessons.lines import Course, along_direction, along_parameter, cost_slice, walk
from app.lessons.networks import LessonError
from app.network import Network
from app.network.activation import Floats
from app.network.landscape import Parameter, index_of
from app.network.network import one_hot

WEIGHT = Parameter(2, 3, 1)


@pytest.fixture
def network() -> Network:
    return Network.random(np.random.default_rng(1), (6, 5, 4), dtype=np.float64)


@pytest.fixture
def drawings() -> tuple[Floats, Floats]:
    return np.random.default_rng(2).random((9, 6)), one_hot(np.arange(9) % 4, 4, np.float64)


@pytest.fixture
def course(network: Network, drawings: tuple[Floats, Floats]) -> Course:
    return along_parameter(network, WEIGHT, *drawings)


def test_a_slice_is_the_cost_of_the_whole_network_at_each_value(
    course: Course, network: Network, drawings: tuple[Floats, Floats]
) -> None:
    x, y = drawings
    for point in cost_slice(course, np.array([-2.0, 0.0, 1.5])):
        network.parameters[index_of(WEIGHT, network.sizes)] = point.value
        assert point.cost == pytest.approx(network.cost.mean(network.feedforward(x), y))


def test_a_walk_follows_the_rule_from_where_the_network_is(course: Course) -> None:
    points, diverged = walk(course, None, 0.5, steps=4)

    assert not diverged
    assert len(points) == 5
    assert points[0].value == course.here
    for point, following in pairwise(points):
        assert following.value == pytest.approx(point.value - 0.5 * point.slope)


def test_a_walk_ends_where_it_leaves_every_bound(course: Course) -> None:
    points, diverged = walk(course, 0.0, 1e9, steps=4)

    assert diverged
    assert len(points) < 5


def test_the_twin_at_1_has_the_cost_of_the_network_at_0(network: Network, drawings: tuple[Floats, Floats]) -> None:
    here, between, twin = cost_slice(along_direction(network, "twin", 1, *drawings), np.array([0.0, 0.5, 1.0]))

    assert twin.cost == pytest.approx(here.cost)
    assert between.cost != pytest.approx(here.cost)


def test_a_parameter_that_the_network_does_not_have_is_refused(
    network: Network, drawings: tuple[Floats, Floats]
) -> None:
    with pytest.raises(LessonError, match="layer is 1 to 2, not 7"):
        along_parameter(network, Parameter(7, 0, 0), *drawings)
