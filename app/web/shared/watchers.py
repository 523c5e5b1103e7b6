"""Limits on the open event streams: of the whole process, and of one address."""

from __future__ import annotations

import contextlib
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterator

from fastapi import Depends, HTTPException, Request

from app.server.addresses import client_key
from app.settings import Settings
from app.web.shared.problems import RETRY_SECONDS

# Each stream is an open file. The rest is for other requests, and for the files of this process.
_SHARE_OF_FILES = 0.75


class Watchers:
    """Counts the open streams of this process, and refuses one too many.

    An address holds at most `per_address` places, and never more than are still free: each takes at most half of what
    the others left, so that a new address finds room.
    """

    def __init__(self, limit: int, per_address: int) -> None:
        self.limit, self._per_address = limit, per_address
        self.count = 0
        self._by_client: Counter[str] = Counter()

    @classmethod
    def allowed(cls, settings: Settings) -> Watchers:
        """With the limits of the settings, or fewer when this process may open fewer files."""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        limit = settings.watchers if files == resource.RLIM_INFINITY else int(files * _SHARE_OF_FILES)
        return cls(min(settings.watchers, limit), settings.watchers_per_address)

    @contextlib.contextmanager
    def place(self, client: str) -> Iterator[None]:
        """Holds a place for as long as the block lasts. Raises HTTPException 503 when the client may not have one."""
        free, held = self.limit - self.count, self._by_client[client]
        if not free:
            raise _no_place(f"{self.limit:,} streams are open, which is the limit of this server.")
        if held >= min(self._per_address, free):
            limit = "the limit of one address" if held == self._per_address else "as many as are free for all others"
            raise _no_place(f"{held:,} streams are open from your address, which is {limit}.")
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
    return HTTPException(503, f"{sentence} Close one, or try again in {RETRY_SECONDS} seconds.")


async def _place(request: Request) -> AsyncIterator[None]:
    """Holds a place until the answer has ended, however it ends.

    The `finally` of a stream's generator may run late or never, when the client has gone without closing.
    """
    watchers: Watchers = request.app.state.watchers
    with watchers.place(client_key(request)), request.app.state.metrics.watchers.track_inprogress():
        yield


WatcherPlace = Depends(_place, scope="request")
