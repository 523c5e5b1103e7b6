"""The memory of a server process."""

from __future__ import annotations

import ctypes

# Parameters of mallopt(3), from glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_KEPT = 16 * 1024 * 1024
# Larger arrays are returned to the kernel at once. Those of a drawing have 0.3 MB.
_LARGE = 1024 * 1024
# Each arena keeps as much. Otherwise many threads would have one each.
_ARENAS = 2


def keep_freed_memory() -> None:
    """Keeps up to 32 MB of freed memory for the next requests, where the C library is glibc.

    Otherwise glibc returns the arrays of each drawing to the kernel, and the next drawing's cost a page fault for every
    4 KB: a third of the time that it takes to read one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_ARENA_MAX, _ARENAS)
