"""Programs use the API as /docs shows it, and through a client that is generated from its description."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from app.web.shared.api_guide import GUIDE
from tests.support.api import FEW, SEVEN, ended
from tests.support.server import TOKEN, Server


def example(language: str, server: Server) -> str:
    """The lines in that language, five of them, for the server's address."""
    (lines,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert len(lines.splitlines()) == 5
    return str(lines).replace("http://127.0.0.1:8000", server.url.rstrip("/"))


def run(command: list[str], **options: Any) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, **options)
    assert ran.returncode == 0, ran.stderr
    return str(ran.stdout)


@pytest.mark.slow
def test_the_lines_of_curl_ask_and_start_a_run(server: Server, client: httpx.Client, tmp_path: Path) -> None:
    script = example("sh", server).replace('"quick"', '"quick", "epochs": 1')

    printed = run(["sh", "-e", "-c", script], cwd=tmp_path, env={"TOKEN": TOKEN, "PATH": "/usr/bin:/bin"})

    assert [found["model"] for found in _objects(printed) if "digit" in found] == ["classic", "wide"]
    (started,) = [found for found in _objects(printed) if "status" in found]
    client.post(f"admin/runs/{started['id']}/stop").raise_for_status()
    assert ended(client, started["id"])


def _objects(printed: str) -> list[dict[str, Any]]:
    """The JSON objects that were printed, one after the other, in a list or not."""
    decoder, found, start = json.JSONDecoder(), [], 0
    while start < len(printed.rstrip()):
        value, start = decoder.raw_decode(printed, start)
        found += [value] if isinstance(value, dict) else []
    return found


def test_the_lines_of_python_ask(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    exec(example("python", server), {})

    assert re.fullmatch(r"7 [01]\.\d+\n", capsys.readouterr().out)


@pytest.mark.skipif(shutil.which("node") is None, reason="takes Node.js")
def test_the_lines_of_javascript_ask(server: Server) -> None:
    assert run(["node", "--input-type=module", "--eval", example("js", server)]) == "7\n"


# With a picture and a run's settings in files, as somebody would write it.
_PROGRAM = """
import json, sys
from descent_client import AuthenticatedClient, Client
from descent_client.api.admin import start_run, stop_run
from descent_client.api.predict import predict
from descent_client.models import PredictFilesBody, RunSettings
from descent_client.types import File

url, token, settings = sys.argv[1:]
visitor, admin = Client(base_url=url), AuthenticatedClient(base_url=url, token=token)
with open("seven.png", "rb") as file:
    form = PredictFilesBody(image=File(payload=file, file_name="seven.png", mime_type="image/png"))
    print(predict.sync(client=visitor, body=form, model="wide").digit)
with open("seven.png", "rb") as file:
    print(predict.sync(client=visitor, body=File(payload=file), explain=True).digit)
run = start_run.sync(client=admin, body=RunSettings.from_dict(json.loads(settings)))
print(stop_run.sync(client=admin, run_id=run.id).id)
"""


@pytest.mark.slow
def test_a_generated_client_predicts_and_starts_a_run(server: Server, client: httpx.Client, tmp_path: Path) -> None:
    description = tmp_path / "openapi.json"
    description.write_bytes(client.get("openapi.json").content)
    (tmp_path / "seven.png").write_bytes(SEVEN)
    settings = ConfigFile(post_hooks=[], content_type_overrides={"image/png": "application/octet-stream"})
    package = tmp_path / "descent_client"
    config = Config.from_sources(settings, MetaType.NONE, description, "utf-8", overwrite=True, output_path=package)

    errors = generate(config=config)
    arguments = [server.url.rstrip("/"), TOKEN, json.dumps(FEW)]
    printed = run([sys.executable, "-c", _PROGRAM, *arguments], cwd=tmp_path).split()

    assert not [error for error in errors if "Endpoint will not be generated" in f"{error.header} {error.detail}"]
    assert printed[:2] == ["7", "7"]
    assert ended(client, int(printed[2]))["status"] in ("stopped", "finished")
