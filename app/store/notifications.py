"""Notifications of new events from PostgreSQL, over one connection for a whole process.

A trigger notifies of every event, and PostgreSQL joins the equal notifications of a transaction to one. They may get
lost, so whoever is notified has to poll too.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import psycopg

log = logging.getLogger(__name__)

_CHANNEL = "descent_events"
# Not that of the events: behind a pooler, some other connection goes on listening to it.
_TRIAL_CHANNEL = "descent_trial"
_TRIAL_SECONDS = 3.0
# Before it connects again, and before another trial.
_PAUSE_SECONDS, _TRIAL_PAUSE_SECONDS = 0.5, 60.0
_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "prepare_threshold": None,
    "connect_timeout": 5,
    # Only a broken connection is silent for longer.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}

_Connection: TypeAlias = psycopg.AsyncConnection[Any]


class Notified(Protocol):
    """What is told of news; `app.store.feed.Feeds` is."""

    are_notified: bool

    def wake(self, subject: str) -> None:
        """There is something new of that subject: the number of a run, or the name of a collection."""


async def notify(url: str, all_notified: Sequence[Notified]) -> None:
    """Tells of new events in the database at `url`, and whether notifications arrive, until it is cancelled.

    It connects again whenever the connection is lost. Behind a pooler in transaction mode notifications don't arrive;
    the log says so.
    """
    is_warned = False
    while True:
        pause = _PAUSE_SECONDS
        try:
            # A standby that takes over, for one, refuses to listen at first.
            with contextlib.suppress(psycopg.Error):
                async with await _connect(url) as connection:
                    if await _arrive(url, connection):
                        await connection.execute(f"LISTEN {_CHANNEL}")
                        _set(all_notified, True)
                        async for notification in connection.notifies():
                            for notified in all_notified:
                                notified.wake(notification.payload)
                    pause = _TRIAL_PAUSE_SECONDS
                    if not is_warned:
                        log.warning("The database's notifications don't arrive here, so events are polled for.")
                    is_warned = True
        finally:
            _set(all_notified, False)
        await asyncio.sleep(pause)


def _set(all_notified: Sequence[Notified], are_notified: bool) -> None:
    for notified in all_notified:
        notified.are_notified = are_notified


async def _connect(url: str) -> _Connection:
    return await psycopg.AsyncConnection.connect(url, **_OPTIONS)


async def _arrive(url: str, connection: _Connection) -> bool:
    """Whether this connection gets what another one notifies of."""
    await connection.execute(f"LISTEN {_TRIAL_CHANNEL}")
    async with await _connect(url) as other:
        await other.execute(f"NOTIFY {_TRIAL_CHANNEL}")
    heard = [notification async for notification in connection.notifies(timeout=_TRIAL_SECONDS, stop_after=1)]
    await connection.execute(f"UNLISTEN {_TRIAL_CHANNEL}")
    return bool(heard)
