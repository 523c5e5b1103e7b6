from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.api import FEW, ended, start
from tests.support.local_server import local_server
from tests.support.server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, few_digits: Path) -> Iterator[Server]:
    """The server that these tests share, in a thread of this process, with the data set `few`."""
    with local_server(tmp_path_factory.mktemp("state"), datasets_dir=few_digits) as running:
        yield running


@pytest.fixture(scope="session")
def trained(server: Server) -> int:
    """A run of the shared server that was really trained."""
    with server.client() as client:
        run_id = start(client, FEW)
        assert ended(client, run_id)["status"] == "finished"
        return run_id


@pytest.fixture(scope="module")
def publishing_server(tmp_path_factory: pytest.TempPathFactory, few_digits: Path) -> Iterator[Server]:
    """A server of the module's own, whose publications no other module meets."""
    with local_server(tmp_path_factory.mktemp("publishing"), datasets_dir=few_digits) as running:
        yield running
