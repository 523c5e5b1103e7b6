"""python -m app serve: starts the server."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Annotated

import typer

from app.commands.ending import fail, read_settings


def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for all of IPv4, :: for IPv6 too.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 finds a free one.")] = 8000,
    root_path: Annotated[str, typer.Option(help="The sub-path under which a proxy serves Descent.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="The number of server processes.")] = 1,
) -> None:
    """Starts the server, and prints its address and a link that signs the admin in."""
    from app.server import logs, serving
    from app.store.records import StoreError
    from app.store.sqlite import SqliteRunStore

    if not host.strip("[] "):
        fail("--host is empty. Name an address to listen on: 0.0.0.0 for all of IPv4, :: for IPv6 too.")
    if root_path:
        os.environ["DESCENT_ROOT_PATH"] = root_path
    settings = read_settings()
    logs.configure(settings.log)
    query = ""
    token = settings.admin_token.get_secret_value() if settings.admin_token else ""
    if not token:
        token = secrets.token_urlsafe(32)
        query = f"?token={token}"
        # All server processes inherit it.
        os.environ["DESCENT_ADMIN_TOKEN"] = token
    try:
        SqliteRunStore(settings.database).close()
    except StoreError as error:
        fail(str(error))
    try:
        sock = serving.listen(host, port)
    except OSError as error:
        fail(f"Descent can't listen on {host} port {port}: {error.strerror}. Choose another with --port or --host.")
    url = _url(sock) + settings.root_path
    typer.echo(f"Descent is at  {url}/")
    typer.echo(f"Admin signs in {url}/login{query}")
    serving.serve(sock, workers, logs.config(settings.log, secret=token))


def _url(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    # These mean "all addresses", which a browser can't open.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - looked up, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
