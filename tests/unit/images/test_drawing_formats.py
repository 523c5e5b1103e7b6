"""One drawing in every way it can be stored: cut off, transparent, turned, and in each mode."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.images import drawing
from app.images.drawing import FORMATS, DrawingError
from tests.faults.broken_pictures import encoded, seven

PLAIN = drawing.read(encoded(seven(280), "PNG"))


def _difference(content: bytes) -> float:
    return float(np.abs(drawing.read(content).astype(float) - PLAIN).mean())


def _outcome(content: bytes) -> tuple[str, bytes]:
    try:
        return "read", drawing.read(content).tobytes()
    except DrawingError as error:
        return f"{type(error).__name__}: {error}", b""


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_cut_at_any_byte_is_read_or_refused_and_the_same_each_time(kind: str) -> None:
    content = encoded(seven(24).convert("RGB"), kind)

    for length in range(len(content)):
        assert _outcome(content[:length]) == _outcome(content[:length]), length


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_each_format_with_an_orientation_is_turned_upright(kind: str, turn: int) -> None:
    transpose = Image.Transpose
    stored = [
        None,
        transpose.FLIP_LEFT_RIGHT,
        transpose.ROTATE_180,
        transpose.FLIP_TOP_BOTTOM,
        transpose.TRANSPOSE,
        transpose.ROTATE_90,
        transpose.TRANSVERSE,
        transpose.ROTATE_270,
    ][turn - 1]
    exif = Image.Exif()
    exif[0x0112] = turn
    image = seven(280) if stored is None else seven(280).transpose(stored)

    assert _difference(encoded(image.convert("RGB"), kind, exif=exif)) < 1.5


@pytest.mark.parametrize("shade", [0, 255])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_ink_on_a_transparent_ground_is_read_as_ink_on_an_opaque_one(kind: str, shade: int) -> None:
    alpha = Image.fromarray(255 - np.asarray(seven(280)))
    flat = Image.new("L", alpha.size, shade)

    assert _difference(encoded(Image.merge("RGBA", [flat, flat, flat, alpha]), kind)) < 1


def test_numbers_of_16_bits_are_scaled_and_not_clipped() -> None:
    grey = np.asarray(seven(280), np.uint16) * 100 + 20_000

    assert _difference(encoded(Image.fromarray(grey), "PNG")) < 1
