"""What every data set has, whether it is read from files or drawn into a collection."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.data.mnist import DataError, Images
from app.data.orientation import Orientation

MNIST = "mnist"
# A data set is named after its folder, or after its collection.
DATASET_NAME = r"^[A-Za-z0-9_-]{1,32}$"
# Collections of drawings: those of a room, and corrections from the draw page.
CORRECTIONS = "corrections"
_COLLECTION = re.compile(rf"room-.+|{CORRECTIONS}")
DIGITS = tuple("0123456789")


def title_of(name: str) -> str:
    """The name to show for the data set of that name."""
    return "MNIST" if name == MNIST else name


def is_collection(name: str) -> bool:
    """Whether data sets of that name are collections, whose images only the admin may see."""
    return _COLLECTION.fullmatch(name) is not None


def public_name(name: str) -> str:
    """The name for everybody: that of a room has its code, which only those know who are in it."""
    return "room" if name.startswith("room-") else name


class ErasedError(DataError):
    """The images of a run were erased with their collection."""


@dataclass(frozen=True)
class Dataset(ABC):
    """Images of 28x28 in at most ten classes. `classes` are their names, by label.

    `training`, `held_out` and `test` count images. The last `held_out` training images are held out, `training` are
    those before them. The `test` images must not influence any choice. `orientation` is that of the files: the images
    that are read are upright, and light ink on dark paper. Two are equal unless their images changed in between.
    """

    name: str
    classes: tuple[str, ...]
    training: int
    held_out: int
    test: int
    orientation: Orientation

    @property
    def title(self) -> str:
        """The name to show."""
        return title_of(self.name)

    @property
    def reads_digits(self) -> bool:
        """Whether its classes are the ten digits."""
        return self.classes == DIGITS

    @abstractmethod
    def read_training(self) -> Images:
        """All training images, including the held-out ones. Raises DataError."""

    @abstractmethod
    def read_first(self, count: int) -> Images:
        """The first training images, at most `count`. Raises DataError."""

    @abstractmethod
    def read_test(self) -> Images:
        """The test images, for the final accuracy only. Raises DataError."""

    @abstractmethod
    def sha256(self) -> str:
        """A digest of all images and labels, in 64 hexadecimal digits. Raises DataError."""

    def read_held_out(self) -> Images:
        """The held-out images. Raises DataError."""
        images, labels = self.read_training()
        return Images(images[self.training :], labels[self.training :])


class Collections(Protocol):
    """The collections of drawings that data sets are made of."""

    def names(self) -> Sequence[str]:
        """Their names, oldest first."""

    def get(self, name: str, sha256: str | None = None) -> Dataset | None:
        """The collection as it is now, or as a run kept it with that digest; None if there is none of that name.

        Raises DataError if it has too few drawings, ErasedError if nothing was kept or all is erased.
        """

    def keep(self, name: str) -> str:
        """Keeps its images as they are now and returns their digest. Raises DataError."""
