"""How long, and from which random numbers, the long forms of these tests go on: `make torture`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

SEED = int(os.environ.get("DESCENT_TORTURE_SEED", "1"))
SECONDS = float(os.environ.get("DESCENT_TORTURE_SECONDS", "600"))


def until(seconds: float = SECONDS) -> Callable[[], bool]:
    """Says, as often as it is asked, whether there is still time."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end
