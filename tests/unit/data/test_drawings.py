from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.data.drawings import FILE, PICTURES, read_drawings
from app.data.mnist import DataError
from app.images.normalise import normalise
from app.network.weights import read_weights
from app.settings import ROOT

SEVEN = {"label": 7, "style": "plain", "strokes": [[[0, 0], [600, 0], [250, 1000]]]}


def _file(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def test_about_300_pictures_have_every_digit_in_at_least_six_styles() -> None:
    drawn = read_drawings()

    assert drawn.images.shape == (len(drawn.labels), 28, 28)
    assert 280 <= len(drawn.labels) == len(drawn.styles) <= 320
    for digit in range(10):
        styles = {style for style, label in zip(drawn.styles, drawn.labels.tolist(), strict=True) if label == digit}
        assert len(styles) >= 6, digit


def test_the_strokes_are_whole_and_1000_along_their_longer_side() -> None:
    for line in FILE.read_text().splitlines():
        points = np.concatenate([np.array(stroke) for stroke in json.loads(line)["strokes"]])
        assert points.min(axis=0).tolist() == [0, 0]
        assert points.max() == 1000


def test_each_picture_is_as_mnist_would_have_it_and_no_two_are_alike() -> None:
    images = read_drawings().images

    for image in images:
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        assert image.max() == 255
    assert len({image.tobytes() for image in images}) == len(images)


def test_they_are_the_same_each_time_and_can_not_be_written_to(tmp_path: Path) -> None:
    first, again = (read_drawings(_file(tmp_path / name, SEVEN)) for name in ("first", "again"))

    assert first.labels.tolist() == [7] * PICTURES
    assert first.styles == ("plain",) * PICTURES
    assert first.drawings.tolist() == [0] * PICTURES
    np.testing.assert_array_equal(first.images, again.images)
    assert read_drawings() is read_drawings()
    with pytest.raises(ValueError, match="read-only"):
        first.images[0] = 0


@pytest.mark.parametrize(("name", "least"), [("classic", 0.95), ("wide", 0.97)])
def test_the_shipped_networks_read_nearly_all_of_them(name: str, least: float) -> None:
    network, drawn = read_weights(ROOT / "models" / f"{name}.safetensors").network, read_drawings()

    answers = network.probabilities(normalise(drawn.images)).argmax(axis=1)

    assert (answers == drawn.labels).mean() >= least


@pytest.mark.parametrize("wrong", [{**SEVEN, "label": 10}, {"label": 7, "strokes": []}, {**SEVEN, "strokes": [[[1]]]}])
def test_a_line_that_is_no_drawing_is_refused_by_its_number(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(DataError, match="line 2"):
        read_drawings(_file(tmp_path / "drawings", SEVEN, wrong))


def test_a_missing_and_an_empty_file_are_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Restore data/drawings"):
        read_drawings(tmp_path / "nowhere")
    with pytest.raises(DataError, match="has no drawings"):
        read_drawings(_file(tmp_path / "empty"))
