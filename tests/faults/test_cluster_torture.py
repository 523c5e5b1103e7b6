"""The parts of a cluster killed, stopped and cut off at random moments, for a long time."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.faults.leased_runs import RECIPE, Service, disturbed_run, running_service, trainers
from tests.faults.torture import SECONDS, SEED, until
from tests.support.server import running_server, wait_until

EPOCHS = 20


@dataclass
class _Faults:
    """Each does something to the service and returns after it is mended; supervisors start what was killed."""

    service: Service
    folder: Path
    run_id: int
    moments: random.Random
    max_seconds: float

    def trainer_killed(self) -> None:
        for process in trainers(self.service.worker_of(self.run_id), self.run_id):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def worker_and_nanny_killed(self) -> None:
        self.service.worker_of(self.run_id).kill_all_but_trainers()

    def worker_killed_but_not_its_nanny(self) -> None:
        for process in self.service.worker_of(self.run_id).processes("multiprocessing.spawn"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def worker_asked_to_end(self) -> None:
        self.service.worker_of(self.run_id).signal(signal.SIGTERM)

    def machine_of_the_worker_lost(self) -> None:
        self.service.worker_of(self.run_id).kill()

    def worker_stopped_and_continued(self) -> None:
        worker = self.service.worker_of(self.run_id)
        worker.signal(signal.SIGSTOP)
        self._last()
        worker.signal(signal.SIGCONT)

    def scheduler_killed(self) -> None:
        self.service.cluster.scheduler.kill()

    def server_killed(self) -> None:
        with running_server(self.folder, environment=self.service.environment) as server:
            time.sleep(self.moments.uniform(0.0, 2.0))
            server.process.kill()

    def database_crashed(self) -> None:
        self.service.postgres.stop("immediate")
        time.sleep(self.moments.uniform(0.0, 5.0))
        self.service.postgres.start()

    def network_to_the_database_cut(self) -> None:
        worker = self.service.worker_of(self.run_id)
        line = self.service.lines[self.service.cluster.workers.index(worker)]
        line.cut()
        self._last()
        line.mend()

    def _last(self) -> None:
        time.sleep(self.moments.uniform(0.0, self.max_seconds))

    def all(self) -> list[Callable[[], None]]:
        return [
            self.trainer_killed,
            self.worker_and_nanny_killed,
            self.worker_killed_but_not_its_nanny,
            self.worker_asked_to_end,
            self.machine_of_the_worker_lost,
            self.worker_stopped_and_continued,
            self.scheduler_killed,
            self.server_killed,
            self.database_crashed,
            self.network_to_the_database_cut,
        ]


def _disturb(faults: _Faults, counts: Counter[str], is_time: Callable[[], bool]) -> None:
    """Until the run has ended. After one or two faults it takes at least a step, so that it is not lost too often."""
    service, run_id, moments = faults.service, faults.run_id, faults.moments
    while is_time() and (run := service.run(run_id)).ended_at is None:
        before = run.step
        for _ in range(moments.choice((1, 1, 2))):
            with contextlib.suppress(TimeoutError):  # the run ended meanwhile
                fault = moments.choice(faults.all())
                fault()
                counts[fault.__name__] += 1
        wait_until(partial(_is_past, service, run_id, before), "a step", 120)
        time.sleep(moments.uniform(0.0, 2.0))


def _is_past(service: Service, run_id: int, step: int) -> bool:
    run = service.run(run_id)
    return run.step > step or run.ended_at is not None


@pytest.mark.torture
@pytest.mark.parametrize("lease_seconds", [4.0, 15.0])
def test_whatever_fails_at_whatever_moment_no_run_loses_anything(tmp_path: Path, lease_seconds: float) -> None:
    moments, counts, runs, is_time = random.Random(SEED), Counter[str](), 0, until(SECONDS / 2)
    recipe = {**RECIPE, "epochs": EPOCHS}
    with running_service(tmp_path, lease_seconds, recipe) as service, service.cluster.supervised():
        while is_time():
            with disturbed_run(service, tmp_path) as run_id:
                faults = _Faults(service, tmp_path, run_id, moments, max_seconds=lease_seconds + 6.0)
                _disturb(faults, counts, is_time)
            runs += 1
    print(f"{runs} runs, leases of {lease_seconds} s, seed {SEED}: {dict(counts)}")  # noqa: T201 - asked for
    assert counts
