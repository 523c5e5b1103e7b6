"""How many streams may be open: in all, and from one address, so that whoever draws always finds room."""

from __future__ import annotations

import contextlib
import ipaddress
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterator

from fastapi import Depends, HTTPException, Request

from app.settings import Settings

_RETRY_SECONDS = 5
# Each stream is an open file. The rest is for whoever asks something else, and for the files of this process.
_SHARE_OF_FILES = 0.75
# Whoever has one IPv6 address has all that begin with these.
_NETWORK_BITS = 64


class Watchers:
    """The open streams of this process, counted."""

    def __init__(self, in_all: int, per_address: int) -> None:
        self.in_all, self._per_address = in_all, per_address
        self.count = 0
        self._by_address: Counter[str] = Counter()

    @classmethod
    def allowed(cls, settings: Settings) -> Watchers:
        """As many as the settings say, but no more than this process may have files for."""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        most = settings.watchers if files == resource.RLIM_INFINITY else int(files * _SHARE_OF_FILES)
        return cls(min(settings.watchers, most), settings.watchers_per_address)

    @contextlib.contextmanager
    def place(self, address: str) -> Iterator[None]:
        """Takes a place for as long as the block lasts. Raises HTTPException 503 when there is none."""
        network = _network(address)
        if self.count >= self.in_all:
            raise _no_place(f"{self.in_all:,} streams are open, which is all that this server allows.")
        if self._by_address[network] >= self._per_address:
            raise _no_place(
                f"{self._per_address:,} streams are open from your address, which is all that one may have."
            )
        self.count += 1
        self._by_address[network] += 1
        try:
            yield
        finally:
            self.count -= 1
            self._by_address[network] -= 1
            if not self._by_address[network]:
                del self._by_address[network]


def _no_place(sentence: str) -> HTTPException:
    detail = f"{sentence} Close one that nobody looks at, or try again in {_RETRY_SECONDS} seconds."
    return HTTPException(503, detail, headers={"Retry-After": str(_RETRY_SECONDS)})


def _network(address: str) -> str:
    """What counts as one address: of IPv6 ones, all that one household has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address  # as a proxy told it
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), _NETWORK_BITS), strict=False))


async def _place(request: Request) -> AsyncIterator[None]:
    """A place among the watchers until the answer has ended, however it ends.

    What a stream's generator does at its end may come late, or never: its reader may be gone without a word.
    """
    watchers: Watchers = request.app.state.watchers
    with watchers.place(request.client.host if request.client else ""):
        yield


APlace = Depends(_place, scope="request")
