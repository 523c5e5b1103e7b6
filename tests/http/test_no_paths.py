"""No answer that is open to all shows where the server keeps its files, whatever is wrong with them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.main import create_app
from app.network import Descent, Network
from app.network.weights import WeightsError, read_weights
from app.runs.checkpoint import CheckpointError, read_checkpoint
from app.settings import ROOT, Settings
from app.store.files import FolderFiles
from tests.support.idx_files import write_set


@pytest.fixture
def broken_app(tmp_path: Path) -> FastAPI:
    """An app without MNIST, with a damaged network and a data set that can't be used."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "classic.safetensors").write_bytes(b"damaged")
    (tmp_path / "mnist" / "train-images-idx3-ubyte.gz").mkdir(parents=True)
    (write_set(tmp_path / "sets" / "broken") / "train-images-idx3-ubyte.gz").write_bytes(b"<html>")
    settings = Settings(
        state_dir=tmp_path / "state",
        mnist_dir=tmp_path / "mnist",
        models_dir=tmp_path / "models",
        datasets_dir=tmp_path / "sets",
    )
    return create_app(settings)


@pytest.mark.slow
def test_an_open_answer_shows_no_path_of_the_server(broken_app: FastAPI, tmp_path: Path) -> None:
    paths = [route.path or "" for route in iter_route_contexts(broken_app.routes) if "GET" in (route.methods or ())]
    places = {
        "run_id": 1,
        "sweep_id": 1,
        "step": 0,
        "digit": 7,
        "number": 0,
        "version": "none",
        "code": "NOROOM",
        "plan": "draw",
    }
    addresses = {path.format(name=name, **places) for path in paths for name in ("broken", "mnist", "classic")}

    answers = asyncio.run(_answers(broken_app, sorted(addresses)))

    problems = {address: text for address, text in answers.items() if str(tmp_path) in text or str(ROOT) in text}
    assert problems == {}
    assert "train-images-idx3-ubyte.gz" in answers["/datasets/broken"]
    assert "network.safetensors" in answers["/runs/1/weights"]


async def _answers(app: FastAPI, addresses: list[str]) -> dict[str, str]:
    """The texts of the answers, when there is a run whose network is gone."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client,
    ):
        run = app.state.store.create_run({"dataset": "broken"}, 1)
        app.state.store.end(run.id, "stopped", None)
        return {
            address: "".join(
                [(await client.get(address, headers={"Accept": accept})).text for accept in ("*/*", "text/html")]
            )
            for address in addresses
        }


def test_the_reasons_why_runs_fail_show_no_path(tmp_path: Path) -> None:
    descent = Descent(Network.random(np.random.default_rng(0), (784, 1, 10), "relu", "quadratic"), 0.1, 1, 1)
    path = tmp_path / "checkpoint.safetensors"
    path.mkdir()
    for is_folder in (True, False):
        if not is_folder:
            path.rmdir()
            path.write_bytes(b"damaged")
        with pytest.raises(WeightsError) as weights:
            read_weights(path)
        with pytest.raises(CheckpointError) as checkpoint:
            read_checkpoint(FolderFiles(tmp_path), descent)

        assert str(tmp_path) not in f"{weights.value} {checkpoint.value}"
