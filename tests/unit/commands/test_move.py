"""Backups of a database, and state that is moved to one and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.postgres import PostgresRunStore
from tests.support.command import run_command
from tests.support.local_server import local_server
from tests.support.trained import add_run, blind_to

_UNREACHABLE = "postgresql://user:pa55-word@127.0.0.1:1/name"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder with a run that has a network."""
    folder = tmp_path / "state"
    folder.mkdir()
    add_run(folder, blind_to(7))
    return folder


@pytest.fixture
def active_store(database_url: str) -> Iterator[PostgresRunStore]:
    """A store with a run that is active."""
    store = PostgresRunStore(database_url)
    store.begin(store.create_run({}, 9).id)
    yield store
    store.close()


def test_a_state_folder_is_moved_to_a_database_and_back_and_served_from_there(
    state: Path, database_url: str, tmp_path: Path
) -> None:
    there = run_command("move", "--to", database_url, DESCENT_STATE_DIR=str(state))
    again = run_command("move", "--to", database_url, DESCENT_STATE_DIR=str(state))
    back = run_command("move", "--to", tmp_path / "back", DESCENT_DATABASE=database_url)

    assert there.exit_code == 0, there.output
    assert "runs: 1" in there.output
    assert "DESCENT_DATABASE" in there.output
    assert again.exit_code == 1
    assert "Move to an empty one." in again.stderr
    assert back.exit_code == 0, back.output
    assert "DESCENT_STATE_DIR" in back.output
    with local_server(tmp_path / "back") as server, server.client() as client:
        assert [run["status"] for run in client.get("runs").json()] == ["finished"]
        assert client.post("admin/runs/1/publish", json={"name": "ours"}).is_success


def test_a_database_is_backed_up_while_a_run_is_active_to_a_folder_that_a_server_starts_from(
    active_store: PostgresRunStore, database_url: str, tmp_path: Path
) -> None:
    copied = run_command("backup", tmp_path / "copy", DESCENT_DATABASE=database_url)
    moved = run_command("move", "--to", tmp_path / "moved", DESCENT_DATABASE=database_url)

    assert copied.exit_code == 0, copied.output
    assert run_command("backup", tmp_path / "copy", DESCENT_DATABASE=database_url).exit_code == 1
    assert moved.exit_code == 1
    assert "Run 1 is being trained" in moved.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]
    assert [run.status for run in active_store.runs()] == ["running"]
    with local_server(tmp_path / "copy") as server, server.client() as client:
        assert [run["status"] for run in client.get("runs").json()] == ["failed"]  # and can be resumed


@pytest.mark.parametrize(
    ("to", "environment", "said"),
    [
        (_UNREACHABLE, {}, "Check its address"),
        (_UNREACHABLE, {"DATABASE": _UNREACHABLE}, "Unset DESCENT_DATABASE"),
        ("folder", {}, "Set DESCENT_DATABASE"),
        ("folder", {"DATABASE": _UNREACHABLE}, "Check its address"),
    ],
)
def test_a_move_that_can_not_be_made_says_what_to_change(
    state: Path, tmp_path: Path, to: str, environment: dict[str, str], said: str
) -> None:
    target = to if "://" in to else str(tmp_path / to)
    settings = {"DESCENT_STATE_DIR": str(state), **{f"DESCENT_{name}": value for name, value in environment.items()}}

    ran = run_command("move", "--to", target, **settings)

    assert ran.exit_code == 1
    assert said in ran.stderr
    assert "pa55" not in ran.output
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_backup_of_a_database_that_can_not_be_reached_says_so(tmp_path: Path) -> None:
    ran = run_command("backup", tmp_path / "copy", DESCENT_DATABASE=_UNREACHABLE)

    assert ran.exit_code == 1
    assert "Check its address" in ran.stderr
    assert "pa55" not in ran.output
    assert list(tmp_path.iterdir()) == []
