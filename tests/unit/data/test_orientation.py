"""Data sets whose images lie on their side, or are inverted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.data.dataset import Dataset
from app.data.datasets import Datasets
from app.data.mnist import DataError, Images
from tests.conftest import MNIST
from tests.support.idx_files import write_images, write_set


@pytest.fixture(scope="module")
def digits(test_images: Images) -> Images:
    return Images(test_images.images[:300], test_images.labels[:300])


def transposed(found: Images) -> Images:
    return found._replace(images=np.ascontiguousarray(found.images.transpose(0, 2, 1)))


def inverted(found: Images) -> Images:
    return found._replace(images=255 - found.images)


def in_order(found: Images) -> Images:
    order = np.argsort(found.labels, kind="stable")
    return Images(found.images[order], found.labels[order])


def _set(folder: Path, images: Images, before: str = "") -> Dataset:
    write_images(folder, images, images, before)
    return Datasets(MNIST, folder.parent).get(folder.name)


@pytest.mark.parametrize("before", ["emnist-digits-", "EMNIST-Digits-", "postcodes-", ""])
def test_transposed_digits_are_recognised_by_what_they_show_whatever_their_files_are_named(
    tmp_path: Path, digits: Images, before: str
) -> None:
    for name, images in (("shuffled", digits), ("in-order", in_order(digits))):
        found = _set(tmp_path / name, transposed(images), before)

        for read in (found.read_training(), found.read_test()):
            np.testing.assert_array_equal(read.images, images.images)
            np.testing.assert_array_equal(read.labels, images.labels)


@pytest.mark.parametrize("before", ["emnist-digits-", "digits-"])
def test_upright_digits_are_read_as_they_are_whatever_their_files_are_named(
    tmp_path: Path, digits: Images, before: str
) -> None:
    np.testing.assert_array_equal(_set(tmp_path / "set", digits, before).read_test().images, digits.images)


@pytest.mark.parametrize(("before", "is_transposed"), [("EMNIST-Letters-", True), ("letters-", False)])
def test_images_that_are_no_digits_are_transposed_if_their_files_are_named_as_those_of_emnist(
    tmp_path: Path, before: str, is_transposed: bool
) -> None:
    write_set(tmp_path / "letters", before=before)

    assert Datasets(MNIST, tmp_path).get("letters").orientation.transposed is is_transposed


def test_zeros_alone_which_look_the_same_transposed_are_read_as_they_are(tmp_path: Path, digits: Images) -> None:
    zeros = Images(digits.images[digits.labels == 0], digits.labels[digits.labels == 0])

    np.testing.assert_array_equal(_set(tmp_path / "zeros", zeros).read_test().images, zeros.images)


def test_inverted_images_are_refused_and_inverted_on_request(tmp_path: Path, digits: Images) -> None:
    with pytest.raises(DataError, match=r"The images are inverted: 255 is paper.*Put an empty file invert.txt"):
        _set(tmp_path / "set", inverted(digits))

    (tmp_path / "set" / "invert.txt").touch()
    found = Datasets(MNIST, tmp_path).get("set")

    np.testing.assert_array_equal(found.read_training().images, digits.images)
    np.testing.assert_array_equal(found.read_first(3).images, digits.images[:3])
    np.testing.assert_array_equal(found.read_test().images, digits.images)
    assert found.sha256() != _set(tmp_path / "upright", digits).sha256()


def test_images_that_are_not_inverted_are_not_inverted_on_request(tmp_path: Path, digits: Images) -> None:
    write_images(tmp_path / "set", digits, digits)
    (tmp_path / "set" / "invert.txt").touch()

    with pytest.raises(DataError, match=r"not inverted: 0 is paper. Remove invert.txt"):
        Datasets(MNIST, tmp_path).get("set")


def test_digits_that_are_transposed_and_inverted_are_mended_both_ways(tmp_path: Path, digits: Images) -> None:
    write_images(tmp_path / "set", transposed(inverted(digits)), transposed(inverted(digits)))
    (tmp_path / "set" / "invert.txt").touch()

    found = Datasets(MNIST, tmp_path).get("set")

    np.testing.assert_array_equal(found.read_training().images, digits.images)
