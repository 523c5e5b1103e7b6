"""What a machine may do to a server: a folder it may not write, a network that is not there, a clock that goes back."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from app.settings import ROOT
from app.store import records
from app.store.sqlite import SqliteRunStore
from tests.support.api import PNG, SEVEN, assert_problem
from tests.support.local_server import local_server
from tests.support.server import TOKEN
from tests.support.trained import add_run, served

_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE = 24, 1


def _obey_permissions() -> None:
    """From now on root, too, may write only what its owner may."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE)


def _serve_from(state: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "DESCENT_STATE_DIR": str(state), "DESCENT_ADMIN_TOKEN": TOKEN},
        capture_output=True,
        text=True,
        timeout=20,
        preexec_fn=_obey_permissions,
    )


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A folder that is made read-only by a test."""
    folder = tmp_path / "state"
    folder.mkdir()
    yield folder
    folder.chmod(0o755)


@pytest.mark.parametrize("read_only", ["an empty folder", "a folder with runs", "a file with runs"])
def test_a_state_folder_that_is_read_only_ends_the_start_with_what_to_do(state: Path, read_only: str) -> None:
    if "runs" in read_only:
        SqliteRunStore(state / "descent.sqlite3").close()
        for file in state.iterdir():
            file.chmod(0o444)
    if "folder" in read_only:
        state.chmod(0o555)

    ran = _serve_from(state)

    assert ran.returncode == 1
    assert "Make its folder writable, or point DESCENT_STATE_DIR to another" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_file_in_place_of_the_state_folder_ends_the_start_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")

    ran = _serve_from(tmp_path / "state")

    assert ran.returncode == 1
    assert "point DESCENT_STATE_DIR to another" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_server_without_any_network_starts_and_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()

    with local_server(tmp_path / "state", models_dir=tmp_path / "models") as server, server.client() as client:
        assert_problem(client.get("readyz"), 503, "Train one")
        assert_problem(client.post("predict", content=SEVEN, headers=PNG), 404, "none yet")
        # A run's network is all that it takes.
        run_id = add_run(server.state_dir, served())
        assert client.post(f"admin/runs/{run_id}/publish").status_code == 200
        assert client.get("readyz").status_code == 200


class _ClockSetBack(datetime):
    """A day earlier each time it is asked."""

    asked = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _ClockSetBack:
        cls.asked += 1
        return cls.fromtimestamp((datetime(2026, 6, 1, tzinfo=UTC) - timedelta(days=cls.asked)).timestamp(), tz or UTC)


def test_a_clock_that_is_set_back_changes_no_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "datetime", _ClockSetBack)
    store = SqliteRunStore(tmp_path / "descent.sqlite3")

    first, second = store.create_run({}, 9), store.create_run({}, 9)
    assert second.created_at < first.created_at
    assert [run.id for run in store.runs()] == [second.id, first.id]
    store.begin(first.id)
    assert store.end(first.id, "finished")
    for version in ("a", "b"):
        store.publish("classic", version, first.id, b"network")
    assert store.publications()["classic"].version == "b"
    assert [publication.version for publication in store.publication_history("classic")] == ["b", "a"]
    before = store.roll_back("classic")
    assert before is not None
    assert before.version == "a"
    # What is deleted now is kept for its day, though the clock says that a day from now was yesterday.
    store.end(second.id, "stopped")
    store.delete(second.id)
    assert store.purge((_ClockSetBack.now() - timedelta(days=1)).isoformat()) == []
    assert store.restore(second.id)
    store.close()
