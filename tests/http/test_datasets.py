from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from app.data.datasets import Datasets
from app.data.mnist import Images
from tests.conftest import MNIST
from tests.support.api import assert_problem, ended, start
from tests.support.idx_files import write_images, write_set
from tests.support.local_server import local_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One set of three classes, one that can't be used, and one whose test images turn out to be cut off."""
    folder = tmp_path_factory.mktemp("datasets")
    small = write_set(folder / "small", classes=3)
    (small / "classes.txt").write_text("Bag\nCoat\nDress\n")
    (write_set(folder / "broken") / "t10k-labels-idx1-ubyte.gz").unlink()
    cut_off = write_set(folder / "cut-off") / "t10k-images-idx3-ubyte.gz"
    cut_off.write_bytes(cut_off.read_bytes()[:1000])
    paper = Images(np.full((24, 28, 28), 255, np.uint8), (np.arange(24) % 10).astype(np.uint8))
    paper.images[:, 10:18, 12:16] = 0
    write_images(folder / "inverted", paper, paper)
    (folder / os.fsdecode(b"gr\xf6\xdfe")).mkdir()
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    with local_server(folder.parent / "state", datasets_dir=folder) as server, server.client() as client:
        yield client


def test_all_sets_are_listed_those_that_can_not_be_used_last_and_with_the_reason(client: httpx.Client) -> None:
    sets = {one["name"]: one for one in client.get("datasets").json()}
    mnist, small, broken, not_utf_8 = (sets[name] for name in ("mnist", "small", "broken", r"gr\udcf6\udcdfe"))
    can_be_used = [one["problem"] is None for one in sets.values()]

    assert (mnist["name"], mnist["classes"]) == ("mnist", list("0123456789"))
    assert (mnist["training"], mnist["held_out"], mnist["test"]) == (50_000, 10_000, 10_000)
    assert can_be_used == sorted(can_be_used, reverse=True)
    assert small == {
        "name": "small", "classes": ["Bag", "Coat", "Dress"], "training": 20, "held_out": 4, "test": 10, "problem": None
    }  # fmt: skip
    assert broken["training"] == 0
    assert "has no test labels" in broken["problem"]
    assert "at most 32 letters" in not_utf_8["problem"]


def test_one_set_comes_with_its_digest_or_with_what_is_wrong(client: httpx.Client, folder: Path) -> None:
    small = client.get("datasets/small").json()
    assert small["sha256"] == Datasets(MNIST, folder).get("small").sha256()
    assert len(client.get("datasets/mnist").json()["sha256"]) == 64
    for name, words in (("broken", "has no test labels"), ("cut-off", "t10k-images-idx3-ubyte.gz can't be read")):
        unusable = client.get(f"datasets/{name}").json()
        assert unusable["sha256"] is None
        assert words in unusable["problem"]

    assert_problem(client.get("datasets/nothing"), 404, "There are: mnist, small")
    assert (
        next(one["problem"] for one in client.get("datasets").json() if one["name"] == "cut-off") == unusable["problem"]
    )


def test_a_class_is_shown_by_its_first_test_image(client: httpx.Client, folder: Path) -> None:
    images, labels = Datasets(MNIST, folder).get("small").read_test()
    for number in range(3):
        example = client.get(f"datasets/small/examples/{number}.png")
        assert example.headers["content-type"] == "image/png"
        shown = np.asarray(Image.open(io.BytesIO(example.content)))
        np.testing.assert_array_equal(shown, images[labels.tolist().index(number)])

    assert_problem(client.get("datasets/small/examples/3.png"), 404, "small has no test image of a class 3")
    assert_problem(client.get("datasets/nothing/examples/3.png"), 404, "There are: mnist")
    assert_problem(client.get("datasets/broken/examples/3.png"), 409, "has no test labels")
    assert_problem(client.get("datasets/cut-off/examples/3.png"), 409, "Put the file there again")
    assert client.get("datasets/small/examples/10.png").status_code == 422


def test_a_new_set_is_found_without_a_restart(client: httpx.Client, folder: Path) -> None:
    write_set(folder / "zoo", before="emnist-digits-")

    names = [one["name"] for one in client.get("datasets").json()]
    assert names.index("small") < names.index("zoo") < names.index("broken")


def test_a_run_on_inverted_images_is_refused_until_they_are_inverted_on_request(
    client: httpx.Client, folder: Path
) -> None:
    assert "The images are inverted" in client.get("datasets/inverted").json()["problem"]
    recipe = {"dataset": "inverted", "epochs": 1}
    assert_problem(client.post("admin/runs", json=recipe), 422, "dataset: The images are inverted")

    (folder / "inverted" / "invert.txt").touch()

    assert client.get("datasets/inverted").json()["problem"] is None
    assert ended(client, start(client, recipe))["status"] == "finished"


def test_the_speed_is_measured_once(client: httpx.Client) -> None:
    first = client.get("speed").json()

    assert min(first.values()) >= 0
    assert first["image_read"] > 0
    assert client.get("speed").json() == first


def test_a_runs_time_is_expected_from_its_settings_and_the_images_of_its_data_set(client: httpx.Client) -> None:
    def expected(**settings: object) -> dict[str, float]:
        response = client.post("speed", json={"epochs": 2, "pace": 60, **settings})
        assert response.status_code == 200
        return dict(response.json())

    assert expected()["steps"] == 2 * 1563
    assert 120 < expected()["seconds"] < 240
    assert expected(dataset="small")["steps"] == 2
    assert_problem(client.post("speed", json={"dataset": "gone"}), 422, "no data set")


def test_the_page_of_a_set_shows_its_first_images_as_a_run_learns_them(
    client: httpx.Client, folder: Path, test_images: Images
) -> None:
    images, labels = test_images.images[:60], test_images.labels[:60]
    sideways = Images(np.ascontiguousarray(images.transpose(0, 2, 1)), labels)
    write_images(folder / "sideways", sideways, sideways)

    page = client.get("datasets/sideways", headers={"Accept": "text/html"}).text

    assert "transposed back" in page
    shown = re.findall(r'<img src="(datasets/sideways/images/\d+\.png)" alt="Image labelled (\d)"', page)
    assert [int(label) for _, label in shown] == labels[:20].tolist()
    for number in (0, 19):
        picture = np.asarray(Image.open(io.BytesIO(client.get(shown[number][0]).content)))
        np.testing.assert_array_equal(picture, images[number])


def test_the_pages_say_what_is_wrong_with_a_set(client: httpx.Client) -> None:
    assert_problem(client.get("datasets/cut-off/examples/3.png"), 409, "can't be read")
    for path, words in (("broken", "has no test labels"), ("cut-off", "can&#39;t be read"), ("", "has no test labels")):
        assert words in client.get(f"datasets/{path}".rstrip("/"), headers={"Accept": "text/html"}).text

    assert_problem(client.get("datasets/broken/images/0.png"), 409, "has no test labels")
    assert client.get("datasets/mnist/images/20.png").status_code == 422
    assert client.get("datasets/nothing", headers={"Accept": "text/html"}).status_code == 404


def test_drawings_of_digits_are_added_to_digits_alone(client: httpx.Client) -> None:
    settings = {"epochs": 2, "batch_size": 10, "styles": 30}

    refused = client.post("admin/runs", json=settings | {"dataset": "small"})
    expected = client.post("speed", json=settings | {"batch_size": 50_000})

    assert_problem(refused, 422, "styles", "other classes")
    assert expected.json()["steps"] == 4
