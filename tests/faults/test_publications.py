"""Networks published one after another under load: no answer is missing, and none is of two networks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from app.data import mnist
from app.images.normalise import normalise
from app.network import Network
from app.network.weights import version_of
from tests.faults.torture import until
from tests.support.server import RunningServer, Server
from tests.support.trained import add_run, served

SHORT, LONG = 20, 1_000
ASKERS = 4
# A network is 52 KB: kept for each publication, they would take more than this.
MAX_GROWTH_KB = 15_000


def _memory_kb(server: Server) -> int:
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))


def _publish_under_load(
    server: Server, image: np.ndarray, publications: int, is_time: Callable[[], bool]
) -> tuple[int, int, set[str]]:
    """How many publications and answers there were, and of which versions. Asserts what each of them must be."""
    networks = [served(), *(Network.random(np.random.default_rng(seed)) for seed in range(5))]
    own = {version_of(network): network.probabilities(normalise(image[np.newaxis]))[0] for network in networks}
    runs = [add_run(server.state_dir, network) for network in networks[1:]]
    done = threading.Event()

    def ask(_: int) -> list[str]:
        versions = []
        with server.client() as client:
            while not done.is_set():
                response = client.post("predict", json={"instances": [image.tolist()]})
                assert response.status_code == 200, response.text
                (answer,) = response.json()["predictions"]
                assert np.allclose(answer["probabilities"], own[answer["version"]], rtol=1e-4, atol=1e-6)
                versions.append(answer["version"])
        return versions

    with ThreadPoolExecutor(ASKERS) as pool, server.client() as client:
        asking = [pool.submit(ask, number) for number in range(ASKERS)]
        try:
            published, before = 0, 0
            for published in count(1):
                response = client.post(f"admin/runs/{runs[published % len(runs)]}/publish")
                assert response.status_code == 200, response.text
                before = before or (published >= publications // 10 and _memory_kb(server)) or 0
                if published == publications or not is_time():
                    break
        finally:
            done.set()
        answered = [version for asked in asking for version in asked.result()]
    assert _memory_kb(server) <= before + MAX_GROWTH_KB
    return published, len(answered), set(answered)


@pytest.mark.slow
def test_while_networks_are_published_every_answer_is_one_networks(
    own_server: Server, test_images: mnist.Images
) -> None:
    published, answered, versions = _publish_under_load(own_server, test_images.images[0], SHORT, lambda: True)

    assert published == SHORT
    assert answered > SHORT
    assert len(versions) > 2


@pytest.mark.torture
def test_a_thousand_publications_fail_no_request(fresh_server: RunningServer, test_images: mnist.Images) -> None:
    published, answered, _ = _publish_under_load(fresh_server, test_images.images[0], LONG, until())

    print(f"{published} publications, {answered} answers meanwhile")  # noqa: T201 - asked for
    assert published > SHORT
