"""What an answer costs: a forward pass of one image and of 1,024, and loading the mathematics."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from app.network import Network
from benchmarks.measure import in_turns, table

TURNS = 20


def forward() -> str:
    """Microseconds of a forward pass through `classic`, beside the products of its three layers."""
    network = Network.random(np.random.default_rng(0), activation="leaky-relu")
    weights = [np.ascontiguousarray(layer.weights.T) for layer in network.layers]
    rows = []
    for n, times in ((1, 2000), (1024, 50)):
        x = np.random.default_rng(1).random((n, 784), dtype=np.float32)

        def products(a: np.ndarray = x) -> None:
            for w in weights:
                a = a @ w

        seconds = in_turns({"products": products, "ours": lambda x=x: network.feedforward(x)}, TURNS, times)
        ratio = seconds["ours"] / seconds["products"]
        rows.append([str(n), f"{seconds['products'] * 1e6:.1f}", f"{seconds['ours'] * 1e6:.1f}", f"{ratio:.2f}"])
    return table(["images", "products alone, µs", "ours, µs", "ratio"], rows)


def loading() -> str:
    """Seconds from the start of Python until a package is there, beside Python and NumPy alone."""
    calls = {
        name: lambda code=code: subprocess.run([sys.executable, "-c", code], check=True)
        for name, code in {"Python": "", "NumPy": "import numpy", "app.network": "import app.network"}.items()
    }
    seconds = in_turns(calls, TURNS)
    rows = [[name, f"{taken:.3f}", f"{taken - seconds['Python']:.3f}"] for name, taken in seconds.items()]
    return table(["", "seconds", "above Python's own"], rows)
