"""The file to take home, saved to a disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.network import Network
from app.network.weights import Weights, read_weights, version_of
from app.settings import ROOT
from app.web.shared.take_home import take_home
from tests.browser.conftest import OpenPage

CLASSIC = read_weights(ROOT / "models" / "classic.safetensors")
Save = Callable[[Weights], str]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves the file with a network, and returns its address on the disk."""

    def save(weights: Weights) -> str:
        path = tmp_path / f"{weights.version}.html"
        path.write_bytes(bytes(take_home(weights, "the network “classic”", "classic").body))
        return path.as_uri()

    return save


@pytest.fixture
def home(visit: OpenPage, save: Save) -> Page:
    """The file with the network that comes with the program."""
    return visit(save(CLASSIC))


def weights_of(network: Network, **metadata: str) -> Weights:
    return Weights(network, metadata, version_of(network), "")
