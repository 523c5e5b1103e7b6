"""uvicorn's private parts, on which app/server/ builds: they may move with any version."""

from __future__ import annotations

import asyncio
import socket

import pytest
import uvicorn

PARTS = {
    "connection": "cycle flow loop logger on_body pause_writing pipeline scope server_state shutdown transport",
    "connection.cycle": "disconnected message_event more_body response_complete response_started scope"
    " waiting_for_100_continue",
    "connection.flow": "read_paused write_paused",
    "connection.server_state": "default_headers",
    "httptools_impl": "STATUS_LINE",
    "Process": "child_conn exitcode pid",
    "Multiprocess": "processes signal_queue",
}


async def _lacking() -> list[str]:
    """What uvicorn lacks, looked at while an app answers a request."""
    from uvicorn.protocols.http import httptools_impl
    from uvicorn.server import ServerState
    from uvicorn.supervisors.multiprocess import Multiprocess, Process

    asked, looked = asyncio.Event(), asyncio.Event()

    async def app(scope: object, receive: object, send: object) -> None:  # noqa: ARG001 - an app's signature
        asked.set()
        await looked.wait()

    config = uvicorn.Config(app, ws="none", log_config=None, lifespan="off")
    there, here = socket.socketpair()
    transport, connection = await asyncio.get_running_loop().connect_accepted_socket(
        lambda: httptools_impl.HttpToolsProtocol(config, ServerState(), {}), there
    )
    with here:
        here.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(asked.wait(), 10)
        # To make workers would take over the signals of this process; their __init__ names what it sets.
        workers = Multiprocess.__init__.__code__.co_names
        found = {
            "connection": dir(connection),
            **{f"connection.{name}": dir(part) for name, part in vars(connection).items()},
            "httptools_impl": dir(httptools_impl),
            "Process": [*dir(Process), *Process.__init__.__code__.co_names],
            "Multiprocess": list(workers),
        }
        looked.set()
        transport.abort()
    return [f"{part}.{name}" for part, names in PARTS.items() for name in names.split() if name not in found[part]]


def test_uvicorn_has_the_private_parts_that_the_server_builds_on() -> None:
    try:
        lacking = asyncio.run(_lacking())
    except (ImportError, AttributeError, KeyError, TypeError) as error:
        lacking = [str(error)]
    if lacking:
        pytest.fail(
            f"Parts of uvicorn {uvicorn.__version__} have moved: {', '.join(lacking)}. Adapt app/server/protocol.py and"
            " app/server/serving.py before you raise the upper bound of uvicorn in pyproject.toml."
        )
