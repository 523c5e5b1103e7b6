from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.data.mnist import DataError
from app.data.pens import render
from app.data.styles import draw_style, draw_styles, read_styles
from app.network.weights import read_weights
from app.served.answers import answers
from app.settings import ROOT

ENTRY = '[[style]]\nname = "1 as a line"\ndigit = 1\nregions = "Britain"\nforms = ["0,0 0,1", "0,0 0.5,1"]\n'


def test_every_digit_has_a_style_and_every_name_is_used_once() -> None:
    styles = read_styles()

    assert {style.digit for style in styles} == set(range(10))
    assert len({style.name for style in styles}) == len(styles)
    assert all(style.name.startswith(str(style.digit)) and style.regions for style in styles)


def test_one_seed_draws_the_same_and_each_drawing_is_another() -> None:
    once, again = (draw_styles(60, np.random.default_rng(4), read_styles()) for _ in range(2))

    for one, other in zip(once.strokes, again.strokes, strict=True):
        np.testing.assert_array_equal(np.concatenate(one), np.concatenate(other))
    count = len(read_styles())
    assert once.writers[0] == once.writers[count]
    assert not np.array_equal(once.strokes[0][0][:5], once.strokes[count][0][:5])


def test_a_drawing_has_the_strokes_of_its_style_and_a_longer_side_of_1000() -> None:
    rng = np.random.default_rng(0)
    for style in read_styles():
        for _ in range(5):
            strokes = draw_style(style, rng)

            # The pen may be lifted once in each stroke.
            assert len(style.forms[0]) <= len(strokes) <= 2 * len(style.forms[0])
            assert np.ptp(np.concatenate(strokes), axis=0).max() == pytest.approx(1000)


def test_as_many_are_drawn_of_each_style() -> None:
    drawn = draw_styles(2 * len(read_styles()), np.random.default_rng(0), read_styles())

    names, counts = np.unique(drawn.writers, return_counts=True)
    assert len(names) == len(read_styles())
    assert set(counts.tolist()) == {2}


@pytest.mark.parametrize(
    "wrong",
    [
        ENTRY.replace("digit = 1", "digit = 10"),
        ENTRY.replace("0,0 0.5,1", "0,0 0.5,1 1,1"),
        ENTRY.replace("0,0 0.5,1", "0,0 | 0.5,1"),
        ENTRY.replace('"0,0 0.5,1"', '"zero"'),
        ENTRY.replace('regions = "Britain"\n', ""),
        ENTRY.replace('forms = ["0,0 0,1", "0,0 0.5,1"]', "forms = []"),
    ],
)
def test_what_is_no_style_is_refused_by_its_number(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "styles.toml"
    path.write_text(ENTRY + wrong)

    with pytest.raises(DataError, match="style 2"):
        read_styles(path)


def test_a_file_that_is_missing_or_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[[")
    for name in ("nowhere.toml", "broken.toml"):
        with pytest.raises(DataError, match=name):
            read_styles(tmp_path / name)


@pytest.mark.slow
def test_the_shipped_networks_read_most_of_the_styles() -> None:
    drawn = draw_styles(50 * len(read_styles()), np.random.default_rng(1_000_003), read_styles())
    images = render(drawn, np.random.default_rng(0)).images
    for name in ("classic", "wide"):
        found = answers(read_weights(ROOT / "models" / f"{name}.safetensors").network, images, drawn.labels)

        assert found.right.mean() >= 0.95
