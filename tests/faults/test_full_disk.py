"""The disk becomes full under a run: what the server says, and what goes on."""

from __future__ import annotations

import resource

import httpx

from tests.api import LONG, PNG, SEVEN, at_step, ended, run, start
from tests.server import RunningServer


def test_a_run_whose_store_is_full_ends_with_what_to_do_and_hurts_nothing_else(
    fresh_client: httpx.Client, fresh_server: RunningServer
) -> None:
    served = fresh_client.get("models/classic").json()["version"]
    run_id = start(fresh_client, LONG)
    at_step(fresh_client, run_id, 1)

    # No file of the training process grows any more, as on a disk that is full.
    resource.prlimit(fresh_server.trainer(), resource.RLIMIT_FSIZE, (4096, 4096))

    failed = ended(fresh_client, run_id)
    assert failed["status"] == "failed"
    assert "disk" in failed["reason"]
    assert "go on with the run" in failed["reason"]
    answer = fresh_client.post("predict", content=SEVEN, headers=PNG).json()
    assert (answer["digit"], answer["version"]) == (7, served)

    assert fresh_client.post(f"admin/runs/{run_id}/resume").status_code == 200
    at_step(fresh_client, run_id, failed["step"] + 1)
    fresh_client.post(f"admin/runs/{run_id}/stop")
    assert ended(fresh_client, run_id)["status"] == "stopped"
    assert run(fresh_client, run_id)["step"] > failed["step"]
