from __future__ import annotations

import httpx
import pytest

from tests.support.api import assert_problem, run
from tests.support.server import Server
from tests.support.trained import add_run, served


@pytest.fixture(scope="module")
def trained(server: Server) -> list[int]:
    return [add_run(server.state_dir, served()) for _ in range(9)]


def test_runs_come_side_by_side_in_the_order_in_which_they_are_asked_for(
    client: httpx.Client, trained: list[int]
) -> None:
    first, second, third, *_ = trained

    compared = client.get("runs/compare", params={"runs": f"{third}, {first},{second},{first}"})

    assert compared.status_code == 200
    assert compared.json() == [run(client, number) for number in (third, first, second)]


def test_a_browser_gets_a_page(client: httpx.Client, trained: list[int]) -> None:
    compared = client.get(f"runs/compare?runs={trained[0]},{trained[1]}", headers={"Accept": "text/html"})

    assert compared.status_code == 200
    assert "2 runs compared" in compared.text


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        (None, ["no run to compare", "runs=3,5"]),
        ("", ["no run to compare", "runs=3,5"]),
        ("1", ["one run to compare", "runs=3,5"]),
        ("1,1", ["one run to compare", "two to eight different runs"]),
        ("1,x", ["“x” is not a run's number", "runs=3,5"]),
        ("1,-2", ["“-2” is not a run's number"]),
        ("1,٣", ["“٣” is not a run's number"]),
        ("1" + ",2" * 100, ["200 characters"]),
    ],
)
def test_what_makes_no_comparison_is_refused_with_what_to_change(
    client: httpx.Client, runs: str | None, words: list[str]
) -> None:
    response = client.get("runs/compare", params={} if runs is None else {"runs": runs})

    assert_problem(response, 422, *words)


def test_more_than_eight_are_too_many(client: httpx.Client, trained: list[int]) -> None:
    assert client.get("runs/compare", params={"runs": ",".join(map(str, trained[:8]))}).status_code == 200

    assert_problem(
        client.get("runs/compare", params={"runs": ",".join(map(str, trained))}), 422, "9 runs", "two to eight"
    )


@pytest.mark.parametrize("missing", [99_999, 10**30])
def test_a_run_that_is_not_there_is_named(client: httpx.Client, trained: list[int], missing: int) -> None:
    response = client.get("runs/compare", params={"runs": f"{trained[0]},{missing}"})

    assert_problem(response, 404, f"There is no run {missing}")


def test_so_is_one_that_was_deleted(client: httpx.Client, trained: list[int]) -> None:
    client.delete(f"admin/runs/{trained[8]}")

    response = client.get("runs/compare", params={"runs": f"{trained[0]},{trained[8]}"})

    assert_problem(response, 404, f"Run {trained[8]} was deleted")
