"""POST /lessons/slice and /lessons/walk, counted from where the network is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import httpx
import pytest

from app.network.weights import read_weights
from app.settings import ROOT

WEIGHT = {"kind": "parameter", "layer": 3, "neuron": 4, "input": 13}


@pytest.fixture
def today() -> float:
    """The weight as it is served."""
    network = read_weights(ROOT / "models" / "classic.safetensors").network
    return float(network.layers[2].weights[4, 13])


def asked(client: httpx.Client, path: str, **question: Any) -> dict[str, Any]:
    response = client.post(f"lessons/{path}", json={"direction": WEIGHT, **question})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_a_slice_may_lie_around_where_the_network_is(client: httpx.Client, today: float) -> None:
    around = asked(client, "slice", low=-1, high=1, around=True, count=3)
    absolute = asked(client, "slice", low=today - 1, high=today + 1, count=3)

    assert around["values"] == pytest.approx([today - 1, today, today + 1])
    assert around == absolute
    assert around["here"]["cost"] == pytest.approx(around["costs"][1])


def test_a_walk_without_a_start_begins_where_the_network_is(client: httpx.Client, today: float) -> None:
    walk = asked(client, "walk", learning_rate=0.5, steps=3)["points"]

    assert walk[0]["value"] == pytest.approx(today)
    for point, following in pairwise(walk):
        assert following["value"] == pytest.approx(point["value"] - 0.5 * point["slope"])
