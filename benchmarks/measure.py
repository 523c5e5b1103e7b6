"""Measuring side by side: in one process on one core, in rounds, reporting the median."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def on_one_core() -> None:
    """Limits this process to one core and one thread. Call it before importing NumPy or another library."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def in_turns(calls: Mapping[str, Callable[[], object]], turns: int, times: int = 1) -> dict[str, float]:
    """Seconds per call, by name: the median over `turns` rounds, each of which makes every call `times` times.

    An additional first round warms up compilers and caches and is not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(turns + 1):
        for name, call in calls.items():
            started = time.perf_counter()
            for _ in range(times):
                call()
            seconds[name].append((time.perf_counter() - started) / times)
    return {name: statistics.median(measured[1:]) for name, measured in seconds.items()}


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows))


def machine() -> str:
    """The machine and the versions of the libraries, in a sentence."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    versions = [f"Python {platform.python_version()}"]
    for package in ("numpy", "torch", "jax", "scikit-learn"):
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {package}")
    return f"{os.cpu_count()} cores of {cpu}, {platform.system()}; {', '.join(versions)}."


def cpu_seconds(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
