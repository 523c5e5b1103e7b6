"""Training and evaluating at a terminal. tests/test_readme.py runs the documented commands on the whole of MNIST."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from app.commands import train
from app.data.datasets import Datasets
from app.network.weights import read_weights
from app.runs import evaluation, training_set
from tests.conftest import MNIST
from tests.support.command import run_command

QUICK = ("train", "--preset", "quick", "--epochs", "2")


@pytest.fixture(autouse=True)
def _few_digits_for_mnist(few_digits: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = Datasets(MNIST, few_digits).get("few")
    monkeypatch.setattr(Datasets, "get", lambda *_: few)


@pytest.fixture
def pens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight drawings by eight people of two sites, learned from and tried beside a few that are no digit."""
    monkeypatch.setattr(training_set, "NONDIGITS", 8)
    monkeypatch.setattr(evaluation, "NONDIGITS_OF_A_KIND", 5)
    monkeypatch.setattr(evaluation, "DRAWINGS_OF_A_STYLE", 2)
    digits = [
        {"label": 1, "writer": f"{site}/{number}", "strokes": [[[0, 0], [90, 1000]]]}
        for site in "ab"
        for number in range(4)
    ]
    path = tmp_path / "pens.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, digits)).encode()))
    return path


def test_train_writes_a_network_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    path = tmp_path / "n.safetensors"

    ran = run_command(*QUICK, "--seed", 3, "--output", path)

    assert ran.exit_code == 0, ran.output
    assert re.search(r"13,002 parameters, trained in [\d.]+ s", ran.stdout)
    weights = read_weights(path)
    assert weights.network.sizes == (784, 16, 16, 10)
    assert weights.metadata["seed"] == "3"
    assert 0.2 < float(weights.metadata["accuracy"]) < 1
    assert weights.metadata["trained_at"].startswith("20")
    assert weights.metadata.keys() >= {"sizes", "activation", "cost", "settings", "data", "seconds"}


def test_a_training_without_a_terminal_says_now_and_then_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "LINE_SECONDS", 0)

    ran = run_command(*QUICK, "--output", tmp_path / "n.safetensors")

    said = re.findall(r"^epoch (\d)/2, step ([\d,]+) of 32, cost \d\.\d{4}$", ran.stdout, re.MULTILINE)
    assert {epoch for epoch, _ in said} == {"1", "2"}
    assert [int(step) for _, step in said] == sorted({int(step) for _, step in said})


def test_train_with_the_same_seed_makes_the_same_network(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_command(*QUICK, "--output", tmp_path / name)

    assert read_weights(tmp_path / "one").version == read_weights(tmp_path / "two").version


def test_pens_are_learned_from_and_evaluate_tries_the_sites_that_were_left_out(tmp_path: Path, pens: Path) -> None:
    network = tmp_path / "n.safetensors"

    trained = run_command(*QUICK, "--output", network, "--pens", pens, "--leave-out", "b")
    evaluated = run_command("evaluate", network, "--pens", pens, "--confusion", tmp_path / "c.png")

    assert trained.exit_code == 0, trained.output
    assert "pen drawings, save of b" in read_weights(network).metadata["data"]
    assert "4 pen drawings by 4 people, of sites that it did not learn from" in evaluated.stdout
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_evaluate_prints_the_accuracy_of_the_shipped_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "DRAWINGS_OF_A_STYLE", 2)

    ran = run_command("evaluate")

    found = re.search(r"10,000 test images (\d+\.\d+)%", ran.stdout)
    assert found is not None
    assert float(found[1]) >= 97
    assert "13,002 parameters" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["train", "--preset", "slow"], "preset"),
        (["train", "--epochs", "0"], "epochs"),
        (["train", "--pens", "no-such-pens"], "no-such-pens"),
        (["train", "--leave-out", "b"], "--pens"),
        (["train", "--teacher", "no-such-file"], "no-such-file"),
        (["evaluate", "no-such-file"], "no-such-file"),
        (["serve", "--port", "99999999"], "port"),
    ],
)
def test_what_is_not_possible_is_said_in_a_sentence(arguments: list[str], word: str) -> None:
    ran = run_command(*arguments)

    assert ran.exit_code != 0
    assert word in ran.stderr


def test_a_missing_data_set_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    ran = run_command("train", DESCENT_MNIST_DIR="/nowhere")

    assert ran.exit_code == 1
    assert "DESCENT_MNIST_DIR" in ran.stderr
