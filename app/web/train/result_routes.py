"""GET /runs/{id}/results: how good a run's network is on the test images of its data set."""

from __future__ import annotations

import functools
from typing import Annotated

import numpy as np
from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from app.data.dataset import Dataset
from app.network.weights import Weights
from app.served.answers import Answers, ImageAnswer, answers, images_answered, results_of
from app.web.shared.dependencies import ExistingRun
from app.web.shared.slots import EvaluationSlot
from app.web.train.run_network import NOT_YET, DatasetOfRun, ImagesSeen, LastNetwork

router = APIRouter(
    prefix="/runs/{run_id}/results", tags=["runs"], dependencies=[ImagesSeen, EvaluationSlot], responses=NOT_YET
)

# A run's answers to 10,000 images take half a megabyte; a class looks at few runs.
_KEPT = 8


class ImageTaken(BaseModel):
    """A test image and the answer to it."""

    model_config = ConfigDict(from_attributes=True)

    number: int = Field(description="The image's number among the test images, from 0")
    label: int = Field(description="Its class")
    digit: int = Field(description="The answer")
    confidence: float = Field(description="The answer's probability")
    pixels: list[int] = Field(description="784 pixels, 0 = paper and 255 = ink")
    probabilities: list[float] = Field(description="The probability of each class")

    @classmethod
    def of(cls, image: ImageAnswer, found: Answers) -> ImageTaken:
        return cls(**image._asdict(), probabilities=found.probabilities[image.number].tolist())


class ConfidenceBin(BaseModel):
    """The images whose answers have a confidence of `low` to `high`."""

    model_config = ConfigDict(from_attributes=True)

    low: float = Field(description="The lowest confidence of the bin")
    high: float = Field(description="The highest")
    images: int = Field(description="The number of images")
    confidence: float | None = Field(description="Their mean confidence; null without images")
    accuracy: float | None = Field(description="Their accuracy, 0..1; null without images")


class CalibrationInfo(BaseModel):
    """How well confidence and accuracy agree."""

    model_config = ConfigDict(from_attributes=True)

    error: float = Field(description="The expected calibration error, 0..1: their mean difference")
    bins: list[ConfidenceBin] = Field(description="The images by confidence")


class ResultsInfo(BaseModel):
    """A run's network on the test images of its data set."""

    model_config = ConfigDict(from_attributes=True)

    run_id: int = Field(description="The run's number")
    version: str = Field(description="The network's version")
    dataset: str = Field(description="The data set")
    classes: list[str] = Field(description="The names of the classes, by label")
    images: int = Field(description="The number of test images")
    wrong: int = Field(description="How many are answered wrong")
    accuracy: float = Field(description="The share of right answers, 0..1")
    by_class: list[float | None] = Field(description="The accuracy on each class; null without images")
    confusion: list[list[int]] = Field(description="Counts of images by class (row) and answer (column)")
    calibration: CalibrationInfo = Field(description="Whether its confidence can be trusted")
    mistakes: list[ImageTaken] = Field(description="The 50 wrong answers of the highest confidence")


class ImagesOfCell(BaseModel):
    """The test images of one class with the same answer."""

    label: int = Field(description="The class")
    answer: int = Field(description="The answer")
    count: int = Field(description="How many there are")
    images: list[ImageTaken] = Field(description="Those of the highest confidence")


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
    label: Annotated[int, Query(ge=0, le=9, description="The class of the images")],
    answer: Annotated[int, Query(ge=0, le=9, description="The class that was answered")],
    limit: Annotated[int, Query(ge=1, le=200, description="The most images to list")] = 50,
) -> ImagesOfCell:
    """The test images of class `label` whose answer is `answer`, highest confidence first."""
    found = _answers(weights, dataset)
    count, surest = images_answered(found, dataset.read_test().images, label, answer, limit)
    return ImagesOfCell(label=label, answer=answer, count=count, images=[ImageTaken.of(one, found) for one in surest])


@functools.lru_cache(_KEPT)
def _answers(weights: Weights, dataset: Dataset) -> Answers:
    """Raises HTTPException 409 for the network of a run that diverged, if its numbers are too large to compute with."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = answers(weights.network, *dataset.read_test())
    if not np.isfinite(found.probabilities).all():
        raise HTTPException(409, "The numbers of this run's network are too large to compute with: it has no answers.")
    return found
