from __future__ import annotations

import os

# The tests run on every core already: more threads a matrix would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.data import mnist
from app.settings import ROOT
from tests.support.server import RunningServer, running_server

MNIST = ROOT / "data" / "mnist"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that tests share: what one of them publishes or trains, another may meet."""
    with running_server(tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server of the test's own, with an empty state folder."""
    with running_server(tmp_path / "state") as running:
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """Calls the shared server as the admin."""
    with server.client() as client:
        yield client


@pytest.fixture
def fresh_client(fresh_server: RunningServer) -> Iterator[httpx.Client]:
    with fresh_server.client() as client:
        yield client


@pytest.fixture(scope="session")
def test_images() -> mnist.Images:
    return mnist.read_test(MNIST)
