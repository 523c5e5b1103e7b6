from __future__ import annotations

from pathlib import Path

import pytest

from app.data.dataset import Dataset
from app.data.datasets import Datasets
from app.runs.training_set import TrainingSet, read_data
from tests.conftest import MNIST


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    return Datasets(MNIST).get("mnist")


@pytest.fixture(scope="session")
def data(mnist: Dataset) -> TrainingSet:
    return read_data(mnist)


@pytest.fixture(scope="session")
def few(few_digits: Path) -> TrainingSet:
    """So few images that an epoch takes almost no time: 600, and 200 held out."""
    data = read_data(Datasets(MNIST, few_digits).get("few"))
    return data._replace(pictures=data.pictures[:600], inputs=data.inputs[:600], labels=data.labels[:600])
