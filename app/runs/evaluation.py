"""The report of `python -m app evaluate`: accuracy, calibration and confusion matrix on MNIST and on pen drawings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from app.data import mnist, pens
from app.data.datasets import HELD_OUT
from app.data.nondigits import KINDS, nondigits
from app.data.styles import draw_styles, read_styles
from app.network import Network
from app.network.calibration import expected_calibration_error, fit_temperature
from app.served.answers import Answers, answers

# Below this confidence the draw page says that the network is not sure.
SURE_FROM = 0.8
NONDIGITS_OF_A_KIND = 500
DRAWINGS_OF_A_STYLE = 100
_SEED = 7
_PARTS = 3
_CELL, _MARGIN = 44, 60


def on_mnist(network: Network, folder: Path) -> tuple[Answers, list[str]]:
    """The answers to MNIST's test images, and the report on these and the held-out images. Raises DataError."""
    test = answers(network, *mnist.read_test(folder))
    images, labels = mnist.read_training(folder)
    held_out = answers(network, images[-HELD_OUT:], labels[-HELD_OUT:])
    return test, [
        f"accuracy on the 10,000 test images {test.right.mean():.2%}",
        *_details(test),
        f"accuracy on the {HELD_OUT:,} held-out training images {held_out.right.mean():.2%}",
        *_details(held_out),
    ]


def on_pens(network: Network, drawn_from: pens.Pens, learned_from: bool) -> tuple[Answers, list[str]]:
    """The answers to all pen drawings, each drawn once, and the report on them."""
    rng = np.random.default_rng(_SEED)
    drawn = pens.render(drawn_from, rng)
    found = answers(network, drawn.images, drawn_from.labels)
    who = "it learned from them" if learned_from else "of sites that it did not learn from"
    lines = [
        f"accuracy on {len(found.labels):,} pen drawings by {len(set(drawn_from.writers.tolist()))} people, "
        f"{who}, {found.right.mean():.2%}",
        *_details(found),
        f"  by pen width       {_by(drawn.widths, pens.WIDTHS, found.right)}",
        f"  by size on canvas  {_by(drawn.sizes, pens.SIZES, found.right)}",
        f"  not sure of        {unsure(found):.1%} of the digits, {_unsure_wrong(found):.0%} of the wrong answers",
    ]
    for kind in KINDS:
        images = pens.render(nondigits(NONDIGITS_OF_A_KIND, drawn_from, rng, (kind,)), rng).images
        share = unsure(answers(network, images, np.zeros(len(images), np.uint8)))
        lines.append(f"  not sure of        {share:.1%} of {NONDIGITS_OF_A_KIND} drawings that are no digit: {kind}")
    return found, lines


def on_styles(network: Network) -> list[str]:
    """The report on drawings in each style of data/styles, none of which a run has learned from. Raises DataError."""
    styles = read_styles()
    drawn = draw_styles(DRAWINGS_OF_A_STYLE * len(styles), np.random.default_rng([_SEED, 0]), styles)
    found = answers(network, pens.render(drawn, np.random.default_rng(_SEED)).images, drawn.labels)
    lines = [f"accuracy on {DRAWINGS_OF_A_STYLE} drawings in each of {len(styles)} styles {found.right.mean():.2%}"]
    for number, style in enumerate(styles):
        mine = slice(number, None, len(styles))
        wrong = np.bincount(found.digits[mine][~found.right[mine]], minlength=10)
        mistaken = f"  mostly taken for {wrong.argmax()}" if wrong.any() else ""
        lines.append(f"  {style.name:<34} {found.right[mine].mean():>6.1%}{mistaken}")
    return lines


def unsure(found: Answers) -> float:
    """The share of answers, in 0..1, with a confidence below `SURE_FROM`."""
    return float((found.confidences < SURE_FROM).mean())


def _details(found: Answers) -> Iterator[str]:
    digits = (f"{digit}: {found.right[found.labels == digit].mean():.1%}" for digit in np.unique(found.labels))
    yield f"  by digit           {'  '.join(digits)}"
    error = expected_calibration_error(found.probabilities, found.labels)
    best = fit_temperature(found.probabilities, found.labels)
    yield f"  calibration        expected error {error:.2%}; the best temperature on top would be {best:.2f}"


def _by(values: NDArray[np.float64], limits: tuple[int, int], right: NDArray[np.bool_]) -> str:
    limits_of_parts = np.linspace(*limits, _PARTS + 1)
    parts = []
    for low, high in pairwise(limits_of_parts.tolist()):
        within = (values >= low) & (values <= high)
        parts.append(f"{low:.0f} to {high:.0f} px: {right[within].mean():.1%}" if within.any() else "")
    return "  ".join(parts)


def _unsure_wrong(found: Answers) -> float:
    wrong = found.probabilities[~found.right]
    return float((wrong.max(axis=1) < SURE_FROM).mean()) if len(wrong) else 1.0


def draw_confusion(confusion: NDArray[np.intp]) -> Image.Image:
    """A picture of the confusion matrix (10, 10): a row for each digit, a column for each answer."""
    side = _MARGIN + 10 * _CELL + 20
    image = Image.new("L", (side, side), 255)
    pen, font, small = ImageDraw.Draw(image), ImageFont.load_default(16), ImageFont.load_default(13)
    pen.text((_MARGIN + 5 * _CELL, 16), "read as", fill=0, font=font, anchor="mm")
    pen.text((6, 30), "drawn", fill=0, font=font)
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    for drawn in range(10):
        middle = _MARGIN + drawn * _CELL + _CELL // 2
        pen.text((_MARGIN - 16, middle), str(drawn), fill=0, font=font, anchor="mm")
        pen.text((middle, _MARGIN - 16), str(drawn), fill=0, font=font, anchor="mm")
        for answer in range(10):
            left, top = _MARGIN + answer * _CELL, _MARGIN + drawn * _CELL
            # Shaded by the square root of the share, since the few wrong answers would be invisible otherwise.
            shade = 255 - int(215 * np.sqrt(shares[drawn, answer]))
            pen.rectangle((left, top, left + _CELL - 1, top + _CELL - 1), fill=shade, outline=200)
            if confusion[drawn, answer]:
                place, text = (left + _CELL // 2, top + _CELL // 2), str(confusion[drawn, answer])
                pen.text(place, text, fill=0 if shade > 127 else 255, font=small, anchor="mm")
    return image
