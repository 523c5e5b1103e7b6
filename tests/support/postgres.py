"""A PostgreSQL server of the tests' own, run from Debian's package."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.support.server import wait_until

# Debian keeps the server's programs out of PATH, in a folder for each version.
_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
_PATH = os.pathsep.join([*map(str, _FOLDERS), os.environ.get("PATH", "")])
_SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
# Nothing of a test has to survive a power cut.
_SETTINGS = {"fsync": "off", "max_connections": "200"}


def as_postgres() -> dict[str, Any]:
    """Options of `subprocess` for servers that refuse to run as root: they run as Debian's user `postgres`."""
    return {"user": "postgres", "group": "postgres", "extra_groups": [], "cwd": "/"} if os.geteuid() == 0 else {}


@dataclass
class Postgres:
    """Its superuser `postgres` needs no password. `folder` has the socket; `port` is one of 127.0.0.1, or None."""

    folder: Path
    port: int | None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Leads to the TCP port where there is one, else to the socket."""
        if self.port is None:
            return f"postgresql://postgres@/{database}?host={self.folder}"
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Creates an empty database and returns its URL."""
        name = f"test_{next(self._numbers)}"
        self._execute("CREATE DATABASE {}", name)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Closes what is still connected to a database, and removes it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", str(conninfo_to_dict(url)["dbname"]))

    def _execute(self, statement: LiteralString, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    def start(self) -> None:
        """Returns once connections are accepted. Raises TimeoutError, with the server's log."""
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(self.folder),
            "listen_addresses": "" if self.port is None else "127.0.0.1",
            "port": str(self.port or 5432),
        }
        command = ["postgres", "-D", str(self.folder / "data")]
        command += [f"--{name}={value}" for name, value in settings.items()]
        log = self.folder / "log"
        with log.open("ab") as file:
            environment = {**os.environ, "PATH": _PATH}
            self._process = subprocess.Popen(command, env=environment, stdout=file, stderr=file, **as_postgres())
        try:
            wait_until(self._accepts, "PostgreSQL to accept connections")
        except TimeoutError as error:
            error.add_note(log.read_text())
            raise

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Ends all connections and the server: `fast` as an administrator would, `immediate` as a crash would.

        Committed data is kept in both modes.
        """
        if self._process is not None:
            self._process.send_signal(_SIGNALS[mode])
            self._process.wait()
            self._process = None

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        self.stop(mode)
        self.start()

    def _accepts(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url("postgres")):
            return True
        return False


@contextlib.contextmanager
def running_postgres(tcp: bool = False) -> Iterator[Postgres]:
    """A new server on a socket, with `tcp` on a port of 127.0.0.1 too.

    Where PostgreSQL is not installed, the test is skipped, but fails in CI.
    """
    if shutil.which("initdb", path=_PATH) is None:
        _skip("No PostgreSQL: install Debian's package postgresql.")
    # Not in pytest's own folder: the path of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="descent-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        if user := as_postgres():
            shutil.chown(folder, user["user"])
        _initialise(folder / "data")
        postgres = Postgres(folder, free_port() if tcp else None)
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.stop("immediate")


def _initialise(data: Path) -> None:
    options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    command = ["initdb", "-D", str(data), *options]
    done = subprocess.run(command, env={**os.environ, "PATH": _PATH}, capture_output=True, text=True, **as_postgres())
    assert done.returncode == 0, done.stdout + done.stderr


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _skip(reason: str) -> None:
    """Fails in CI, which must test the store."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
