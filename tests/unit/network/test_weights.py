from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from app.network import Network
from app.network.inputs import PREPARATION
from app.network.tensor_file import signed, write_whole
from app.network.weights import WeightsError, read_weights, write_weights


@pytest.fixture
def network() -> Network:
    return Network.random(np.random.default_rng(0), (784, 20, 10), "sigmoid", "quadratic")


def test_a_network_is_read_as_it_was_written(tmp_path: Path, network: Network) -> None:
    write_weights(tmp_path / "n.safetensors", network, {"seed": "7"})

    weights = read_weights(tmp_path / "n.safetensors")

    assert weights.network.parameters.tobytes() == network.parameters.tobytes()
    assert weights.network.sizes == (784, 20, 10)
    assert weights.network.activation.name == "sigmoid"
    assert weights.network.cost.name == "quadratic"
    assert weights.metadata["seed"] == "7"


def test_the_version_is_another_when_a_single_parameter_is(tmp_path: Path, network: Network) -> None:
    path = tmp_path / "n.safetensors"
    write_weights(path, network, {})
    before = read_weights(path).version
    write_weights(path, network, {})
    assert read_weights(path).version == before

    network.parameters[0] += 1
    write_weights(path, network, {})

    assert read_weights(path).version != before


@pytest.mark.parametrize("kept", [0, 7, 100, -1])
def test_a_file_that_is_cut_off_is_refused_by_name(tmp_path: Path, network: Network, kept: int) -> None:
    path = tmp_path / "cut.safetensors"
    write_weights(path, network, {})
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(WeightsError, match=r"cut\.safetensors"):
        read_weights(path)


def test_a_missing_file_and_a_file_of_something_else_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "other.safetensors").write_bytes(save({"x": np.zeros(3, np.float32)}))

    with pytest.raises(WeightsError, match=r"missing\.safetensors"):
        read_weights(tmp_path / "missing.safetensors")
    with pytest.raises(WeightsError, match=r"other\.safetensors"):
        read_weights(tmp_path / "other.safetensors")


def test_parameters_that_are_no_numbers_are_refused(tmp_path: Path, network: Network) -> None:
    network.parameters[3] = np.nan
    write_weights(tmp_path / "nan.safetensors", network, {})

    with pytest.raises(WeightsError, match="finite"):
        read_weights(tmp_path / "nan.safetensors")


def test_a_network_of_otherwise_prepared_inputs_is_refused(tmp_path: Path, network: Network) -> None:
    path = tmp_path / "n.safetensors"
    write_weights(path, network, {})
    content = path.read_bytes()
    assert content.count(PREPARATION.encode()) == 1
    path.write_bytes(signed(content.replace(PREPARATION.encode(), b"moments-0")))

    with pytest.raises(WeightsError, match="Train it again"):
        read_weights(path)


def test_tensors_of_other_shapes_are_refused_though_they_would_fit_by_broadcasting(tmp_path: Path) -> None:
    path = tmp_path / "n.safetensors"
    tensors = {"1.weights": np.zeros((1, 784)), "1.biases": np.zeros(20), "2.weights": np.zeros((10, 20))}
    metadata = {"sizes": "[784, 20, 10]", "activation": "relu", "cost": "quadratic", "normalise": "moments-1"}
    path.write_bytes(save({**tensors, "2.biases": np.zeros(10)}, metadata))

    with pytest.raises(WeightsError, match=r"1\.weights is \(1, 784\), not \(20, 784\)"):
        read_weights(path)


@pytest.mark.parametrize("missing", ["sizes", "activation", "cost", "normalise"])
def test_metadata_that_lacks_what_is_needed_is_refused(tmp_path: Path, network: Network, missing: str) -> None:
    path = tmp_path / "n.safetensors"
    write_weights(path, network, {})
    content = path.read_bytes()
    path.write_bytes(signed(content.replace(f'"{missing}"'.encode(), f'"{missing[:-1]}_"'.encode())))

    with pytest.raises(WeightsError, match=missing):
        read_weights(path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder" / "file"
    write_whole(path, b"before")

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"after")

    assert path.read_bytes() == b"before"
    assert list(path.parent.iterdir()) == [path]


def test_metadata_is_readable_without_this_program(tmp_path: Path, network: Network) -> None:
    path = tmp_path / "n.safetensors"
    write_weights(path, network, {"accuracy": "0.97"})

    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])

    assert header["__metadata__"]["accuracy"] == "0.97"
    assert header["1.weights"]["shape"] == [20, 784]


def test_sizes_beyond_all_memory_are_refused_before_a_network_is_made(tmp_path: Path, network: Network) -> None:
    path = tmp_path / "n.safetensors"
    write_weights(path, network, {})
    content = path.read_bytes().replace(b'"[784, 20, 10]"', b'"[784, 2' + b"0" * 13 + b', 10]"')
    length = int.from_bytes(content[:8], "little") + 12
    header = content[8 : 8 + length].rstrip() + b" " * 4
    path.write_bytes(signed(len(header).to_bytes(8, "little") + header + content[8 + length :]))

    with pytest.raises(WeightsError, match="is \\(20, 784\\), not"):
        read_weights(path)
