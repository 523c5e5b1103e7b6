"""The time of a forward pass of one image and of 1,024, and of importing app.network."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from app.network import Network
from benchmarks.measure import in_turns, table

TURNS = 20


def forward() -> str:
    """A table of microseconds per forward pass through `classic`, beside the matrix products of its layers alone."""
    network = Network.random(np.random.default_rng(0), activation="leaky-relu")
    weights = [np.ascontiguousarray(layer.weights.T) for layer in network.layers]
    rows = []
    for n, times in ((1, 2000), (1024, 50)):
        x = np.random.default_rng(1).random((n, 784), dtype=np.float32)

        def products(a: np.ndarray = x) -> None:
            for w in weights:
                a = a @ w

        seconds = in_turns({"products": products, "Descent": lambda x=x: network.feedforward(x)}, TURNS, times)
        ratio = seconds["Descent"] / seconds["products"]
        rows.append([str(n), f"{seconds['products'] * 1e6:.1f}", f"{seconds['Descent'] * 1e6:.1f}", f"{ratio:.2f}"])
    return table(["images", "matrix products alone, µs", "Descent, µs", "ratio"], rows)


def loading() -> str:
    """A table of seconds to start Python and import a package, beside Python and NumPy alone."""
    calls = {
        name: lambda code=code: subprocess.run([sys.executable, "-c", code], check=True)
        for name, code in {"Python": "", "NumPy": "import numpy", "app.network": "import app.network"}.items()
    }
    seconds = in_turns(calls, TURNS)
    rows = [[name, f"{taken:.3f}", f"{taken - seconds['Python']:.3f}"] for name, taken in seconds.items()]
    return table(["", "seconds", "more than Python alone"], rows)
