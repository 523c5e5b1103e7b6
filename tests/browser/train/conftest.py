"""One server for the tests of this folder that leave nothing active, and one run that has ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.runs.recipe import RunSettings
from tests.browser.conftest import OpenPage
from tests.browser.train.run_form_page import OpenForm, form_opener, serving_clothes
from tests.support.server import RunningServer
from tests.support.trained import add_run, served

SETTINGS = RunSettings(
    activation="leaky-relu",
    batch_size=None,
    decay=True,
    seed=2**32 - 1,
    learning_rate=0.30000000000000004,
    rates=[(120, 0.05), (300, 1e-6)],
)


@pytest.fixture(scope="session")
def train_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with more data sets than MNIST. Tests may add runs and publish networks, but leave no run active."""
    with serving_clothes(tmp_path_factory.mktemp("train")) as running:
        yield running


@pytest.fixture(scope="session")
def ended_run(train_server: RunningServer) -> int:
    """A run of `SETTINGS` that has finished."""
    return add_run(train_server.state_dir, served(), settings=SETTINGS)


@pytest.fixture
def open_form(visit: OpenPage, train_server: RunningServer) -> OpenForm:
    """Opens the form that starts a run, as the admin."""
    return form_opener(visit, train_server)
