from __future__ import annotations

import numpy as np
import pytest

from app.data import mnist
from app.data.collection import LabelledDrawing, dataset_of, image_of
from app.data.dataset import Dataset
from app.data.pens import Pens
from app.images.augment import Augmentation
from app.images.normalise import normalise
from app.network import Network
from app.runs import training_set as module
from app.runs.training_set import DRAWN, AugmentedEpochs, RecipeSets, TrainingSet, read_sets, with_pens, with_styles
from tests.conftest import MNIST
from tests.support.drawn_rooms import strokes_of

HOW = Augmentation(turn=0.1, elastic=0.5, thickness=0.5)


@pytest.fixture
def teacher() -> Network:
    return Network.random(np.random.default_rng(0), (784, 20, 10), "relu")


def test_the_last_10000_training_images_are_held_out_and_all_are_normalised(data: TrainingSet) -> None:
    images, labels = mnist.read_training(MNIST)

    assert len(data.inputs) == len(data.pictures) == len(data.labels) == 50_000
    np.testing.assert_array_equal(data.pictures[-1], images[49_999].ravel())
    np.testing.assert_array_equal(data.held_out_labels, labels[50_000:])
    np.testing.assert_allclose(data.inputs[:100], normalise(images[:100]), atol=1e-5)
    np.testing.assert_allclose(data.held_out_inputs[:100], normalise(images[50_000:50_100]), atol=1e-5)


def _drawn(*labels: int, held_out: int = 9) -> Dataset:
    """A collection with a drawing of each of these digits to learn from, and one that is held out."""
    drawings = [LabelledDrawing(1, label, strokes_of(label)[0]) for label in labels]
    return dataset_of("room-A", [*drawings, LabelledDrawing(2, held_out, strokes_of(held_out)[0])])


def test_added_images_are_learned_from_and_those_held_out_are_still_those_of_the_data_set() -> None:
    more = read_sets(RecipeSets(_drawn(1, 2), also=_drawn(3, 4, 5, held_out=8)))

    assert more.labels.tolist() == [1, 2, 3, 4, 5]
    assert more.held_out_labels.tolist() == [9]
    np.testing.assert_array_equal(more.pictures[4], image_of(strokes_of(5)[0]).ravel())
    np.testing.assert_allclose(more.inputs, normalise(more.pictures), atol=1e-5)


@pytest.mark.parametrize("is_first", [True, False])
def test_the_smaller_of_two_sets_is_repeated_until_it_is_a_tenth(is_first: bool) -> None:
    few, many = _drawn(1), _drawn(*[0] * 28)
    sets = RecipeSets(few, many) if is_first else RecipeSets(many, few)

    more = read_sets(sets)

    assert sorted(more.labels.tolist()) == [0] * 28 + [1] * 4
    assert len(more.pictures) == len(more.inputs) == sets.training == 32
    assert (RecipeSets(few).training, RecipeSets(few, _drawn(*[0] * 9)).training) == (1, 10)


def test_the_held_out_images_of_another_set_are_measured_on() -> None:
    data = read_sets(RecipeSets(_drawn(1, 2), measured_on=_drawn(3, held_out=8)))

    assert data.measured
    inputs, labels = data.measured
    assert (data.labels.tolist(), labels.tolist()) == ([1, 2], [8])
    np.testing.assert_allclose(inputs, normalise(image_of(strokes_of(8)[0])[np.newaxis]), atol=1e-5)
    assert read_sets(RecipeSets(_drawn(1, 2))).measured is None


def test_one_picture_alone_can_be_distorted() -> None:
    view = AugmentedEpochs(read_sets(RecipeSets(_drawn(1))), HOW, 0)

    inputs, labels = view(1)

    assert (len(inputs), labels.tolist()) == (1, [1])


def test_pens_are_learned_from_with_drawings_of_no_digit_that_could_be_any(
    few: TrainingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NONDIGITS", 8)
    upright = [[np.array([[0.0, 0.0], [100.0, 1000.0]])]] * 5
    drawn_from = Pens(upright, np.ones(5, np.uint8), np.full(5, "a/0"))

    more = with_pens(few, drawn_from, 0)

    assert more.inputs.shape == more.pictures.shape == (600 + 5 * DRAWN + 8, 784)
    assert more.labels.shape == (len(more.inputs), 10)
    np.testing.assert_allclose(more.inputs, normalise(more.pictures), atol=1e-5)
    np.testing.assert_array_equal(more.labels[600 : 600 + 5 * DRAWN].argmax(axis=1), 1)
    np.testing.assert_allclose(more.labels[-8:], 0.1)
    assert more.held_out_inputs is few.held_out_inputs


def test_letters_are_drawn_as_often_as_digits_and_could_be_any_digit(
    few: TrainingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NONDIGITS", 8)
    line = Pens([[np.array([[0.0, 0.0], [100.0, 1000.0]])]], np.ones(1, np.uint8), np.full(1, "a/0"))

    more = with_pens(few, line, 0, letters=[line, line])

    assert len(more.inputs) == 600 + DRAWN + 8 + 2 * DRAWN
    np.testing.assert_allclose(more.labels[-8 - 2 * DRAWN :], 0.1)


def test_drawings_in_styles_are_added_with_their_labels_always_the_same_for_one_seed(few: TrainingSet) -> None:
    one, other = (with_styles(few, 40, seed) for seed in (0, 1))

    assert one.inputs.shape == one.pictures.shape == (640, 784)
    assert set(one.labels[600:].tolist()) == set(range(10))
    np.testing.assert_array_equal(one.labels[:600], few.labels)
    np.testing.assert_array_equal(with_styles(few, 40, 0).pictures, one.pictures)
    assert (other.pictures[600:] != one.pictures[600:]).any()
    assert with_styles(few, 0, 0) is few


def test_a_teachers_answers_take_the_place_of_the_labels(few: TrainingSet, teacher: Network) -> None:
    np.testing.assert_array_equal(few._replace(teacher=teacher).targets, teacher.feedforward(few.inputs))
    assert few.targets is few.labels


def test_a_view_is_distorted_and_normalised_with_the_labels_as_they_are(few: TrainingSet) -> None:
    inputs, labels = AugmentedEpochs(few, HOW, 0)(0)

    assert 0.005 < np.abs(inputs - few.inputs).mean() < 0.1
    np.testing.assert_allclose(inputs.max(axis=1), 1, atol=0.35)
    np.testing.assert_array_equal(labels, few.labels)


def test_a_view_brings_the_teachers_answer_to_what_is_seen(few: TrainingSet, teacher: Network) -> None:
    taught = few._replace(teacher=teacher)

    inputs, labels = AugmentedEpochs(taught, HOW, 0)(3)

    np.testing.assert_allclose(labels, taught._replace(inputs=inputs).targets, rtol=1e-5)


def test_every_epoch_is_seen_otherwise_and_each_picture_anew_within_two(few: TrainingSet) -> None:
    views = AugmentedEpochs(few, HOW, 0)
    first, second, third = (views(epoch)[0].copy() for epoch in range(3))

    def same(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.asarray((one == other).all(axis=1))

    assert 0 < same(first, second).mean() < 1
    assert 0 < same(second, third).mean() < 1
    assert not same(first, third).any()


def test_a_view_follows_from_the_seed_and_the_epoch_alone(few: TrainingSet) -> None:
    seen = AugmentedEpochs(few, HOW, 0)
    for epoch in range(6):
        wanted = seen(epoch)[0]

    np.testing.assert_array_equal(AugmentedEpochs(few, HOW, 0)(5)[0], wanted)
    assert (AugmentedEpochs(few, HOW, 1)(5)[0] != wanted).any()
