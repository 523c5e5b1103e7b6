from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.data.collection import PEN_WIDTH, LabelledDrawing, dataset_of, image_of, pack, unpack
from app.data.mnist import DataError
from app.images import drawing
from app.settings import ROOT
from tests.support.drawn_rooms import strokes_of

SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]]
DOT = [[[0.5, 0.5]]]


def _painted(*lines: list[tuple[float, float]]) -> bytes:
    """A PNG as the page sends it, 140 pixels a side, drawn smoothly."""
    side, finer = 140, 8
    picture = Image.new("L", (side * finer, side * finer), 255)
    pen, width = ImageDraw.Draw(picture), PEN_WIDTH * side * finer
    for line in lines:
        path = [(x * side * finer, y * side * finer) for x, y in line]
        pen.line(path, fill=0, width=round(width), joint="curve")
        for x, y in path:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
    file = io.BytesIO()
    picture.resize((side, side), Image.Resampling.BOX).save(file, "PNG")
    return file.getvalue()


def test_the_pen_is_that_of_the_page() -> None:
    script = (ROOT / "static" / "sheet" / "drawing.js").read_text()

    assert "PEN_WIDTH = 10 / 140;" in script
    assert PEN_WIDTH == 10 / 140


def test_a_drawing_becomes_the_image_that_the_server_reads_from_the_page() -> None:
    four = [[[0.3, 0.2], [0.3, 0.5]], [[0.3, 0.5], [0.7, 0.5]], [[0.6, 0.25], [0.6, 0.85]]]
    read = drawing.read(_painted(*([(x, y) for x, y in stroke] for stroke in four)))

    image = image_of(four)

    assert image.shape == (28, 28)
    assert image.max() == 255
    assert np.abs(image.astype(int) - read).mean() < 4


def test_a_stroke_of_few_points_has_no_corner() -> None:
    corner = [(x, y) for x, y in SEVEN[0]]
    curve = [(0.3, 0.2), *(_on_curve(t / 20) for t in range(1, 21)), (0.45, 0.8)]
    sharp, smooth = drawing.read(_painted(corner)), drawing.read(_painted(curve))

    image = image_of(SEVEN).astype(int)

    assert np.abs(image - smooth).mean() < 4 < np.abs(image - sharp).mean()


def _on_curve(t: float) -> tuple[float, float]:
    (x0, y0), (x1, y1), (x2, y2) = (0.3, 0.2), (0.7, 0.2), ((0.7 + 0.45) / 2, (0.2 + 0.8) / 2)
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2


def test_a_tap_is_a_dot() -> None:
    image = image_of(DOT)

    assert image[14, 14] == 255
    assert image[0].max() == 0


def test_a_drawing_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = image_of([[[0.31, 0.2], [0.7, 0.21]]])

    def fail(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("app.data.collection._paint", fail)

    assert image_of([[(0.31, 0.2), (0.7, 0.21)]]) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1


def test_a_sheet_that_is_painted_black_is_a_drawing_too() -> None:
    rows = [[[0.0, y / 20], [1.0, y / 20]] for y in range(21)]

    assert image_of(rows).max() == 255


@pytest.mark.parametrize("strokes", [[], [[]], [[[3.0, 3.0], [4.0, 4.0]]]])
def test_a_sheet_without_ink_is_refused(strokes: list[list[list[float]]]) -> None:
    with pytest.raises(drawing.DrawingError, match="no ink"):
        image_of(strokes)


def _drawings(*writers: int) -> list[LabelledDrawing]:
    """One drawing of each writer, as often as it is named, of the digit that the number ends with."""
    return [LabelledDrawing(writer, writer % 10, strokes_of(writer % 10)[0]) for writer in writers]


def _held_out(*writers: int) -> list[int]:
    """Those of the writers, all below 10, who are held out."""
    labels: list[int] = dataset_of("room-A", _drawings(*writers)).read_held_out().labels.tolist()
    return labels


def test_a_collection_has_all_images_those_to_learn_from_first() -> None:
    found = dataset_of("room-A", _drawings(2, 1, 3, 2, 4))
    images, labels = found.read_training()

    assert (found.name, found.reads_digits) == ("room-A", True)
    assert (found.training, found.held_out, found.test) == (3, 2, 2)
    assert labels.tolist() == [1, 3, 4, 2, 2]
    for image, label in zip(images, labels.tolist(), strict=True):
        np.testing.assert_array_equal(image, image_of(strokes_of(label)[0]))
    assert found.read_first(20).labels.tolist() == [1, 3, 4]
    np.testing.assert_array_equal(found.read_test().images, images[3:])


def test_about_a_fifth_of_the_authors_are_held_out_with_all_that_they_drew() -> None:
    assert _held_out(1, 2, 2, 3, 4, 2, 5) == [2, 2, 2]
    assert _held_out(*range(1, 10)) == [2, 7]
    assert dataset_of("room-A", _drawings(*range(1, 31))).held_out == 6


def test_who_joins_later_moves_no_author_from_one_part_to_the_other() -> None:
    for count in range(2, 9):
        assert set(_held_out(*range(1, count + 1))) == set(_held_out(*range(1, 10))) & set(range(1, count + 1))


def test_one_author_is_held_out_and_one_is_not_whatever_their_numbers_are() -> None:
    assert _held_out(1, 3, 4) == [4]
    assert _held_out(2, 7) == [7]


@pytest.mark.parametrize(
    ("name", "writers", "words"),
    [
        ("room-A", [], "Nobody has drawn a digit for this room yet. Ask for digits"),
        ("room-A", [1, 1], "Only one pupil has drawn. Two are needed.* let another one draw too"),
        ("corrections", [1], "too few corrections to learn from. Correct at least two"),
    ],
)
def test_too_few_drawings_are_refused_with_what_to_do(name: str, writers: list[int], words: str) -> None:
    with pytest.raises(DataError, match=words):
        dataset_of(name, _drawings(*writers))


def test_packed_images_are_the_same_data_set_again() -> None:
    found = dataset_of("room-A", _drawings(1, 2, 3))

    again = unpack("room-A", pack(found))

    assert again == found
    assert again.sha256() == found.sha256()
    np.testing.assert_array_equal(again.images.images, found.images.images)
    np.testing.assert_array_equal(again.images.labels, found.images.labels)


def test_the_digest_is_that_of_the_images_labels_and_of_who_is_held_out() -> None:
    first = _drawings(1, 2, 3)
    others = [
        [first[0]._replace(label=9), *first[1:]],
        [first[0]._replace(strokes=DOT), *first[1:]],
        # The same order of images, with another one held out.
        [first[0], first[2]._replace(writer=2), first[1]],
        [*first, first[2]],
    ]

    digests = {dataset_of("room-A", drawings).sha256() for drawings in (first, *others)}

    assert len(digests) == 5
    assert dataset_of("room-A", list(first)).sha256() in digests
