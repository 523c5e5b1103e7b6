from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.settings import ROOT
from app.store import attempts as module
from app.store.attempts import FREE, LONGEST_WAIT, MOST_OVER_ALL, Attempts

PUPIL, TEACHER = "192.0.2.1", "192.0.2.2"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "attempts.sqlite3"


@pytest.fixture
def open_attempts(path: Path, clock: Clock) -> Iterator[Callable[[], Attempts]]:
    """Opens the same file as often as it is called, as processes do."""
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(contextlib.closing(Attempts(path, clock)))


@pytest.fixture
def attempts(open_attempts: Callable[[], Attempts]) -> Attempts:
    return open_attempts()


def guess(attempts: Attempts, times: int, address: str = PUPIL) -> list[float]:
    return [attempts.judge(address, is_right=False) for _ in range(times)]


def test_a_few_wrong_ones_are_free_and_then_each_makes_the_wait_twice_as_long_up_to_a_minute(
    attempts: Attempts, clock: Clock
) -> None:
    assert guess(attempts, FREE) == [0.0] * FREE

    waits = []
    for _ in range(8):
        waits += [attempts.judge(PUPIL, is_right=False)]
        clock.now += waits[-1]
        assert attempts.judge(PUPIL, is_right=False) == 0.0

    assert waits == [1, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT]


def test_who_waits_learns_nothing_of_the_right_token_and_nobody_else_waits(attempts: Attempts, clock: Clock) -> None:
    guess(attempts, FREE)

    assert attempts.judge(PUPIL, is_right=True) == attempts.judge(PUPIL, is_right=False) == 1.0
    assert attempts.judge(TEACHER, is_right=True) == 0.0
    # What came while it waited did not count.
    clock.now += 1.0
    assert attempts.judge(PUPIL, is_right=True) == 0.0


def test_the_right_token_clears_its_address_alone(attempts: Attempts) -> None:
    guess(attempts, FREE - 1, PUPIL)
    guess(attempts, FREE - 1, TEACHER)

    assert attempts.judge(TEACHER, is_right=True) == 0.0

    assert guess(attempts, FREE, TEACHER) == [0.0] * FREE
    assert guess(attempts, 2, PUPIL) == [0.0, 1.0]


def test_guesses_from_many_addresses_are_slowed_over_all(attempts: Attempts, clock: Clock) -> None:
    assert {attempts.judge(f"192.0.2.{number}", is_right=False) for number in range(MOST_OVER_ALL)} == {0.0}

    assert attempts.judge("203.0.113.1", is_right=False) == attempts.judge("203.0.113.2", is_right=True) == 1.0
    clock.now += 1.0
    assert [attempts.judge(f"203.0.113.{number}", is_right=False) for number in range(2)] == [0.0, 1.0]
    clock.now += MOST_OVER_ALL
    assert attempts.judge("203.0.113.3", is_right=True) == 0.0


def test_an_hour_later_nothing_is_known_of_an_address(attempts: Attempts, clock: Clock) -> None:
    guess(attempts, FREE - 1)
    clock.now += module.FORGOTTEN_SECONDS + 1

    assert guess(attempts, FREE) == [0.0] * FREE


@pytest.mark.slow
def test_the_file_stays_small_however_many_addresses_guess(
    attempts: Attempts, clock: Clock, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FORGOTTEN_SECONDS", 60.0)
    for number in range(1000):
        attempts.judge(f"2001:db8::{number:x}", is_right=False)
        clock.now += 0.25

    with contextlib.closing(sqlite3.connect(path)) as db:
        (rows,) = db.execute("SELECT count(*) FROM wrong").fetchone()
    assert rows <= 60 / module.SECONDS_OVER_ALL + MOST_OVER_ALL + 1


def test_a_clock_that_is_set_back_makes_nobody_wait_until_it_is_so_late_again(attempts: Attempts, clock: Clock) -> None:
    for number in range(MOST_OVER_ALL - FREE):
        attempts.judge(f"203.0.113.{number}", is_right=False)
    guess(attempts, FREE)
    assert attempts.judge(PUPIL, is_right=True) > 0

    clock.now -= 24 * 3600

    assert attempts.judge(PUPIL, is_right=True) == 0.0
    assert guess(attempts, FREE + 1) == [0.0] * FREE + [1.0]


def test_processes_that_share_the_file_count_together_also_at_once(path: Path) -> None:
    program = (
        "import sys, pathlib; from app.store.attempts import Attempts; attempts = Attempts(pathlib.Path(sys.argv[1]));"
        "input(); print(sum(attempts.judge('192.0.2.1', False) == 0 for _ in range(20)))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    told = [int(process.communicate()[0]) for process in processes]

    assert sum(told) == FREE


def test_what_another_process_counts_between_a_look_and_a_count_is_seen(
    attempts: Attempts, path: Path, clock: Clock
) -> None:
    calls = 0

    def clock_of_a_slow_process() -> float:
        nonlocal calls
        calls += 1
        # The first look is at its own memory, the second at the file.
        if calls == 2:
            guess(attempts, FREE)
        return clock()

    with contextlib.closing(Attempts(path, clock_of_a_slow_process)) as slow:
        assert slow.judge(PUPIL, is_right=False) == 1.0


@pytest.mark.parametrize("trouble", ["damaged", "no folder", "locked", "locked for writing"])
def test_without_its_file_a_process_counts_by_itself(
    attempts: Attempts,
    path: Path,
    trouble: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # The file is tried each time: even then nothing that was counted without it is lost.
    monkeypatch.setattr(module, "_WITHOUT_FILE_SECONDS", 0.0)
    monkeypatch.setattr(module, "_BUSY_MS", 1)
    with contextlib.closing(sqlite3.connect(":memory:" if trouble == "no folder" else path)) as other:
        if trouble == "damaged":
            path.write_bytes(b"no database at all, but a text of more than a hundred bytes" * 20)
        elif trouble == "no folder":
            path.parent.rmdir()
        else:
            guess(attempts, 1, TEACHER)
            other.execute("BEGIN EXCLUSIVE" if trouble == "locked" else "BEGIN IMMEDIATE")

        assert guess(attempts, FREE) == [0.0] * FREE
        assert attempts.judge(PUPIL, is_right=True) > 0
        assert attempts.judge(TEACHER, is_right=True) == 0.0
    assert "attempts.sqlite3 can't be used" in caplog.text
    assert len(caplog.records) == 1


def test_a_file_that_can_be_used_again_is_used_again(
    open_attempts: Callable[[], Attempts], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WITHOUT_FILE_SECONDS", 0.0)
    one, another = open_attempts(), open_attempts()
    path.mkdir()
    guess(one, 1)
    path.rmdir()

    guess(one, FREE)

    assert another.judge(PUPIL, is_right=True) > 0
