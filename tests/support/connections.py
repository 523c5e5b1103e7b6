"""Connections to an app that is late, never reads, or sends without end, for tests of slow clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.server.protocol import Connection

# A twentieth of the real times, so that a test takes a second.
REQUEST, READING, LOOK = 0.5, 1.0, 0.025
# More than the kernel holds for a reader.
WHOLE = 32 * 1024 * 1024
HEAD = b"POST /read HTTP/1.1\r\nHost: x\r\n"

Talk = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class App:
    """By its path: reads its body and answers its length; or is late, does not read, or sends much or without end."""

    cut: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/late":
            await asyncio.sleep(2 * REQUEST)
        length = 0
        while path in ("/read", "/late"):
            message = await receive()
            if message["type"] == "http.disconnect":
                self.cut.append(path)
                return
            length += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while path == "/endless":
            await send({"type": "http.response.body", "body": b"x" * 8192, "more_body": True})
            await asyncio.sleep(0)  # `send` returns at once for a client that left
        body = b"x" * WHOLE if path == "/whole" else str(length).encode()
        await send({"type": "http.response.body", "body": body})


@dataclass
class Serving:
    port: int
    app: App
    state: ServerState

    @property
    def connections(self) -> list[Connection]:
        return [each for each in self.state.connections if isinstance(each, Connection)]

    async def talk(self, limit: int = 1 << 16) -> Talk:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=limit)

    async def asked(self, path: str) -> Talk:
        """Asks for an answer, of which this side keeps little ahead of being read."""
        reader, writer = await self.talk(limit=1024)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return reader, writer


@asynccontextmanager
async def serve() -> AsyncIterator[Serving]:
    app, state = App(), ServerState()
    config = uvicorn.Config(app, ws="none", log_config=None, access_log=False, lifespan="off")
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(config=config, server_state=state, app_state={}), "127.0.0.1")
    try:
        yield Serving(server.sockets[0].getsockname()[1], app, state)
    finally:
        server.close()
        for left in list(state.connections):
            left.transport.abort()
        for task in list(state.tasks):
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)


def play(scenario: Callable[[Serving], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with serve() as serving:
            await asyncio.wait_for(scenario(serving), 20)

    asyncio.run(run())


async def said_by(reader: asyncio.StreamReader) -> bytes:
    """All that came until the connection was closed."""
    said = b""
    try:
        while piece := await reader.read(1 << 16):
            said += piece
    except ConnectionError:
        pass
    return said
