"""The README and the documents it leads to are true: their commands run here, every setting and file is there."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.network.weights import read_weights
from app.settings import MIN_TOKEN_LENGTH, ROOT, Settings
from tests.support.server import RunningServer, running_server

README = (ROOT / "README.md").read_text()
PAGES, PROGRAMS, SETTINGS = ((ROOT / "docs" / f"{name}.md").read_text() for name in ("pages", "programs", "settings"))
CURLS = re.findall(r"```sh\n(.*?)```", PROGRAMS, re.DOTALL)
# Bytes. The one at the head is the first that a reader loads.
MAX_MOVING_PICTURE, MAX_PICTURE = 1_000_000, 150_000


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The server of somebody who follows docs/programs.md from top to bottom."""
    with running_server(tmp_path_factory.mktemp("reader") / "state") as server:
        yield server


def _run(command: str, server: RunningServer) -> str:
    folder = server.state_dir.parent
    here = command.replace("http://127.0.0.1:8000/", server.url)
    ran = subprocess.run(
        ["sh", "-c", here], cwd=folder, env={"TOKEN": server.token, "PATH": os.environ["PATH"]}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0
    return ran.stdout


# In order: the run that one command starts is the one that the next ones watch, publish and roll back.
EXPECTED = [
    r"^$",
    r'"digit":7,"confidence":(0\.9|1\.0)',
    r'"input":\[.*"activations":\[',
    r'^\{"number":"7","digits":\[\{"digit":7,.*"box":\[\d+,\d+,\d+,\d+\]\}\]\}$',
    r'^\{"predictions":\[\{"digit":\d,.*\}\]\}$',
    r'"name":"classic".*"parameters":13002',
    r'^\{"values":\[-3\.0,.*"costs":\[.*"here":\{"value":',
    r'^\{"digit":7,"brush":\{"kind":"(ink|eraser)"',
    r'^\{"id":1,.*"status":"starting"',
    r'event: cost\ndata: \{"step"(.|\n)*event: end\ndata: \{"status": "finished"',
    r'^\{"replaces":null,"compared_with":\{"name":"classic",.*"test":\{"images":10000,',
    r'"name":"mine".*"run_id":1',
    r"^$",  # it was the only version: the name is gone
    r'"run_id":1,"settings":\{.*"seed":0,.*"data_sha256":"[0-9a-f]{64}"',
]


def test_the_documents_say_how_many_times_the_parameters_of_classic_wide_has() -> None:
    classic, wide = (
        read_weights(ROOT / "models" / f"{name}.safetensors").network.parameters.size for name in ("classic", "wide")
    )

    assert re.findall(r"(\d+) times the\s+parameters", PAGES) == [str(round(wide / classic))]


def test_every_curl_example_is_expected_here() -> None:
    assert len(CURLS) == len(EXPECTED)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(CURLS)))
def test_a_curl_example_does_what_it_says(number: int, reader: RunningServer) -> None:
    printed = _run(CURLS[number], reader)

    assert re.search(EXPECTED[number], printed), printed[:500]


@pytest.mark.slow
def test_the_commands_that_train_evaluate_and_draw_do_so(tmp_path: Path) -> None:
    commands = re.findall(r"^    \.venv/bin/python (-m app .*)$", PROGRAMS, re.MULTILINE)
    said = [
        r"10,000 held-out images 9[5-7]\.\d+%",
        r"10,000 test images 9[5-7]\.\d+%",
        "30 styles, 10 drawings of each",
    ]
    for command, expected in zip(commands, said, strict=True):
        arguments = [str(tmp_path / part) if Path(part).suffix else part for part in shlex.split(command)]
        ran = subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        assert re.search(expected, ran.stdout)


def test_every_setting_is_documented_with_its_default() -> None:
    for name, field in Settings.model_fields.items():
        (row,) = re.findall(rf"^\| `DESCENT_{name.upper()}` \| (.*?) \|", SETTINGS, re.MULTILINE)
        if isinstance(field.default, Path):
            default = field.default
            assert row == f"`{default.relative_to(ROOT) if default.is_absolute() else default}`"


def test_no_other_setting_is_documented() -> None:
    everywhere = "".join([README, *(path.read_text() for path in (ROOT / "docs").glob("*.md"))])
    documented = set(re.findall(r"DESCENT_([A-Z_]+)", everywhere))

    assert documented == {name.upper() for name in Settings.model_fields}


def test_the_command_that_makes_the_secrets_makes_all_that_compose_asks_for(tmp_path: Path) -> None:
    (command,) = re.findall(r"^    (\(umask .*)$", README, re.MULTILINE)
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    secrets = dict(line.split("=") for line in (tmp_path / ".env").read_text().splitlines())

    assert secrets.keys() == set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text()))
    assert all(len(secret) >= MIN_TOKEN_LENGTH and secret.isalnum() for secret in secrets.values())
    assert stat.filemode((tmp_path / ".env").stat().st_mode) == "-rw-------"


@pytest.mark.parametrize(
    "name",
    ["README.md", "CONTRIBUTING.md", "SECURITY.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))],
)
def test_every_file_a_document_shows_links_to_or_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text()
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    shown = re.findall(r'(?:src|srcset)="([^":]+)"', text)
    for target in (*linked, *shown):
        assert (ROOT / name).parent.joinpath(target).is_file(), target
    for path in re.findall(r"`((?:app|deploy|docs|static|templates|tests)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), path


def test_every_part_of_a_page_that_a_link_leads_to_is_there() -> None:
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        for target, part in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", path.read_text()):
            page = path.parent / target if target else path
            headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
            assert part in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}, part


def test_a_document_shows_each_picture_and_none_is_large() -> None:
    documents = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/*.md"))
    shown = {name for path in documents for name in re.findall(r"[\w-]+\.(?:png|svg|webp)", path.read_text())}
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs").iterdir() if path.suffix != ".md"}

    assert sizes.keys() - shown == set()
    assert sizes.pop("descent.webp") < MAX_MOVING_PICTURE
    assert max(sizes.values()) < MAX_PICTURE


def test_the_description_in_a_wheel_leads_to_no_file() -> None:
    """It is shown by a package index, without our other files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / project["readme"]).read_text()

    assert text.startswith("Draw a digit")
    assert re.findall(r"\]\((?!https://)|src", text) == []
