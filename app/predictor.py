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


class Version(NamedTuple):
    """A network that is or was served under a name. `publication` is None for the one that came with the program,
    `weights` when its file can't be read."""

    version: str
    weights: Weights | None
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
            path.stem: Model(path.stem, read_digits(path), path, None)
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

    def publish(self, name: str, network_file: Path, run_id: int, who: str = "", why: str = "") -> Model:
        """Serves a run's network as `name`. Raises PublishError when the file is no network for digits."""
        try:
            weights = read_digits(network_file)
        except WeightsError as error:
            raise PublishError(f"Run {run_id} has no network to publish. {error}") from error
        current = self._store.publications().get(name)
        # Asked for twice, it is published once: roll back then brings the one before, not the same again.
        if current is None or (current.version, current.run_id) != (weights.version, run_id):
            write_whole(self._path(name, weights.version), network_file.read_bytes())
            self._store.publish(name, weights.version, run_id, who, why)
        self.refresh()
        return self.model(name)

    def roll_back(self, name: str, version: str | None = None) -> Model | None:
        """Serves the version before, or the one given; None when `name` came by publishing and has none before.

        One that was itself taken back is published again, in the words of the time before. Raises UnknownModelError,
        PublishError when it can't be served, and StoreError when there is nothing to roll back.
        """
        if version is None:
            self.model(name)
            self._store.roll_back(name)
        else:
            self._serve_again(name, version)
        self.refresh()
        return self._models.get(name)

    def versions(self, name: str) -> list[Version]:
        """All that was served under that name, newest first, also what was taken back. Raises UnknownModelError."""
        found = [
            Version(publication.version, self._read(name, publication.version), publication)
            for publication in self._store.publication_history(name)
        ]
        if name in self._shipped:
            shipped = self._shipped[name].weights
            found.append(Version(shipped.version, shipped, None))
        if not found:
            self.model(name)
        return found

    def _serve_again(self, name: str, version: str) -> None:
        history = self._store.publication_history(name)
        standing = [publication for publication in history if publication.rolled_back_at is None]
        came_with_it = name in self._shipped and self._shipped[name].weights.version == version
        if (standing[0].version == version) if standing else came_with_it:
            raise PublishError(f"{name!r} answers with version {version} already.")
        below = next((publication for publication in standing if publication.version == version), None)
        before = below or next((publication for publication in history if publication.version == version), None)
        if below is None and came_with_it:
            self._store.roll_back(name, 0)
            return
        if before is None:
            raise UnknownModelError(
                f"{name!r} never had a version {version!r}. GET /models/{name}/versions lists them."
            )
        if self._read(name, version) is None:
            raise PublishError(f"The file of version {version} can't be read any more, so what is served stays.")
        if below is not None:
            self._store.roll_back(name, below.id)
        else:
            self._store.publish(name, version, before.run_id, before.who, before.why)

    def _read(self, name: str, version: str) -> Weights | None:
        try:
            return read_digits(self._path(name, version))
        except WeightsError:
            return None

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
                        served = Model(name, read_digits(path), path, publication)
                    except WeightsError:
                        self._unreadable.add(publication)
                        log.exception("%s %s can't be served; what was served stays", name, publication.version)
                if served is not None:
                    models[name] = served
            self._models = models

    def _path(self, name: str, version: str) -> Path:
        return self._published_dir / name / f"{version}.safetensors"


def read_digits(path: Path) -> Weights:
    """A network from 784 pixels to 10 digits. Raises WeightsError for any other."""
    weights = read_weights(path)
    sizes = weights.network.sizes
    if (sizes[0], sizes[-1]) != (784, 10):
        raise WeightsError(
            f"{path} goes from {sizes[0]} inputs to {sizes[-1]} outputs, not from 784 pixels to 10 digits."
        )
    return weights
