"""The two forms of the test ask the same, and what is right is right by the real arithmetic."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from app.lessons import quiz
from app.lessons.catalogue import LESSONS
from app.lessons.quiz import FORMS, TOPICS, Question, descend
from app.lessons.quiz_pictures import HEIGHT, WIDTH

PAIRS = list(zip(*FORMS.values(), strict=True))
EACH = [pytest.param(question, id=f"{form}: {question.topic}") for form, of in FORMS.items() for question in of]
_NUMBER = re.compile(r"−?\d+(?:\.\d+)?")


def question(form: str, topic: str) -> Question:
    return FORMS[form][TOPICS.index(topic)]


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in _NUMBER.findall(text)]


def words(of: Question) -> str:
    assert of.picture
    return of.picture.words


def drawn(of: Question) -> list[object]:
    """What the picture shows, without its letters."""
    assert of.picture
    return [shape.points for shape in of.picture.shapes if shape.kind in ("line", "bar", "arrow")]


@pytest.mark.parametrize(("a", "b"), PAIRS, ids=TOPICS)
def test_both_forms_ask_one_idea_with_other_numbers(a: Question, b: Question) -> None:
    assert (a.topic, a.lesson, len(a.options)) == (b.topic, b.lesson, len(b.options))
    assert (a.text, a.picture) != (b.text, b.picture)
    assert a.right != b.right, "who remembers the place of the right option would gain by it"
    if a.picture and b.picture:
        assert a.picture.words != b.picture.words
        assert drawn(a) != drawn(b)


@pytest.mark.parametrize("of", EACH)
def test_no_option_stands_out_by_its_words(of: Question) -> None:
    assert 3 <= len(of.options) <= 4
    assert len(set(of.options)) == len(of.options)
    assert 0 <= of.right < len(of.options)
    lengths = sorted(map(len, of.options))
    assert lengths[-1] <= lengths[0] + 8
    assert len(of.why.split()) <= 30
    assert of.lesson in {lesson.name for lesson in LESSONS}


def test_most_questions_have_a_picture_within_its_frame() -> None:
    for form in FORMS.values():
        shown = [of.picture for of in form if of.picture]
        assert len(shown) >= 7
        for kind, points, _ in (shape for picture in shown for shape in picture.shapes):
            if kind in ("ball", "dot", "letter", "label", "arrow", "bar", "line"):
                assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points), (kind, points)


def test_the_place_of_the_right_option_varies_within_a_form() -> None:
    for form in FORMS.values():
        places = [of.right for of in form]
        assert max(places.count(place) for place in places) <= 5
        assert len(set(places)) >= 3


@pytest.mark.parametrize("form", FORMS)
def test_the_higher_cost_is_that_of_the_less_sure_network(form: str) -> None:
    of = question(form, "The cost of one answer")
    digit = int(numbers(of.text)[0])
    outputs = [numbers(part)[::2] for part in words(of).split("B:")]

    assert [int(np.argmax(one)) for one in outputs] == [digit, digit], "both read it"
    # By the quadratic cost and by the cross-entropy.
    assert int(np.argmax([np.sum((one - np.eye(10)[digit]) ** 2) for one in np.array(outputs)])) == of.right
    assert int(np.argmax([-math.log(one[digit]) for one in outputs])) == of.right


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("topic", ["Slope", "The length of a step"])
def test_the_flattest_and_the_steepest_place_are_plain_in_the_words_too(form: str, topic: str) -> None:
    of = question(form, topic)
    pairs = re.findall(r"it is ([\d.]+), and 0.1 to the right ([\d.]+\d)", words(of))
    slopes = [abs(float(after) - float(before)) for before, after in pairs]
    right = slopes.pop(of.right)

    assert len(slopes) == len(of.options) - 1
    assert right < min(slopes) / 3 if topic == "Slope" else right > max(slopes) * 1.5


@pytest.mark.parametrize("form", FORMS)
def test_the_step_goes_against_the_sign_of_the_slope(form: str) -> None:
    of = question(form, "The sign of the slope")
    before, after = numbers(words(of).partition("At the ball")[2])[1::2][:2]

    assert of.options[of.right] == ("Slope below 0, so w grows" if after < before else "Slope above 0, so w shrinks")


@pytest.mark.parametrize("form", FORMS)
def test_a_step_is_the_learning_rate_times_the_slope(form: str) -> None:
    of = question(form, "One step")
    w, slope, eta = numbers(of.text)

    assert numbers(of.options[of.right]) == [pytest.approx(w - eta * slope)]


@pytest.mark.parametrize("form", FORMS)
def test_only_the_course_of_the_largest_rate_rises(form: str) -> None:
    of = question(form, "Learning rate")
    courses = [numbers(line) for line in re.findall(r"[ABC]: ([^A-Z]+)\.", words(of))]

    assert [course[-1] > course[0] for course in courses] == [i == of.right for i in range(3)]


@pytest.mark.parametrize("form", FORMS)
def test_the_step_is_the_way_on_which_the_cost_falls_fastest(form: str) -> None:
    of = question(form, "Gradient")
    changes = numbers(words(of).partition("changes by")[2])

    assert changes.index(min(changes)) == of.right
    assert f"Arrow {quiz.LETTERS[of.right]} points at the lowest" not in words(of)


@pytest.mark.parametrize("form", FORMS)
def test_the_weight_with_the_steepest_slope_changes_the_most_and_its_slope_is_below_0(form: str) -> None:
    of = question(form, "Many slopes")
    slopes = numbers(words(of))[::2]

    assert max(slopes, key=abs) == slopes[of.right] < 0


@pytest.mark.parametrize("form", FORMS)
def test_the_ball_ends_in_the_shallow_valley(form: str) -> None:
    of = question(form, "Minimum")
    places = re.findall(r"at ([A-C]|the ball), w = (\S+), it is (\S+),", words(of).replace("At", "at"))
    cost = {name: float(value) for name, _, value in places}

    right = of.options[of.right].removeprefix("At ")
    assert min(cost, key=lambda name: cost[name]) != right, "not the deepest"
    assert cost[right] < cost["the ball"]


@pytest.mark.parametrize("form", FORMS)
def test_the_smallest_batches_make_the_roughest_line(form: str) -> None:
    of = question(form, "Batch")
    assert of.picture
    lines = [np.array([y for _, y in shape.points]) for shape in of.picture.shapes if shape.kind == "line"]
    roughness = [float(np.abs(np.diff(line)[10:]).mean()) for line in lines]

    assert roughness.index(max(roughness)) == of.right


def test_a_descent_takes_the_steps_of_the_book() -> None:
    parabola = np.polynomial.Polynomial([0, 0, 1])

    assert descend(parabola, 1, 0.25, 2).tolist() == [1, 0.5, 0.25]
