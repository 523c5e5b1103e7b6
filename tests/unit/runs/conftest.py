from __future__ import annotations

import pytest

from app.data.datasets import Dataset, Datasets
from app.runs.training_set import TrainingSet, read_data
from tests.conftest import MNIST


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    return Datasets(MNIST).get("mnist")


@pytest.fixture(scope="session")
def data(mnist: Dataset) -> TrainingSet:
    return read_data(mnist)


@pytest.fixture(scope="session")
def few(data: TrainingSet) -> TrainingSet:
    """So few images that an epoch takes almost no time."""
    return TrainingSet(
        data.pictures[:600],
        data.inputs[:600],
        data.labels[:600],
        data.held_out_inputs[:600],
        data.held_out_labels[:600],
    )
