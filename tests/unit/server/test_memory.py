"""Memory that a process frees and needs again at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.settings import ROOT

# In a process of its own, since the setting is one of the process.
SCRIPT = """
import resource
import numpy as np
from app.server.memory import keep_freed_memory
keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def use_arrays():
    [np.ones((280, 280, 4), np.uint8) for _ in range(8)]
for _ in range(20):
    use_arrays()
before = faults()
for _ in range(100):
    use_arrays()
print((faults() - before) / 100)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's setting")
def test_arrays_as_large_as_a_drawing_reuse_the_memory_of_those_before() -> None:
    printed = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    assert float(printed.stdout) < 2
