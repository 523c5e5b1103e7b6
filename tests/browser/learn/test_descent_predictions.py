"""The questions of the lesson on descent: a replay in NumPy decides what comes true."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from app.lessons.digits import LessonImages
from tests.browser.conftest import OpenPage
from tests.browser.learn.descent_page import assert_answers, assert_shows, example, lesson, replay
from tests.browser.learn.gradient_page import cost_of
from tests.browser.learn.gradient_page import numbers as numbers_in
from tests.browser.learn.predict_page import PHONE, came_true, go_on, predict, summary
from tests.conftest import MNIST
from tests.support.server import RunningServer

STEPS = 240


@pytest.mark.slow
def test_each_question_on_descent_is_answered_by_the_real_descents(open_page: OpenPage, server: RunningServer) -> None:
    images = LessonImages(MNIST)
    slow, fast = replay(images, STEPS), replay(images, STEPS, rate=0.3)
    page = lesson(open_page, server, **PHONE)

    falls = int((np.diff(slow.costs) < 0).sum())
    sentence = predict(page, "All")
    assert numbers_in(sentence)[:2] == [falls, STEPS - 1 - falls]
    assert came_true(page) == ["About half"]
    go_on(page)

    measured = images.measured
    ends = [cost_of(run.networks[-1], measured.inputs, measured.wanted) for run in (slow, fast)]
    assert ends[0] > ends[1]
    sentence = predict(page, "0.3")
    assert sentence.startswith("Yes. ")
    said = numbers_in(sentence)
    assert [said[1], said[3]] == pytest.approx(ends, rel=2e-3)
    assert_shows(page, fast.networks[-1], images, run=1)
    go_on(page)

    # This question stands where the reader's digit is.
    assert page.locator(".predictions + #own-drawing").count() == 1
    expect(page.locator(".predictions")).to_be_in_viewport(ratio=1)
    seven, step = example(server, 7), replay(images, 1, rate=0.1, batch=1)
    before, after = (-np.log(network.probabilities(seven)[0, 7]) for network in step.networks)
    assert after > before
    sentence = predict(page, "Fall")
    assert numbers_in(sentence)[:2] == pytest.approx([before, after], rel=1e-3)
    assert came_true(page) == ["Rise"]
    assert_answers(page, step.networks[-1], seven)
    go_on(page, "Done")
    expect(summary(page)).to_have_text("You predicted 1 of the 3 you answered.")
