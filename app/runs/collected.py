"""The collections of a store as data sets: as they are now, and as runs have kept them."""

from __future__ import annotations

from collections.abc import Iterator

from app.data.collection import DrawnDataset, LabelledDrawing, dataset_of, pack, unpack
from app.data.dataset import CORRECTIONS, ErasedError, is_collection
from app.data.mnist import DataError
from app.store.collection_records import KEPT, CollectionStore
from app.store.records import StoreBusyError


class Collected:
    """See `Collections`. A run's snapshot is kept in the store, so that every machine reads the same images."""

    def __init__(self, store: CollectionStore) -> None:
        self._store = store
        # By name: the collection's birth and revision, and its data set then.
        self._latest: dict[str, tuple[tuple[str, int], DrawnDataset]] = {}

    def names(self) -> list[str]:
        try:
            return [found.name for found in self._store.collections() if is_collection(found.name)]
        except StoreBusyError:
            # The data sets in folders can be listed all the same.
            return []

    def get(self, name: str, sha256: str | None = None) -> DrawnDataset | None:
        if sha256 is not None:
            content = self._store.snapshot(name, sha256)
            if content is None:
                what = "corrections" if name == CORRECTIONS else "room"
                raise ErasedError(f"The images of this run were erased with the {what}.")
            return unpack(name, content)
        found = self._store.collection(name)
        if found is None:
            self._latest.pop(name, None)
            return None
        state = (found.created_at, found.revision)
        known, dataset = self._latest.get(name, (None, None))
        if dataset is None or known != state:
            dataset = dataset_of(name, self._drawings(name))
            self._latest[name] = state, dataset
        return dataset

    def _drawings(self, name: str) -> Iterator[LabelledDrawing]:
        for drawing in self._store.drawings(name):
            if drawing.label is not None and drawing.status in KEPT:
                # Corrections have no author: each is held out by itself.
                yield LabelledDrawing(drawing.author or drawing.id, drawing.label, drawing.strokes)

    def keep(self, name: str) -> str:
        dataset = self.get(name)
        if dataset is None or not self._store.keep_snapshot(name, dataset.digest, pack(dataset)):
            raise DataError(f"There is no data set {name!r}.")
        return dataset.digest
