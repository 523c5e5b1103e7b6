"""The process that trains one run: python -m app.runs.worker RUN_ID ATTEMPT PARENT_PID

A server starts it (see `local_jobs`), or a worker of a cluster (see `cluster`); `runner` does the work. It stops and
saves the network on SIGTERM, when the store requests it, and when the process that started it has ended.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from app.server import logs

_POLL_SECONDS = 0.5
# How long a stop may take after the server's end, before the process ends anyway.
_GRACE_SECONDS = 3.0


class StopSignal:
    """Set when this process should stop. It listens from the start, while NumPy is still being imported."""

    def __init__(self, parent: int) -> None:
        self.given = threading.Event()
        self.reason: str | None = None
        signal.signal(signal.SIGTERM, lambda *_: self.give("The server stopped."))
        threading.Thread(target=self._watch, args=(parent,), daemon=True).start()

    def give(self, reason: str | None) -> None:
        self.reason = reason
        self.given.set()

    def _watch(self, parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(_POLL_SECONDS)
        self.give("The server that started this run is gone.")
        time.sleep(_GRACE_SECONDS)
        os._exit(1)


def main(run_id: int, attempt: int, parent: int) -> None:
    logs.configure(os.environ.get("DESCENT_LOG") or None)
    stop = StopSignal(parent)
    from app.runs.runner import train

    train(run_id, attempt, stop)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
