"""python -m benchmarks.serving: answers over HTTP, beside a minimal app and while a run trains, and memory."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
from PIL import Image, ImageDraw

from app.data import mnist
from app.images import drawing
from app.images.picture import pixels_of
from app.served.predictor import Predictor
from app.settings import ROOT
from app.store.sqlite import SqliteRunStore
from app.web.draw.instances import read_instances
from app.web.shared.schemas import Prediction
from benchmarks.measure import in_turns, table
from tests.support.server import RunningServer, running_server, wait_until

SECONDS, ROUNDS = 4, 5
# The goals: the share of the minimal app's requests/s, by number of connections, and limits of the other figures.
MIN_SHARE = {1: 0.33, 16: 0.30}
MAX_SPREAD, MAX_SLOWED, MAX_WORK_US, MAX_READY, MAX_MB, MAX_GROWN = 3, 2, 250, 1.5, 120, 1.05
MIN_IMAGES = 100_000
FEW, MANY = 1_000, 50_000
# The side of a drawing, in pixels. The draw page sends half of it; programs that copy a canvas often send this.
SIDE = 280
_BOUNDARY = "a-boundary"
_LUA = """
wrk.method, wrk.body = "POST", "{body}"
wrk.headers["Content-Type"] = "{content_type}"
done = function(summary, latency)
  local errors = summary.errors
  local wrong = errors.status + errors.read + errors.timeout + errors.connect
  print(string.format("%d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), wrong))
end
"""


class Load(NamedTuple):
    """Requests per second, and the median and 99th percentile of their duration in milliseconds."""

    rate: float
    p50: float
    p99: float


def _drawing() -> Image.Image:
    """A seven with smooth edges, black on white."""
    image = Image.new("L", (4 * SIDE, 4 * SIDE), 255)
    ImageDraw.Draw(image).line([(300, 260), (800, 260), (520, 880)], fill=0, width=80, joint="curve")
    return image.resize((SIDE, SIDE), Image.Resampling.BOX)


def _png(mode: str) -> bytes:
    content = io.BytesIO()
    _drawing().convert(mode).save(content, "PNG")
    return content.getvalue()


# As a browser's canvas makes it, and the smallest one for the same drawing.
CANVAS, GREY = _png("RGBA"), _png("L")


def _script(folder: Path, name: str, picture: bytes) -> Path:
    """Writes a wrk script that sends a picture as a browser's form does."""
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="7.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    body = head.encode() + picture + f"\r\n--{_BOUNDARY}--\r\n".encode()
    path = folder / f"{name}.lua"
    escaped = "".join(f"\\x{byte:02x}" for byte in body)
    path.write_text(_LUA.format(body=escaped, content_type=f"multipart/form-data; boundary={_BOUNDARY}"))
    return path


def _load(url: str, connections: int, script: Path, seconds: int = SECONDS) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), f"{url}predict"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    requests, microseconds, p50, p99, wrong = map(int, output.splitlines()[-1].split())
    assert wrong == 0, output
    return Load(requests / microseconds * 1e6, p50 / 1e3, p99 / 1e3)


def _median(loads: list[Load]) -> Load:
    return Load(*map(statistics.median, zip(*loads, strict=True)))


@contextlib.contextmanager
def _noop() -> Iterator[str]:
    command = [sys.executable, "-m", "uvicorn", "benchmarks.noop:app", "--port", "0", "--no-access-log"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"running on (http://\S+)", line):
                yield f"{found[1]}/"
                return
        raise RuntimeError("the minimal app did not start")
    finally:
        process.terminate()
        process.communicate()


def rates(server: RunningServer, pair: RunningServer, canvas: Path, grey: Path) -> str:
    """A table of drawings per second, measured in turns with the minimal app."""
    rows = []
    with _noop() as nothing:
        asked = {
            "minimal app": (nothing, canvas),
            "Descent": (server.url, canvas),
            "Descent, grey": (server.url, grey),
            "Descent, two processes": (pair.url, canvas),
        }
        for connections, min_share in MIN_SHARE.items():
            measured: dict[str, list[Load]] = {name: [] for name in asked}
            for _ in range(ROUNDS):
                for name, (url, script) in asked.items():
                    measured[name].append(_load(url, connections, script))
            limit = _median(measured["minimal app"]).rate
            for name, loads in measured.items():
                load = _median(loads)
                share = f"{load.rate / limit:.3f}" + (f" (at least {min_share})" if name == "Descent" else "")
                times = [f"{load.p50:.2f}", f"{load.p99:.2f}", f"{load.p99 / load.p50:.1f}"]
                rows.append([name, str(connections), f"{load.rate:,.0f}", share, *times])
    header = [
        "app",
        "connections",
        "requests/s",
        "share",
        "p50, ms",
        "p99, ms",
        f"p99 / p50 (Descent at most {MAX_SPREAD})",
    ]
    return table(header, rows)


def while_training(server: RunningServer, client: httpx.Client, script: Path) -> str:
    """A table of response times with and without a run that trains at full speed, measured in turns."""
    measured: dict[str, list[Load]] = {"idle": [], "training a run": []}
    for _ in range(ROUNDS):
        measured["idle"].append(_load(server.url, 1, script))
        run_id = client.post("admin/runs", json={"epochs": 1000}).json()["id"]
        wait_until(lambda: client.get(f"runs/{run_id}").json()["epoch"] > 0, "the first epoch")  # noqa: B023
        measured["training a run"].append(_load(server.url, 1, script))
        client.post(f"admin/runs/{run_id}/stop")
        wait_until(lambda: client.get(f"runs/{run_id}").json()["ended_at"], "the end of the run")  # noqa: B023
    idle = _median(measured["idle"]).p99
    rows = [
        [name, f"{load.rate:,.0f}", f"{load.p50:.2f}", f"{load.p99:.2f}", f"{load.p99 / idle:.2f}"]
        for name, load in ((name, _median(loads)) for name, loads in measured.items())
    ]
    return table(["server", "requests/s", "p50, ms", "p99, ms", f"p99 / idle p99 (at most {MAX_SLOWED})"], rows)


def work() -> str:
    """A table of microseconds for the parts of an answer, and images per second of JSON, without HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteRunStore(Path(folder) / "store.sqlite3")
        predictor = Predictor(ROOT / "models", Path(folder), store)
        image = drawing.read(CANVAS)
        images = mnist.read_test(ROOT / "data" / "mnist").images[:1024]
        body = json.dumps({"instances": images.reshape(1024, 784).tolist()}).encode()
        numbers = read_instances(body)

        def answered() -> str:
            answer = predictor.model("classic").answer(drawing.read(CANVAS)[None])
            probabilities = answer.probabilities[0].tolist()
            version = answer.model.weights.version
            prediction = Prediction(
                digit=7, confidence=1, probabilities=probabilities, model="classic", version=version
            )
            return prediction.model_dump_json(exclude_none=True)

        one = in_turns(
            {
                "Pillow's decoding alone": lambda: Image.open(io.BytesIO(CANVAS), formats=("PNG",)).load(),
                "opened and decoded": lambda: pixels_of(CANVAS),
                "decoded, cropped, scaled and centred": lambda: drawing.read(CANVAS),
                "the same, grey": lambda: drawing.read(GREY),
                "normalised, and through the network": lambda: predictor.model("classic").answer(image[None]),
                f"everything, with JSON (at most {MAX_WORK_US})": answered,
            },
            15,
            300,
        )
        many = in_turns(
            {
                "JSON of 1,024 instances to arrays": lambda: read_instances(body),
                f"normalised, and through the network (at least {MIN_IMAGES:,})": lambda: predictor.model(
                    "classic"
                ).answer(numbers),
            },
            15,
            5,
        )
        store.close()
    rows = [[name, f"{seconds * 1e6:,.0f}", ""] for name, seconds in one.items()]
    rows += [[name, f"{seconds * 1e6:,.0f}", f"{1024 / seconds:,.0f}"] for name, seconds in many.items()]
    return table(["", "µs", "images/s"], rows)


def memory(script: Path) -> str:
    """A table of a new server's start-up time, and its memory after a few drawings and after many."""
    with tempfile.TemporaryDirectory() as state:
        started = time.perf_counter()
        with running_server(Path(state)) as server:
            ready = time.perf_counter() - started
            measured, answered = [], 0.0
            for wanted in (FEW, MANY):
                while answered < wanted:
                    answered += SECONDS * _load(server.url, 16, script).rate
                measured.append(_megabytes(server.process.pid))
    few, many = measured
    rows = [
        ["start-up, s", f"{ready:.2f}", f"{MAX_READY}"],
        [f"memory after {FEW:,} drawings, MB", f"{few:.1f}", f"{MAX_MB}"],
        [f"memory after {MANY:,} drawings, MB", f"{many:.1f}", f"{MAX_MB}"],
        ["ratio of the two", f"{many / few:.3f}", f"{MAX_GROWN}"],
    ]
    return table(["a new server", "", "at most"], rows)


def _megabytes(process: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        canvas_script = _script(Path(folder), "canvas", CANVAS)
        grey_script = _script(Path(folder), "grey", GREY)
        with running_server(Path(folder) / "state") as running, running.client() as admin:
            with running_server(Path(folder) / "pair", "--workers", "2") as two_processes:
                side_by_side = rates(running, two_processes, canvas_script, grey_script)
            trained = while_training(running, admin, canvas_script)
        print(f"""
## Answers over HTTP

`python -m benchmarks.serving`, which needs [wrk](https://github.com/wg/wrk). wrk sends a drawing of
{SIDE} x {SIDE} pixels in RGBA, as a browser's canvas makes it, in a form, using one of the {os.cpu_count()} cores. For
comparison, a minimal FastAPI app reads the body and answers a number. Medians of {ROUNDS} rounds of {SECONDS} s each.
Descent logs each request, the minimal app does not.

{side_by_side}

One connection, to an idle server and to one that trains a run:

{trained}

The work without HTTP, and what Pillow alone would take to decode it:

{work()}

{memory(canvas_script)}""")
