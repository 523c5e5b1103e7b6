"""Files of a data set that can't be used: each is named in a sentence that says what to change."""

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

from app.data import idx
from app.data.datasets import Datasets
from app.data.idx import sha256
from app.data.mnist import DataError, Images
from app.runs.training_set import read_data
from tests.conftest import MNIST
from tests.support.idx_files import content, write_images, write_set

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"


@pytest.fixture
def datasets(tmp_path: Path) -> Datasets:
    return Datasets(MNIST, tmp_path)


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


def test_a_file_that_was_found_damaged_is_not_unpacked_again_until_it_changes(
    datasets: Datasets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_set(tmp_path / "small")
    whole = (folder / IMAGES).read_bytes()
    (folder / IMAGES).write_bytes(whole[:-4])
    found = datasets.get("small")
    unpacked: list[Path] = []

    def counted(path: Path) -> str:
        unpacked.append(path)
        return sha256(path)

    monkeypatch.setattr(idx, "sha256", counted)

    for _ in range(3):
        with pytest.raises(DataError, match=f"{IMAGES} can't be read"):
            found.sha256()
    assert len(unpacked) == 1
    assert f"{IMAGES} can't be read" in datasets.problems()["small"]

    (folder / IMAGES).write_bytes(whole)
    assert datasets.get("small").sha256()


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
    ten_images = gzip.decompress((folder / TEST_IMAGES).read_bytes())[16:]
    _write(folder / IMAGES, b"\0\0\x08\3" + b"".join(n.to_bytes(4, "big") for n in (300_000, 28, 28)) + ten_images)
    _array(LABELS, 300_000)(folder)
    found = datasets.get("small")

    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="has 7,840 where its header says 300000 x 28 x 28"):
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


@pytest.mark.parametrize("mistake", ["inverted", "transposed"])
@pytest.mark.parametrize("part", ["training", "test"])
def test_images_of_one_file_that_lie_otherwise_than_the_others_are_refused(
    datasets: Datasets, tmp_path: Path, test_images: Images, part: str, mistake: str
) -> None:
    images, labels = test_images.images[:120], test_images.labels[:120]
    other = 255 - images if mistake == "inverted" else np.ascontiguousarray(images.transpose(0, 2, 1))
    sets = Images(images, labels), Images(other, labels)
    folder = write_images(tmp_path / "small", *(sets if part == "test" else reversed(sets)))
    if (part, mistake) == ("training", "inverted"):
        (folder / "invert.txt").touch()

    assert "Put two files there whose images lie alike" in datasets.problems()["small"]


def test_a_link_to_where_the_server_may_not_look_hides_no_set(
    datasets: Datasets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_set(tmp_path / "small")
    for closed in (tmp_path / "closed", folder / "closed"):
        closed.symlink_to(tmp_path / "elsewhere")
    stat = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **how: _refuse(path) if path.name == "closed" else stat(path, **how))

    assert datasets.names() == ["mnist", "small"]
    assert datasets.problems() == {
        "closed": "The folder closed can't be read (Permission denied). Let the server read it."
    }


def test_a_pipe_in_place_of_the_classes_names_is_not_waited_for(datasets: Datasets, tmp_path: Path) -> None:
    pipe = write_set(tmp_path / "small") / "classes.txt"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    try:
        # Enough for a reader to go on, so that the test fails instead of waiting.
        os.write(writer, b"a\n" * 5000)

        assert datasets.problems()["small"].startswith("small/classes.txt is no file")
    finally:
        os.close(writer)


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
