"""The data sets that a run can learn from: MNIST, one for each folder in DESCENT_DATASETS_DIR, and collections."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.data import mnist
from app.data.dataset import DATASET_NAME, DIGITS, MNIST, Collections, Dataset, is_collection
from app.data.dataset_files import (
    MAX_CLASSES,
    File,
    Files,
    array,
    count,
    file_at,
    find,
    highest_label,
    orientation_of,
    sha256,
)
from app.data.mnist import DataError, Images, printable, shown
from app.data.orientation import UPRIGHT
from app.network.inputs import SIDE

# MNIST's images: to learn from, held out (the last training images), and for the test.
TRAINING, HELD_OUT, TEST = 50_000, 10_000, 10_000
# A sixth of the training images are held out, at most 10,000.
_MAX_HELD_OUT, _HELD_OUT_PART = 10_000, 6
_CLASSES_FILE, _MAX_CLASSES_FILE, _MAX_CLASS_NAME = "classes.txt", 4096, 40
# Fewer test images than this may look transposed by chance.
_ENOUGH = 30
# An empty file of this name asks to invert the images when they are read.
_INVERT_FILE = "invert.txt"
_INVERTED = (
    f"The images are inverted: 255 is paper and 0 is ink. Put an empty file {_INVERT_FILE} into the folder to have them"
    " inverted when they are read."
)
_NOT_INVERTED = f"The images are not inverted: 0 is paper. Remove {_INVERT_FILE} from the folder."
# The name under which a problem of the whole folder is reported.
FOLDER = "DESCENT_DATASETS_DIR"
# The first look at a set unpacks its files and caches what it finds; others that look meanwhile wait for it.
_looking = threading.Lock()


@dataclass(frozen=True)
class FileDataset(Dataset):
    """A data set in four files."""

    files: Files

    def read_training(self) -> Images:
        if self.name == MNIST:
            return mnist.read_training(self.files.training_images.path.parent)
        return self._read(self.files.training_images, self.files.training_labels)

    def read_first(self, count: int) -> Images:
        return self._read(self.files.training_images, self.files.training_labels, count)

    def read_test(self) -> Images:
        if self.name == MNIST:
            return mnist.read_test(self.files.test_images.path.parent)
        return self._read(self.files.test_images, self.files.test_labels)

    def sha256(self) -> str:
        """A digest of the unpacked contents of the four files, in 64 hexadecimal digits. Raises DataError.

        SHA-256 of four lines with the digests of the training images, training labels, test images and test labels. The
        lines of transposed images end in " turned", those of inverted ones in " inverted".
        """
        if self.name == MNIST:
            digests = list(mnist.CHECKSUMS.values())
        else:
            images = (self.files.training_images, self.files.test_images)
            mended = " turned" * self.orientation.transposed + " inverted" * self.orientation.inverted
            digests = [sha256(file) + mended * (file in images) for file in self.files]
        return hashlib.sha256("".join(f"{digest}\n" for digest in digests).encode()).hexdigest()

    def _read(self, images: File, labels: File, first: int | None = None) -> Images:
        found, answers = array(images, first), array(labels, first)
        if self.orientation.transposed:
            found = np.ascontiguousarray(found.transpose(0, 2, 1))
        if self.orientation.inverted:
            found = 255 - found
        if found.shape != (len(answers), SIDE, SIDE) or answers.max(initial=0) >= len(self.classes):
            raise DataError(f"{shown(images.path)} or its labels changed while they were read. Try again.")
        return Images(found, answers)


class Datasets:
    """All data sets, read from the disk and from the collections at each call."""

    def __init__(
        self, mnist_dir: Path, datasets_dir: Path | None = None, collections: Collections | None = None
    ) -> None:
        self._mnist_dir, self._datasets_dir, self._collections = mnist_dir, datasets_dir, collections

    def collection_names(self) -> Sequence[str]:
        """The names of the collections, for the admin only."""
        return self._collections.names() if self._collections else ()

    def collections(self) -> dict[str, Dataset | str]:
        """By name: the collections as data sets, or a sentence on why one can't be used. For the admin only."""
        found: dict[str, Dataset | str] = {}
        for name in self.collection_names():
            try:
                found[name] = self.get(name)
            except DataError as error:
                found[name] = str(error)
        return found

    def keep(self, collection: str) -> str:
        """Keeps the images of a collection for runs, as they are now, and returns their digest. Raises DataError."""
        if self._collections is None:
            return self.get(collection).sha256()
        return self._collections.keep(collection)

    def all(self) -> dict[str, Dataset | str]:
        """By name, MNIST first, then alphabetically: a data set, or a sentence on why it can't be used.

        Without collections, whose names only those know who draw into them.
        """
        return {name: _or_sentence(name, folder) for name, folder in self._folders().items()}

    def names(self) -> list[str]:
        """The names of the data sets that can be used, in the order of `all`."""
        return [name for name, found in self.all().items() if isinstance(found, Dataset)]

    def problems(self) -> dict[str, str]:
        """By name, a sentence on what to change for each folder that can't be used."""
        return {name: found for name, found in self.all().items() if isinstance(found, str)}

    def get(self, name: str, sha256: str | None = None) -> Dataset:
        """The data set; a collection as a run kept it with that digest, or as it is now.

        Raises DataError, which says what to change, or which names there are.
        """
        if self._collections and is_collection(name) and (drawn := self._collections.get(name, sha256)):
            return drawn
        folders = self._folders()
        if name not in folders:
            folder_problem = folders.get(FOLDER, "")
            names = ", ".join(self.names()) or "none"
            raise DataError(f"There is no data set {name!r}. There are: {names}. {folder_problem}".rstrip())
        found = _or_sentence(name, folders[name])
        if isinstance(found, str):
            raise DataError(found)
        return found

    def _folders(self) -> dict[str, Path | str]:
        """By name, the folder, or a sentence on what to change. Reads no files."""
        folders: dict[str, Path | str] = {MNIST: self._mnist_dir}
        if self._datasets_dir is None:
            return folders
        try:
            paths = sorted(path for path in self._datasets_dir.iterdir() if path.name[0] != ".")
        except OSError as error:
            folders[FOLDER] = f"The folder of data sets can't be read ({error.strerror}). Make it, or change {FOLDER}."
            return folders
        for path in paths:
            name = printable(path.name)
            try:
                if not path.is_dir():
                    continue
            except OSError as error:  # it may be a link to where the server may not look
                folders[name] = f"The folder {name} can't be read ({error.strerror}). Let the server read it."
                continue
            if path.name == MNIST:
                folders[f"{name} in {FOLDER}"] = f"The folder {name} has the name of MNIST. Give it another name."
            elif is_collection(path.name):
                folders[f"{name} in {FOLDER}"] = f"The folder {name} has the name of a room. Give it another name."
            elif re.fullmatch(DATASET_NAME, path.name) is None:
                folders[name] = f"The folder {name}: name it with at most 32 letters, digits, - and _ alone."
            else:
                folders[path.name] = path
        return folders


def _or_sentence(name: str, folder: Path | str) -> Dataset | str:
    if isinstance(folder, str):
        return folder
    try:
        with _looking:
            return _mnist(folder) if name == MNIST else _in_folder(folder)
    except DataError as error:
        return str(error)


def _mnist(folder: Path) -> Dataset:
    # The counts need no check, since reading them checks SHA-256.
    try:
        files = Files(*(file_at(mnist.path_of(folder, name)) for name in mnist.CHECKSUMS))
    except DataError as error:
        raise DataError(f"{error} {mnist.RESTORE_HINT}") from error
    return FileDataset(MNIST, DIGITS, TRAINING, HELD_OUT, TEST, UPRIGHT, files)


def _in_folder(folder: Path) -> Dataset:
    """The data set in a folder, from the headers of its images and from its labels."""
    files = find(folder)
    training, test = (count(*files[start : start + 2]) for start in (0, 2))
    if training < _HELD_OUT_PART:
        raise DataError(
            f"{shown(files.training_images.path)} has {training} images, too few to learn from. Put at least"
            f" {_HELD_OUT_PART} there: a sixth is held out."
        )
    held_out = min(_MAX_HELD_OUT, training // _HELD_OUT_PART)
    highest = max(highest_label(files.training_labels), highest_label(files.test_labels))
    orientation = orientation_of(files.training_images, files.training_labels)
    if orientation.inverted != (folder / _INVERT_FILE).exists():
        raise DataError(_INVERTED if orientation.inverted else _NOT_INVERTED)
    if test >= _ENOUGH and orientation_of(files.test_images, files.test_labels) != orientation:
        raise DataError(
            f"{shown(files.test_images.path)}: its images are inverted or transposed where the training images are not,"
            " or the other way round. Put two files there whose images lie alike."
        )
    return FileDataset(folder.name, _classes(folder, highest), training - held_out, held_out, test, orientation, files)


def _classes(folder: Path, highest: int) -> tuple[str, ...]:
    """The classes' names, at least as many as there are labels. Raises DataError."""
    path = folder / _CLASSES_FILE
    try:
        # A pipe would wait for a writer.
        if path.exists() and not path.is_file():
            raise DataError(f"{shown(path)} is no file. Write one in UTF-8, a class name a line.")
        with path.open(encoding="utf-8-sig") as file:
            lines = file.read(_MAX_CLASSES_FILE)
    except FileNotFoundError:
        return DIGITS[: highest + 1]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{shown(path)} can't be read. Write it in UTF-8, a class name a line.") from error
    names = tuple(" ".join(line.split()) for line in lines.rstrip().splitlines())
    if not highest < len(names) <= MAX_CLASSES:
        raise DataError(
            f"{shown(path)} has {len(names)} lines for the labels 0 to {highest}. Write a class name a line, at least"
            f" {highest + 1} and at most {MAX_CLASSES}."
        )
    if any(not name.isprintable() or not 1 <= len(name) <= _MAX_CLASS_NAME for name in names):
        raise DataError(
            f"{shown(path)} has a name that can't be shown. Write 1 to {_MAX_CLASS_NAME} characters a line."
        )
    if len(set(names)) < len(names):
        raise DataError(f"{shown(path)} has a name twice. Write another one a line.")
    return names
