"""The drawings of a room as digits that a class's network learns from, or is measured on."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from app.data.collection import held_out_writers, image_of
from app.images.normalise import normalise
from app.network import Network
from app.network.network import CLASSIC_SIZES
from app.rooms.class_game import MAX_POOL
from app.rooms.class_network import ACTIVATION, COST, Floats
from app.store.collection_records import KEPT, CollectionStore, Drawing

_KEPT_DIGITS = 5_000


class NoGameError(Exception):
    """The room plays no network, or what was asked for can't be done in it now; the message says why."""


class UnknownDigitsError(Exception):
    """This process has not read these drawings yet."""

    def __init__(self, ids: Collection[int]) -> None:
        super().__init__(ids)
        self.ids = ids


class ClassDigits:
    """The digits of a store's rooms, kept for the next call. Thread-safe. All calls raise StoreError."""

    def __init__(self, store: CollectionStore) -> None:
        self._store = store
        self._reading = threading.Lock()
        # By collection and number, as bytes (784,).
        self._kept: LRUCache[tuple[str, int], NDArray[np.uint8]] = LRUCache(_KEPT_DIGITS)

    def read(self, name: str, ids: Collection[int]) -> dict[int, NDArray[np.uint8]]:
        """The digits as bytes (784,), by number; without those that there are not."""
        with self._reading:
            known = {number: self._kept[name, number] for number in ids if (name, number) in self._kept}
        missing = set(ids) - set(known)
        for one in self._store.drawings(name) if missing else []:
            if one.id in missing:
                inputs = normalise(image_of(one.strokes)[np.newaxis])[0]
                known[one.id] = np.round(inputs * 255).astype(np.uint8)
        with self._reading:
            self._kept.update({(name, number): known[number] for number in missing & known.keys()})
        return known

    def known(self, name: str, ids: Collection[int]) -> Floats:
        """Inputs (n, 784) of digits that were read. Does not ask the store. Raises UnknownDigitsError."""
        with self._reading:
            known = [self._kept.get((name, number)) for number in ids]
        if any(digit is None for digit in known):
            raise UnknownDigitsError(ids)
        return np.stack([digit for digit in known if digit is not None]) / 255.0

    def pool(self, name: str) -> list[tuple[int, int]]:
        """The drawings to learn from, each with its label: on the wall, and by pupils who are not held out.

        Raises NoGameError if there are none.
        """
        labelled = self._labelled(name)
        held_out = _held_out(labelled)
        shown = [one for one in labelled if one.status == "shown" and one.author not in held_out]
        pool = [(one.id, one.label) for one in shown if one.label is not None][-MAX_POOL:]
        if not pool:
            raise NoGameError("There is nothing to learn from. Let the class draw digits, and reveal them on the wall.")
        return pool

    def _labelled(self, name: str) -> list[Drawing]:
        return [one for one in self._store.drawings(name) if one.label is not None and one.status in KEPT]

    def accuracy(self, name: str, parameters: Floats) -> float | None:
        """The share of the held-out pupils' drawings that the network reads right, 0..1; None without any.

        The class never learns from these.
        """
        labelled = self._labelled(name)
        held_out = _held_out(labelled)
        drawings = [one for one in labelled if one.author in held_out]
        if not drawings:
            return None
        digits = self.read(name, [one.id for one in drawings])
        inputs = np.stack([digits[one.id] for one in drawings]) / 255.0
        answers = Network(CLASSIC_SIZES, ACTIVATION, COST, parameters).feedforward(inputs).argmax(axis=1)
        return float(np.mean(answers == [one.label for one in drawings]))


def _held_out(labelled: Sequence[Drawing]) -> set[int]:
    """The pupils whose drawings only measure."""
    writers = {one.author for one in labelled if one.author is not None}
    return held_out_writers(writers) if len(writers) > 1 else set()
