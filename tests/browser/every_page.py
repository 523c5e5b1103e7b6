"""A walk through every page, in any browser."""

from __future__ import annotations

from tests.support.engines import Engine
from tests.support.hand import SEVEN
from tests.support.rooms import open_room
from tests.support.server import Server, wait_until

# What the main part of a page reads once its scripts have done their work. There are two runs, of one sweep.
PAGES = {
    "learn": "Descent, live",
    "learn/test": "Nothing is sent.",
    "learn/words": "softmax",
    "learn/network": "The network says 7",
    "learn/cost": "It says",
    "learn/slope": "The slope is",
    "learn/gradient": "After step 0 ",
    "learn/descent": "other digits right",
    "datasets": "few",
    "datasets/mnist": "5",
    "teach": "Before the lesson",
    "teach/draw": "What can go wrong",
    "login": "Token",
    "corrections": "Nothing is kept yet.",
    "runs/999": "There is no run 999.",
    "docs": "/predict",
    "runs/1": "step 160 of 160",
    "runs/compare?runs=1,2": "10 of 10",
    "sweeps/1": "2 of 2 ended",
    "rooms": "Open a room",
    "rooms/privacy": "What is kept",
}
# The pictures that are shown and say nothing of what they show: no number besides their size, and no course of a line.
WORDLESS = r"""[...document.querySelectorAll("canvas:not([role=application]), [role=img]")]
  .filter((picture) => picture.getClientRects().length > 0 && !picture.closest("[aria-hidden=true]"))
  .map((picture) => {
    const told = (picture.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id));
    return [picture.getAttribute("aria-label") ?? "", ...told.map((element) => element?.textContent)].join(" ");
  })
  .filter((words) => !/\d|falls|rises|jumps|stays|changes|nothing yet|none yet|no step yet|no ink|no value/i
    .test(words.replace(/28 by 28/g, "")))
"""
# The same of the sections of the draw page.
INSIDE = ("Which digit did you mean?", "pixels wide", "“classic” gets")


def walk(engine: Engine, server: Server) -> None:
    """Goes to every page as the admin, waits until it is filled, and answers a drawn 7 on the first."""
    _open(engine, server.login_url, "on this machine.")  # the page of all runs
    _open(engine, server.url, "Draw a digit")
    box = engine.evaluate("document.querySelector('#pad').getBoundingClientRect().toJSON()")
    assert box["width"] > 310
    engine.drag([(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN])
    wait_until(lambda: engine.evaluate("document.querySelector('.answer-digit').textContent") == "7", "the answer 7")
    assert engine.evaluate("document.querySelector('[data-action=undo]').getAttribute('aria-disabled')") == "false"
    engine.evaluate("document.querySelectorAll('.inside-section').forEach((section) => (section.open = true)) ?? 0")
    for text in INSIDE:
        _wait(engine, text)
    _check(engine)
    with open_room(server) as room:
        _open(engine, f"{server.url}rooms/{room.code}/projector", "Next: pupils join with the code.")
        _open(engine, f"{server.url}rooms/{room.code}/control", "The room will be forgotten in")
        room.teacher.post(f"{room.path}/simulated", json={"count": 5}).raise_for_status()
        for path in ("accept", "reveal", "game"):
            room.teacher.post(f"{room.path}/{path}", json={} if path == "game" else None).raise_for_status()
        _open(engine, f"{server.url}rooms/{room.code}/projector", "The server plays all 42 neurons.")
        _open(engine, f"{server.url}learn/slope?room={room.code}", "The slope is")
    for path, text in PAGES.items():
        _open(engine, server.url + path, text)
    with server.client() as teacher:
        code = teacher.post("admin/rooms").raise_for_status().json()["code"]
    # The question is shown to those who have joined.
    _open(engine, f"{server.url}rooms/{code}", "Draw any digit.")


def _open(engine: Engine, url: str, text: str) -> None:
    engine.goto(url)
    _wait(engine, text)
    _check(engine)


def _wait(engine: Engine, text: str) -> None:
    try:
        wait_until(lambda: text in engine.evaluate("document.querySelector('main').textContent"), f"“{text}”")
    except TimeoutError as error:
        address, thrown = engine.evaluate("[location.href, window.thrown ?? []]")
        error.add_note(f"{address} has thrown: {thrown}")
        raise


def _check(engine: Engine) -> None:
    """Nothing was thrown, the page is not wider than the screen, it doesn't call the browser too old, and each picture
    says in words what it shows."""
    try:
        wait_until(lambda: engine.evaluate(WORDLESS) == [], "words for every picture")
    except TimeoutError as error:
        error.add_note(f"{engine.evaluate('location.href')}: {engine.evaluate(WORDLESS)}")
        raise
    url, thrown, wider, notice = engine.evaluate(
        "[location.href, window.thrown ?? [], document.documentElement.scrollWidth - innerWidth,"
        " document.querySelector('#too-old')?.hidden ?? true]"
    )
    assert (thrown, wider > 0, notice) == ([], False, True), url
