"""Digits on paper, photographed: how many of them are still answered right."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.data import mnist
from app.images import drawing, ink
from app.images.ink import find_ink
from app.images.normalise import normalise
from app.network.weights import read_weights
from app.settings import ROOT
from tests.support.photos import Scene, photograph

NETWORK = read_weights(ROOT / "models" / "classic.safetensors").network
COUNT = 12
SCENES = {
    "even light": Scene(),
    "light from a side": Scene("gradient"),
    "a shadow's edge": Scene("shadow"),
    "a hand's shadow": Scene("hand"),
    "dark corners": Scene("vignette"),
    "a lamp's spot": Scene("spot"),
    "ruled paper": Scene(lines="ruled"),
    "ruled paper in a shadow": Scene("shadow", "ruled"),
    "squared paper": Scene(lines="squared"),
    "squared paper under a hand": Scene("hand", "squared"),
    "pencil on squared paper": Scene(lines="squared", pencil=True),
    "pencil in light from a side": Scene("gradient", pencil=True),
    "chalk on a board": Scene("gradient", board=True),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_a_digit_in_a_photograph_is_answered_about_as_well_as_a_clean_one(
    scene: Scene, test_images: mnist.Images
) -> None:
    rng = np.random.default_rng(len(str(scene)))
    chosen = rng.choice(len(test_images.labels), COUNT, replace=False)
    images, labels = test_images.images[chosen], test_images.labels[chosen]
    read = np.stack([drawing.read(photograph(image, scene, rng)) for image in images])

    right, clean = (int((NETWORK.feedforward(normalise(those)).argmax(1) == labels).sum()) for those in (read, images))

    assert right >= clean - 2


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _five(shade: int = 0, width: int = 20) -> Image.Image:
    image = Image.new("L", (280, 280), 255)
    path = [(190, 60), (100, 60), (95, 130), (160, 130), (190, 170), (160, 220), (90, 215)]
    ImageDraw.Draw(image).line(path, fill=shade, width=width, joint="curve")
    return image


def test_a_drawing_on_clean_paper_is_read_as_if_the_paper_had_to_be_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    grey = np.asarray(_five().rotate(1, Image.Resampling.BICUBIC, fillcolor=255))
    full = np.full_like(grey, 255)
    sent = {
        "grey": grey,
        "light on dark": 255 - grey,
        "a canvas": np.dstack([grey, grey, grey, full]),
        "a faint one": 215 + grey // 8,
        "one without a ground": np.dstack([0 * grey, 0 * grey, 0 * grey, 255 - grey]),
    }
    read = {name: find_ink(pixels) for name, pixels in sent.items()}

    monkeypatch.setattr(ink, "_on_clean_paper", lambda _: None)
    for name, strokes in read.items():
        looked_for = find_ink(sent[name])
        assert strokes is not None, name
        assert looked_for is not None, name
        assert strokes[1:] == looked_for[1:], name
        np.testing.assert_array_equal(strokes.ink, looked_for.ink, name)


@pytest.mark.parametrize("width", [6, 20])
def test_lines_printed_on_paper_that_is_white_all_over_are_left_out(width: int) -> None:
    lined = _five(width=width)
    for y in range(20, 280, 40):
        ImageDraw.Draw(ruled := lined.copy()).line([(0, y), (280, y)], fill=150, width=2)
        lined = Image.fromarray(np.minimum(np.asarray(lined), np.asarray(ruled)))

    difference = np.abs(drawing.read(_png(lined)).astype(float) - drawing.read(_png(_five(width=width))))

    assert difference.mean() < 8


def test_a_stroke_from_edge_to_edge_as_dark_as_the_rest_is_no_printed_line() -> None:
    image = _five()
    ImageDraw.Draw(image).line([(0, 250), (280, 250)], fill=0, width=4)

    left, _, right, _ = drawing.place(_png(image), ["others"]).box

    assert (left, right) == (0, 280)


def test_a_speck_in_a_photograph_is_no_part_of_the_digit() -> None:
    noise = np.random.default_rng(0).normal(0, 3, (280, 280))

    def seen(image: Image.Image) -> bytes:
        return _png(Image.fromarray((np.asarray(image) * 0.8 + noise + 5).clip(0, 255).astype(np.uint8)))

    speckled = _five()
    ImageDraw.Draw(speckled).ellipse((8, 8, 16, 16), fill=0)

    np.testing.assert_array_equal(drawing.read(seen(speckled)), drawing.read(seen(_five())))


def test_lines_as_pale_as_the_pencil_are_left_out_of_a_photograph_because_they_are_thinner() -> None:
    rng = np.random.default_rng(0)

    def seen(lined: bool) -> bytes:
        image = _five(120)
        for place in range(15, 280, 50) if lined else ():
            for line in ([(0, place), (280, place + 5)], [(place, 0), (place - 5, 280)]):
                other = Image.new("L", image.size, 255)
                ImageDraw.Draw(other).line(line, fill=135, width=3)
                image = Image.fromarray(np.minimum(np.asarray(image), np.asarray(other)))
        light = np.linspace(0.6, 0.95, 280)
        return _png(
            Image.fromarray((np.asarray(image) * light + rng.normal(0, 2, (280, 280))).clip(0, 255).astype(np.uint8))
        )

    assert np.abs(drawing.read(seen(True)).astype(float) - drawing.read(seen(False))).mean() < 8
