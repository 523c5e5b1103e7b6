from __future__ import annotations

import errno
import gzip
import os
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.data import mnist
from app.data.datasets import DIGITS, FOLDER, Datasets
from app.data.mnist import DataError
from app.images.normalise import normalise
from app.runs.training_set import read_data
from tests.conftest import MNIST
from tests.support.idx_files import content, write_set

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
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


def _array(name: str, *shape: int, value: int = 0) -> Callable[[Path], None]:
    return lambda folder: _write(folder / name, content(np.full(shape, value, np.uint8)))


def _header(name: str, *sizes: int) -> Callable[[Path], None]:
    header = bytes([0, 0, 8, len(sizes)]) + b"".join(size.to_bytes(4, "big") for size in sizes)
    return lambda folder: _write(folder / name, header + b"\0" * 100)


def _start(name: str, file: bytes) -> Callable[[Path], None]:
    return lambda folder: _write(folder / name, file.ljust(100, b"\0"))


def _write(path: Path, file: bytes) -> None:
    path.write_bytes(gzip.compress(file))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_array(IMAGES, 24, 32, 32), f"{IMAGES} has 32 x 32 pixels"),
        (_array(TEST_IMAGES, 10, 784), f"{TEST_IMAGES} has 784 pixels"),
        (_array(LABELS, 24, value=10), f"{LABELS} has labels up to 10"),
        (_array(LABELS, 23), f"{LABELS} has 23 labels for the 24 images of small/{IMAGES}"),
        (_array(LABELS, 24, 1), f"{LABELS} holds no list of labels"),
        (_header(LABELS, 24), f"{LABELS} has more"),
        (_header(IMAGES, 2**32 - 1, 28, 28), "labels for the 4,294,967,295 images"),
        (lambda folder: (_header(IMAGES, 10**9, 28, 28)(folder), _header(LABELS, 10**9)(folder)), "at most 300,000"),
        (lambda folder: (_array(IMAGES, 0, 28, 28)(folder), _array(LABELS, 0)(folder)), f"{IMAGES} has no images"),
        (lambda folder: (_array(IMAGES, 5, 28, 28)(folder), _array(LABELS, 5)(folder)), f"{IMAGES} has 5 images"),
        (lambda folder: (folder / IMAGES).write_bytes(b""), f"{IMAGES} is not an IDX file"),
        (lambda folder: (folder / IMAGES).write_bytes(b"\0\0\x08\3\0\0"), f"{IMAGES} ends within its header"),
        (_start(IMAGES, b"\0\0\x0d\3"), f"{IMAGES} holds numbers of type float32: convert them to bytes"),
        (_start(LABELS, b"\0\0\x0c\1"), f"{LABELS} holds numbers of type int32: convert them to bytes"),
        (_start(IMAGES, b"\r\n<!DOCTYPE html>"), f"{IMAGES} is a web page, not data: its download went wrong"),
        (lambda folder: _write(folder / IMAGES, (folder / IMAGES).read_bytes()), f"{IMAGES} is gzipped twice"),
        (lambda folder: (folder / LABELS).write_bytes(b"\x1f\x8b garbage"), f"{LABELS} can't be read"),
        (lambda folder: (folder / LABELS).unlink(), "has no training labels"),
        (
            lambda folder: shutil.copy(folder / LABELS, folder / LABELS.removesuffix(".gz")),
            "two files of training labels: small/train-labels-idx1-ubyte and small/",
        ),
    ],
)
def test_a_problem_of_a_folder_names_the_file_and_says_what_to_change(
    datasets: Datasets, tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(write_set(tmp_path / "small"))

    assert datasets.names() == ["mnist"]
    sentence = datasets.problems()["small"]
    assert words in sentence
    assert "small" in sentence
    assert str(tmp_path) not in sentence
    assert sentence.endswith(".")
    with pytest.raises(DataError) as refused:
        datasets.get("small")
    assert str(refused.value) == sentence


def test_images_that_are_cut_off_are_refused_when_they_are_read(datasets: Datasets, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "small")
    whole = (folder / TEST_IMAGES).read_bytes()
    (folder / TEST_IMAGES).write_bytes(whole[: len(whole) // 2])
    found = datasets.get("small")

    for use in (found.read_test, found.sha256):
        with pytest.raises(DataError, match=rf"{TEST_IMAGES} can't be read.*Put the file there again"):
            use()


@pytest.mark.parametrize("name", [IMAGES, LABELS])
def test_a_file_that_unpacks_to_more_than_its_header_says_is_not_read_to_its_end(
    datasets: Datasets, tmp_path: Path, name: str
) -> None:
    folder = write_set(tmp_path / "small")
    found = datasets.get("small")
    longer = gzip.compress(gzip.decompress((folder / name).read_bytes()) + bytes(1_000_000))
    # Reading on to the end would find that it is cut off there.
    (folder / name).write_bytes(longer[:-100])

    for read in (found.read_training, found.sha256):
        with pytest.raises(DataError, match=rf"{name} has more where its header says 24"):
            read()


def test_the_files_that_macos_adds_are_skipped(datasets: Datasets, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "small", before="emnist-digits-")
    for path in list(folder.iterdir()):
        path.with_name(f"._{path.name}").write_bytes(b"\0\x05\x16\x07")

    assert datasets.names() == ["mnist", "small"]


def test_a_header_that_claims_more_than_there_is_takes_no_memory(datasets: Datasets, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "small")
    _header(IMAGES, 300_000, 28, 28)(folder)
    _array(LABELS, 300_000)(folder)
    found = datasets.get("small")

    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="has 100 where its header says 300000 x 28 x 28"):
            found.read_training()
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@given(garbage=st.binary(max_size=200), packed=st.booleans(), name=st.sampled_from([IMAGES, LABELS, TEST_IMAGES]))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_is_an_error_that_names_it(
    datasets: Datasets, tmp_path: Path, garbage: bytes, packed: bool, name: str
) -> None:
    folder = write_set(tmp_path / "small")
    start = b"\0\0\x08" if len(garbage) % 2 else b""
    (folder / name).write_bytes(gzip.compress(start + garbage) if packed else start + garbage)

    with pytest.raises(DataError, match=name):
        read_data(datasets.get("small"))


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


def test_a_file_name_that_is_not_utf_8_can_be_shown(datasets: Datasets, tmp_path: Path) -> None:
    name = os.fsdecode(b"gr\xf6\xdfe-")
    write_set(tmp_path / "small", before=name)
    write_set(tmp_path / "small", before=f"{name}other-")

    assert r"small/gr\udcf6\udcdfe-" in datasets.problems()["small"]


def test_a_file_that_the_server_may_not_read_is_a_problem_that_shows_no_path(
    datasets: Datasets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path / "small")
    monkeypatch.setattr(Path, "open", _refuse)

    assert datasets.problems()["small"].startswith(f"small/{IMAGES} can't be read (Permission denied).")


def _refuse(path: Path, *_: object) -> None:
    raise PermissionError(errno.EACCES, "Permission denied", str(path))


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
