"""Collections of labelled drawings: those of a room, or corrections from the draw page.

`CollectionStore` is the protocol that every store implements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from app.store.records import RunStore

# A drawing waits for the teacher's word, is ready to be shown, is shown to all, is hidden from all, or is removed: not
# part of the data set any more.
DrawingStatus = Literal["waiting", "ready", "shown", "hidden", "removed"]
STATUSES: tuple[DrawingStatus, ...] = ("waiting", "ready", "shown", "hidden", "removed")
# Those that are part of the data set, if they have a label.
KEPT: tuple[DrawingStatus, ...] = ("ready", "shown", "hidden")
Stroke = Sequence[Sequence[float]]


@dataclass(frozen=True)
class DrawingSet:
    """A collection. `revision` counts its changes; `state` is free for its owner. The time is ISO 8601 in UTC."""

    name: str
    created_at: str
    revision: int
    state: dict[str, Any]


@dataclass(frozen=True)
class Author:
    """Somebody who draws into a collection. `id` counts 1, 2, 3 ... within it; `revision` is that of the last change.

    `rejoin` is a code with which another device may take the author's place until `rejoin_until`.
    """

    id: int
    name: str
    removed: bool
    simulated: bool
    revision: int
    rejoin: str | None = None
    rejoin_until: str | None = None


@dataclass(frozen=True)
class Drawing:
    """A drawing of a collection. `id` counts 1, 2, 3 ... within it; `revision` is that of the last change.

    `label` is the digit that was meant, None if unknown. Points [x, y] of `strokes` are in 0..1 of the sheet, y
    downwards. `digit` and `confidence`, in 0..1, are the answer that it got when it was drawn. `round` is the question
    of the room that it answers.
    """

    id: int
    author: int | None
    round: int
    label: int | None
    strokes: list[Stroke]
    digit: int
    confidence: float
    status: DrawingStatus
    drawn_at: str
    revision: int


class NewDrawing(NamedTuple):
    """What is known of a drawing before it is added. `token` recognises the same drawing when it is sent again."""

    author: int | None
    round: int
    label: int | None
    strokes: Sequence[Stroke]
    digit: int
    confidence: float
    status: DrawingStatus
    token: str | None = None


class Limits(NamedTuple):
    """The most drawings: of one author within `seconds`, of one author in all, and of the collection."""

    burst: int
    seconds: float
    of_author: int
    in_all: int


@dataclass(frozen=True)
class Document:
    """Something of a collection that changes as one, such as a vote. `revision` is that of the last change to be told.

    `content` are bytes beside it that change less often; they are read by `change_document` alone, and else empty.
    """

    key: str
    revision: int
    state: dict[str, Any]
    content: bytes = b""


class Changed(NamedTuple):
    """What to write into a document. Without content, the present one stays. `is_news` is whether to tell watchers."""

    state: Mapping[str, Any]
    content: bytes | None = None
    is_news: bool = True


class Changes(NamedTuple):
    """What has changed in a collection since a revision, and the collection itself, which has the present revision."""

    drawing_set: DrawingSet
    authors: list[Author]
    drawings: list[Drawing]
    documents: list[Document]


class LimitError(Exception):
    """A limit is reached; the message says which. `seconds` is how long to wait at least."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class CollectionStore(Protocol):
    """Every call is atomic and thread-safe. Calls that change an unknown collection do nothing, and return None."""

    def create_collection(self, name: str, state: Mapping[str, Any]) -> DrawingSet | None:
        """Adds an empty collection; None if there is one of that name."""

    def collection(self, name: str) -> DrawingSet | None:
        """The collection, or None."""

    def collections(self, prefix: str = "") -> list[DrawingSet]:
        """The collections whose names begin so, oldest first."""

    def change_state(
        self, name: str, change: Callable[[dict[str, Any]], Mapping[str, Any]], *, authors: bool = False
    ) -> DrawingSet | None:
        """Replaces the state by what `change` makes of it. With `authors`, all authors count as changed too."""

    def delete_collection(self, name: str) -> bool:
        """Removes a collection with its authors, drawings and snapshots. False if there is none."""

    def changes(self, name: str, after: int = 0) -> Changes | None:
        """What has changed since revision `after`; None if there is no such collection."""

    def add_author(
        self, name: str, names: Sequence[str], key_hash: str, token: str | None, most: int, *, simulated: bool = False
    ) -> Author | None:
        """Adds an author with the first of `names` that is free there, and the hash of the author's key.

        With a `token` that an author was added with before, that author gets the new key. Raises LimitError if there
        are `most` that are not removed.
        """

    def author(self, name: str, key_hash: str) -> Author | None:
        """The author with that key, also a removed one, or None."""

    def authors(self, name: str) -> list[Author]:
        """All authors, removed ones included, in the order in which they joined."""

    def change_author(
        self, name: str, author: int, *, new_name: str | None = None, removed: bool | None = None
    ) -> Author | None:
        """Renames, removes or restores an author; with a removed one go the drawings.

        None if there is no such author, or if another one has that name.
        """

    def allow_rejoin(self, name: str, author: int, code: str, until: str) -> Author | None:
        """Lets another device take the author's place with that code, once, until that time."""

    def rejoin(self, name: str, code: str, key_hash: str, at: str) -> Author | None:
        """Gives the author with that code a new key; the code is used up. None if it is not valid `at` that time."""

    def add_drawing(self, name: str, drawing: NewDrawing, limits: Limits) -> Drawing | None:
        """Adds a drawing; the one that was added before, if the author sent that token before.

        None too if the author is removed. Raises LimitError.
        """

    def set_status(
        self,
        name: str,
        status: DrawingStatus,
        *,
        drawing: int | None = None,
        among: Sequence[DrawingStatus] = STATUSES,
    ) -> int:
        """Sets the status of a drawing, or of all; only of those that are `among`. Returns how many changed."""

    def counts(self, name: str) -> dict[tuple[int | None, DrawingStatus], int]:
        """The number of drawings of each label and status."""

    def drawings(self, name: str, author: int | None = None) -> list[Drawing]:
        """All drawings of a collection, or those of an author, oldest first."""

    def drawing(self, name: str, number: int) -> Drawing | None:
        """The drawing with that id, or None."""

    def newest_drawings(self, name: str, most: int, before: int | None = None) -> list[Drawing]:
        """The newest drawings of a collection, newest first, at most so many; with `before`, of those below that id."""

    def document(self, name: str, key: str) -> Document | None:
        """The document with its content, or None."""

    def with_document(self, key: str) -> dict[str, int]:
        """The names of the collections that have a document of that key, each with the document's revision."""

    def change_document(
        self, name: str, key: str, change: Callable[[Document | None], Changed | None]
    ) -> Document | None:
        """Replaces a document, or adds it, by what `change` makes of the present one, None if there is none.

        Nothing changes if that is None. Once there is a document, calls for it wait for each other. Returns it as it is
        then, without its content; None if there is no such collection or document.
        """

    def keep_snapshot(self, name: str, sha256: str, content: bytes) -> bool:
        """Keeps the bytes of a data set's images with the collection. False if there is no such collection."""

    def snapshot(self, name: str, sha256: str) -> bytes | None:
        """The bytes of that snapshot; None if it was never kept, or if its collection is deleted."""


class Store(RunStore, CollectionStore, Protocol):
    """Everything that a server keeps."""
