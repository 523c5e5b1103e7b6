"""The recipe of a run as it went: settings that repeat it, with what was changed and where it was stopped."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from app.runs.recipe import RunSettings
from app.store.records import Event, Run

# These ended before their steps did, or may have, with a network of the last step that was told.
_ENDED_EARLY = ("stopped", "diverged")


def arithmetic() -> dict[str, str]:
    """What sums are rounded by here: the versions of NumPy and Python, the machine, and the library beneath NumPy."""
    built: Any = np.show_config("dicts")
    blas = built["Build Dependencies"]["blas"]
    return {
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {blas['name']} {blas['version']}",
    }


def settings_to_repeat(run: Run, events: Iterable[Event], data_sha256: str | None) -> dict[str, Any]:
    """The run's settings, all spelled out, with the learning rates of its `rate` events, its last step, and its data.

    On one machine, with the same version of NumPy, a run with these settings takes the same steps, bit for bit.
    """
    settings = RunSettings.model_validate(run.settings)
    changes = [(event.data["step"], event.data["learning_rate"]) for event in events if event.name == "rate"]
    stopped_at = run.step if run.status in _ENDED_EARLY and run.step > 0 else settings.last_step
    return {
        # What a preset stands for may be other settings in another version.
        **settings.model_dump(exclude={"preset"}),
        "rates": in_force([*settings.rates, *changes]),
        "last_step": stopped_at,
        "data_sha256": data_sha256 or settings.data_sha256,
    }


def in_force(rates: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Learning rates (step, eta) without those that never count, since a later one in the list takes their place.

    Descent takes the last in the list whose step is reached; what is left rises in its steps.
    """
    kept: list[tuple[int, float]] = []
    for step, rate in rates:
        kept = [(earlier, eta) for earlier, eta in kept if earlier < step]
        kept.append((step, rate))
    return kept
