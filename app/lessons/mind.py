"""What would change a network's mind: the smallest dab of ink or eraser on a drawing that changes its answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from app.images.drawing import DrawingError, place_ink
from app.images.normalise import normalise
from app.images.strokes import Strokes
from app.network.inputs import PIXELS
from app.network.network import Network

# As shares of the drawing's longer side, smallest first. The pen of the page has 0.036.
RADII = (0.018, 0.025, 0.036, 0.05, 0.07, 0.1, 0.14)
# Dabs are tried on a grid of this many places a side, on the drawing reduced to about this side. The best ones are then
# tried on the drawing itself.
_PLACES = 16
_SMALL_SIDE = 84
_TRIES = 8
# Dabs are tried on the digit and within this share of the drawing's side around it. A speck in a far corner would
# change the answer only because the picture is cropped to its ink.
_MARGIN = 0.06


class Dab(NamedTuple):
    """A disc of "ink" or "eraser"; its centre and radius are in pixels of the drawing."""

    kind: str
    x: float
    y: float
    radius: float


class ChangeOfMind(NamedTuple):
    """A dab after which the network answers `digit`, with a confidence in 0..1."""

    dab: Dab
    digit: int
    confidence: float


def change_of_mind(network: Network, ink: Image.Image) -> ChangeOfMind | None:
    """The smallest dab on a drawing (ink in mode F, 0 = paper) that changes the answer; None when none of RADII does.

    Among dabs of one size it prefers those after which the network is surest.
    """
    digit = int(_answers(network, [ink])[0].argmax())
    factor = max(1, round(max(ink.size) / _SMALL_SIDE))
    small = ink.reduce(factor)
    for share in RADII:
        dabs = list(_dabs(small, share * max(small.size)))
        answers = _answers(network, [painted(small, dab) for dab in dabs])
        answers[:, digit] = 0
        for number in np.argsort(-answers.max(axis=1))[:_TRIES]:
            dab = Dab(dabs[number].kind, *(factor * value for value in dabs[number][1:]))
            answer = _answers(network, [painted(ink, dab)])[0]
            # A drawing that was erased completely has no answer.
            if answer.any() and int(answer.argmax()) != digit:
                return ChangeOfMind(dab, int(answer.argmax()), float(answer.max()))
    return None


def on_sheet(dab: Dab, strokes: Strokes) -> Dab:
    """The dab, in pixels of the strokes' picture, in shares (0..1) of the square sheet in whose middle that lies."""
    to_sheet = strokes.to_square()
    x, y, _ = to_sheet @ (dab.x, dab.y, 1)
    return Dab(dab.kind, float(x), float(y), dab.radius * float(np.sqrt(abs(np.linalg.det(to_sheet)))))


def painted(ink: Image.Image, dab: Dab) -> Image.Image:
    """The drawing after the dab."""
    shade = float(np.asarray(ink).max()) if dab.kind == "ink" else 0.0
    after = ink.copy()
    _, x, y, radius = dab
    ImageDraw.Draw(after).ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)
    return after


def _dabs(ink: Image.Image, radius: float) -> Iterator[Dab]:
    pixels = np.asarray(ink)
    left, top, right, bottom = place_ink(ink).box
    margin = _MARGIN * max(ink.size)
    step = (max(right - left, bottom - top) + 2 * margin) / _PLACES
    for y in np.arange(max(top - margin, 0) + step / 2, min(bottom + margin, ink.height), step):
        for x in np.arange(max(left - margin, 0) + step / 2, min(right + margin, ink.width), step):
            kind = "eraser" if pixels[int(y), int(x)] > pixels.max() / 2 else "ink"
            yield Dab(kind, float(x), float(y), radius)


def _answers(network: Network, drawings: list[Image.Image]) -> np.ndarray[tuple[int, int], np.dtype[np.floating]]:
    """The probabilities (n, 10) for drawings; zeros for one without ink."""
    images = np.zeros((len(drawings), PIXELS), np.uint8)
    for image, ink in zip(images, drawings, strict=True):
        try:
            image[:] = place_ink(ink).placed.ravel()
        except DrawingError:
            continue
    probabilities = network.probabilities(normalise(images))
    probabilities[images.max(axis=1) == 0] = 0
    return probabilities
