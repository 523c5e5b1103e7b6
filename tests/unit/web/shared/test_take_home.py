from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest

from app.network import ACTIVATIONS, COSTS, Network
from app.network.cost import CrossEntropy
from app.network.weights import Weights, read_weights, version_of
from app.settings import ROOT
from app.web.shared import take_home as module
from app.web.shared.take_home import MAX_BYTES, MAX_PARAMETERS, TakeHomeError, take_home

CLASSIC = read_weights(ROOT / "models" / "classic.safetensors")


def weights_of(network: Network, **metadata: str) -> Weights:
    return Weights(network, metadata, version_of(network), "")


def page_of(weights: Weights, held: str = "the network “classic”") -> str:
    return bytes(take_home(weights, held, "classic").body).decode()


def script_of(page: str) -> str:
    (script,) = re.findall(r"<script>\n(.*?)</script>", page, re.DOTALL)
    return str(script)


def data_of(page: str) -> dict[str, object]:
    (data,) = re.findall(r'<script type="application/json" id="network">(.*?)</script>', page)
    found: dict[str, object] = json.loads(data)
    return found


def test_it_is_a_download_named_after_the_network_and_its_version() -> None:
    response = take_home(CLASSIC, "the network “classic”", "classic")

    assert response.headers["content-disposition"] == f'attachment; filename="classic-{CLASSIC.version}.html"'
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_it_says_which_network_it_holds_and_holds_all_its_numbers() -> None:
    page = page_of(CLASSIC)
    data = data_of(page)

    assert "It holds the network “classic”" in page
    assert f"version {CLASSIC.version}" in page
    numbers = np.frombuffer(base64.b64decode(str(data["parameters"])), "<f4")
    np.testing.assert_array_equal(numbers, CLASSIC.network.parameters)
    assert (data["activation"], data["cost"], data["sizes"]) == ("leaky-relu", "cross-entropy", [784, 16, 16, 10])
    assert data["accuracy"] == float(CLASSIC.metadata["accuracy"])
    assert data["names"] == list("0123456789")


def test_the_largest_network_with_the_longest_names_fits() -> None:
    network = Network.random(np.random.default_rng(0), (784, 25, 10, 10))
    assert MAX_PARAMETERS - 10 < network.parameters.size <= MAX_PARAMETERS
    weights = weights_of(network, classes=json.dumps([f"{number}" * 40 for number in range(10)]), accuracy="0.98123")

    assert len(page_of(weights, f"the network “{'n' * 32}”").encode()) <= MAX_BYTES


def test_names_that_would_make_the_file_too_large_are_refused() -> None:
    network = Network.random(np.random.default_rng(0), (784, 25, 10, 10))
    weights = weights_of(network, classes=json.dumps(["\N{SNOWMAN}" * 40] * 10))

    with pytest.raises(TakeHomeError, match=r"150,000.*Choose a smaller network"):
        page_of(weights)


def test_a_larger_network_is_refused_with_what_to_do() -> None:
    with pytest.raises(TakeHomeError, match=r"^The network “wide” has 20,535 parameters.*at most 20,000.*784-16-16-10"):
        page_of(weights_of(Network((784, 25, 25, 10))), "the network “wide”")


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
def test_every_activation_and_cost_can_be_taken_home(activation: str, cost: str) -> None:
    data = data_of(page_of(weights_of(Network((784, 5, 10), activation, cost))))

    assert (data["activation"], data["cost"]) == (activation, cost)


@pytest.mark.parametrize("part", ["activation", "cost"])
def test_an_activation_or_a_cost_that_the_file_does_not_know_is_named(part: str) -> None:
    class Unknown(CrossEntropy):
        name = "unheard-of"

    network = Network((784, 4, 10))
    setattr(network, part, Unknown())

    with pytest.raises(TakeHomeError, match=f"the {part} 'unheard-of'.*Choose a network with"):
        page_of(weights_of(network))


def test_names_of_other_classes_are_shown_as_text_and_nothing_else() -> None:
    names = ["</script><b>", '"', "&amp;", *"3456789"]

    page = page_of(weights_of(Network((784, 4, 10)), classes=json.dumps(names)), "the network “<i>”")

    assert data_of(page)["names"] == names
    assert "<b>" not in page
    assert "<i>" not in page
    assert "Draw a digit" not in page


def test_the_program_is_whole_readable_and_has_each_name_once() -> None:
    script = script_of(page_of(CLASSIC))

    assert not re.findall(r"^(?:import|export)\b|@(?:param|type|returns)|\bimport\(", script, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|class|const|let) \[?(\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names)) > 30
    # The mathematics comes first, and its comments stay.
    assert script.index("function backprop") < script.index("function mountSheet")
    assert "BP1: " in script
    assert all(len(line) <= 120 for line in script.splitlines())
    assert not re.search(r"/\*\*\s*\*/|\n\n\n", script)


def test_nothing_in_it_leads_elsewhere_and_it_may_load_nothing() -> None:
    page = page_of(CLASSIC)

    assert not re.findall(r"https?://|\bsrc=|\bhref=|url\(|fetch\(|XMLHttpRequest|sendBeacon|localStorage", page)
    assert "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:;" in page


def test_the_colours_are_those_of_all_pages() -> None:
    base = (ROOT / "static" / "page" / "base.css").read_text()
    colours = dict(re.findall(r"(--[\w-]+):(#\w+);", str(module._style())))

    assert colours == dict(re.findall(r"(--[\w-]+): (#\w+);", base))
    assert len(colours) > 8
