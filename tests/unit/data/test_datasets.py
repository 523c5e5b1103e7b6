from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.data import mnist
from app.data.dataset import DIGITS
from app.data.datasets import FOLDER, Datasets
from app.data.mnist import DataError
from app.images.normalise import normalise
from app.runs.training_set import read_data
from tests.conftest import MNIST
from tests.support.idx_files import content, write_set

IMAGES = "train-images-idx3-ubyte.gz"
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"


@pytest.fixture
def datasets(tmp_path: Path) -> Datasets:
    return Datasets(MNIST, tmp_path)


def test_mnist_is_first_and_its_last_10000_training_images_are_held_out(datasets: Datasets, tmp_path: Path) -> None:
    write_set(tmp_path / "fashion")
    write_set(tmp_path / "Aleph")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a-file").touch()

    found = datasets.get("mnist")

    assert datasets.names() == ["mnist", "Aleph", "fashion"]
    assert datasets.problems() == {}
    assert (found.training, found.held_out, found.test) == (50_000, 10_000, 10_000)
    assert found.classes == DIGITS
    assert found.reads_digits
    assert Datasets(MNIST).names() == ["mnist"]


def test_the_same_files_have_the_same_digest_wherever_and_however_they_are_kept(
    datasets: Datasets, tmp_path: Path
) -> None:
    folder = shutil.copytree(MNIST, tmp_path / "copy")
    packed = folder / IMAGES
    packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()

    copy, original = datasets.get("copy"), datasets.get("mnist")

    assert copy.sha256() == original.sha256()
    assert (copy.training, copy.held_out, copy.test) == (original.training, original.held_out, original.test)
    np.testing.assert_array_equal(copy.read_test().images, mnist.read_test(MNIST).images)


def test_a_sixth_is_held_out_of_a_small_set_and_the_rest_is_learned_from(datasets: Datasets, tmp_path: Path) -> None:
    write_set(tmp_path / "small", training=24)

    found = datasets.get("small")
    images, labels = found.read_training()
    data = read_data(found)

    assert (found.training, found.held_out, found.test) == (20, 4, 10)
    np.testing.assert_array_equal(data.pictures, images[:20].reshape(20, 784))
    np.testing.assert_array_equal(data.labels, labels[:20])
    np.testing.assert_array_equal(data.held_out_labels, labels[20:])
    np.testing.assert_allclose(data.held_out_inputs, normalise(images[20:]), atol=1e-6)


def test_images_of_emnist_are_transposed_back_and_are_another_set_than_upright_ones(
    datasets: Datasets, tmp_path: Path
) -> None:
    transposed = write_set(tmp_path / "transposed", before="emnist-digits-")
    write_set(tmp_path / "upright", before="digits-", packed=False)

    one, other = datasets.get("transposed"), datasets.get("upright")

    np.testing.assert_array_equal(one.read_test().images, other.read_test().images.transpose(0, 2, 1))
    np.testing.assert_array_equal(one.read_training().labels, other.read_training().labels)
    assert one.sha256() != other.sha256()
    for path in transposed.iterdir():
        path.rename(path.with_name(path.name.removeprefix("emnist-")))
    assert datasets.get("transposed").sha256() == other.sha256()


def test_the_digest_follows_a_file_that_changes(datasets: Datasets, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "small")
    before = datasets.get("small").sha256()

    (folder / TEST_IMAGES).write_bytes(gzip.compress(content(np.zeros((10, 28, 28), np.uint8))))

    assert datasets.get("small").sha256() != before


def test_classes_have_the_names_of_their_file_or_the_digits(datasets: Datasets, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "small", classes=3)
    assert datasets.get("small").classes == ("0", "1", "2")
    assert not datasets.get("small").reads_digits

    (folder / "classes.txt").write_text("T-shirt/top\r\nお\n  Ankle   boot \n\n", encoding="utf-8")

    assert datasets.get("small").classes == ("T-shirt/top", "お", "Ankle boot")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"one\ntwo\n", "has 2 lines for the labels 0 to 2"),
        (b"a\n" * 11, "has 11 lines"),
        (b"a\n\nc\n", "can't be shown"),
        (b"a\nb\x07\nc\n", "can't be shown"),
        (b"a\nb\nc" + b"c" * 100, "can't be shown"),
        (b"a\na\nb\n", "twice"),
        (b"\xff\xfe\xff\n", "UTF-8"),
    ],
)
def test_names_of_classes_that_do_not_fit_are_refused(
    datasets: Datasets, tmp_path: Path, text: bytes, words: str
) -> None:
    folder = write_set(tmp_path / "small", classes=3)
    (folder / "classes.txt").write_bytes(text)

    assert datasets.names() == ["mnist"]
    assert words in datasets.problems()["small"]
    assert datasets.problems()["small"].startswith("small/classes.txt ")


@pytest.mark.parametrize(
    ("name", "as_shown"),
    [
        ("fashion mnist", "fashion mnist"),
        ("mnist", "mnist"),
        ("x" * 33, "x" * 33),
        ("größe", "größe"),
        (os.fsdecode(b"gr\xf6\xdfe"), r"gr\udcf6\udcdfe"),
        ("\x1b[2J", r"\x1b[2J"),
    ],
)
def test_a_folder_name_that_an_address_can_not_have_is_a_problem(
    datasets: Datasets, tmp_path: Path, name: str, as_shown: str
) -> None:
    write_set(tmp_path / name)

    assert datasets.names() == ["mnist"]
    ((key, sentence),) = datasets.problems().items()
    assert key.startswith(as_shown)
    assert sentence.startswith(f"The folder {as_shown}")
    assert (key + sentence).isprintable()


def test_a_name_that_is_not_there_is_answered_with_those_that_are(datasets: Datasets, tmp_path: Path) -> None:
    write_set(tmp_path / "fashion")

    with pytest.raises(DataError, match=r"no data set 'fashon'. There are: mnist, fashion\.$"):
        datasets.get("fashon")


def test_a_missing_folder_is_a_problem_and_not_an_error(tmp_path: Path) -> None:
    datasets = Datasets(tmp_path, tmp_path / "nowhere")

    assert datasets.names() == []
    assert "DESCENT_MNIST_DIR" in datasets.problems()["mnist"]
    assert "The folder of data sets can't be read" in datasets.problems()[FOLDER]
    with pytest.raises(DataError, match=r"There are: none. The folder of data sets can't be read"):
        datasets.get("fashion")
