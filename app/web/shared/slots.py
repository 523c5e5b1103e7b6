"""Slots limit how many requests of one kind compute at a time. The others wait, first come, first served.

Each kind has its own slots, so that a light request never waits for a heavy one.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

# More than a few gain nothing, since Python runs one thread at a time. One processor is left for the event loop.
_COUNT = max(1, min(4, (os.cpu_count() or 1) - 1))


async def _read_body(request: Request) -> None:
    await request.body()


# A dependency of the slot, so that a slow upload doesn't hold a slot.
async def _slot(request: Request, _: Annotated[None, Depends(_read_body)]) -> AsyncIterator[None]:
    # While it waited, the client may have given up, or sent a newer question instead.
    if await request.is_disconnected():
        raise ClientDisconnect
    yield


def slots(count: int) -> Any:
    """A dependency that at most `count` requests hold at a time, from after their body until before their answer."""
    # With scope "request", a client that reads its answer slowly would hold a slot.
    return Depends(_slot, scope="function", max_concurrency=count)


# For answers that take up to some 20 ms.
LightSlot = slots(_COUNT + 1)
HeavySlot = slots(_COUNT)
# For one stretch of a descent.
DescentSlot = slots(_COUNT)
# For a look at the data sets. The first one unpacks files, and the others would do the same meanwhile.
DatasetSlot = slots(1)
# For a network's answers to all test images.
EvaluationSlot = slots(_COUNT)
