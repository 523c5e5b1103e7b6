"""The served networks: those that come with the program, and those published over them."""

from __future__ import annotations

import errno
import hashlib
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.images.normalise import normalise
from app.network.weights import Weights, WeightsError, unpack_weights
from app.served.network_files import read_digits, require_digits
from app.store.records import Publication, RunStore, StoreError

log = logging.getLogger(__name__)

# The most images of one call.
MAX_INSTANCES = 1024
# An unreadable file is tried again after this time.
_RETRY_SECONDS = 10.0


class UnknownModelError(Exception):
    """No network is served under that name; the message lists those that are."""


class PublishError(Exception):
    """That network can't be published; the message says why."""


class ModelFileError(Exception):
    """A network's file can't be written, or has changed; the message says what to do."""


class Model(NamedTuple):
    """A served network. `publication` is None for one that came with the program."""

    name: str
    weights: Weights
    publication: Publication | None

    def answer(self, images: NDArray[np.generic]) -> Answer:
        """The answers to images (n, 28, 28) or (n, 784), 0 = paper and 255 = ink."""
        network, inputs = self.weights.network, normalise(images)
        activations = network.activations(inputs)
        return Answer(self, inputs, activations[1:], network.cost.probabilities(activations[-1]))


class Version(NamedTuple):
    """A network that is or was served under a name. `publication` is None for the one that came with the program.
    `weights` is None if its file can't be read; then `problem` says so."""

    version: str
    weights: Weights | None
    publication: Publication | None
    problem: str | None = None


class Answer(NamedTuple):
    """A network's answers to n images: inputs (n, 784), activations of each layer, probabilities (n, 10)."""

    model: Model
    inputs: NDArray[np.float32]
    activations: list[NDArray[np.floating]]
    probabilities: NDArray[np.floating]


class Predictor:
    """Serves the networks in `models_dir` and with those published in the store.

    Networks are swapped atomically: each answer comes from one network. A network whose file has changed is not served;
    the one before it is. `store_error` says why the store could not be read at the last refresh; None if it could.
    """

    def __init__(self, models_dir: Path, store: RunStore) -> None:
        self._models_dir, self._store = models_dir, store
        self._shipped: dict[str, Model] = {}
        self._damaged: set[str] = set()
        for path in sorted(models_dir.glob("[!.]*.safetensors")):
            try:
                self._shipped[path.stem] = Model(path.stem, read_digits(path), None)
            except WeightsError as error:
                # The others, and those published over it, are still served.
                self._damaged.add(path.stem)
                log.error("%s, which came with the program, can't be served. Restore its file. %s", path.stem, error)
        # By publication id, when to try again.
        self._unreadable: dict[int, float] = {}
        self._models: Mapping[str, Model] = self._shipped
        self._refreshing = threading.Lock()
        self.store_error: str | None = None
        self.refresh()

    @property
    def models(self) -> list[Model]:
        return list(self._models.values())

    def model(self, name: str) -> Model:
        """Raises UnknownModelError."""
        try:
            return self._models[name]
        except KeyError:
            if name in self._damaged:
                raise UnknownModelError(
                    f"The file of {name!r} is damaged, so it is not served. Restore the file, then restart the server."
                ) from None
            names = ", ".join(self._models) or "none yet"
            raise UnknownModelError(f"There is no network {name!r}. There are: {names}.") from None

    def publish(self, name: str, content: bytes, run_id: int, who: str = "", why: str = "") -> Model:
        """Serves a run's network, the bytes of its file, as `name`.

        Raises PublishError if it is not a network for digits, and ModelFileError if it can't be saved.
        """
        try:
            weights = require_digits(unpack_weights(content, "Its file"), "It")
        except WeightsError as error:
            raise PublishError(f"Run {run_id} has no network to publish. {error}") from error
        self._save(name, weights, content, run_id, who, why)
        self._unreadable.clear()
        self.refresh()
        return self.model(name)

    def roll_back(self, name: str, version: str | None = None) -> Model | None:
        """Serves the version before, or `version`; None if nothing is served under `name` afterwards.

        A version that was itself rolled back is published again, with its earlier texts. Raises UnknownModelError,
        PublishError if it can't be served, and StoreError if there is nothing to roll back.
        """
        if version is None:
            self.model(name)
            self._require_one_before(name)
            self._store.roll_back(name)
        else:
            self._serve_again(name, version)
        self.refresh()
        return self._models.get(name)

    def versions(self, name: str) -> list[Version]:
        """All versions served under that name, newest first, including those rolled back. Raises UnknownModelError."""
        found = []
        for publication in self._store.publication_history(name):
            weights = self._read(publication)
            problem = None if weights else f"Its file is damaged or gone. Publish run {publication.run_id} again."
            found.append(Version(publication.version, weights, publication, problem))
        if name in self._shipped:
            shipped = self._shipped[name].weights
            found.append(Version(shipped.version, shipped, None))
        if not found:
            self.model(name)
        return found

    def file(self, name: str) -> bytes:
        """The bytes of the served network's file.

        Raises UnknownModelError, and ModelFileError if the file has changed.
        """
        model = self.model(name)
        try:
            if model.publication:
                content = self._store.published_file(model.publication)
            else:
                content = (self._models_dir / f"{name}.safetensors").read_bytes()
        except OSError:
            content = b""
        if hashlib.sha256(content).hexdigest() != model.weights.sha256:
            raise ModelFileError(
                f"The file of {name!r} is damaged or gone; its network is still served from memory. Publish its run"
                " again, or restore the file from a backup."
            )
        return content

    def _serve_again(self, name: str, version: str) -> None:
        history = self._store.publication_history(name)
        standing = _standing(history)
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
        if (weights := self._read(before)) is None:
            raise PublishError(f"The file of version {version} can't be read. The served network stays.")
        if below is not None:
            self._store.roll_back(name, below.id)
        else:
            content = self._store.published_file(before)
            self._save(name, weights, content, before.run_id, before.who, before.why)

    def _require_one_before(self, name: str) -> None:
        standing = _standing(self._store.publication_history(name))
        is_damaged = self._read(standing[1]) is None if len(standing) > 1 else bool(standing) and name in self._damaged
        if is_damaged:
            raise PublishError(
                f"The file of the version before is damaged or gone. The served network stays. Choose another version:"
                f" GET /models/{name}/versions lists them."
            )

    def _save(self, name: str, weights: Weights, content: bytes, run_id: int, who: str, why: str) -> None:
        try:
            self._store.publish(name, weights.version, run_id, content, who, why)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            what = "The disk is full" if full else f"The state folder can't be written ({error.strerror})"
            raise ModelFileError(
                f"{what}, so the network can't be saved. The served network stays. Free some space and publish again."
            ) from error

    def _read(self, publication: Publication) -> Weights | None:
        try:
            return self._published(publication)
        except WeightsError:
            return None

    def _published(self, publication: Publication) -> Weights:
        name = f"The file of version {publication.version}"
        try:
            content = self._store.published_file(publication)
        except OSError as error:
            raise WeightsError(f"{name} can't be read: {error.strerror}.") from error
        return require_digits(unpack_weights(content, name), name, publication.sha256)

    def refresh(self) -> None:
        """Updates the served networks from the store, where other processes publish too. Raises StoreError."""
        with self._refreshing:
            try:
                self._models = self._current()
            except StoreError as error:
                self.store_error = str(error)
                raise
            self.store_error = None

    def _current(self) -> Mapping[str, Model]:
        models = dict(self._shipped)
        for name, current in self._store.publications().items():
            if (model := self._good(current)) is not None:
                models[name] = model
        return models

    def _good(self, current: Publication) -> Model | None:
        """The network of the current publication, or of the newest one before it whose file is intact."""
        if (model := self._loaded(current)) is not None:
            return model
        for before in _standing(self._store.publication_history(current.name)):
            if before.id < current.id and (model := self._loaded(before)) is not None:
                return model
        return self._shipped.get(current.name, self._models.get(current.name))

    def _loaded(self, publication: Publication) -> Model | None:
        served = self._models.get(publication.name)
        if served is not None and served.publication == publication:
            return served
        if time.monotonic() < self._unreadable.get(publication.id, 0.0):
            return None
        try:
            return Model(publication.name, self._published(publication), publication)
        except WeightsError as error:
            if publication.id not in self._unreadable:
                what = "%s %s can't be served; the version before it is. Publish run %s again. %s"
                log.error(what, publication.name, publication.version, publication.run_id, error)
            self._unreadable[publication.id] = time.monotonic() + _RETRY_SECONDS
            return None


def _standing(history: list[Publication]) -> list[Publication]:
    return [publication for publication in history if publication.rolled_back_at is None]
