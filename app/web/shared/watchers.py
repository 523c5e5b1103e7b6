"""How many streams may be open: in all, and from one address, so that whoever draws always finds room."""

from __future__ import annotations

import contextlib
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterator

from fastapi import Depends, HTTPException, Request

from app.server.addresses import client_key
from app.settings import Settings

_RETRY_SECONDS = 5
# Each stream is an open file. The rest is for whoever asks something else, and for the files of this process.
_SHARE_OF_FILES = 0.75


class Watchers:
    """The open streams of this process, counted."""

    def __init__(self, in_all: int, per_address: int) -> None:
        self.in_all, self._per_address = in_all, per_address
        self.count = 0
        self._by_client: Counter[str] = Counter()

    @classmethod
    def allowed(cls, settings: Settings) -> Watchers:
        """As many as the settings say, but no more than this process may have files for."""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        most = settings.watchers if files == resource.RLIM_INFINITY else int(files * _SHARE_OF_FILES)
        return cls(min(settings.watchers, most), settings.watchers_per_address)

    @contextlib.contextmanager
    def place(self, client: str) -> Iterator[None]:
        """Takes a place for as long as the block lasts. Raises HTTPException 503 when there is none."""
        if self.count >= self.in_all:
            raise _no_place(f"{self.in_all:,} streams are open, which is all that this server allows.")
        if self._by_client[client] >= self._per_address:
            raise _no_place(
                f"{self._per_address:,} streams are open from your address, which is all that one may have."
            )
        self.count += 1
        self._by_client[client] += 1
        try:
            yield
        finally:
            self.count -= 1
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]


def _no_place(sentence: str) -> HTTPException:
    detail = f"{sentence} Close one that nobody looks at, or try again in {_RETRY_SECONDS} seconds."
    return HTTPException(503, detail, headers={"Retry-After": str(_RETRY_SECONDS)})


async def _place(request: Request) -> AsyncIterator[None]:
    """A place among the watchers until the answer has ended, however it ends.

    What a stream's generator does at its end may come late, or never: its reader may be gone without a word.
    """
    watchers: Watchers = request.app.state.watchers
    with watchers.place(client_key(request)):
        yield


APlace = Depends(_place, scope="request")
