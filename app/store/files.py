"""The files of a store: networks and checkpoints. Each is read and written whole."""

from __future__ import annotations

import shutil
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.network.tensor_file import remove_unfinished, write_whole


class Files(Hashable, Protocol):
    """Files under short names such as "network.safetensors" or "checkpoints/300.safetensors"."""

    @property
    def interval(self) -> float:
        """How many seconds should pass before a file is written again."""

    def read(self, name: str) -> bytes:
        """Raises OSError, which is FileNotFoundError if there is no such file."""

    def write(self, name: str, content: bytes, *, durable: bool = True) -> None:
        """Writes a file atomically: a reader sees the old content or the new. Raises OSError.

        With `durable` False a power cut may lose the file.
        """

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder, without the folder, sorted."""


@dataclass(frozen=True)
class FolderFiles:
    """`Files` in a folder on the disk."""

    folder: Path

    @property
    def interval(self) -> float:
        return 0.4

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def write(self, name: str, content: bytes, *, durable: bool = True) -> None:
        write_whole(self.folder / name, content, durable=durable)

    def names(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.folder / folder).glob("[!.]*") if path.is_file())

    def remove(self, name: str = "") -> None:
        """Removes a file or a folder, by default all. What can't be removed stays."""
        path = self.folder / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()

    def remove_unfinished(self, older_than: float = 0.0) -> None:
        """Removes what killed processes left unfinished, if it is at least that many seconds old."""
        remove_unfinished(self.folder, older_than)
