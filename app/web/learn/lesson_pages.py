"""GET /learn: five short lessons on gradient descent, with one idea each."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

from app.lessons.catalogue import LESSONS
from app.lessons.glossary import GLOSSARY
from app.rooms.rooms import RoomNotFoundError, Rooms
from app.rooms.rooms import code_of as code_of_room
from app.web.shared.dependencies import from_state
from app.web.shared.templating import page

router = APIRouter(include_in_schema=False)


class Code(NamedTuple):
    """Lines of this program's source."""

    file: str
    first_line: int
    text: str


_BY_NAME = {lesson.name: lesson for lesson in LESSONS}


@router.get("/learn")
def learn(request: Request) -> Response:
    return page(request, "learn/learn.html", {"lessons": LESSONS})


@router.get("/learn/words")
def words(request: Request) -> Response:
    """The words of the field, with their meanings."""
    return page(request, "learn/words.html", {"page": "lesson", "glossary": GLOSSARY})


@router.get("/learn/{name}")
def lesson(request: Request, name: str, rooms: Annotated[Rooms, from_state("rooms")]) -> Response:
    """A lesson. With `room=CODE` in the address, the admin's page leads that room, and any other follows it."""
    if name not in _BY_NAME:
        raise HTTPException(404, f"There is no lesson {name!r}. There are: {', '.join(_BY_NAME)}.")
    shown = _BY_NAME[name]
    number = LESSONS.index(shown)
    context = {
        "page": "lesson",
        "lesson": shown,
        "lessons": LESSONS,
        "number": number + 1,
        "before": LESSONS[number - 1] if number else None,
        "after": LESSONS[number + 1] if number + 1 < len(LESSONS) else None,
        "code": [code_of(thing) for thing in shown.code],
        "room": _known_room(rooms, request.query_params.get("room")),
    }
    return page(request, f"learn/lessons/{name}.html", context)


def _known_room(rooms: Rooms, code: str | None) -> str | None:
    """The code as it is written, or None: an old link to a lesson outlives its room."""
    if not code:
        return None
    try:
        return code_of_room(rooms.room(code))
    except RoomNotFoundError:
        return None


@functools.cache
def code_of(thing: Callable[..., Any] | type) -> Code:
    """The lines that define a function or a class of this program, moved to the left as far as they go."""
    lines, first = inspect.getsourcelines(thing)
    return Code(f"{thing.__module__.replace('.', '/')}.py", first, textwrap.dedent("".join(lines)).rstrip())
