"""The app over real connections in a thread of this process: it starts in a tenth of the time of a process.

Signals, the log and several server processes are those of `running_server`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr

from app.main import create_app
from app.server.protocol import Connection
from app.server.serving import GRACE_SECONDS, listen
from app.settings import Settings
from tests.support.server import TOKEN, Server, wait_until


@contextlib.contextmanager
def local_server(state_dir: Path, **settings: Any) -> Iterator[Server]:
    """Serves on a free port until the block ends. `settings` are those of `Settings`."""
    read = Settings(state_dir=state_dir, admin_token=SecretStr(TOKEN), **settings)
    app = create_app(read)
    config = uvicorn.Config(
        app, http=Connection, ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_SECONDS
    )
    uvicorn_server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as sock, start_blocking_portal() as portal:
        serving = portal.start_task_soon(uvicorn_server.serve, [sock])
        wait_until(lambda: uvicorn_server.started or serving.done(), "the server to be ready")
        server = Server(f"http://127.0.0.1:{sock.getsockname()[1]}{read.root_path}/", state_dir, os.getpid())
        try:
            yield server
        finally:
            if not serving.done():
                # What `python -m app serve` does when it gets a signal.
                portal.call(app.state.feeds.close)
                portal.call(app.state.jobs.stop_all)
                wait_until(lambda: not server.trainers(), "the end of the training processes")
            uvicorn_server.should_exit = True
            serving.result()
