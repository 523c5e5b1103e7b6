"""The test before and after the lessons: ten questions in two forms.

Each question is one function, called with two sets of numbers, so the forms ask the same ideas. They are parallel by
construction and no more: nobody has measured whether they are equally difficult. What is right, and what a picture
says in words, is computed from the same numbers as the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray

from app.lessons.quiz_pictures import Picture, Point, bars, courses, curve, number, valley
from app.network.cost import Quadratic

LETTERS = "ABCD"


class Question(NamedTuple):
    """A question. `right` is the place of the right option; `why` is for who was wrong, `lesson` shows it."""

    topic: str
    text: str
    options: tuple[str, ...]
    right: int
    why: str
    lesson: str
    picture: Picture | None = None


def cost_of_an_answer(digit: int, likeliest: Sequence[float], others: Sequence[float]) -> Question:
    """Networks A and B both read the digit right, with the outputs `likeliest` for it: which costs more?

    `others` are the nine outputs for the other digits, as shares of what is left.
    """
    rest = np.asarray(others)
    outputs = {letter: np.insert((1 - top) * rest, digit, top) for letter, top in zip("AB", likeliest, strict=True)}
    costs = [float(Quadratic().mean(a[None], np.eye(10)[[digit]])) for a in outputs.values()]
    return Question(
        "The cost of one answer",
        f"Networks A and B see the same {digit}. These are their ten outputs. Whose cost is higher?",
        ("A’s cost", "B’s cost", "Both are equal"),
        int(np.argmax(costs)),
        f"Both read {digit}, but the cost also counts how far each output is from 1 for {digit} and 0 for the others.",
        "cost",
        bars({letter: list(a) for letter, a in outputs.items()}, "0123456789", "output"),
    )


def flat_place(turns: Sequence[float], ends: Point, dots: Sequence[float]) -> Question:
    """The cost turns at three places; one of the dots is on the hill between the valleys: where is the slope 0?"""
    cost = _turning_at(turns)
    slopes = np.abs(cost.deriv()(np.asarray(dots)))
    marks = dict(zip(LETTERS, dots, strict=False))
    return Question(
        "Slope",
        "The cost depends on one weight w. At which point is the slope of the cost closest to 0?",
        tuple(marks),
        int(np.argmin(slopes)),
        "The slope says how steep the curve is, not how high: on the top of a hill it is 0 too.",
        "slope",
        curve(cost, ends, marks),
    )


def sign_of_slope(turns: Sequence[float], ends: Point, ball: float) -> Question:
    """A ball on a curve with two valleys: what sign has the slope, and where does the step go?"""
    cost = _turning_at(turns)
    is_negative = bool(cost.deriv()(ball) < 0)
    options = (
        "Slope below 0, so w grows",
        "Slope below 0, so w shrinks",
        "Slope above 0, so w grows",
        "Slope above 0, so w shrinks",
    )
    return Question(
        "The sign of the slope",
        "The ball is the network as it is now. It takes one step of gradient descent. What is true?",
        options,
        0 if is_negative else 3,
        "Where the cost falls as w grows, the slope is below 0, and a step goes against the slope.",
        "slope",
        curve(cost, ends, {}, ball),
    )


def one_step(w: float, slope: float, eta: float, order: Sequence[int]) -> Question:
    """What w becomes. Wrong are a step in the other direction, one without the rate, and one without the slope."""
    values = [w - eta * slope, w + eta * slope, w - slope, w - eta]
    options = tuple(number(values[i]) for i in order)
    return Question(
        "One step",
        f"A weight is {number(w)}. The slope of the cost there is {number(slope)}, the learning rate {number(eta)}."
        " What is the weight after one step?",
        options,
        list(order).index(0),
        "The new weight is the old one minus the learning rate times the slope: "
        f"{number(w)} − {number(eta)} × ({number(slope)}) = {number(values[0])}.",
        "slope",
    )


def learning_rates(bend: float, start: float, rates: Sequence[float]) -> Question:
    """Three descents on the curve bend / 2 w^2, of 16 steps: which one had the largest learning rate?"""
    cost = Polynomial([0, 0, bend / 2])
    shown = {letter: cost(descend(cost, start, eta, 16)) for letter, eta in zip(LETTERS, rates, strict=False)}
    return Question(
        "Learning rate",
        "Three descents start at the same point. Only the learning rate differs. Which one has the largest?",
        tuple(shown),
        int(np.argmax(rates)),
        "A rate that is too large jumps across the valley and lands higher, so the cost rises.",
        "descent",
        courses(shown, (0, 1, 2, 4, 8, 16)),
    )


def longest_step(flat: float, bottom: float, ends: Point, dots: Sequence[float]) -> Question:
    """Four balls on a curve that is high and flat at one end: whose step is the longest, with one learning rate?"""
    cost = Polynomial.fromroots([flat, flat, bottom]).integ()
    cost -= cost(bottom) - 0.5
    slopes = np.abs(cost.deriv()(np.asarray(dots)))
    marks = dict(zip(LETTERS, dots, strict=True))
    return Question(
        "The length of a step",
        "Four descents begin at these points, with the same learning rate. From where is the first step the longest?",
        tuple(f"From {letter}" for letter in marks),
        int(np.argmax(slopes)),
        "A step is the learning rate times the slope: it is long where the curve is steep, not where it is high.",
        "slope",
        curve(cost, ends, marks),
    )


def downhill(stretch: Point, at: Point, order: Sequence[int]) -> Question:
    """A long valley from above: which arrow is the step? The others lead to the lowest point, along and uphill."""
    gradient = np.multiply(stretch, at)
    ways = np.array([-gradient, -np.asarray(at), [-gradient[1], gradient[0]], gradient])[list(order)]
    units = ways / np.linalg.norm(ways, axis=1, keepdims=True)
    return Question(
        "Gradient",
        "A map of the cost for two weights: along each line the cost is the same. Which arrow is the next step of"
        " gradient descent?",
        tuple(f"Arrow {letter}" for letter in LETTERS),
        int(np.argmin(units @ gradient)),
        "A step goes where the cost falls fastest just here, at a right angle to the line. It does not know the lowest"
        " point.",
        "gradient",
        valley(stretch, at, units, LETTERS),
    )


def many_slopes(slopes: Sequence[float]) -> Question:
    """The slopes of four weights, each within -1..1: which weight changes the most?"""
    names = [f"w{i}" for i in range(1, 5)]
    return Question(
        "Many slopes",
        "These are the slopes of four weights. Which weight does the next step change the most?",
        tuple(names),
        int(np.argmax(np.abs(slopes))),
        "Each weight changes by the learning rate times its own slope, and a slope below 0 counts as one above does.",
        "gradient",
        bars({"": slopes}, names, "slope", -1),
    )


def where_it_ends(turns: Sequence[float], ends: Point, ball: float) -> Question:
    """A ball above the shallow one of two valleys: where does a descent with a small learning rate end?"""
    cost = _turning_at(turns)
    end = float(descend(cost, ball, 0.02, 2000)[-1])
    marks = dict(zip(LETTERS, turns, strict=False))
    return Question(
        "Minimum",
        "The ball moves by gradient descent, in small steps. Where does it stop?",
        tuple(f"At {letter}" for letter in marks),
        int(np.argmin(np.abs(np.asarray(turns) - end))),
        "Each step goes downhill from where it is, so it ends in the first valley on its way, deep or not: a local"
        " minimum.",
        "slope",
        curve(cost, ends, marks, ball),
    )


def batches(seed: int, sizes: Sequence[int]) -> Question:
    """Three descents on the same 200 made-up examples, 30 steps: which one had the smallest batches?"""
    shown = {letter: _batch_costs(seed, size) for letter, size in zip(LETTERS, sizes, strict=False)}
    return Question(
        "Batch",
        "Three descents have the same images and learning rate. At each step, each measures the cost on a few images, a"
        " batch. Which one takes the fewest images in a step?",
        tuple(shown),
        int(np.argmin(sizes)),
        "A small batch is a rough sample of all images: its cost differs much from step to step, so the line is rough.",
        "descent",
        courses(shown, (0, 5, 10, 15, *range(20, 31))),
    )


def descend(cost: Polynomial, start: float, eta: float, steps: int) -> NDArray[np.float64]:
    """The weight (steps + 1,) at the start and after each step: w_new = w_old - eta * slope."""
    slope, w = cost.deriv(), [start]
    for _ in range(steps):
        w.append(w[-1] - eta * float(slope(w[-1])))
    return np.array(w)


def _turning_at(places: Sequence[float]) -> Polynomial:
    """A cost above 0 whose slope is 0 at these places."""
    cost = Polynomial.fromroots(list(places)).integ()
    return cost - min(float(cost(w)) for w in places) + 0.5


def _batch_costs(seed: int, size: int) -> NDArray[np.float64]:
    """The cost of each step's batch (31,), as a line with two weights is fitted to 200 points by gradient descent."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 2))
    y = x @ [2.0, -2.5] + rng.normal(size=200)
    w, costs = np.array([-1.0, 1.0]), []
    for _ in range(31):
        batch = rng.choice(200, size, replace=False)
        error = x[batch] @ w - y[batch]
        costs.append(float(error @ error / (2 * size)))
        w = w - 0.1 * x[batch].T @ error / size
    return np.array(costs)


_OTHERS_A = (0.05, 0.05, 0.2, 0.1, 0.15, 0.05, 0.05, 0.3, 0.05)
_OTHERS_B = (0.05, 0.3, 0.1, 0.05, 0.2, 0.1, 0.05, 0.05, 0.1)
FORMS: Mapping[str, tuple[Question, ...]] = {
    "a": (
        cost_of_an_answer(3, (0.55, 0.9), _OTHERS_A),
        flat_place((-2, 0, 2.2), (-2.9, 3.0), (-2.6, 0.0, 1.1, 2.75)),
        sign_of_slope((-1.8, 0.2, 2.2), (-2.7, 3.0), -2.35),
        one_step(2, -3, 0.1, (1, 2, 0, 3)),
        learning_rates(2, 1.5, (0.02, 0.15, 1.015)),
        longest_step(-2, 1.5, (-2.75, 2.1), (-2.3, 0.2, 1.15, 1.5)),
        downhill((0.5, 2.5), (-2.2, 0.85), (1, 3, 0, 2)),
        many_slopes((0.3, -0.9, 0.6, 0.05)),
        where_it_ends((-1.5, -0.1, 2), (-2.3, 2.75), -2.05),
        batches(0, (200, 5, 40)),
    ),
    "b": (
        cost_of_an_answer(7, (0.85, 0.4), _OTHERS_B),
        flat_place((-2.3, 0.3, 2), (-3.1, 2.8), (-2.85, -1.0, 0.3, 2.55)),
        sign_of_slope((-2, -0.3, 1.9), (-2.8, 2.7), 2.3),
        one_step(1.5, -4, 0.2, (3, 0, 2, 1)),
        learning_rates(3, 1.2, (0.1, 0.68, 0.015)),
        longest_step(2.1, -1.3, (-1.95, 2.85), (-1.3, -0.95, 0.1, 2.4)),
        downhill((0.5, 2.2), (2.1, 0.9), (0, 2, 3, 1)),
        many_slopes((-0.2, 0.4, 0.1, -0.8)),
        where_it_ends((-1.9, 0.2, 1.6), (-2.7, 2.4), 2.15),
        batches(2, (5, 40, 200)),
    ),
}
TOPICS = tuple(question.topic for question in FORMS["a"])
