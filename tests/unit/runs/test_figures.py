from __future__ import annotations

import re

import pytest

from app.runs.figures import FIGURES, EpochFigures, Figure, figures
from app.settings import ROOT


def test_the_table_has_every_number_of_an_epoch_in_the_order_of_its_event() -> None:
    assert list(FIGURES) == [key for key in EpochFigures._fields if key not in ("epoch", "by_class")]


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_shown_somewhere_in_a_format_that_the_pages_have(figure: Figure) -> None:
    scripts = [(ROOT / "static" / "page" / name).read_text() for name in ("format.js", "numbers.js")]
    formats = re.findall(r"^export function (\w+)", "\n".join(scripts), re.MULTILINE)

    assert figure.format in formats
    assert any((figure.column, figure.summary, figure.chart, figure.compared))


def test_pages_get_the_table_with_its_keys() -> None:
    accuracy = next(figure for figure in figures() if figure["key"] == "accuracy")

    assert (accuracy["name"], accuracy["format"]) == ("Accuracy", "accuracy")


def test_the_measured_accuracy_is_shown_only_where_a_run_has_it() -> None:
    assert "measured_accuracy" not in [figure["key"] for figure in figures()]
    assert "measured_accuracy" in [figure["key"] for figure in figures(measured=True)]
