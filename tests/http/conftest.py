from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.server import RunningServer, running_server


@pytest.fixture(scope="module")
def publishing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of the module's own, whose publications no other module meets."""
    with running_server(tmp_path_factory.mktemp("publishing")) as running:
        yield running
