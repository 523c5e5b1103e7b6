from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.data.mnist import DataError
from app.data.nondigits import KINDS, LETTERS, nondigits
from app.data.pens import CANVAS, Pens, draw, leave_out, read_pens, render

SEVEN = [[[0, 0], [600, 0], [250, 1000]]]
CROSSED = [*SEVEN, [[100, 500], [550, 500]]]


def _file(path: Path, *digits: dict[str, Any]) -> Path:
    path.write_bytes(gzip.compress("\n".join(json.dumps(digit) for digit in digits).encode()))
    return path


@pytest.fixture
def pens(tmp_path: Path) -> Pens:
    """Twelve sevens by six writers of three sites, one of which has half of them."""
    sites = ["a", "a", "a", "a", "a", "a", "b", "b", "b", "c", "c", "c"]
    digits = [
        {"label": 7, "writer": f"{site}/{number // 2}", "strokes": SEVEN if number % 2 else CROSSED}
        for number, site in enumerate(sites)
    ]
    return read_pens(_file(tmp_path / "pens", *digits))


def test_strokes_labels_and_writers_are_read(pens: Pens) -> None:
    assert pens.labels.tolist() == [7] * 12
    assert pens.writers[0] == "a/0"
    assert [len(strokes) for strokes in pens.strokes[:2]] == [2, 1]
    np.testing.assert_array_equal(pens.strokes[1][0], SEVEN[0])


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": 10, "writer": "a/0", "strokes": SEVEN},
        {"label": 7, "strokes": SEVEN},
        {"label": 7, "writer": "a/0", "strokes": []},
        {"label": 7, "writer": "a/0", "strokes": [[[1, 2, 3]]]},
        {"label": 7, "writer": "a/0", "strokes": [[["x", "y"]]]},
    ],
)
def test_a_line_that_is_no_digit_is_refused_by_its_number(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="line 2"):
        read_pens(_file(tmp_path / "pens", {"label": 7, "writer": "a/0", "strokes": SEVEN}, wrong))


def test_a_missing_file_and_one_that_is_not_gzip_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere is missing"):
        read_pens(tmp_path / "nowhere")
    (tmp_path / "plain").write_text("{}")
    with pytest.raises(DataError, match="plain can't be read"):
        read_pens(tmp_path / "plain")


def test_leaving_sites_out_has_no_writer_on_both_sides(pens: Pens) -> None:
    learned, left_out = leave_out(pens, ["b", "c"])

    assert (len(learned.labels), len(left_out.labels)) == (6, 6)
    assert len(learned.strokes) == 6
    assert not set(learned.writers.tolist()) & set(left_out.writers.tolist())
    assert set(left_out.sites.tolist()) == {"b", "c"}


def test_an_unknown_site_is_refused_with_the_known_ones(pens: Pens) -> None:
    with pytest.raises(DataError, match=r"from d\. There are a, b, c"):
        leave_out(pens, ["d"])


@pytest.mark.parametrize(("width", "size"), [(14, 90), (24, 278), (20, 150)])
def test_a_digit_is_drawn_at_its_size_with_its_pen_somewhere_on_the_canvas(width: float, size: float) -> None:
    corners = set()
    for seed in range(5):
        ink = np.asarray(draw([np.array(SEVEN[0], float)], width, size, np.random.default_rng(seed))) < 128
        rows, columns = np.nonzero(ink)
        assert ink.shape == (CANVAS, CANVAS)
        assert rows.max() - rows.min() + 1 == pytest.approx(size, abs=3)
        corners.add((rows.min(), columns.min()))

    assert len(corners) > 1


def test_drawings_are_read_as_mnist_would_have_them_and_differ_by_the_seed_alone(pens: Pens) -> None:
    first, again, other = (render(pens, np.random.default_rng(seed)) for seed in (0, 0, 1))

    assert first.images.shape == (12, 28, 28)
    np.testing.assert_array_equal(first.images, again.images)
    assert (first.images != other.images).any()
    assert 14 <= first.widths.min() <= first.widths.max() <= 24
    for image in first.images:
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_no_digit_is_drawn_each_time_otherwise(pens: Pens, kind: str) -> None:
    drawings = nondigits(6, pens, np.random.default_rng(0), (kind,))

    images = render(drawings, np.random.default_rng(0)).images

    assert len({image.tobytes() for image in images}) == 6
    for strokes in drawings.strokes:
        assert np.ptp(np.concatenate(strokes), axis=0).max() == pytest.approx(1000)


def test_two_digits_are_beside_each_other_and_a_line_lies(pens: Pens) -> None:
    for strokes in nondigits(10, pens, np.random.default_rng(0), ("two digits", "line")).strokes[1::2]:
        width, height = np.ptp(strokes[0], axis=0)
        assert width > height
    for strokes in nondigits(10, pens, np.random.default_rng(1), ("two digits",)).strokes:
        assert len(strokes) >= 2


def test_no_letter_is_a_digits_double() -> None:
    assert not set(LETTERS) & set("BDGIOQSZbgiloqsz")


def test_a_scribble_that_leaves_no_paper_is_ink_all_the_same() -> None:
    rows = [[x, y] for y in range(0, 1001, 20) for x in ((0, 1000) if y % 40 else (1000, 0))]
    scribble = Pens([[np.array(rows, np.float64)]] * 8, np.zeros(8, np.uint8), np.full(8, "a/0"))

    images = render(scribble, np.random.default_rng(0)).images

    assert (images.reshape(8, -1).mean(axis=1) > 80).all()
