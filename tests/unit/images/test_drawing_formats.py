"""One drawing in every way it can be stored: cut off, transparent, turned, and in each mode."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from PIL import Image

from app.images import drawing
from app.images.drawing import FORMATS, DrawingError, UnsupportedError
from tests.faults.broken_pictures import chunks, encoded, png_of, seven

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


def _png_with_text(keyword: bytes, text: bytes, is_packed: bool) -> bytes:
    """The seven turned left, with a text chunk."""
    first, *others = chunks(encoded(seven(280).transpose(Image.Transpose.ROTATE_90), "PNG"))
    content = b"\0" + zlib.compress(text) if is_packed else text
    return png_of(first, (b"zTXt" if is_packed else b"tEXt", keyword + b"\0" + content), *others)


def _exif_text(name: bytes = b"exif") -> bytes:
    """As ImageMagick writes it: a name, the length, and 36 bytes in a line of hexadecimal digits."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = exif.tobytes()
    lines = [content[start : start + 36].hex().encode() for start in range(0, len(content), 36)]
    return b"\n%b\n%8d\n%b\n" % (name, len(content), b"\n".join(lines))


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize(("keyword", "name"), [("exif", b"exif"), ("APP1", b"exif"), ("APP1", b"generic profile")])
def test_a_png_is_turned_by_the_orientation_in_an_old_text_chunk(keyword: str, name: bytes, is_packed: bool) -> None:
    assert _difference(_png_with_text(f"Raw profile type {keyword}".encode(), _exif_text(name), is_packed)) < 1


@pytest.mark.parametrize(
    "text", [b"", b"\nexif\n", b"\nexif\n 9\nno digits", b"\nexif\n 1\nab", b"\nexif\n" + b"0\n" * 2**20], ids=len
)
def test_a_png_whose_old_text_chunk_is_damaged_is_read_as_it_lies(text: bytes) -> None:
    plain = drawing.read(_png_with_text(b"Comment", b"", False))

    for is_packed in (False, True):
        content = _png_with_text(b"Raw profile type exif", text, is_packed)
        np.testing.assert_array_equal(drawing.read(content), plain)
        np.testing.assert_array_equal(drawing.read(content.replace(b"exif\0\0x", b"exif\0\0y")), plain)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_in_base64_is_refused_with_the_cause(kind: str) -> None:
    encoded_text = base64.b64encode(encoded(seven(), kind))

    for text in (encoded_text, b"\r\n" + encoded_text, b"data:image/png;base64," + encoded_text):
        with pytest.raises(UnsupportedError, match="in base64"):
            drawing.read(text)


def test_an_empty_picture_is_refused_as_empty() -> None:
    with pytest.raises(UnsupportedError, match="empty"):
        drawing.read(b"")


@pytest.mark.parametrize("shade", [0, 255])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_ink_on_a_transparent_ground_is_read_as_ink_on_an_opaque_one(kind: str, shade: int) -> None:
    alpha = Image.fromarray(255 - np.asarray(seven(280)))
    flat = Image.new("L", alpha.size, shade)

    assert _difference(encoded(Image.merge("RGBA", [flat, flat, flat, alpha]), kind)) < 1


def test_numbers_of_16_bits_are_scaled_and_not_clipped() -> None:
    grey = np.asarray(seven(280), np.uint16) * 100 + 20_000

    assert _difference(encoded(Image.fromarray(grey), "PNG")) < 1
