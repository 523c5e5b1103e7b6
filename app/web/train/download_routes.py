"""GET /runs/{id}/...: a run's events, weights and recipe to download."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field

from app.data.dataset import MNIST, is_collection
from app.network.weights import WeightsError, read_weights
from app.runs.figures import FIGURES
from app.runs.final_network import read_final_file, read_final_network
from app.runs.recipe import RunSettings, arithmetic, public_settings, settings_to_repeat
from app.server.access import is_admin
from app.store.records import Event, Run, RunStore
from app.web.shared.dependencies import DatasetsNeeded, ExistingRun, SettingsNeeded, StoreNeeded
from app.web.shared.take_home import TAKE_HOME, take_home
from app.web.shared.weights_file import WEIGHTS, Format, weights_file
from app.web.train.run_network import NOT_YET, LastNetwork, dataset_of
from app.web.train.run_routes import NO_SUCH_RUN

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"], responses=NO_SUCH_RUN)

JSON_LINES, CSV = "application/jsonl", "text/csv; charset=utf-8"
_CLASSES = range(10)
_COLUMNS = (
    *("id", "event", "step", "epoch", *FIGURES),
    *(f"accuracy_{number}" for number in _CLASSES),
    *("learning_rate", "status", "reason"),
)

After = Annotated[int, Query(description="Only events with an id above this", ge=0, lt=2**63)]
IfNoneMatch = Annotated[str | None, Header(description="The ETag that is known already: answered with 304")]


@router.get("/events.jsonl", response_class=Response, responses={200: {"content": {JSON_LINES: {}}}})
def download_events_as_json_lines(
    run: ExistingRun, store: StoreNeeded, after: After = 0, if_none_match: IfNoneMatch = None
) -> Response:
    """The run's events so far, oldest first: one {"id", "event", "data"} per line."""
    content = _json_lines(store.events(run.id, after))
    return _file(content, JSON_LINES, f"descent-run-{run.id}-events.jsonl", if_none_match)


@router.get("/events.csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
def download_events_as_csv(run: ExistingRun, store: StoreNeeded, if_none_match: IfNoneMatch = None) -> Response:
    """The run's events so far, oldest first: one row per event. Columns that an event does not have are empty.

    `cost` is that of one batch in a `cost` event. In an `epoch` event, `cost` and `accuracy` are those of the held-out
    images.
    """
    return _file(_csv(store.events(run.id)), CSV, f"descent-run-{run.id}-events.csv", if_none_match)


@router.get("/weights", response_class=Response, responses={**NOT_YET, **WEIGHTS})
def download_run_weights(
    run: ExistingRun,
    network: LastNetwork,
    store: StoreNeeded,
    format: Format = "safetensors",  # noqa: A002 - its name in the query
) -> Response:
    """The network of a run that has ended, as a safetensors or an ONNX file."""
    return weights_file(network, lambda: read_final_file(store.files_of(run)), f"descent-run-{run.id}", format)


@router.get("/take-home.html", response_class=Response, responses={**NOT_YET, **TAKE_HOME})
def take_run_home(run: ExistingRun, network: LastNetwork) -> Response:
    """One page with the network of a run that has ended, which draws, answers and learns without a server.

    A network that is too large for the file is refused, with the limit.
    """
    return take_home(network, f"the network of run {run.id}", f"descent-run-{run.id}")


class Teacher(BaseModel):
    """A network whose answers are learned."""

    name: str = Field(description="Its name")
    version: str | None = Field(description="Its version; null if its file is missing")


class Recipe(BaseModel):
    """`settings` repeat the run: post them to /admin/runs. It is the same bit for bit if the other fields match too.

    `numpy`, `python` and `machine` affect rounding: those of the run once it has ended, before that the server's.
    """

    run_id: int = Field(description="The run's number")
    settings: RunSettings = Field(description="Post them to /admin/runs to repeat the run")
    teacher: Teacher | None = Field(description="The network whose answers are learned")
    numpy: str = Field(description="The version of NumPy")
    python: str = Field(description="The version of Python")
    machine: str = Field(description="The processor and the library that computes with it")


@router.get("/recipe", response_model=Recipe, response_model_exclude={"settings": {"preset"}})
def get_recipe(
    request: Request, run: ExistingRun, store: StoreNeeded, settings: SettingsNeeded, datasets: DatasetsNeeded
) -> Recipe:
    """The run's exact recipe, with the learning rates that were changed on the way and the step at which it stopped.

    Only the admin sees which room it uses.
    """
    known = _metadata_of(run, store)
    data_sha256 = known.get("data_sha256")
    if data_sha256 is None and not is_collection(run.settings.get("dataset", MNIST)):
        data_sha256 = dataset_of(run, datasets).sha256()
    repeated = settings_to_repeat(run, store.events(run.id, name="rate"), data_sha256)
    here = arithmetic()
    return Recipe(
        run_id=run.id,
        settings=RunSettings.model_validate(repeated if is_admin(request) else public_settings(repeated)),
        teacher=_teacher(settings.models_dir, repeated["teacher"]),
        **{name: known.get(name, value) for name, value in here.items()},
    )


def _metadata_of(run: Run, store: RunStore) -> dict[str, str]:
    """The metadata of the run's final network; empty while there is none."""
    with contextlib.suppress(WeightsError):
        return read_final_network(store.files_of(run)).metadata
    return {}


def _teacher(models_dir: Path, name: str | None) -> Teacher | None:
    if name is None:
        return None
    try:
        return Teacher(name=name, version=read_weights(models_dir / f"{name}.safetensors").version)
    except WeightsError:
        return Teacher(name=name, version=None)


def _file(content: str, media_type: str, name: str, if_none_match: str | None) -> Response:
    encoded = content.encode()
    # A weak ETag, since a middleware may compress the response.
    tag = f'W/"{hashlib.sha256(encoded).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if if_none_match and tag in (known.strip() for known in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(encoded, media_type=media_type, headers=headers)


def _json_lines(events: Iterable[Event]) -> str:
    return "".join(
        json.dumps({"id": event.id, "event": event.name, "data": event.data}, ensure_ascii=False) + "\n"
        for event in events
    )


def _csv(events: Iterable[Event]) -> str:
    content = io.StringIO()
    rows = csv.DictWriter(content, _COLUMNS, extrasaction="ignore")
    rows.writeheader()
    rows.writerows(map(_row, events))
    return content.getvalue()


def _row(event: Event) -> dict[str, Any]:
    by_class = event.data.get("by_class", ())
    accuracies = {f"accuracy_{number}": accuracy for number, accuracy in enumerate(by_class)}
    return {"id": event.id, "event": event.name, **event.data, **accuracies}
