"""GET /datasets: the data sets that a run can learn from, with examples. To a browser the same addresses are pages."""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Iterator
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from numpy.typing import NDArray
from PIL import Image
from pydantic import BaseModel, Field

from app.data.dataset import Dataset, is_collection, title_of
from app.data.dataset_files import MAX_CLASSES
from app.data.datasets import Datasets
from app.data.mnist import DataError
from app.server.access import is_admin
from app.web.shared.dependencies import DatasetsNeeded, require_seen
from app.web.shared.schemas import Problem
from app.web.shared.slots import DatasetSlot
from app.web.shared.templating import page, wants_html

_NO_SUCH_DATASET: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "There is no data set of that name"}
}
_NO_PICTURE = _NO_SUCH_DATASET | {409: {"model": Problem, "description": "The data set can't be used"}}
# How many training images a data set's page shows.
FIRST = 20
router = APIRouter(prefix="/datasets", tags=["datasets"], dependencies=[DatasetSlot])


def _headers(dataset: Dataset) -> dict[str, str]:
    # Who may see a room's drawings today may not be there tomorrow, and the room neither.
    return {"Cache-Control": "no-store" if is_collection(dataset.name) else "max-age=3600"}


def _seen(request: Request, name: str) -> str:
    require_seen(request, name)
    return name


Name = Annotated[str, Depends(_seen)]


class DatasetInfo(BaseModel):
    """A set of 28x28 images. With a `problem`, which says what to change, the counts are 0."""

    name: str = Field(description="The set's name")
    classes: list[str] = Field(description="The classes' names, by label")
    training: int = Field(description="Images to learn from")
    held_out: int = Field(description="Images held out of training, for the figures after each epoch")
    test: int = Field(description="Images for the accuracy at the end of a run")
    problem: str | None = Field(None, description="Why no run can learn from it")

    @property
    def title(self) -> str:
        """The name to show."""
        return title_of(self.name)


class DatasetDetails(DatasetInfo):
    """A data set with the digest of its images, which the setting `data_sha256` of a run can require."""

    sha256: str | None = Field(description="SHA-256, in hexadecimal digits; null with a problem")


@router.get("", response_model=list[DatasetInfo])
def list_datasets(request: Request, found: DatasetsNeeded) -> Response | list[DatasetInfo]:
    """All data sets, MNIST first. Those that can't be used come last, with the reason.

    The admin gets the rooms and the corrections too, whose names and images nobody else may see.
    """
    all_sets = {**found.all(), **(found.collections() if is_admin(request) else {})}
    infos = [_unusable(name, one) if isinstance(one, str) else _info(one) for name, one in all_sets.items()]
    infos.sort(key=lambda info: info.problem is not None)
    return page(request, "train/datasets.html", {"datasets": infos}) if wants_html(request) else infos


@router.get("/{name}", response_model=DatasetDetails, responses=_NO_SUCH_DATASET)
def get_dataset(request: Request, name: Name, found: DatasetsNeeded) -> Response | DatasetDetails:
    """One data set, with the digest of its images. The first request unpacks all of them."""
    chosen = _chosen(found, name)
    if wants_html(request):
        return _page(request, name, chosen)
    if isinstance(chosen, DatasetInfo):
        return DatasetDetails(**chosen.model_dump(), sha256=None)
    try:
        return DatasetDetails(**_info(chosen).model_dump(), sha256=chosen.sha256())
    except DataError as error:
        return DatasetDetails(**_unusable(name, str(error)).model_dump(), sha256=None)


@router.get("/{name}/images/{number}.png", response_class=Response, responses=_NO_PICTURE)
def get_dataset_image(name: Name, number: Annotated[int, Path(ge=0, lt=FIRST)], found: DatasetsNeeded) -> Response:
    """One of the first 20 training images as a run learns it: 28x28, upright, light ink on black as in MNIST."""
    with _or_409():
        chosen = _usable(found, name)
        shown = _first(chosen)
    if number >= len(shown):
        raise HTTPException(404, f"{chosen.title} has {len(shown)} training images. Ask for a number below that.")
    return Response(shown[number][1], media_type="image/png", headers=_headers(chosen))


@router.get("/{name}/examples/{number}.png", response_class=Response, responses=_NO_PICTURE)
def get_dataset_example(
    name: Name, number: Annotated[int, Path(ge=0, lt=MAX_CLASSES)], found: DatasetsNeeded
) -> Response:
    """The first test image of a class, 28x28, light ink on black as in MNIST."""
    with _or_409():
        chosen = _usable(found, name)
        content = _examples(chosen)[number]
    if content is None:
        raise HTTPException(404, f"{chosen.title} has no test image of a class {number}. Ask for another class.")
    return Response(content, media_type="image/png", headers=_headers(chosen))


@contextlib.contextmanager
def _or_409() -> Iterator[None]:
    """Raises HTTPException 409 if the set can't be used."""
    try:
        yield
    except DataError as error:
        raise HTTPException(409, str(error)) from error


def _usable(found: Datasets, name: str) -> Dataset:
    """The data set. Raises DataError if it can't be used, HTTPException 404 for an unknown name."""
    chosen = _chosen(found, name)
    if isinstance(chosen, DatasetInfo):
        raise DataError(chosen.problem)
    return chosen


def _chosen(found: Datasets, name: str) -> Dataset | DatasetInfo:
    """The data set, or the reason why it can't be used. Raises HTTPException 404 for an unknown name."""
    try:
        return found.get(name)
    except DataError as error:
        if name not in found.problems() and name not in found.collection_names():
            raise HTTPException(404, str(error)) from error
        return _unusable(name, str(error))


def _page(request: Request, name: str, chosen: Dataset | DatasetInfo) -> Response:
    if isinstance(chosen, DatasetInfo):
        return page(request, "train/dataset.html", {"dataset": chosen})
    try:
        labels = [label for label, _ in _first(chosen)]
    except DataError as error:
        return page(request, "train/dataset.html", {"dataset": _unusable(name, str(error))})
    context = {"dataset": _info(chosen), "labels": labels, "orientation": chosen.orientation}
    return page(request, "train/dataset.html", context)


def _info(dataset: Dataset) -> DatasetInfo:
    return DatasetInfo(
        name=dataset.name,
        classes=list(dataset.classes),
        training=dataset.training,
        held_out=dataset.held_out,
        test=dataset.test,
        problem=None,
    )


def _unusable(name: str, problem: str) -> DatasetInfo:
    return DatasetInfo(name=name, classes=[], training=0, held_out=0, test=0, problem=problem)


@functools.lru_cache(maxsize=32)
def _examples(dataset: Dataset) -> tuple[bytes | None, ...]:
    """By class, the first test image as PNG, or None if there is none. The images themselves are not kept."""
    images, labels = dataset.read_test()
    pictures: list[bytes | None] = []
    for number in range(MAX_CLASSES):
        (of_class,) = np.nonzero(labels == number)
        pictures.append(_png(images[of_class[0]]) if len(of_class) else None)
    return tuple(pictures)


@functools.lru_cache(maxsize=32)
def _first(dataset: Dataset) -> list[tuple[str, bytes]]:
    """Of the first training images, the class and the PNG."""
    images, labels = dataset.read_first(FIRST)
    return [(dataset.classes[label], _png(image)) for image, label in zip(images, labels.tolist(), strict=True)]


def _png(image: NDArray[np.uint8]) -> bytes:
    content = io.BytesIO()
    Image.fromarray(image).save(content, "PNG")
    return content.getvalue()
