"""A byte of a network's file is another than was written: it is noticed, and the last good network is served."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import httpx
import numpy as np
import pytest

from app.network import Network
from app.network.weights import WeightsError, read_weights, write_weights
from app.runs import trainer
from app.runs.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from app.runs.recipe import RunSettings
from app.settings import ROOT
from app.store.files import FolderFiles
from tests.faults.torture import SEED, until
from tests.support.api import PNG, SEVEN, assert_problem
from tests.support.local_server import local_server
from tests.support.server import Server
from tests.support.trained import add_run

CLASSIC = ROOT / "models" / "classic.safetensors"


def _flip(path: Path, place: int, bits: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= bits
    path.write_bytes(content)


def _assert_each_flip_is_noticed(file: Path, places: Iterable[int], moments: random.Random) -> int:
    count = 0
    for count, place in enumerate(places, start=1):
        # Case is the one bit that a text may lose and still be read.
        bits = 0x20 if count % 3 == 0 else moments.randrange(1, 256)
        _flip(file, place, bits)
        with pytest.raises(WeightsError, match=file.name):
            read_weights(file)
        _flip(file, place, bits)
    read_weights(file)
    return count


def test_a_flipped_byte_in_the_header_or_the_numbers_of_a_network_is_noticed(tmp_path: Path) -> None:
    file = Path(shutil.copy(CLASSIC, tmp_path / "flipped.safetensors"))
    size, numbers = file.stat().st_size, 8 + int.from_bytes(file.read_bytes()[:8], "little")

    places = [*range(SEED % 3, numbers, 3), *range(numbers, size, 499), size - 1]

    assert _assert_each_flip_is_noticed(file, places, random.Random(SEED)) > 600


@pytest.mark.torture
def test_a_flipped_byte_anywhere_is_noticed(tmp_path: Path) -> None:
    file, is_time = Path(shutil.copy(CLASSIC, tmp_path / "flipped.safetensors")), until()
    places = (place for place in range(file.stat().st_size) if is_time())

    flipped = _assert_each_flip_is_noticed(file, places, random.Random(SEED))

    print(f"{flipped} of {file.stat().st_size} bytes flipped")  # noqa: T201 - asked for
    assert flipped > 600


def test_a_checkpoint_with_a_flipped_byte_is_not_resumed(tmp_path: Path) -> None:
    recipe = RunSettings(hidden=[4])
    descent, files, file = trainer.start(recipe), FolderFiles(tmp_path), tmp_path / "checkpoint.safetensors"
    write_checkpoint(files, descent)

    for place in range(5, file.stat().st_size, 101):
        _flip(file, place, 0x10)
        with pytest.raises(CheckpointError, match="Start a new run"):
            read_checkpoint(files, trainer.start(recipe))
        _flip(file, place, 0x10)
    read_checkpoint(files, descent)


def _network(seed: int) -> Network:
    return Network.random(np.random.default_rng(seed))


def _publish(server: Server, client: httpx.Client, seed: int) -> tuple[int, str]:
    """The run, and the version that it was published as."""
    run_id = add_run(server.state_dir, _network(seed))
    return run_id, str(client.post(f"admin/runs/{run_id}/publish").json()["version"])


def _published(state: Path, version: str) -> Path:
    return next(file for file in (state / "models" / "classic").iterdir() if read_weights(file).version == version)


def _version_that_answers(client: httpx.Client) -> str:
    answer = client.post("predict", content=SEVEN, headers=PNG)
    assert answer.status_code == 200
    return str(answer.json()["version"])


def test_after_a_flipped_byte_the_version_before_is_served_until_the_run_is_published_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = tmp_path / "state"
    with local_server(state) as server, server.client() as client:
        _, good = _publish(server, client, 1)
        run_id, bad = _publish(server, client, 2)
        _flip(_published(state, bad), 40_000, 0x01)

        # What is in memory is good, and goes on being served; its file is not given away.
        assert _version_that_answers(client) == bad
        assert_problem(client.get("models/classic/weights"), 503, "damaged", "Publish its run again")

    with local_server(state) as server, server.client() as client:
        assert _version_that_answers(client) == good
        assert client.get("models/classic").json()["version"] == good
        newest, before, shipped = client.get("models/classic/versions").json()
        assert (newest["version"], newest["serves"], newest["accuracy"]) == (bad, False, None)
        assert f"damaged or gone. Publish run {run_id} again" in newest["problem"]
        assert (before["version"], before["serves"], before["problem"]) == (good, True, None)
        assert shipped["problem"] is None
        assert len([line for line in caplog.messages if bad in line and "can't be served" in line]) == 1

        assert client.post(f"admin/runs/{run_id}/publish").json()["version"] == bad
        assert _version_that_answers(client) == bad
        assert [version["problem"] for version in client.get("models/classic/versions").json()] == [None] * 3
        _flip(_published(state, good), 40_000, 0x01)
        assert_problem(client.post("admin/models/classic/rollback"), 409, "version before is damaged")
        assert _version_that_answers(client) == bad


def test_a_shipped_network_that_is_damaged_keeps_no_server_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models = Path(shutil.copytree(ROOT / "models", tmp_path / "models"))
    _flip(models / "classic.safetensors", 20_000, 0x01)

    with local_server(tmp_path / "state", models_dir=models) as server, server.client() as client:
        assert client.post("predict", params={"model": "wide"}, content=SEVEN, headers=PNG).json()["digit"] == 7
        assert_problem(client.post("predict", content=SEVEN, headers=PNG), 404, "damaged", "Restore the file")
        assert_problem(client.get("readyz"), 503, "damaged", "Restore the file")
        assert any("classic" in line and "can't be served" in line for line in caplog.messages)
        # What was published in its place answers.
        _, version = _publish(server, client, 1)
        assert _version_that_answers(client) == version
        assert client.get("readyz").status_code == 200
        assert_problem(client.post("admin/models/classic/rollback"), 409, "version before is damaged")


def test_a_network_of_the_time_before_checksums_is_still_read(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    file = tmp_path / "old.safetensors"
    write_weights(file, _network(1), {})
    metadata = read_weights(file).metadata
    for name in ("sha256", "sha256_of", "known_answer"):
        metadata.pop(name)
    save_file(load_file(file), file, metadata)

    assert read_weights(file).network.parameters.tobytes() == _network(1).parameters.tobytes()
