"""Drawings of a collection, such as those of a room, as a data set."""

from __future__ import annotations

import functools
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.data.dataset import CORRECTIONS, DIGITS, Dataset
from app.data.mnist import DataError, Images
from app.data.orientation import UPRIGHT
from app.data.pens import CANVAS, read_canvas

# The page's pen, as a share of the sheet: PEN_WIDTH in static/sheet/drawing.js.
PEN_WIDTH = 10 / 140
# Points of a curve between two points of a stroke.
_SMOOTH = 4
# OpenCV takes whole numbers, here 1/16 of a pixel. Points far from the sheet stay far from it.
_BITS, _FAR = 4, 10
# An image takes a kilobyte, and its key about as much.
_KEPT = 20_000
# One writer in so many is held out: the second, the seventh, the twelfth ...
_HELD_OUT_PART, _HELD_OUT_FIRST = 5, 2

Strokes = Sequence[Sequence[Sequence[float]]]


class LabelledDrawing(NamedTuple):
    """A drawing to learn from. `writer` is a number from 1 on: all drawings of a writer are held out, or none."""

    writer: int
    label: int
    strokes: Strokes


@dataclass(frozen=True)
class DrawnDataset(Dataset):
    """A collection's images at one moment. Two are equal if their images are.

    The held-out images are the test images too: nothing is chosen by them, since training only reports on them, and a
    class is too few people to hold out two groups of them. Whoever chooses among runs by their accuracy should know.
    """

    digest: str
    images: Images = field(compare=False, repr=False)

    def read_training(self) -> Images:
        return self.images

    def read_first(self, count: int) -> Images:
        first = min(count, self.training)
        return Images(self.images.images[:first], self.images.labels[:first])

    def read_test(self) -> Images:
        return self.read_held_out()

    def sha256(self) -> str:
        """SHA-256 of a line with the numbers of images to learn from and held out, and of all labels and pixels."""
        return self.digest


def dataset_of(name: str, drawings: Iterable[LabelledDrawing]) -> DrawnDataset:
    """The data set of a collection's drawings: those of some writers to learn from, then those of others, held out.

    Raises DataError unless there are two writers, and DrawingError for a drawing without ink.
    """
    found = list(drawings)
    chosen = held_out_writers({drawing.writer for drawing in found})
    learned, held_out = ([one for one in found if (one.writer in chosen) is is_chosen] for is_chosen in (False, True))
    if not learned or not held_out:
        raise DataError(_too_few(name, len(found)))
    images = np.stack([image_of(one.strokes) for one in (*learned, *held_out)])
    labels = np.array([one.label for one in (*learned, *held_out)], np.uint8)
    return _dataset(name, len(learned), Images(images, labels))


def pack(dataset: DrawnDataset) -> bytes:
    """The images and labels, for `unpack`."""
    content = io.BytesIO()
    images, labels = dataset.images
    np.savez_compressed(content, images=images, labels=labels, training=np.array(dataset.training))
    return content.getvalue()


def unpack(name: str, content: bytes) -> DrawnDataset:
    """The data set that `pack` packed."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return _dataset(name, int(arrays["training"]), Images(arrays["images"], arrays["labels"]))


def _dataset(name: str, training: int, images: Images) -> DrawnDataset:
    held_out = len(images.labels) - training
    digest = hashlib.sha256(f"{training} {held_out}\n".encode())
    digest.update(images.labels.tobytes())
    digest.update(images.images.tobytes())
    return DrawnDataset(name, DIGITS, training, held_out, held_out, UPRIGHT, digest.hexdigest(), images)


def held_out_writers(writers: set[int]) -> set[int]:
    """The writers whose drawings are held out: about a fifth, at least one, and not all.

    It depends on a writer's number alone, not on a draw among all, so that who joins later moves nobody from one part
    to the other, where networks have learned from them. Only while there is none to hold out, or all would be, the
    last one is.
    """
    chosen = {writer for writer in writers if writer % _HELD_OUT_PART == _HELD_OUT_FIRST}
    return chosen if 0 < len(chosen) < len(writers) else {max(writers, default=0)}


def _too_few(name: str, count: int) -> str:
    if name == CORRECTIONS:
        return "There are too few corrections to learn from. Correct at least two answers."
    if count:
        return "Only one pupil has drawn. Two are needed, since whole pupils are held out: let another one draw too."
    return "Nobody has drawn a digit for this room yet. Ask for digits, and let at least two pupils draw them."


def image_of(strokes: Strokes) -> NDArray[np.uint8]:
    """The digit that was drawn, (28, 28) uint8 with 0 = paper and 255 = ink: read-only, and kept for the next call.

    `strokes` are lists of points [x, y] in 0..1 of the sheet, y downwards. They are drawn where they are, with the
    page's pen, and read as the server reads a drawing. Raises DrawingError if there is no ink on the sheet.
    """
    return _image(tuple(np.array(stroke, np.float32).tobytes() for stroke in strokes if len(stroke)))


@functools.lru_cache(maxsize=_KEPT)
def _image(strokes: tuple[bytes, ...]) -> NDArray[np.uint8]:
    """As `image_of`, with each stroke as the bytes of float32 (points, 2)."""
    points = (np.frombuffer(stroke, np.float32).reshape(-1, 2).astype(np.float64) for stroke in strokes)
    image = read_canvas(_paint([_curve(stroke) for stroke in points]))
    image.flags.writeable = False
    return image


def _paint(curves: Sequence[NDArray[np.float64]]) -> Image.Image:
    """Curves of points in 0..1 of the canvas, drawn there with a round black pen on white.

    As `paint` of `pens` does, in a tenth of the time: a data set has thousands of drawings, and a class draws at once.
    """
    canvas = np.full((CANVAS, CANVAS), 255, np.uint8)
    # Its last point twice, since a point alone is no line. The middle of the first pixel is at 0.
    lines = (np.clip(np.concatenate([curve, curve[-1:]]), -_FAR, _FAR) for curve in curves)
    paths = [np.rint((line * CANVAS - 0.5) * 2**_BITS).astype(np.int32) for line in lines]
    cv2.polylines(canvas, paths, False, (0,), round(PEN_WIDTH * CANVAS), cv2.LINE_8, _BITS)
    return Image.fromarray(canvas)


def _curve(stroke: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (m, 2) of the curve that the page draws through a stroke (n, 2): see traceStroke in drawing.js."""
    if len(stroke) < 3:
        return stroke
    middles = (stroke[:-1] + stroke[1:]) / 2
    starts, controls, ends = np.concatenate([stroke[:1], middles[1:-1]]), stroke[1:-1], middles[1:]
    t = np.linspace(0, 1, _SMOOTH + 1)[1:, np.newaxis]
    curves = (
        (1 - t) ** 2 * starts[:, np.newaxis] + 2 * t * (1 - t) * controls[:, np.newaxis] + t**2 * ends[:, np.newaxis]
    )
    return np.concatenate([stroke[:1], curves.reshape(-1, 2), stroke[-1:]])
