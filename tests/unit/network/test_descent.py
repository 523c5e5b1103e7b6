from __future__ import annotations

from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest

from app.network import Descent, Network
from app.network.activation import Floats
from app.network.descent import OPTIMIZERS, Labels
from app.network.network import one_hot

_RNG = np.random.default_rng(5)
IMAGES = _RNG.random((100, 12), dtype=np.float32)
LABELS = (IMAGES[:, :3].argmax(axis=1)).astype(np.uint8)


def _network(seed: int = 0) -> Network:
    return Network.random(np.random.default_rng(seed), (12, 6, 3), "sigmoid", "cross-entropy")


def test_a_step_is_the_learning_rate_times_the_gradient_subtracted() -> None:
    network = _network()
    before = network.parameters.copy()
    gradient, _ = network.backprop(IMAGES, one_hot(LABELS, 3))

    next(Descent(network, learning_rate=0.3, batch_size=None).run(IMAGES, LABELS))

    np.testing.assert_allclose(network.parameters, before - np.float32(0.3) * gradient, rtol=1e-6)


def test_full_batch_descent_lowers_the_cost_at_every_step() -> None:
    descent = Descent(_network(), learning_rate=0.5, batch_size=None, epochs=50)

    costs = [progress.cost for progress in descent.run(IMAGES, LABELS)]

    assert len(costs) == 50
    assert all(later < earlier for earlier, later in pairwise(costs))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [7, 100, None])
def test_every_optimizer_learns_with_every_batch_size(optimizer: str, batch_size: int | None) -> None:
    network = _network()
    before = network.cost.mean(network.feedforward(IMAGES), one_hot(LABELS, 3))

    list(Descent(network, 0.1, batch_size, 100, optimizer=optimizer).run(IMAGES, LABELS))

    assert network.cost.mean(network.feedforward(IMAGES), one_hot(LABELS, 3)) < 0.95 * before


def test_every_epoch_sees_every_image_in_as_many_steps_as_batches_of_that_size_take() -> None:
    progress = list(Descent(_network(), batch_size=32, epochs=3).run(IMAGES, LABELS))

    assert [here.step for here in progress] == list(range(1, 13))
    assert [here.epoch for here in progress] == [1] * 4 + [2] * 4 + [3] * 4
    assert [here.step for here in progress if here.gradient_norm is not None] == [4, 8, 12]


def test_the_batches_of_an_epoch_have_equal_sizes() -> None:
    network = _network()
    progress = list(Descent(network, learning_rate=0.0, batch_size=30, epochs=1).run(IMAGES, LABELS))

    # Of 30, 30, 30 and 10 images, the mean of the batches' costs would not be the mean over all images.
    mean = network.cost.mean(network.feedforward(IMAGES), one_hot(LABELS, 3))
    assert len(progress) == 4
    assert sum(here.cost for here in progress) / 4 == pytest.approx(mean, rel=1e-5)


def test_reports_can_be_fewer_but_always_include_the_end_of_an_epoch() -> None:
    progress = list(Descent(_network(), batch_size=3, epochs=2).run(IMAGES, LABELS, reports_per_epoch=10))

    assert 20 <= len(progress) <= 24
    assert [here.step for here in progress if here.gradient_norm is not None] == [34, 68]


@pytest.mark.parametrize("norm_images", [40, 10_000])
def test_with_mini_batches_the_gradient_norm_is_over_the_first_images(norm_images: int) -> None:
    network = _network()
    last = list(Descent(network, batch_size=32, epochs=1, norm_images=norm_images).run(IMAGES, LABELS))[-1]

    gradient, _ = network.backprop(IMAGES[:norm_images], one_hot(LABELS[:norm_images], 3))

    assert last.gradient_norm == pytest.approx(float(np.linalg.norm(gradient)), rel=1e-4)


@pytest.mark.parametrize("norm_images", [40, 10_000])
def test_with_full_batches_it_is_that_of_the_step_over_all_images(norm_images: int) -> None:
    gradient, _ = _network().backprop(IMAGES, one_hot(LABELS, 3))

    only = next(Descent(_network(), batch_size=None, norm_images=norm_images).run(IMAGES, LABELS))

    assert only.gradient_norm == pytest.approx(float(np.linalg.norm(gradient)), rel=1e-5)


def test_no_norm_is_asked_for_with_no_images() -> None:
    progress = list(Descent(_network(), batch_size=32, epochs=2, norm_images=0).run(IMAGES, LABELS))

    assert [here.gradient_norm for here in progress] == [None] * 8


@pytest.mark.parametrize("batch_size", [25, None])
def test_it_stops_when_the_gradient_is_smaller_than_the_tolerance(batch_size: int | None) -> None:
    descent = Descent(_network(), 1.0, batch_size, epochs=5000, tolerance=0.05)

    progress = list(descent.run(IMAGES, LABELS))

    norms = [here.gradient_norm for here in progress if here.gradient_norm is not None]
    assert norms[-1] < 0.05 <= min(norms[:-1])
    assert progress[-1].epoch < 5000


def test_the_same_seed_takes_the_same_steps_and_another_seed_others() -> None:
    def parameters(seed: int) -> bytes:
        network = _network()
        list(Descent(network, batch_size=9, epochs=2, seed=seed).run(IMAGES, LABELS))
        return network.parameters.tobytes()

    assert parameters(1) == parameters(1) != parameters(2)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("left_after", [1, 4, 5, 11])
def test_left_at_any_step_and_gone_on_with_it_ends_at_the_same_parameters_bit_for_bit(
    optimizer: str, left_after: int
) -> None:
    whole = Descent(_network(), 0.1, 32, 3, optimizer=optimizer, decay=True)
    list(whole.run(IMAGES, LABELS))

    left = Descent(_network(), 0.1, 32, 3, optimizer=optimizer, decay=True)
    list(islice(left.run(IMAGES, LABELS), left_after))
    gone_on = replace(left, moments=left.moments.copy())
    rest = list(gone_on.run(IMAGES, LABELS))

    assert [here.step for here in rest] == list(range(left_after + 1, 13))
    assert gone_on.network.parameters.tobytes() == whole.network.parameters.tobytes()


def test_a_decaying_learning_rate_takes_its_last_step_close_to_zero() -> None:
    network = _network()
    moved = []
    before = network.parameters.copy()
    for _ in Descent(network, 0.5, None, 20, decay=True).run(IMAGES, LABELS):
        moved.append(float(np.linalg.norm(network.parameters - before)))
        before = network.parameters.copy()

    assert moved[-1] < moved[0] / 20


def test_an_unknown_optimizer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="sgd, momentum, adam"):
        Descent(_network(), optimizer="newton")


def test_soft_labels_that_are_one_hot_take_the_steps_of_the_labels() -> None:
    hard, soft = _network(), _network()

    list(Descent(hard, 0.1, 32, 2).run(IMAGES, LABELS))
    list(Descent(soft, 0.1, 32, 2).run(IMAGES, one_hot(LABELS, 3)))

    assert hard.parameters.tobytes() == soft.parameters.tobytes()


def test_soft_labels_are_what_the_outputs_come_to() -> None:
    network = _network()
    wanted = np.tile(np.array([[0.5, 0.3, 0.2]], IMAGES.dtype), (len(IMAGES), 1))

    list(Descent(network, 0.5, None, 300).run(IMAGES, wanted))

    np.testing.assert_allclose(network.feedforward(IMAGES), wanted, atol=0.1)


def _brighter(epoch: int) -> tuple[Floats, Labels]:
    return IMAGES * np.float32(1 + epoch), (LABELS + epoch) % 3


def test_a_view_shows_other_images_and_labels_each_epoch() -> None:
    by_view, by_hand = _network(), _network()

    list(Descent(by_view, 0.1, None, 2).run(IMAGES, LABELS, view=_brighter))
    for epoch in range(2):
        list(Descent(by_hand, 0.1, None, epoch + 1, step=epoch).run(*_brighter(epoch)))

    assert by_view.parameters.tobytes() == by_hand.parameters.tobytes()


def test_left_in_the_middle_of_a_view_it_goes_on_with_the_same_one() -> None:
    whole = Descent(_network(), 0.1, 32, 3, optimizer="adam", weight_decay=0.1)
    list(whole.run(IMAGES, LABELS, view=_brighter))

    left = Descent(_network(), 0.1, 32, 3, optimizer="adam", weight_decay=0.1)
    list(islice(left.run(IMAGES, LABELS, view=_brighter), 6))
    list(left.run(IMAGES, LABELS, view=_brighter))

    assert left.network.parameters.tobytes() == whole.network.parameters.tobytes()


def test_weight_decay_keeps_the_parameters_smaller() -> None:
    free, held = _network(), _network()

    list(Descent(free, 0.1, 32, 20).run(IMAGES, LABELS))
    list(Descent(held, 0.1, 32, 20, weight_decay=0.5).run(IMAGES, LABELS))

    assert np.linalg.norm(held.parameters) < np.linalg.norm(free.parameters)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_centred_it_takes_the_steps_of_a_network_that_sees_images_without_their_mean(optimizer: str) -> None:
    mean = IMAGES.mean(axis=0)
    centred, plain = _network(), _network()
    # The same function of x - mean: w (x - mean) + (b + w mean).
    weights, biases = plain.layers[0]
    biases += weights @ mean

    list(Descent(centred, 0.05, 32, 5, optimizer=optimizer, centred=True).run(IMAGES, LABELS))
    list(Descent(plain, 0.05, 32, 5, optimizer=optimizer).run(IMAGES - mean, LABELS))

    np.testing.assert_allclose(centred.feedforward(IMAGES), plain.feedforward(IMAGES - mean), rtol=1e-3)
    assert np.abs(centred.feedforward(IMAGES) - _network().feedforward(IMAGES)).max() > 0.01
