"""The processes of this machine that train runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys

from app.settings import ROOT, Settings
from app.store.records import Run

# Matrices this small gain nothing from more threads, which would slow down the others on the machine.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}


def worker_command(run_id: int, attempt: int) -> list[str]:
    """The command of a process that trains a run for this process."""
    return [sys.executable, "-m", "app.runs.worker", str(run_id), str(attempt), str(os.getpid())]


class Processes:
    """Starts processes that train runs, with these settings, and stops them."""

    def __init__(self, settings: Settings) -> None:
        folders = {
            "STATE_DIR": settings.state_dir,
            "MNIST_DIR": settings.mnist_dir,
            "MODELS_DIR": settings.models_dir,
            "DATASETS_DIR": settings.datasets_dir,
        }
        self._environment = {
            **os.environ,
            **{f"DESCENT_{name}": str(folder.resolve()) for name, folder in folders.items() if folder},
            **({"DESCENT_DATABASE": settings.database_url} if settings.database_url else {}),
            "DESCENT_LEASE_SECONDS": str(settings.lease_seconds),
            **ENVIRONMENT,
        }
        self._active: set[asyncio.subprocess.Process] = set()

    async def start(self, run: Run, lock: int | None = None) -> asyncio.subprocess.Process:
        """Starts a process that trains the run and inherits the descriptor `lock`. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *worker_command(run.id, run.attempt),
            env=self._environment,
            cwd=ROOT,
            pass_fds=[] if lock is None else [lock],
            # Ctrl+C in the server's terminal should reach only the server, which then stops its workers.
            start_new_session=True,
        )
        self._active = {active for active in self._active if active.returncode is None} | {process}
        return process

    def stop_all(self) -> None:
        """Asks all of them to stop. They save their networks."""
        for process in self._active:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
