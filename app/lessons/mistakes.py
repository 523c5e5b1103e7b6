"""The test images that a network gets most wrong."""

from __future__ import annotations

import functools
from pathlib import Path

from app.data import mnist
from app.network.network import Network
from app.served.answers import ImageAnswer, answers


@functools.lru_cache(maxsize=8)
def worst(network: Network, mnist_dir: Path, count: int) -> tuple[int, list[ImageAnswer]]:
    """How many of the 10,000 test images the network gets wrong, and the `count` of them of which it is surest.

    It takes a third of a second; results are cached. Raises DataError.
    """
    images, labels = mnist.read_test(mnist_dir)
    found = answers(network, images, labels)
    wrong = ~found.right
    return int(wrong.sum()), found.surest(wrong, images, count)
