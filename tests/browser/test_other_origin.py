"""Pages of other sites in a real browser: one whose origin is listed uses the open calls, another can't."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.server import running_server

# The answer's digit, or the name of the error with which the browser refuses.
_PREDICT = """async (server) => {
    try {
        const picture = await (await fetch(server + "examples/7.png")).blob();
        const answer = await fetch(server + "predict", {method: "POST", body: picture});
        return (await answer.json()).digit;
    } catch (error) {
        return error.name;
    }
}"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Another site</title>")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def other_site() -> Iterator[int]:
    """The port of a site on this machine. A browser lets no page of another machine ask one of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site.server_port
        site.shutdown()


@pytest.mark.slow
def test_a_page_of_a_listed_origin_gets_an_answer_and_no_other_page_does(
    browser: Browser, other_site: int, tmp_path: Path
) -> None:
    listed, other = f"http://127.0.0.1:{other_site}", f"http://localhost:{other_site}"
    found = {}
    with running_server(tmp_path, environment={"DESCENT_CORS_ORIGINS": listed}) as server, browser.new_page() as page:
        for origin in (listed, other):
            page.goto(origin)
            found[origin] = page.evaluate(_PREDICT, server.url)

    assert found == {listed: 7, other: "TypeError"}
