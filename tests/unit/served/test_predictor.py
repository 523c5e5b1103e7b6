"""Which networks are served, and from which files."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import sqlite3
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.network import Network
from app.network.tensor_file import signed
from app.network.weights import write_weights
from app.served.network_files import read_digits
from app.served.predictor import ModelFileError, Predictor, PublishError
from app.settings import ROOT
from app.store.sqlite import SqliteRunStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteRunStore]:
    store = SqliteRunStore(tmp_path / "state" / "descent.sqlite3")
    yield store
    store.close()


@pytest.fixture
def started(store: SqliteRunStore) -> Callable[[], Predictor]:
    """A predictor as a server has it that was just started."""
    return lambda: Predictor(ROOT / "models", store)


def _learned(folder: Path, seed: int, metadata: dict[str, str] | None = None) -> Path:
    path = folder / f"{seed}.safetensors"
    write_weights(path, Network.random(np.random.default_rng(seed)), metadata or {})
    return path


def _publish(predictor: Predictor, store: SqliteRunStore, file: Path) -> Path:
    run_id = store.create_run({}, 1).id
    store.end(run_id, "finished")
    publication = predictor.publish("classic", file.read_bytes(), run_id).publication
    assert publication
    return file.parent / "state" / "models" / "classic" / f"{publication.sha256}.safetensors"


def test_a_published_file_is_named_by_its_bytes_and_no_other_takes_its_place(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor]
) -> None:
    predictor = started()
    first = _publish(predictor, store, _learned(tmp_path, 1, {"accuracy": "0.9"}))
    content = first.read_bytes()

    # The same numbers, out of a run that tells something else of them.
    second = _publish(predictor, store, _learned(tmp_path, 1, {"accuracy": "0.8"}))

    assert first.stem == hashlib.sha256(content).hexdigest()
    assert second != first
    assert first.read_bytes() == content
    assert len({version.version for version in predictor.versions("classic")[:2]}) == 1


def test_of_damaged_files_the_newest_that_is_whole_is_served_and_at_last_the_shipped_one(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor]
) -> None:
    predictor = started()
    shipped = predictor.model("classic").weights.version
    files = [_publish(predictor, store, _learned(tmp_path, seed)) for seed in (1, 2, 3)]
    versions = [read_digits(file).version for file in files]

    served = []
    for file in reversed(files):
        file.write_bytes(file.read_bytes()[:-1])
        served.append(started().model("classic").weights.version)

    assert served == [versions[1], versions[0], shipped]
    # A server that has them in memory goes on with the newest.
    predictor.refresh()
    assert predictor.model("classic").weights.version == versions[2]


def test_another_whole_network_under_a_published_name_is_not_served(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor]
) -> None:
    predictor = started()
    shipped = predictor.model("classic").weights.version
    path = _publish(predictor, store, _learned(tmp_path, 1))

    path.write_bytes(_learned(tmp_path, 2).read_bytes())

    assert started().model("classic").weights.version == shipped


def test_a_file_that_could_not_be_read_for_a_while_is_served_when_it_can(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _publish(started(), store, _learned(tmp_path, 1))
    away = path.rename(path.with_suffix(".away"))
    late = started()
    assert late.model("classic").publication is None
    away.rename(path)
    late.refresh()
    assert late.model("classic").publication is None  # not looked at again so soon

    monkeypatch.setattr("app.served.predictor.time.monotonic", lambda: 1e9)
    late.refresh()

    assert late.model("classic").publication is not None


def test_a_network_whose_answers_are_no_numbers_is_not_published(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor]
) -> None:
    predictor, network = started(), Network.random(np.random.default_rng(1), activation="relu")
    network.parameters *= np.float32(1e30)
    write_weights(tmp_path / "huge.safetensors", network, {})

    with pytest.raises(PublishError, match="answers are not numbers"):
        _publish(predictor, store, tmp_path / "huge.safetensors")

    assert predictor.model("classic").publication is None


def test_a_network_that_answers_otherwise_than_it_did_is_not_published(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor]
) -> None:
    file = _learned(tmp_path, 1)
    content = file.read_bytes()
    # The file is whole, but says that something else was answered when it was written.
    known = json.dumps(read_digits(file).metadata["known_answer"]).encode()
    digit = known.index(b"0.") + 2
    file.write_bytes(signed(content.replace(known, known[:digit] + b"9" + known[digit + 1 :])))

    with pytest.raises(PublishError, match="gives other answers"):
        _publish(started(), store, file)


def test_what_was_written_is_read_again_before_it_is_served(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor], monkeypatch: pytest.MonkeyPatch
) -> None:
    predictor = started()
    shipped = predictor.model("classic").weights.version
    monkeypatch.setattr("app.store.files.write_whole", lambda path, content, **_: _write(path, content[:-9] + b"x" * 9))

    with pytest.raises(ModelFileError, match="The served network stays"):
        _publish(predictor, store, _learned(tmp_path, 1))

    assert predictor.model("classic").weights.version == shipped
    assert store.publications() == {}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_networks_that_are_served_no_more_are_let_go(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor]
) -> None:
    predictor = started()
    networks = []
    for seed in range(12):
        _publish(predictor, store, _learned(tmp_path, seed))
        networks.append(weakref.ref(predictor.model("classic").weights.network))

    gc.collect()

    assert [network() is not None for network in networks] == [False] * 11 + [True]


def test_a_publication_of_the_time_before_is_served_from_the_file_that_its_version_names(
    tmp_path: Path, store: SqliteRunStore, started: Callable[[], Predictor]
) -> None:
    file = _learned(tmp_path, 1)
    version = read_digits(file).version
    _write(tmp_path / "state" / "models" / "classic" / f"{version}.safetensors", file.read_bytes())
    store.create_run({}, 1)
    with contextlib.closing(sqlite3.connect(tmp_path / "state" / "descent.sqlite3", isolation_level=None)) as before:
        before.execute(
            "INSERT INTO publications (name, version, run_id, published_at) VALUES ('classic', ?, 1, '')", (version,)
        )

    assert started().model("classic").weights.version == version
