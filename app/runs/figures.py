"""The figures of an epoch: one table for its event, the CSV columns, the run page's charts and tables, and comparisons.

A new figure takes a line here, its computation in `trainer`, and a test.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints


@dataclass(frozen=True)
class Figure:
    """How pages show a figure. `format` is a function of static/page/format.js; an "accuracy" is in 0..1.

    The other texts place it on a page, where they are not empty: `column` in the table of epochs, `summary` beside its
    latest value, `chart` below its chart, and `compared` among the choices of the comparison of runs.
    """

    name: str
    format: Literal["accuracy", "duration", "short", "whole"] = "short"
    column: str = ""
    summary: str = ""
    chart: str = ""
    compared: str = ""


class EpochFigures(NamedTuple):
    """The data of an `epoch` event. `cost` and `accuracy` are those of the held-out images.

    `gradient_norm` is that of `Progress`. `seconds` is the duration of the epoch, `images_per_second` the speed of the
    descent itself. `by_class` is the accuracy on the held-out images of each of the ten classes, None without images.
    `measured_accuracy` is that on the held-out images of the setting `measured_on`, None without it.
    """

    epoch: int
    cost: Annotated[
        float, Figure("Cost", column="Cost", summary="Cost, images held out", compared="Cost on images held out")
    ]
    accuracy: Annotated[
        float,
        Figure(
            "Accuracy",
            format="accuracy",
            column="Accuracy",
            summary="Accuracy, images held out",
            chart="On images held out: the network never learns from them.",
            compared="Accuracy on images held out",
        ),
    ]
    measured_accuracy: Annotated[
        float | None,
        Figure(
            "Measured accuracy",
            format="accuracy",
            column="Measured",
            summary="Measured accuracy",
            chart="On the held-out images of the data set that the run is measured on, beside its own.",
            compared="Measured accuracy",
        ),
    ]
    gradient_norm: Annotated[
        float,
        Figure(
            "Norm of the gradient",
            column="Norm",
            summary="Norm of the gradient",
            chart="On level ground it gets close to 0, and so do the steps.",
        ),
    ]
    seconds: Annotated[float, Figure("Time", format="duration", column="Time")]
    images_per_second: Annotated[float, Figure("Images a second", format="whole", summary="Images a second")]
    by_class: list[float | None]


FIGURES: dict[str, Figure] = {
    key: figure
    for key, hint in get_type_hints(EpochFigures, include_extras=True).items()
    for figure in getattr(hint, "__metadata__", ())
}


def figures(*, measured: bool = False) -> list[dict[str, Any]]:
    """The table for templates and scripts, with the `key` of each figure in the event's data.

    The measured accuracy is there only if a run has the setting `measured_on`.
    """
    return [{"key": key, **asdict(figure)} for key, figure in FIGURES.items() if measured or key != "measured_accuracy"]
