"""The fast way of decoding a PNG gives what Pillow gives, and leaves to Pillow what is unusual."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageChops

from app.data.drawings import FILE
from app.data.pens import draw
from app.images import drawing, picture, usual_png
from app.images.drawing import DrawingError
from app.images.usual_png import decode_usual_png
from app.settings import ROOT
from tests.faults.broken_pictures import chunks, encoded, png_of, seven


def _channels(mode: str, clear: bool) -> Image.Image:
    """A seven with other shades in each channel; its paper is transparent where `clear`."""
    grey = seven(280)
    shades = {"R": grey, "G": grey.rotate(3, fillcolor=255), "B": grey.rotate(6, fillcolor=255), "L": grey}
    alpha = Image.fromarray(255 - np.asarray(grey)) if clear else Image.new("L", grey.size, 255)
    return Image.merge(mode, [alpha if channel == "A" else shades[channel] for channel in mode])


KINDS = {
    **{mode: encoded(_channels(mode, False), "PNG") for mode in ("L", "RGB", "LA", "RGBA")},
    **{f"transparent {mode}": encoded(_channels(mode, True), "PNG") for mode in ("LA", "RGBA")},
}


def _by_pillow(content: bytes, read: Callable[[bytes], object], monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patched:
        patched.setattr(usual_png, "pyspng", None)
        return read(content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_usual_png_has_the_same_pixels_and_is_the_same_digit_however_it_is_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = KINDS[kind]
    opened = picture.open_picture(content)
    mode = kind if kind in ("L", "RGB") else "RGBA"
    np.testing.assert_array_equal(decode_usual_png(content), np.asarray(opened.convert(mode)))

    by_pillow = _by_pillow(content, drawing.read, monkeypatch)
    np.testing.assert_array_equal(drawing.read(content), by_pillow)


def test_a_drawing_is_the_same_digit_in_grey_as_a_canvas_sends_it_and_in_black_on_no_ground() -> None:
    rng = np.random.default_rng(4)
    for line in FILE.read_text().splitlines()[::5]:
        strokes = [np.array(stroke, float) for stroke in json.loads(line)["strokes"]]
        # Turned a little, for shades of grey at the edges.
        grey = draw(strokes, 20, 200, rng).rotate(1, Image.Resampling.BICUBIC, fillcolor=255)
        read = drawing.read_image(np.asarray(grey))

        black, full = (Image.new("L", grey.size, shade) for shade in (0, 255))
        ink = ImageChops.invert(grey)
        for sent in (Image.merge("RGBA", [grey, grey, grey, full]), Image.merge("RGBA", [black, black, black, ink])):
            np.testing.assert_array_equal(drawing.read(encoded(sent, "PNG")), read)


@pytest.mark.parametrize("how", range(5), ids=["none", "sub", "up", "average", "paeth"])
def test_each_filter_of_png_is_undone(how: int) -> None:
    side = 40
    rng = np.random.default_rng(7)
    rows = rng.integers(0, 256, (side, 1 + 4 * side), dtype=np.uint8)
    rows[:, 0] = how
    header = struct.pack(">II5B", side, side, 8, 6, 0, 0, 0)
    content = png_of((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    opened = Image.open(io.BytesIO(content))

    np.testing.assert_array_equal(decode_usual_png(content), np.asarray(opened))


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def _interlaced() -> bytes:
    """A single pixel is stored alike with and without interlacing."""
    header, *others = chunks(encoded(seven(1), "PNG"))
    return png_of((b"IHDR", header[1][:-1] + b"\1"), *others)


UNUSUAL = {
    "of another format": lambda: encoded(seven(), "BMP"),
    "with a palette": lambda: encoded(seven().convert("P"), "PNG"),
    "of 1 bit": lambda: encoded(seven().convert("1"), "PNG"),
    "of 16 bits": lambda: encoded(Image.fromarray(np.asarray(seven(), np.uint16) * 257), "PNG"),
    "with a transparent colour": lambda: encoded(seven(), "PNG", transparency=255),
    "with EXIF": lambda: encoded(seven(), "PNG", exif=_exif()),
    "of several frames": lambda: encoded(seven(), "PNG", save_all=True, append_images=[seven().rotate(90)]),
    "large": lambda: encoded(seven().resize((513, 20)), "PNG"),
    "interlaced": _interlaced,
    "with a wrong checksum": lambda: encoded(seven(), "PNG")[:-1] + b"\0",
    "cut off": lambda: encoded(seven(), "PNG")[:-1],
    "with bytes after its end": lambda: encoded(seven(), "PNG") + b"\0",
    "with two headers": lambda: png_of(*[list(chunks(encoded(seven(), "PNG")))[number] for number in (0, 0, 1, 2)]),
}


@pytest.mark.parametrize("content", UNUSUAL.values(), ids=UNUSUAL)
def test_pillow_decodes_a_picture_that_is(content: Callable[[], bytes]) -> None:
    assert decode_usual_png(content()) is None


def _outcome(content: bytes) -> str:
    try:
        return str(drawing.read(content).tolist())
    except DrawingError as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_a_usual_png_cut_or_changed_at_any_byte_is_read_or_refused_as_pillow_does(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = encoded(_channels(mode, True).resize((24, 24)), "PNG")
    broken = [content[:length] for length in range(len(content))]
    broken += [content[:place] + bytes([byte ^ 4]) + content[place + 1 :] for place, byte in enumerate(content)]

    for number, damaged in enumerate(broken):
        assert _outcome(damaged) == _by_pillow(damaged, _outcome, monkeypatch), number


_WITHOUT = """
import sys
sys.modules["pyspng"] = None
from app.images import drawing
sys.stdout.buffer.write(drawing.read(sys.stdin.buffer.read()).tobytes())
"""


def test_a_usual_png_is_read_where_pyspng_can_not_be_installed() -> None:
    done = subprocess.run([sys.executable, "-c", _WITHOUT], input=KINDS["RGBA"], cwd=ROOT, stdout=-1, check=True)

    assert done.stdout == drawing.read(KINDS["RGBA"]).tobytes()
