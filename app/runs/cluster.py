"""Trains runs as tasks of a Dask cluster, one on each thread of its workers.

Dask holds only what runs: a queued task would be lost with the scheduler. A task starts the process that a server would
start on its own machine.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess

from distributed import Client, Status, fire_and_forget, get_worker

from app.runs.processes import ENVIRONMENT, worker_command
from app.settings import ROOT
from app.store.records import Run

log = logging.getLogger(__name__)

_SECONDS = 3.0
_POLL_SECONDS = 0.5
_LEAVING = (Status.closing, Status.closing_gracefully, Status.closed)


def train_here(run_id: int, attempt: int) -> int:
    """Trains a run on the machine of the worker that executes this task. Returns the exit code of its process."""
    if not os.environ.get("DESCENT_DATABASE"):
        raise RuntimeError("This worker has no DESCENT_DATABASE. Start it with that of the web servers.")
    command, worker = worker_command(run_id, attempt), get_worker()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ENVIRONMENT})  # noqa: S603 - our own
    while True:
        try:
            return process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            # The worker would wait for this task, half a minute at most. So the run passes on at once.
            if worker.status in _LEAVING:
                process.terminate()


class ClusterWorkers:
    """The workers of the Dask cluster whose scheduler is at `address`, such as tcp://host:8786."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        # What was logged last.
        self._is_away = self._is_empty = False

    async def count(self) -> int:
        """The number of threads of all workers."""
        try:
            client = await self._connected()
            async with asyncio.timeout(_SECONDS):
                threads: int = sum((await client.nthreads()).values())
        except (OSError, TimeoutError) as error:
            if not self._is_away:
                log.warning("The scheduler at %s can't be reached: %s", self._address, error)
            self._is_away = True
            return 0
        if threads == 0 and not self._is_empty:
            log.warning("The scheduler at %s has no worker: runs wait in the queue", self._address)
        self._is_away, self._is_empty = False, threads == 0
        return threads

    async def start(self, run: Run) -> None:
        try:
            client = await self._connected()
            # No retries: if the worker is lost, the lease expires and the next attempt has another key.
            task = client.submit(
                train_here, run.id, run.attempt, key=f"run-{run.id}-attempt-{run.attempt}", pure=False, retries=0
            )
            fire_and_forget(task)
        except (OSError, TimeoutError) as error:
            log.warning("Run %s can't be given to the cluster now: %s", run.id, error)

    def stop_all(self) -> None:
        """Nothing: the workers go on without this server."""

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close(timeout=_SECONDS)

    async def _connected(self) -> Client:
        """Raises OSError if the scheduler can't be reached."""
        async with self._connecting:
            if self._client is None or self._client.status != "running":
                await self.close()
                self._client = await Client(
                    self._address, asynchronous=True, set_as_default=False, timeout=_SECONDS, name="descent"
                )
            return self._client
