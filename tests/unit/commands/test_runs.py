"""The commands that ask a server, as they are typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.runs.recipe import RunSettings
from tests.support.command import run_command
from tests.support.local_server import local_server
from tests.support.server import TOKEN, Server
from tests.support.trained import add_run, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two runs that have ended. It lacks MNIST, so that a run ends as soon as it has started."""
    folder = tmp_path_factory.mktemp("server")
    for settings in ({"preset": "quick"}, {"preset": "quick", "seed": 5, "learning_rate": 0.002}):
        add_run(folder, served(), settings=RunSettings.model_validate(settings))
    with local_server(folder, mnist_dir=folder) as running:
        yield running


def test_runs_are_listed_newest_first(server: Server) -> None:
    listed = run_command("runs", "list", DESCENT_URL=server.url).stdout

    assert [line.split()[0] for line in listed.splitlines()][:1] == ["run"]
    assert listed.index("\n2 ") < listed.index("\n1 ")
    assert "mnist 784-16-16-10 relu, adam at 0.002, seed 5" in listed
    assert len(listed.splitlines()) == 3  # a row takes one line, so that grep finds all of it


@pytest.mark.parametrize("arguments", [("runs", "watch", "2", "--url", "{url}"), ("train", "--watch", "{url}runs/2")])
def test_a_run_is_watched_to_its_end(server: Server, arguments: tuple[str, ...]) -> None:
    watched = run_command(*(argument.format(url=server.url) for argument in arguments))

    assert watched.exit_code == 0
    assert "run 2: finished, accuracy on the test images 90.00%" in watched.stdout


def test_runs_are_compared_by_the_settings_that_differ_and_by_their_results(server: Server) -> None:
    compared = run_command("runs", "compare", 1, 2, DESCENT_URL=server.url).stdout

    rows = {line.split("  ")[0].strip(): line.split()[-2:] for line in compared.splitlines()}
    assert rows["learning_rate"] == ["0.004", "0.002"]
    assert rows["seed"] == ["0", "5"]
    assert "activation" not in rows
    assert rows["accuracy, test"] == ["90.00%", "90.00%"]


def test_a_run_is_started_and_watched_from_a_terminal_and_its_failure_is_an_exit_code(server: Server) -> None:
    trained = run_command("train", "--preset", "quick", "--watch", server.url, DESCENT_ADMIN_TOKEN=TOKEN)

    assert trained.exit_code == 1
    assert f"{server.url}runs/3" in trained.stdout
    assert "run 3: failed" in trained.stdout
    assert "train-images-idx3-ubyte.gz is missing" in trained.stderr


@pytest.mark.slow
def test_a_run_can_wait_in_the_queue(server: Server) -> None:
    trained = run_command("train", "--watch", server.url, "--queue", DESCENT_ADMIN_TOKEN=TOKEN)

    assert "train-images-idx3-ubyte.gz is missing" in trained.stderr  # it was queued, and started
    assert "--queue needs --watch" in run_command("train", "--queue").stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("runs", "watch", "999"), "There is no run 999"),
        (("runs", "compare", "1"), "Name 2 to 8 different runs"),
        (("runs", "compare", "1", "999"), "There is no run"),
        (("runs", "list", "--url", "http://127.0.0.1:9"), "can't be reached"),
        (("train", "--watch", "{url}"), "DESCENT_ADMIN_TOKEN"),
    ],
)
def test_what_is_not_possible_is_said_in_a_sentence(server: Server, arguments: tuple[str, ...], word: str) -> None:
    failed = run_command(*(argument.format(url=server.url) for argument in arguments), DESCENT_URL=server.url)

    assert failed.exit_code == 1
    assert word in failed.stderr
