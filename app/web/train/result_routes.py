"""GET /runs/{id}/results: how good a run's network is on the test images of its data set."""

from __future__ import annotations

import functools
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.data.datasets import Dataset
from app.network.weights import Weights
from app.served.answers import Answers, ImageAnswer, answers, images_answered, results_of
from app.web.shared.dependencies import ExistingRun
from app.web.shared.slots import EvaluationSlot
from app.web.train.run_network import NOT_YET, DatasetOfRun, LastNetwork

router = APIRouter(prefix="/runs/{run_id}/results", tags=["runs"], dependencies=[EvaluationSlot], responses=NOT_YET)

# A run's answers to 10,000 images take half a megabyte; a class looks at few runs.
_KEPT = 8
Class = Annotated[int, Query(ge=0, le=9)]


class ImageTaken(BaseModel):
    """A test image: its number from 0, its label, the answer and its confidence, 784 pixels (0 = paper), and ten
    `probabilities`."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    label: int
    digit: int
    confidence: float
    pixels: list[int]
    probabilities: list[float]

    @classmethod
    def of(cls, image: ImageAnswer, found: Answers) -> ImageTaken:
        return cls(**image._asdict(), probabilities=found.probabilities[image.number].tolist())


class ConfidenceBin(BaseModel):
    """The images whose answers are `low`..`high` sure; the two means are null where there are none."""

    model_config = ConfigDict(from_attributes=True)

    low: float
    high: float
    images: int
    confidence: float | None
    accuracy: float | None


class CalibrationInfo(BaseModel):
    """`error` is the expected calibration error, in 0..1: the mean difference of confidence and accuracy."""

    model_config = ConfigDict(from_attributes=True)

    error: float
    bins: list[ConfidenceBin]


class ResultsInfo(BaseModel):
    """A run's network on `images` test images, of which it gets `wrong` wrong. `classes` are their names, by label.

    `by_class` is the accuracy on each of ten classes, null where there are no images; `confusion` counts the images of
    each label (row) by their answer (column). `mistakes` are the 50 wrong answers with the highest confidence.
    """

    model_config = ConfigDict(from_attributes=True)

    run_id: int
    version: str
    dataset: str
    classes: list[str]
    images: int
    wrong: int
    accuracy: float
    by_class: list[float | None]
    confusion: list[list[int]]
    calibration: CalibrationInfo
    mistakes: list[ImageTaken]


class ImagesOfCell(BaseModel):
    """The test images of class `label` whose answer is `answer`: their count, and those of the highest confidence."""

    label: int
    answer: int
    count: int
    images: list[ImageTaken]


@router.get("")
def get_results(run: ExistingRun, weights: LastNetwork, dataset: DatasetOfRun) -> ResultsInfo:
    """How good the network of a run that has ended is, which mistakes it makes, and how reliable its confidence is."""
    found = _answers(weights, dataset)
    result = results_of(found, dataset.read_test().images, dataset.classes)
    mistakes = [ImageTaken.of(one, found) for one in result.mistakes]
    return ResultsInfo.model_validate(
        {
            **result._asdict(),
            "mistakes": mistakes,
            "run_id": run.id,
            "version": weights.version,
            "dataset": dataset.name,
        }
    )


@router.get("/images")
def list_result_images(
    weights: LastNetwork,
    dataset: DatasetOfRun,
    label: Class,
    answer: Class,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ImagesOfCell:
    """The test images of class `label` whose answer is `answer`, highest confidence first."""
    found = _answers(weights, dataset)
    count, surest = images_answered(found, dataset.read_test().images, label, answer, limit)
    return ImagesOfCell(label=label, answer=answer, count=count, images=[ImageTaken.of(one, found) for one in surest])


@functools.lru_cache(_KEPT)
def _answers(weights: Weights, dataset: Dataset) -> Answers:
    return answers(weights.network, *dataset.read_test())
