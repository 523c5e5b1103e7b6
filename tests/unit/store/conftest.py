"""The stores that must keep every promise. A new kind joins `STORES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.store.records import RunStore
from app.store.sqlite import SqliteRunStore

STORES: dict[str, Callable[[Path], RunStore]] = {"sqlite": lambda folder: SqliteRunStore(folder / "store.sqlite3")}
SETTINGS = {"hidden": [16, 16], "learning_rate": 0.1}


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], RunStore]]:
    """Opens the same store as often as it is called, as processes do."""
    opened: list[RunStore] = []

    def open_one() -> RunStore:
        opened.append(STORES[request.param](tmp_path))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], RunStore]) -> RunStore:
    return open_store()
