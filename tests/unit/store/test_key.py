from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT
from app.store.key import read_or_make_key
from app.store.records import StoreError


def test_a_key_is_random_stays_the_same_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"

    key = read_or_make_key(path)

    assert len(key) == 32
    assert read_or_make_key(path) == key
    assert read_or_make_key(tmp_path / "key") != key
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_make_the_key_at_once_end_with_the_same(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from app.store.key import read_or_make_key; input();"
        "print(read_or_make_key(pathlib.Path(sys.argv[1])).hex())"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "key")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()

    assert len({process.communicate()[0] for process in processes}) == 1


def test_two_that_both_find_no_key_keep_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    key = read_or_make_key(path)
    monkeypatch.setattr(Path, "exists", lambda _: False)

    assert read_or_make_key(path) == key


def test_a_key_cut_short_and_a_folder_that_is_none_are_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")

    with pytest.raises(StoreError, match=r"key is damaged. Delete it"):
        read_or_make_key(tmp_path / "key")
    with pytest.raises(StoreError, match="DESCENT_STATE_DIR"):
        read_or_make_key(tmp_path / "key" / "key")
