"""Rooms on bad days: phones that are cut off, servers that are killed, and rooms that are forgotten meanwhile."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.rooms.rooms import LIMITS, MAX_PUPILS, name_of
from app.store.collection_records import Store
from app.store.opening import open_store
from app.store.write_lock import WriteLock
from tests.faults.phones import CutStream, Phone, strokes_of
from tests.faults.torture import SEED, until
from tests.faults.watching import Process, Stalled, watchers_of
from tests.support.local_server import local_server
from tests.support.pgbouncer import running_pgbouncer
from tests.support.postgres import Postgres
from tests.support.rooms import Pupil, open_room, watching
from tests.support.server import RunningServer, Server, running_server, wait_until

_PATIENCE_SECONDS = 120.0


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of the store of `either_server`; None for SQLite."""
    return str(request.getfixturevalue("database_url")) if request.param == "postgres" else None


@pytest.fixture
def either_server(tmp_path: Path, database: str | None) -> Iterator[Server]:
    """A server of the test's own with each of the stores."""
    with local_server(tmp_path / "state", database=SecretStr(database) if database else None) as server:
        yield server


@pytest.fixture
def its_store(either_server: Server, database: str | None) -> Iterator[Store]:
    """The store of `either_server`."""
    with contextlib.closing(open_store(either_server.state_dir / "descent.sqlite3", database, 60.0)) as store:
        yield store


def _cut_again_and_again(server: Server, phones: int, drawings: int) -> None:
    """As many cuts of requests and about as many of streams as there are drawings."""
    in_all, has_time = phones * drawings, until(_PATIENCE_SECONDS)

    def watch(stream: CutStream, seed: int) -> None:
        moments = random.Random(seed)
        while len(stream.drawings) < in_all and has_time():
            # Most are longer than an event of 64 drawings, so that it goes on.
            stream.follow(in_all, moments.randrange(1, 8_000))

    def draw(phone: Phone) -> None:
        for number in range(drawings):
            assert phone.draw(number, cuts=1).status_code == 201

    with open_room(server) as room, ThreadPoolExecutor(2 * phones) as pool:
        pupils = [room.join() for _ in range(phones)]
        all_phones = [Phone(server, pupil, SEED + pupil.id) for pupil in pupils]
        streams = [CutStream(server, f"rooms/{room.code}/events") for _ in pupils]
        works = [pool.submit(watch, stream, SEED + number) for number, stream in enumerate(streams)]
        works += [pool.submit(draw, phone) for phone in all_phones]
        for work in works:
            work.result()
        expected = [strokes_of(number) for number in range(drawings)]
        for pupil in pupils:
            assert [drawing["strokes"] for drawing in pupil.own().json()["drawings"]] == expected
        for stream in streams:
            assert [drawing["id"] for drawing in stream.drawings] == list(range(1, in_all + 1))
            assert {drawing["place"] for drawing in stream.drawings} == {"down"}


@pytest.mark.slow
def test_no_drawing_is_lost_or_doubled_by_cuts(either_server: Server) -> None:
    _cut_again_and_again(either_server, phones=5, drawings=8)


@pytest.mark.torture
def test_no_drawing_is_lost_or_doubled_by_five_hundred_cuts(either_server: Server) -> None:
    _cut_again_and_again(either_server, phones=25, drawings=20)


@pytest.mark.slow
def test_what_was_answered_outlives_a_server_that_is_killed(tmp_path: Path) -> None:
    with running_server(tmp_path / "state") as server, open_room(server) as room, ThreadPoolExecutor(4) as pool:
        joined = room.anyone.post(f"rooms/{room.code}/pupils").json()
        pupils = [Pupil(room.anyone, room.code, joined), *(room.join() for _ in range(3))]
        phones = [Phone(server, pupil, 0) for pupil in pupils]

        def draw_until_killed(phone: Phone) -> int:
            for number in range(LIMITS.burst):
                try:
                    assert phone.draw(number).status_code == 201
                except httpx.TransportError:
                    return number
            return LIMITS.burst

        works = [pool.submit(draw_until_killed, phone) for phone in phones]
        wait_until(lambda: sum(len(phone.answered) for phone in phones) > 10, "some answers")
        os.kill(server.process.pid, signal.SIGKILL)
        interrupted = [work.result() for work in works]
    with running_server(tmp_path / "state") as server, httpx.Client(base_url=server.url) as client:
        for pupil, phone, number in zip(pupils, phones, interrupted, strict=True):
            pupil.client = client
            again = phone.draw(number) if number < LIMITS.burst else None
            assert again is None or again.status_code == 201
            kept = {drawing["id"]: drawing["strokes"] for drawing in pupil.own().json()["drawings"]}
            assert kept == {drawing: strokes_of(number) for number, drawing in phone.answered.items()}


def test_a_busy_store_is_said_with_the_time_to_wait_and_the_drawing_is_taken_then(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.connection._BUSY_SECONDS", 0.1)
    with open_room(own_server) as room:
        pupil = room.join()
        lock = WriteLock(own_server.state_dir / "descent.lock")
        with contextlib.closing(lock), lock.hold(5):
            refused = pupil.draw(token="the-same-drawing")
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
            assert room.anyone.post(f"rooms/{room.code}/pupils").status_code == 503
            assert pupil.own().status_code == 200
        assert pupil.draw(token="the-same-drawing").json()["id"] == 1


def _draw_at_one_and_watch_at_the_other(tmp_path: Path, url: str) -> None:
    with (
        local_server(tmp_path / "one", database=SecretStr(url)) as one,
        local_server(tmp_path / "other", database=SecretStr(url)) as other,
        open_room(one) as room,
        watching(other, f"rooms/{room.code}/events") as watcher,
    ):
        pupil = room.join()
        for number in range(1, 6):
            assert pupil.draw().json()["id"] == number
            wait_until(lambda: number in watcher.drawings, "the drawing", 5)  # noqa: B023 - it is asked at once


@pytest.mark.slow
def test_a_room_spans_the_servers_of_one_database(tmp_path: Path, database_url: str) -> None:
    _draw_at_one_and_watch_at_the_other(tmp_path, database_url)


@pytest.mark.slow
def test_a_room_spans_servers_that_get_no_notifications(tmp_path: Path, database_url: str, postgres: Postgres) -> None:
    with running_pgbouncer(postgres) as bouncer:
        _draw_at_one_and_watch_at_the_other(tmp_path, bouncer.url(database_url))


@contextlib.contextmanager
def _meanwhile(*calls: Callable[[], int]) -> Iterator[list[Counter[int]]]:
    """Makes each call over and over in a thread of its own, until the block ends, and counts its statuses."""
    statuses: list[Counter[int]] = [Counter() for _ in calls]
    done = threading.Event()

    def call(number: int) -> None:
        while not done.is_set():
            statuses[number][calls[number]()] += 1

    with ThreadPoolExecutor(len(calls)) as pool:
        works = [pool.submit(call, number) for number in range(len(calls))]
        try:
            wait_until(lambda: all(statuses) or any(work.done() for work in works), "the first answers")
            yield statuses
        finally:
            done.set()
    for work in works:
        work.result()


@pytest.mark.slow
def test_a_room_that_is_forgotten_while_pupils_draw_leaves_nothing(
    either_server: Server, its_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.rooms.rooms.LIMITS", LIMITS._replace(burst=10_000, of_author=10_000))
    with open_room(either_server) as room:
        pupils, name = [room.join() for _ in range(4)], name_of(room.code)
        join = f"rooms/{room.code}/pupils"
        with _meanwhile(
            *(lambda pupil=pupil: pupil.draw().status_code for pupil in pupils),
            lambda: room.anyone.post(join).status_code,
            lambda: 200 if its_store.keep_snapshot(name, os.urandom(8).hex(), b"images") else 404,
        ) as statuses:
            assert room.teacher.delete(room.path).status_code == 204
            for call in (pupils[0].draw, pupils[1].own, lambda: room.anyone.post(join), lambda: room.anyone.get(join)):
                assert call().status_code in (404, 405)
            wait_until(lambda: all(one[404] for one in statuses), "all to be told")
        assert set().union(*statuses) <= {200, 201, 404, 429}
    for table in ("authors", "drawings", "snapshots"):
        query = f"SELECT 1 FROM {table} WHERE collection = ?"
        assert not its_store._database.rows(query, name), table  # type: ignore[attr-defined]


def test_a_pupil_who_is_removed_while_drawing_has_nothing_on_the_wall(
    either_server: Server, its_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.rooms.rooms.LIMITS", LIMITS._replace(burst=10_000, of_author=10_000))
    with open_room(either_server) as room:
        pupil = room.join()
        with _meanwhile(*[lambda: pupil.draw().status_code] * 4) as statuses:
            room.teacher.patch(f"{room.path}/pupils/{pupil.id}", json={"removed": True}).raise_for_status()
            wait_until(lambda: all(one[403] for one in statuses), "the pupil to be told")
        assert set().union(*statuses) == {201, 403}
        assert {drawing.status for drawing in its_store.drawings(name_of(room.code))} == {"removed"}


@pytest.mark.slow
def test_three_hundred_pupils_join_at_once_and_one_more_is_refused(own_server: Server) -> None:
    with open_room(own_server) as room, ThreadPoolExecutor(20) as pool:
        path = f"rooms/{room.code}/pupils"
        joined = list(pool.map(lambda _: room.anyone.post(path), range(MAX_PUPILS + 5)))
        assert Counter(answer.status_code for answer in joined) == {201: MAX_PUPILS, 429: 5}
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in joined if answer.status_code == 429)
        assert len({answer.json()["name"] for answer in joined if answer.status_code == 201}) == MAX_PUPILS

        room.teacher.patch(f"{room.path}/pupils/7", json={"removed": True}).raise_for_status()
        assert room.anyone.post(path).status_code == 201
        assert room.anyone.post(path).status_code == 429


def test_a_room_that_is_full_of_drawings_says_so(own_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.rooms.rooms.LIMITS", LIMITS._replace(in_all=3))
    with open_room(own_server) as room:
        one, other = room.join(), room.join()
        assert [pupil.draw().status_code for pupil in (one, other, one, other)] == [201, 201, 201, 429]
        assert "3 drawings, which is the limit" in one.draw().json()["detail"]


STALLED, MAX_BYTES_EACH, BATCH = 60, 1 << 19, 64


@pytest.mark.slow
def test_phones_that_do_not_read_hold_little(fresh_server: RunningServer) -> None:
    with open_room(fresh_server) as room, contextlib.ExitStack() as closing:
        # A megabyte and a half, all in the first batch.
        long = [[[number / 1500, 0.1234] for number in range(1500)]]
        for pupil in [room.join() for _ in range(BATCH // 16)]:
            for _ in range(16):
                assert pupil.draw(7, long).status_code == 201
        room.teacher.post(f"{room.path}/accept").raise_for_status()
        room.teacher.post(f"{room.path}/reveal").raise_for_status()
        process = Process(fresh_server.process.pid)

        def stall(readers: int) -> int:
            """The server's memory when it has given each of its watchers what it will take."""
            before = watchers_of(fresh_server)
            for _ in range(readers):
                closing.callback(Stalled(fresh_server, f"rooms/{room.code}").close)
            wait_until(lambda: watchers_of(fresh_server) == before + readers, "the watchers")
            room.anyone.get(f"rooms/{room.code}").raise_for_status()
            return process.memory

        first = stall(20)
        assert stall(STALLED) - first < STALLED * MAX_BYTES_EACH
