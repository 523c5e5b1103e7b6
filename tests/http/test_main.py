from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.network.weights import read_weights
from app.settings import ROOT


def _app(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
def test_importing_the_app_opens_nothing(tmp_path: Path) -> None:
    code = "import app.main; app.main.create_app(); import os; print(os.listdir('.'))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )

    assert ran.stdout == b"[]\n"


@pytest.mark.slow
def test_train_writes_a_network_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    path = tmp_path / "n.safetensors"

    ran = _app("train", "--preset", "quick", "--epochs", "1", "--seed", "3", "--output", str(path))

    assert ran.returncode == 0, ran.stderr
    assert re.search(r"13,002 parameters, trained in [\d.]+ s", ran.stdout)
    weights = read_weights(path)
    assert weights.network.sizes == (784, 16, 16, 10)
    assert weights.metadata["seed"] == "3"
    assert 0.9 < float(weights.metadata["accuracy"]) < 1
    assert weights.metadata["trained_at"].startswith("20")
    assert weights.metadata.keys() >= {"sizes", "activation", "cost", "settings", "data", "seconds"}


# A training that needs no ten seconds, with each report as long as those seem.
_IMPATIENT = "from app.__main__ import cli; from app.commands import train; train.LINE_SECONDS = 0; cli()"


@pytest.mark.slow
def test_a_training_without_a_terminal_says_now_and_then_how_far_it_is(tmp_path: Path) -> None:
    options = ["train", "--preset", "quick", "--epochs", "2", "--output", str(tmp_path / "n.safetensors")]

    ran = subprocess.run([sys.executable, "-c", _IMPATIENT, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)

    said = re.findall(r"^epoch (\d)/2, step ([\d,]+) of 1,564, cost \d\.\d{4}$", ran.stdout, re.MULTILINE)
    steps = [int(step.replace(",", "")) for _, step in said]
    assert {epoch for epoch, _ in said} == {"1", "2"}
    assert steps == sorted(set(steps))


@pytest.mark.slow
def test_train_with_the_same_seed_makes_the_same_network(tmp_path: Path) -> None:
    versions = []
    for name in ("one", "two"):
        _app("train", "--preset", "quick", "--epochs", "1", "--output", str(tmp_path / name))
        versions.append(read_weights(tmp_path / name).version)

    assert versions[0] == versions[1]


@pytest.mark.slow
def test_pens_are_learned_from_and_evaluate_tries_the_sites_that_were_left_out(tmp_path: Path) -> None:
    digits = [
        {"label": 1, "writer": f"{site}/{number}", "strokes": [[[0, 0], [90, 1000]]]}
        for site in "ab"
        for number in range(4)
    ]
    strokes, network = tmp_path / "pens.jsonl.gz", tmp_path / "n.safetensors"
    strokes.write_bytes(gzip.compress("\n".join(map(json.dumps, digits)).encode()))

    trained = _app(
        *("train", "--preset", "quick", "--epochs", "1", "--output", str(network)),
        *("--pens", str(strokes), "--leave-out", "b"),
    )
    evaluated = _app("evaluate", str(network), "--pens", str(strokes), "--confusion", str(tmp_path / "c.png"))

    assert trained.returncode == 0, trained.stderr
    assert "pen drawings, save of b" in read_weights(network).metadata["data"]
    assert "4 pen drawings by 4 people, of sites that it did not learn from" in evaluated.stdout
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_evaluate_prints_the_accuracy_of_the_shipped_network() -> None:
    ran = _app("evaluate")

    found = re.search(r"10,000 test images (\d+\.\d+)%", ran.stdout)
    assert found is not None
    assert float(found[1]) >= 97
    assert "13,002 parameters" in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["train", "--preset", "slow"], {}, "preset"),
        (["train", "--epochs", "0"], {}, "epochs"),
        (["train"], {"DESCENT_MNIST_DIR": "/nowhere"}, "DESCENT_MNIST_DIR"),
        (["train", "--pens", "no-such-pens"], {}, "no-such-pens"),
        (["train", "--leave-out", "b"], {}, "--pens"),
        (["train", "--teacher", "no-such-file"], {}, "no-such-file"),
        (["evaluate", "no-such-file"], {}, "no-such-file"),
        (["serve", "--port", "99999999"], {}, "port"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(
    arguments: list[str], environment: dict[str, str], word: str
) -> None:
    ran = _app(*arguments, **environment)

    assert ran.returncode != 0
    assert word in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_port_that_is_taken_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = _app("serve", "--port", str(taken.getsockname()[1]), DESCENT_STATE_DIR=str(tmp_path))

    assert ran.returncode == 1
    assert "Choose another with --port" in ran.stderr
