"""The time of an epoch: plain gradient descent beside other libraries and the limit, and the preset `classic`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from app.data import mnist
from app.data.datasets import Datasets
from app.network import Descent, Network
from app.network.descent import steps_per_epoch
from app.runs import trainer
from app.runs.recipe import RunSettings
from app.runs.training_set import read_data
from app.settings import Settings
from benchmarks.measure import in_turns, table
from benchmarks.peers import LEARNING_RATE, PEERS, Epoch, Floats, limit

BATCH_SIZES = (10, 32, 128, 1024)
TURNS = 5
# Descent reports its cost ten times an epoch; the other libraries report nothing.
REPORTS = 10


def ours(images: Floats, labels: NDArray[np.uint8], batch_size: int) -> Epoch:
    network = Network.random(np.random.default_rng(0), activation="relu")
    descent = Descent(network, LEARNING_RATE, batch_size, epochs=10_000, norm_images=0)
    progress, steps = descent.run(images, labels, REPORTS), steps_per_epoch(len(images), batch_size)
    return lambda: next(here for here in progress if here.step % steps == 0)


def _made(
    peers: dict[str, Callable[[Floats, NDArray[np.uint8], int], Epoch]],
    images: Floats,
    labels: NDArray[np.uint8],
    batch_size: int,
) -> Iterator[tuple[str, Epoch]]:
    for name, peer in peers.items():
        try:
            yield name, peer(images, labels, batch_size)
        except ImportError:
            continue


def plain() -> str:
    """A table of seconds per epoch over the 60,000 training images, with the ratio to the limit in brackets."""
    data = mnist.read_training(Settings().mnist_dir)
    images = data.images.reshape(-1, 784) / np.float32(255)
    rows = []
    for batch_size in BATCH_SIZES:
        contenders = {"limit": limit, "Descent": ours, **PEERS}
        seconds = in_turns(dict(_made(contenders, images, data.labels, batch_size)), TURNS)
        cells = [f"{seconds[name]:.3f} ({seconds[name] / seconds['limit']:.2f})" if name in seconds else "not installed"
                 for name in contenders]  # fmt: skip
        rows.append([str(batch_size), *cells])
    return table(["batch size", "limit", "Descent", *PEERS], rows)


def augmented() -> str:
    """A table of seconds per epoch of the preset `classic` without its teacher, with and without augmentation."""
    data = read_data(Datasets(Settings().mnist_dir).get("mnist"))
    recipe = RunSettings.model_validate({"preset": "classic", "teacher": None, "epochs": 1000})

    def epochs(augmentation: str) -> Epoch:
        reports = trainer.train(trainer.start(recipe), data, augmentation=augmentation)
        return lambda: next(report for report in reports if report.ended)

    seconds = in_turns({"without": epochs("none"), "with": epochs(recipe.augmentation)}, TURNS)
    without, with_ = seconds["without"], seconds["with"]
    return table(
        ["without augmentation", "with", "ratio"], [[f"{without:.3f} s", f"{with_:.3f} s", f"{with_ / without:.2f}"]]
    )
