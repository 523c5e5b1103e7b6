"""Requests to a room that are odd or hostile: each is answered as described, and never by a 5xx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.support.local_server import local_server
from tests.support.rooms import SEVEN, Pupil, Room, open_room

STROKES = json.dumps(SEVEN)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgres" else None
    state: Path = tmp_path_factory.mktemp("state")
    with local_server(state, database=SecretStr(url) if url else None) as server, open_room(server) as room:
        yield room


@pytest.fixture(scope="module")
def pupil(room: Room) -> Pupil:
    return room.join()


def _draw(pupil: Pupil, body: str | bytes, **headers: str) -> httpx.Response:
    sent = {**pupil.headers, "Content-Type": "application/json", **headers}
    return pupil.client.post(f"rooms/{pupil.code}/drawings", content=body, headers=sent)


@pytest.mark.parametrize(
    "body",
    [
        '{"label": true, "strokes": %s}',
        '{"label": 7.0, "strokes": %s}',
        '{"label": "7", "strokes": %s}',
        '{"label": NaN, "strokes": %s}',
        '{"label": 1e400, "strokes": %s}',
        f'{{"label": {"9" * 4_000}, "strokes": %s}}',
        f'{{"label": {"9" * 100_000}, "strokes": %s}}',
        '{"label": 7, "strokes": %s, "more": 1}',
        '{"label": 7, "strokes": [[[NaN, 0.5]]]}',
        '{"label": 7, "strokes": [[[Infinity, 0.5]]]}',
        '{"label": 7, "strokes": [[[1e-400, 1e400]]]}',
        '{"label": 7, "strokes": [[[true, 0.5]]]}',
        '{"label": 7, "strokes": [[["0.5", 0.5]]]}',
        '{"label": 7, "strokes": [[[0.5, 0.5, 0.5]]]}',
        '{"label": 7, "strokes": [[{"0": 0.5, "1": 0.5}]]}',
        '{"label": 7, "strokes": ' + "[" * 60_000 + "]" * 60_000 + "}",
        "[" * 200_000,
        '{"strokes": ' * 20_000,
        "null",
        "",
    ],
    ids=range(20),
)
def test_what_is_no_drawing_is_refused(pupil: Pupil, body: str) -> None:
    answer = _draw(pupil, body.replace("%s", STROKES))

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.content) < 2048


@pytest.mark.parametrize("body", [b'\xff{"label": 7}', b'{"label": "\xed\xa0\x80"}', STROKES.encode("utf-16")])
def test_what_is_no_text_is_refused(pupil: Pupil, body: bytes) -> None:
    assert _draw(pupil, body).status_code == 422


def test_a_drawing_may_be_as_long_as_the_limit_of_a_body(room: Room) -> None:
    pupil = room.join()
    points = [[[(number % 100) / 100 + 0.000123456789, 0.123456789012345] for number in range(4_000)]]
    body = json.dumps({"label": 7, "strokes": points})
    longest = body + " " * (256 * 1024 - len(body))

    assert _draw(pupil, longest).status_code == 201
    assert _draw(pupil, longest + " ").status_code == 413
    assert len(pupil.own().json()["drawings"][0]["strokes"][0]) == 4_000


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\u202eevil", "\u0085", "<b>&amp;\"'", "😀" * 15, "e\u0301" * 15, "%s{}"]
)
def test_odd_texts_are_kept_or_refused(room: Room, text: str) -> None:
    pupil = room.join()
    renamed = room.teacher.patch(f"{room.path}/pupils/{pupil.id}", json={"name": text})
    asked = room.teacher.patch(room.path, json={"prompt": text})

    assert renamed.status_code in (204, 422)
    assert asked.status_code in (204, 422)
    assert pupil.own().status_code == 200
    assert room.state()["prompt"]
    assert room.anyone.get(f"rooms/{room.code}", headers={"Accept": "text/html"}).status_code == 200


def test_a_lone_surrogate_is_refused(room: Room) -> None:
    pupil, headers = room.join(), {"Content-Type": "application/json"}

    def sent(method: str, path: str, body: str) -> int:
        return room.teacher.request(method, path, content=body, headers=headers).status_code

    assert sent("PATCH", f"{room.path}/pupils/{pupil.id}", r'{"name": "\ud800"}') == 422
    assert sent("PATCH", room.path, r'{"prompt": "\udfff"}') == 422
    assert sent("PATCH", room.path, r'{"model": "\udfff"}') == 422
    assert sent("POST", f"rooms/{room.code}/pupils", r'{"rejoin": "\ud800"}') == 422


def test_a_question_is_text_on_the_page(room: Room) -> None:
    room.change(prompt="<script>alert(1)</script>")
    page = room.anyone.get(f"rooms/{room.code}", headers={"Accept": "text/html"}).text

    assert "<script>alert" not in page
    room.change(prompt="Draw a 7.")


CODES = [
    *(
        "ß",
        "ﬁﬂ",
        "ŉŉŉŉŉŉ",
        "İıſ",
        "١٢٣",
        "ＢＣＤＦＧＨ",
        "%00",
        "A%00B",
        "%ED%A0%80",
        "%FF%FE",
        "%2e%2e",
        "..%2f..%2fetc",
    ),
    *("..%2fetc", "%252e", "A'B", 'A"B', "A;--", "%25s", "🎲", "e%CC%81", "%0d%0aX:1", "%20", "-", "ΐ" * 12, "A" * 13),
]


@pytest.mark.parametrize("code", CODES)
def test_an_odd_code_is_no_room_s(room: Room, pupil: Pupil, code: str) -> None:
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"rooms/{code}", {}),
        ("GET", f"rooms/{code}/events", {}),
        ("POST", f"rooms/{code}/pupils", {"json": {}}),
        ("POST", f"rooms/{code}/drawings", {"json": {"label": 7, "strokes": SEVEN}, "headers": pupil.headers}),
        ("GET", f"rooms/{code}/pupils/me", {"headers": pupil.headers}),
        ("PATCH", f"admin/rooms/{code}", {"json": {"locked": True}, "headers": room.teacher.headers}),
        ("DELETE", f"admin/rooms/{code}", {"headers": room.teacher.headers}),
    ]
    for method, path, options in calls:
        answer = room.anyone.request(method, path, **options)
        assert answer.status_code in (404, 405, 422), (method, path, answer.status_code, answer.text)


@pytest.mark.parametrize("key", ["\xff" * 50, "a" * 8_000, "a b c", "Bearer x", "' OR 1=1 --"])
def test_an_odd_key_is_nobody_s(room: Room, key: str) -> None:
    headers = {b"Authorization": b"Bearer " + key.encode("latin-1")}

    assert room.anyone.get(f"rooms/{room.code}/pupils/me", headers=headers).status_code == 401


@pytest.mark.parametrize("token", ["\xff" * 8, "'; DROP TABLE drawings; --", "%s%s%s%s", "????????", "a" * 64])
def test_an_odd_idempotency_key_is_a_key_like_others(room: Room, token: str) -> None:
    pupil = room.join()
    headers = {b"Idempotency-Key": token.encode("latin-1"), b"Authorization": pupil.headers["Authorization"].encode()}
    path, body = f"rooms/{room.code}/drawings", {"label": 7, "strokes": SEVEN}
    first, again = (room.anyone.post(path, json=body, headers=headers) for _ in range(2))

    assert (first.status_code, again.json()) == (201, first.json())
