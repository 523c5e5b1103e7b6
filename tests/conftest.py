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
from tests.support.idx_files import write_digits
from tests.support.local_server import local_server
from tests.support.postgres import Postgres, running_postgres
from tests.support.server import RunningServer, Server, running_server

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


@pytest.fixture(scope="session")
def few_digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for DESCENT_DATASETS_DIR with the data set `few`: digits of MNIST that are read in a moment."""
    folder = tmp_path_factory.mktemp("datasets")
    write_digits(folder / "few", mnist.read_test(MNIST))
    return folder


@pytest.fixture
def own_server(tmp_path: Path, few_digits: Path) -> Iterator[Server]:
    """A server of the test's own in a thread of this process, with an empty state folder and the data set `few`."""
    with local_server(tmp_path / "state", datasets_dir=few_digits) as running:
        yield running


@pytest.fixture
def own_client(own_server: Server) -> Iterator[httpx.Client]:
    """Calls the test's own server as the admin."""
    with own_server.client() as client:
        yield client


@pytest.fixture(scope="session")
def test_images() -> mnist.Images:
    return mnist.read_test(MNIST)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that tests share: none of them may stop it."""
    with running_postgres() as running:
        yield running


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of the test's own."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)
