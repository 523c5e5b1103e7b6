"""The served networks: those that come with the program, and those that were published in their place."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.normalise import normalise
from app.network.weights import Weights, WeightsError, read_weights, write_whole
from app.store.base import Publication, RunStore

log = logging.getLogger(__name__)


class UnknownModelError(Exception):
    """No network is served under that name; the message says which are."""


class PublishError(Exception):
    """That network can't be published; the message says why."""


class Model(NamedTuple):
    """A served network. `publication` is None for one that came with the program."""

    name: str
    weights: Weights
    path: Path
    publication: Publication | None


class Answer(NamedTuple):
    """What a network makes of n images: inputs (n, 784), activations of each layer, probabilities (n, 10)."""

    model: Model
    inputs: NDArray[np.float32]
    activations: list[NDArray[np.floating]]
    probabilities: NDArray[np.floating]


class Predictor:
    """Answers with the networks in `models_dir`, and with those that the store says were published.

    A network is swapped in whole: an answer is always one network's, from start to end.
    """

    def __init__(self, models_dir: Path, state_dir: Path, store: RunStore) -> None:
        self._published_dir = state_dir / "models"
        self._store = store
        self._shipped = {
            path.stem: Model(path.stem, _read_digits(path), path, None)
            for path in sorted(models_dir.glob("*.safetensors"))
        }
        self._unreadable: set[Publication] = set()
        self._models: Mapping[str, Model] = self._shipped
        self._refreshing = threading.Lock()
        self.refresh()

    @property
    def models(self) -> list[Model]:
        return list(self._models.values())

    def model(self, name: str) -> Model:
        """Raises UnknownModelError."""
        try:
            return self._models[name]
        except KeyError:
            names = ", ".join(self._models) or "none yet"
            raise UnknownModelError(f"No network is served as {name!r}. There are: {names}.") from None

    def answer(self, name: str, images: NDArray[np.generic]) -> Answer:
        """The answer to images (n, 28, 28) or (n, 784), 0 = paper and 255 = ink. Raises UnknownModelError."""
        model = self.model(name)
        network = model.weights.network
        inputs = normalise(images)
        activations = network.activations(inputs)
        return Answer(model, inputs, activations[1:], network.cost.probabilities(activations[-1]))

    def publish(self, name: str, network_file: Path, run_id: int) -> Model:
        """Serves a run's network as `name`. Raises PublishError when the file is no network for digits."""
        try:
            weights = _read_digits(network_file)
        except WeightsError as error:
            raise PublishError(f"Run {run_id} has no network to publish. {error}") from error
        current = self._store.publications().get(name)
        # Asked for twice, it is published once: roll back then brings the one before, not the same again.
        if current is None or (current.version, current.run_id) != (weights.version, run_id):
            write_whole(self._path(name, weights.version), network_file.read_bytes())
            self._store.publish(name, weights.version, run_id)
        self.refresh()
        return self.model(name)

    def roll_back(self, name: str) -> Model | None:
        """Serves the version before; None when `name` came by publishing and has none.

        Raises UnknownModelError, and StoreError for what was never published.
        """
        self.model(name)
        self._store.roll_back(name)
        self.refresh()
        return self._models.get(name)

    def refresh(self) -> None:
        """Brings the served networks up to the store's publications, also those made by another process."""
        with self._refreshing:
            models = dict(self._shipped)
            for name, publication in self._store.publications().items():
                served = self._models.get(name)
                is_new = served is None or served.publication != publication
                if is_new and publication not in self._unreadable:
                    path = self._path(name, publication.version)
                    try:
                        served = Model(name, _read_digits(path), path, publication)
                    except WeightsError:
                        self._unreadable.add(publication)
                        log.exception("%s %s can't be served; what was served stays", name, publication.version)
                if served is not None:
                    models[name] = served
            self._models = models

    def _path(self, name: str, version: str) -> Path:
        return self._published_dir / name / f"{version}.safetensors"


def _read_digits(path: Path) -> Weights:
    weights = read_weights(path)
    sizes = weights.network.sizes
    if (sizes[0], sizes[-1]) != (784, 10):
        raise WeightsError(
            f"{path} goes from {sizes[0]} inputs to {sizes[-1]} outputs, not from 784 pixels to 10 digits."
        )
    return weights
