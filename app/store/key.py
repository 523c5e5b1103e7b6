"""The random key of a state folder, with which the server signs what it gives to browsers."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from app.store.records import StoreError

_BYTES = 32


def read_or_make_key(path: Path) -> bytes:
    """The key in the file at `path`; 256 random bits where there is none yet.

    The file is written whole, for its owner alone; of processes that make one at once, all end with the same. Raises
    StoreError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"{path} can't be used ({error}). Make its folder writable, or point DESCENT_STATE_DIR to another."
        ) from error
    if len(key) != _BYTES:
        raise StoreError(f"{path} is damaged. Delete it: the server makes another, and the admin signs in again.")
    return key


def _make(path: Path) -> None:
    # Readable for the owner alone from its beginning.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            # Unlike a renaming, this takes the place of no other process's key.
            path.hardlink_to(name)
        except FileExistsError:
            return
        except OSError:
            # A file system without such links, as on some sticks and shared folders.
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
