"""The section "On many machines" of docs/operations.md is true, and so is what it says of back-ups."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.settings import ROOT
from tests.support.api import FEW, PNG, SEVEN, ended, events, start
from tests.support.local_server import local_server
from tests.support.postgres import Postgres, free_port
from tests.support.programs import running_dask
from tests.support.server import running_server

DOC = (ROOT / "docs" / "operations.md").read_text()
CERTIFICATES = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=descent-ca -keyout ca.key -out ca.pem
openssl req -newkey rsa:2048 -nodes -subj /CN=descent -keyout dask.key -out dask.csr
openssl x509 -req -in dask.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out dask.pem
"""


@pytest.mark.slow
def test_a_database_that_is_dumped_and_restored_has_the_same_runs_and_networks(
    database_url: str, postgres: Postgres, tmp_path: Path, few_digits: Path
) -> None:
    new = postgres.new_database()
    commands = "\n".join(re.findall(r"^    (pg_\w+ .*)$", DOC, re.M))
    settings = {"datasets_dir": few_digits}
    with (
        local_server(tmp_path / "state", database=SecretStr(database_url), **settings) as server,
        server.client() as client,
    ):
        done = start(client, FEW)
        assert ended(client, done)["status"] == "finished"
        published = client.post(f"admin/runs/{done}/publish", json={"name": "ours"}).json()
        recorded = list(events(client, done))

        environment = {**os.environ, "DESCENT_DATABASE": database_url, "NEW_DATABASE": new}
        subprocess.run(["sh", "-e", "-c", commands], cwd=tmp_path, env=environment, check=True)

    with (
        local_server(tmp_path / "state", database=SecretStr(new), **settings) as server,
        server.client() as client,
    ):
        assert list(events(client, done)) == recorded
        assert client.get("models/ours").json()["version"] == published["version"]
        assert client.post("predict?model=ours", content=SEVEN, headers=PNG).is_success
        assert start(client, FEW) == done + 1
    postgres.drop_database(new)


@pytest.mark.slow
def test_with_certificates_runs_are_trained_and_strangers_are_refused(
    database_url: str, tmp_path: Path, few_digits: Path
) -> None:
    subprocess.run(["sh", "-e", "-c", CERTIFICATES], cwd=tmp_path, check=True, capture_output=True)
    (variables,) = re.findall(r"```env\n(.*?)```", DOC, re.S)
    tls = dict(line.split("=", 1) for line in variables.replace("/etc/descent", str(tmp_path)).splitlines())
    scheduler, worker = re.findall(r"`(dask (?:scheduler|worker) .*?)`", DOC)
    port, health, worker_health = free_port(), free_port(), free_port()
    url = f"tls://127.0.0.1:{port}"
    scheduler += f" --protocol tls --host 127.0.0.1 --port {port} --dashboard-address 127.0.0.1:{health}"
    worker = worker.replace("tcp://scheduler:8786", url) + f" --dashboard-address 127.0.0.1:{worker_health}"
    worker += f" --local-directory {tmp_path}"
    shared = {**tls, "DESCENT_DATABASE": database_url, "DESCENT_DATASETS_DIR": str(few_digits)}
    with contextlib.ExitStack() as stack:
        stack.enter_context(running_dask(scheduler, health, tls))
        stack.enter_context(running_dask(worker, worker_health, shared))
        server = stack.enter_context(running_server(tmp_path / "web", environment={**shared, "DESCENT_SCHEDULER": url}))
        client = stack.enter_context(server.client())

        assert ended(client, start(client, FEW))["status"] == "finished"
        with pytest.raises(ssl.SSLError):
            _answer_to_a_stranger(port)


def _answer_to_a_stranger(port: int) -> bytes:
    """What a client without a certificate reads from the scheduler."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 10) as line, context.wrap_socket(line) as encrypted:
        return encrypted.recv(1)
