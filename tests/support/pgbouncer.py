"""PgBouncer before the tests' PostgreSQL, in transaction mode: it lends a connection for one transaction at a time."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.support.postgres import Postgres, as_postgres
from tests.support.server import end, wait_until

_CONFIGURATION = """
[databases]
* = host={postgres} user=postgres
[pgbouncer]
unix_socket_dir = {folder}
listen_port = 6432
auth_type = any
admin_users = postgres
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 5
"""


@dataclass
class PgBouncer:
    """`folder` has its socket. Of each database it opens at most 5 connections."""

    folder: Path

    def url(self, database_url: str) -> str:
        """The URL of the same database through PgBouncer."""
        return f"postgresql://postgres@/{conninfo_to_dict(database_url)['dbname']}?host={self.folder}&port=6432"

    def accepts(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url("dbname=postgres")):
            return True
        return False


@contextlib.contextmanager
def running_pgbouncer(postgres: Postgres) -> Iterator[PgBouncer]:
    """Where PgBouncer is not installed, the test is skipped."""
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("No PgBouncer: install Debian's package pgbouncer.")
    with tempfile.TemporaryDirectory(prefix="descent-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        (folder / "pgbouncer.ini").write_text(_CONFIGURATION.format(postgres=postgres.folder, folder=folder))
        user = as_postgres()
        if user:
            shutil.chown(folder, user["user"])
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([program, str(folder / "pgbouncer.ini")], stdout=log, stderr=log, **user)
        bouncer = PgBouncer(folder)
        try:
            wait_until(bouncer.accepts, "PgBouncer to accept connections")
            yield bouncer
        except TimeoutError as error:
            error.add_note((folder / "log").read_text())
            raise
        finally:
            end(process)
