"""python -m app serve: starts the server."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import secrets
import socket
import sys
from typing import Annotated

import typer

from app.commands.ending import fail, read_settings
from app.settings import Settings

_NEEDS_HOST = "Phones need    --host 0.0.0.0, or HOST=0.0.0.0 after make run. Now only this machine is let in."
_NEEDS_ADDRESS = "Phones need    DESCENT_ADDRESS: the address of this machine, such as http://192.168.1.20:8000"


def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for all of IPv4, :: for IPv6 too.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 finds a free one.")] = 8000,
    root_path: Annotated[str, typer.Option(help="The sub-path under which a proxy serves Descent.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="The number of server processes.")] = 1,
) -> None:
    """Starts the server, and prints its address, a link that signs the admin in, and the address for phones."""
    from app.server import logs, serving
    from app.store.opening import open_store
    from app.store.records import StoreError

    if not host.strip("[] "):
        fail("--host is empty. Name an address to listen on: 0.0.0.0 for all of IPv4, :: for IPv6 too.")
    if root_path:
        os.environ["DESCENT_ROOT_PATH"] = root_path
    settings = read_settings()
    try:
        settings.require_shared_token()
    except ValueError as error:
        fail(str(error))
    logs.configure(settings.log)
    query = ""
    token = settings.admin_token.get_secret_value() if settings.admin_token else ""
    if not token:
        token = secrets.token_urlsafe(32)
        query = f"?token={token}"
        # All server processes inherit it.
        os.environ["DESCENT_ADMIN_TOKEN"] = token
    try:
        if settings.scheduler and importlib.util.find_spec("distributed") is None:
            fail(
                "DESCENT_SCHEDULER needs the package distributed."
                " Install the packages of requirements-cluster.lock, or the wheel with [cluster]."
            )
        open_store(settings.sqlite_file, settings.database_url).close()
    except StoreError as error:
        fail(str(error))
    try:
        sock = serving.listen(host, port)
    except OSError as error:
        fail(f"Descent can't listen on {host} port {port}: {error.strerror}. Choose another with --port or --host.")
    url = _url(sock) + settings.root_path
    typer.echo(f"Descent is at  {url}/")
    typer.echo(f"Admin signs in {url}/login{query}")
    _show_phones_the_way(sock, settings)
    serving.serve(sock, workers, logs.config(settings.log, secret=token))


def _show_phones_the_way(sock: socket.socket, settings: Settings) -> None:
    """Prints the addresses for phones, the first one on a terminal also as a QR code. The admin's link is in none."""
    from app.server.phone_addresses import phone_addresses

    addresses = [settings.address] if settings.address else []
    # To a process in a container, this machine's network is not that of the phones. The image sets this variable.
    is_contained = bool(os.environ.get("container"))  # noqa: SIM112 - podman and systemd write it so
    if not addresses and not is_contained:
        port = sock.getsockname()[1]
        addresses = [_origin(address, port) for address in phone_addresses(sock)]
    is_terminal = sys.stdout.isatty()
    if not addresses:
        if is_terminal:
            typer.echo(_NEEDS_ADDRESS if is_contained else _NEEDS_HOST)
        return
    # All server processes inherit it.
    os.environ["DESCENT_ADDRESS"] = addresses[0]
    for number, address in enumerate(addresses):
        typer.echo(f"{'or' if number else 'Phones open':<14} {address}{settings.root_path}/")
    if is_terminal:
        _print_qr_code(f"{addresses[0]}{settings.root_path}/")


def _print_qr_code(text: str) -> None:
    import segno

    drawn = io.StringIO()
    segno.make_qr(text).terminal(drawn, border=2, compact=True)
    # A terminal may be unable to show blocks.
    with contextlib.suppress(UnicodeEncodeError):
        for line in drawn.getvalue().splitlines():
            # Colours of its own, since not every phone reads white on black.
            typer.secho(line, fg="bright_white", bg="black")


def _url(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    # These mean "all addresses", which a browser can't open.
    return _origin({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104 - looked up, not bound


def _origin(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
