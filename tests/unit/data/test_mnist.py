from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.data import mnist
from tests.conftest import MNIST

LABELS = "t10k-labels-idx1-ubyte"


def test_the_shipped_files_are_the_60000_and_10000_images_of_mnist() -> None:
    training, test = mnist.read_training(MNIST), mnist.read_test(MNIST)

    assert training.images.shape == (60_000, 28, 28)
    assert test.images.shape == (10_000, 28, 28)
    assert training.images.dtype == training.labels.dtype == np.uint8
    # The first labels, as the database's page shows them.
    assert training.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert test.labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_a_missing_file_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(mnist.DataError, match=rf"{LABELS}\.gz is missing.*DESCENT_MNIST_DIR"):
        mnist.read_idx(tmp_path, LABELS)


def test_a_file_with_another_content_is_named_with_the_cure(tmp_path: Path) -> None:
    content = bytearray(gzip.decompress((MNIST / f"{LABELS}.gz").read_bytes()))
    content[-1] ^= 1
    (tmp_path / f"{LABELS}.gz").write_bytes(gzip.compress(bytes(content)))

    with pytest.raises(mnist.DataError, match=rf"{LABELS}\.gz is not the MNIST file.*SHA-256.*DESCENT_MNIST_DIR"):
        mnist.read_idx(tmp_path, LABELS)


@pytest.mark.parametrize("cut", [0, 1, 30, 4000])
def test_a_file_that_is_cut_off_is_named_with_the_cure(tmp_path: Path, cut: int) -> None:
    shutil.copy(MNIST / f"{LABELS}.gz", tmp_path)
    with (tmp_path / f"{LABELS}.gz").open("r+b") as file:
        file.truncate(cut)

    with pytest.raises(mnist.DataError, match=rf"{LABELS}\.gz.*DESCENT_MNIST_DIR"):
        mnist.read_idx(tmp_path, LABELS)
