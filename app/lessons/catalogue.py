"""The five lessons: their order, titles and ideas, and the code that each shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from app.network.cost import CrossEntropy, Quadratic
from app.network.descent import Descent
from app.network.network import Network, parameter_count


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
