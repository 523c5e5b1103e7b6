"""GET /learn: five short lessons on gradient descent, with one idea each."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

from app.network.cost import CrossEntropy, Quadratic
from app.network.descent import Descent
from app.network.network import Network, parameter_count
from app.settings import ROOT
from app.web.shared.templating import page

router = APIRouter(include_in_schema=False)


class Code(NamedTuple):
    """Lines of this program's source."""

    file: str
    first_line: int
    text: str


class Lesson(NamedTuple):
    """One lesson. `name` is its address, `code` the functions and classes that it shows."""

    name: str
    title: str
    idea: str
    code: tuple[Callable[..., Any] | type, ...]


LESSONS = (
    Lesson(
        "network",
        "A network is a function of pixels",
        "784 numbers go in, ten come out. Change any of the 13,002 numbers between and watch the answer change.",
        (Network.activations, parameter_count),
    ),
    Lesson(
        "cost",
        "The cost says how wrong it is",
        "Ten outputs against the ten that were wanted, as one number, and its mean over many digits.",
        (Quadratic, CrossEntropy),
    ),
    Lesson(
        "slope",
        "One parameter, one slope",
        "Change one number, watch the cost. The slope says which way is down, the learning rate how far to go.",
        (Descent._step, Descent._change),
    ),
    Lesson(
        "gradient",
        "All of them: the gradient",
        "13,002 slopes at once, found by backprop, and a path down a landscape.",
        (Network.backprop,),
    ),
    Lesson(
        "descent",
        "Descent, live",
        "A network learns from random numbers in front of you. Then change a setting, and race the two.",
        (Descent.run,),
    ),
)
_BY_NAME = {lesson.name: lesson for lesson in LESSONS}


@router.get("/learn")
def learn(request: Request) -> Response:
    return page(request, "learn/learn.html", {"lessons": LESSONS})


@router.get("/learn/{name}")
def lesson(request: Request, name: str) -> Response:
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
    }
    return page(request, f"learn/lessons/{name}.html", context)


@functools.cache
def code_of(thing: Callable[..., Any] | type) -> Code:
    """The lines that define a function or a class of this program, moved to the left as far as they go."""
    lines, first = inspect.getsourcelines(thing)
    path = Path(inspect.getsourcefile(thing) or "")
    return Code(str(path.relative_to(ROOT)), first, textwrap.dedent("".join(lines)).rstrip())
