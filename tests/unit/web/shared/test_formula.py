from __future__ import annotations

import re

import pytest

from app.network import ACTIVATIONS, COSTS
from app.web.shared.formula import mathml, mathml_with_numbers


def _text(markup: str) -> str:
    return re.sub("<[^>]*>", "", markup).replace("&nbsp;", " ").replace("&gt;", ">")


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("max(z, 0.1 * z)", "max(z,0.1·z)"),
        ("1 if z > 0 else 0.1", "1 if z>0, otherwise 0.1"),
        ("a * (1 - a)", "a(1−a)"),
        ("sum(a + y)", "∑(a+y)of all ten"),
        ("(a - y) * a", "(a−y)·a"),
        ("-sum(y * ln(a))", "−∑ylnaof all ten"),
    ],
)
def test_a_formula_reads_as_in_a_book(formula: str, text: str) -> None:
    assert _text(mathml(formula)) == text


def test_letters_have_the_index_and_a_sum_runs_over_it() -> None:
    assert _text(mathml("1 / 2 * sum((a - y) ** 2)", "j")) == "12∑j(aj−yj)2"


def test_each_letter_becomes_a_number_to_fill_in() -> None:
    written = mathml_with_numbers("max(z, 0.1 * z)")

    assert '<mn data-value="z"></mn>' in written
    assert '<mn data-times="0.1" data-value="z"></mn>' in written


@pytest.mark.parametrize("formula", [*(f.formula for f in ACTIVATIONS.values()), *(c.formula for c in COSTS.values())])
def test_every_tag_is_closed(formula: str) -> None:
    for written in (mathml(formula), mathml(formula, "j"), mathml_with_numbers(formula)):
        opened = re.findall(r"<(\w+)[^>]*(?<!/)>", written)
        assert sorted(opened) == sorted(re.findall(r"</(\w+)>", written))


def test_what_a_formula_can_not_hold_is_named() -> None:
    with pytest.raises(ValueError, match="z\\[0\\]"):
        mathml("z[0]")
