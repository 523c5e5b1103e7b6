"""The stages from a drawing to the network's input as pictures, and where the input lies on the sheet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.images import drawing
from app.images.normalise import Frames, frames, normalise
from app.network.inputs import SIDE

# About the size at which the page shows the pictures, in pixels.
_SHOWN_SIDE = 84


class Preparation(NamedTuple):
    """Pictures by the name of their stage, in order; the input (784,); and its place on the sheet.

    `place` maps the input (0..28) to the sheet (0..1): (a, b, c, d, e, f) of a canvas transform.
    """

    stages: dict[str, NDArray[np.uint8]]
    input: NDArray[np.float32]
    place: list[float]


def prepare(picture: bytes, without: frozenset[str]) -> Preparation:
    """Prepares a picture file as `/predict` does, without the steps named. Raises DrawingError."""
    placement = drawing.place(picture, without)
    image = placement.placed[None]
    x = normalise(image, without)
    pictures = {
        "drawn": Image.fromarray(placement.found.whole),
        "alone": placement.picture,
        "cropped": placement.picture.crop(placement.box),
        "scaled": Image.fromarray(drawing.place(picture, without | {"centre"}).placed),
        "centred": Image.fromarray(placement.placed),
        "straightened": _image_of(normalise(image, without | {"size"})),
        "sized": _image_of(x),
    }
    stages = {name: _shown(picture) for name, picture in pictures.items()}
    return Preparation(stages, x[0], _place_on_sheet(placement, frames(image, without)))


def _image_of(x: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray(np.round(x.reshape(SIDE, SIDE) * 255).clip(0, 255).astype(np.uint8))


def _shown(image: Image.Image) -> NDArray[np.uint8]:
    """The picture reduced and with full contrast: (height, width), 0 = paper and 255 = ink."""
    small = image.reduce(max(1, round(max(image.size) / _SHOWN_SIDE)))
    shades = np.asarray(small, np.float32)
    return np.round(shades * (255 / max(float(shades.max()), 1))).astype(np.uint8)


def _place_on_sheet(placement: drawing.Placement, read: Frames) -> list[float]:
    x, y, shear, x_step, y_step = (float(value[0]) for value in read)
    # From the input to the 28x28 image before normalisation: centred, where row v is shifted by shear * y_step * v.
    to_image = np.array([[x_step, shear * y_step, 0], [0, y_step, 0], [0, 0, 1]]) @ _shift(-SIDE / 2, -SIDE / 2)
    to_image = _shift(SIDE / 2 + x, SIDE / 2 + y) @ to_image
    # Then to the picture, and to the sheet, on which the picture is centred.
    left, top, *_ = placement.box
    to_picture = _shift(left, top) @ _zoom(1 / placement.scale) @ _shift(-placement.left, -placement.top)
    (a, c, e), (b, d, f), _ = (placement.strokes.to_square() @ to_picture @ to_image).tolist()
    return [a, b, c, d, e, f]


def _shift(x: float, y: float) -> NDArray[np.float64]:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def _zoom(scale: float) -> NDArray[np.float64]:
    return np.diag([scale, scale, 1.0])
