"""Dependencies of the routes, as types."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import CapacityLimiter
from fastapi import Depends, Path, Request

from app.data.dataset import is_collection
from app.data.datasets import Datasets
from app.lessons.descents import Descents
from app.lessons.digits import LessonImages
from app.rooms.room_log import RoomKey
from app.runs.jobs import Jobs, RunNotFoundError
from app.served.predictor import Predictor
from app.server.access import require_admin, require_own_page
from app.settings import Settings
from app.store.collection_records import Store
from app.store.feed import Feeds
from app.store.records import Run


def from_state(name: str) -> Any:
    """The value of that name in the app's state."""

    # Asynchronous, though it waits for nothing: FastAPI would send anything else to a thread and back.
    async def get(request: Request) -> Any:
        return getattr(request.app.state, name)

    return Depends(get)


SettingsNeeded = Annotated[Settings, from_state("settings")]
StoreNeeded = Annotated[Store, from_state("store")]
PredictorNeeded = Annotated[Predictor, from_state("predictor")]
JobsNeeded = Annotated[Jobs, from_state("jobs")]
DatasetsNeeded = Annotated[Datasets, from_state("datasets")]
FeedsNeeded = Annotated[Feeds[int, bytes], from_state("feeds")]
RoomFeedsNeeded = Annotated[Feeds[RoomKey, bytes], from_state("room_feeds")]
# Limits how many pictures are decoded at a time: each may take 200 MB.
DecodingNeeded = Annotated[CapacityLimiter, from_state("decoding")]
LessonImagesNeeded = Annotated[LessonImages, from_state("lesson_images")]
DescentsNeeded = Annotated[Descents, from_state("descents")]
AdminOnly = Depends(require_admin)


async def _require_own_page(request: Request) -> None:
    # Asynchronous for the same reason.
    require_own_page(request)


OwnPageOnly = Depends(_require_own_page)


def require_seen(request: Request, dataset: str) -> None:
    """Raises as `require_admin` does if only the admin may see the images of the data set of that name."""
    if is_collection(dataset):
        require_admin(request)


# SQLite's integers end here, so no larger number is an id.
IDS = range(1, 2**63)


async def possible_run_id(run_id: Annotated[int, Path()]) -> int:
    """The number, if it fits the store's ids. Raises RunNotFoundError."""
    return require_possible(run_id)


def require_possible(run_id: int) -> int:
    if run_id not in IDS:
        raise RunNotFoundError(f"There is no run {run_id}.")
    return run_id


RunId = Annotated[int, Depends(possible_run_id)]


def existing_run(run_id: RunId, store: StoreNeeded) -> Run:
    run = store.run(run_id)
    if run is None:
        raise RunNotFoundError(f"There is no run {run_id}.")
    if run.deleted_at is not None:
        raise RunNotFoundError(f"Run {run_id} was deleted. For a day, the admin can undo that.")
    return run


ExistingRun = Annotated[Run, Depends(existing_run)]
