"""A Dask scheduler and workers of the tests' own, each in processes that a test can kill, stop and let go on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from distributed.core import rpc

from app.settings import ROOT
from tests.support.postgres import free_port
from tests.support.server import wait_until

_HOST = "127.0.0.1"
_SECONDS = 2.0


class Program:
    """A program in a session of its own, so that a signal can reach all that it started, as a machine's fault does."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._command, self._log = [sys.executable, "-m", "dask", *command], log
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def processes(self, pattern: str = "") -> list[int]:
        """The ids of its processes whose command line has this in it."""
        command = ["pgrep", "-r", "D,R,S,T", "-g", str(self._process.pid), "-f", pattern or "."]
        found = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        return [int(line) for line in found.stdout.split()]

    def trainers(self) -> list[int]:
        """The ids of the processes that train."""
        return self.processes("app.runs.worker")

    def signal(self, number: signal.Signals) -> None:
        """To all of its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self._process.wait()

    def kill_all_but_trainers(self) -> None:
        """Kills a worker and its nanny."""
        trainers = self.trainers()
        for process in self.processes():
            if process not in trainers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self._process.wait()


class Cluster:
    """A scheduler at `address`, and workers of one thread each."""

    def __init__(self, folder: Path, environments: Sequence[Mapping[str, str]]) -> None:
        self._log = folder / "log"
        self._supervising = threading.Lock()
        self.address = f"tcp://{_HOST}:{free_port()}"
        options = ("--host", _HOST, "--no-dashboard")
        self.scheduler = Program(["scheduler", *options, "--port", self.address.rpartition(":")[2]], {}, self._log)
        command = ["worker", self.address, *options, "--nthreads", "1", "--local-directory", str(folder)]
        self.workers = [Program(command, environment, self._log) for environment in environments]

    def threads(self) -> int:
        """How many threads of workers the scheduler has; 0 if it can't be reached."""
        with contextlib.suppress(OSError, TimeoutError):
            return asyncio.run(_threads(self.address))
        return 0

    def wait(self) -> None:
        """Returns once the scheduler has all workers."""
        try:
            wait_until(lambda: self.threads() == len(self.workers), "the workers")
        except TimeoutError as error:
            error.add_note(self._log.read_text())
            raise

    def supervise(self) -> None:
        """Starts what has ended again, as a supervisor would."""
        with self._supervising:
            for program in (self.scheduler, *self.workers):
                if program.has_ended:
                    program.start()

    @contextlib.contextmanager
    def supervised(self) -> Iterator[None]:
        """Starts again, in the block, whatever ends."""
        done = threading.Event()

        def supervise() -> None:
            while not done.wait(0.5):
                self.supervise()

        supervisor = threading.Thread(target=supervise)
        supervisor.start()
        try:
            yield
        finally:
            done.set()
            supervisor.join()

    def trainers(self) -> list[int]:
        """The ids of the processes that train."""
        return [trainer for worker in self.workers for trainer in worker.trainers()]

    def kill(self) -> None:
        for program in (*self.workers, self.scheduler):
            program.kill()


@contextlib.contextmanager
def running_cluster(*environments: Mapping[str, str]) -> Iterator[Cluster]:
    """A cluster with a worker for each of these environments, which are added to the test's own."""
    with tempfile.TemporaryDirectory(prefix="descent-") as folder:
        cluster = Cluster(Path(folder), environments)
        try:
            cluster.wait()
            yield cluster
        finally:
            cluster.kill()


async def _threads(address: str) -> int:
    async with asyncio.timeout(_SECONDS), rpc(address) as scheduler:
        return sum((await scheduler.ncores()).values())
