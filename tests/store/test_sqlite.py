from __future__ import annotations

from pathlib import Path

import pytest

from app.store.base import StoreError
from app.store.sqlite import SqliteRunStore


def test_a_file_that_is_no_database_is_named_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "descent.sqlite3"
    path.write_bytes(b"not a database, but some other file of more than a hundred bytes" * 4)

    with pytest.raises(StoreError, match=r"descent\.sqlite3.*DESCENT_STATE_DIR"):
        SqliteRunStore(path)


def test_a_folder_that_can_not_be_made_is_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="DESCENT_STATE_DIR"):
        SqliteRunStore(tmp_path / "file" / "descent.sqlite3")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = SqliteRunStore(tmp_path / "descent.sqlite3")
    run_id = store.create_run({}, 1).id

    with pytest.raises(KeyError):
        store.append(run_id, [("cost", {"step": 1, "epoch": 1, "cost": 1.0}), ("cost", {"step": 2})])

    assert store.events(run_id) == []
    store.close()
