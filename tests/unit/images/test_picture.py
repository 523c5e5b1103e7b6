"""Pictures that cost more than they are worth, and how little it takes to refuse them."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from app.images import drawing, picture
from app.images.drawing import DrawingError, TooLargeError
from app.settings import ROOT
from tests.faults.broken_pictures import chunks, encoded, png_of, rle_bmp, saved, seven

PLAIN = drawing.read(encoded(seven(280), "PNG"))


def _header(width: int, height: int) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)


def _empty_png(width: int, height: int) -> bytes:
    packed = zlib.compressobj(9)
    rows = b"".join(packed.compress(bytes(width + 1)) for _ in range(height)) + packed.flush()
    return png_of(_header(width, height), (b"IDAT", rows), (b"IEND", b""))


def _png_with(*more: tuple[bytes, bytes]) -> bytes:
    first, *others = chunks(encoded(seven(280), "PNG"))
    return png_of(first, *more, *others)


def _with_sides(content: bytes, place: int, form: str, *sides: int) -> bytes:
    return content[:place] + struct.pack(form, *sides) + content[place + struct.calcsize(form) :]


def _jpeg_with(segments: bytes) -> bytes:
    content = encoded(seven(280), "JPEG")
    return content[:2] + segments + content[2:]


def _tiff_of_one_tile(side: int) -> bytes:
    tile = zlib.compress(bytes(side * side // 16), 9)
    tags = {256: 280, 257: 280, 258: 8, 259: 8, 262: 1, 277: 1, 322: side, 323: side, 324: 8, 325: len(tile)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<I", 8 + len(tile)) + tile + struct.pack("<H", len(tags)) + entries + bytes(4)


def _many_scans() -> bytes:
    content = encoded(Image.new("L", (4000, 4000), 128), "JPEG", progressive=True)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * 1000 + content[-2:]


MEGABYTE = zlib.compress(bytes(1 << 20), 9)
BOMBS: dict[str, Callable[[], bytes]] = {
    "a PNG of 13,000 x 13,000": lambda: _empty_png(13_000, 13_000),
    "a PNG of 16,000,000 x 1": lambda: _empty_png(16_000_000, 1),
    "a PNG of 600,000 chunks": lambda: _png_with(*[(b"abCd", b"")] * 600_000),
    "a PNG of 600,000 empty parts": lambda: _png_with(*[(b"IDAT", b"")] * 600_000),
    "a WebP of 16,384 x 16,384": lambda: _with_sides(
        encoded(seven().convert("RGBA"), "WEBP", exif=b"Exif\0\0" + bytes(20)), 24, "<HBHB", 0x3FFF, 0, 0x3FFF, 0
    ),
    "a GIF of 65,535 x 65,535": lambda: _with_sides(encoded(seven(), "GIF"), 6, "<HH", 65_535, 65_535),
    "a BMP of 4,000 x 4,000 in runs": lambda: _with_sides(
        rle_bmp(seven(280))[:1078] + b"\1\xff\0\0" * 4000, 18, "<ii", 4000, 4000
    ),
    "a TIFF with one tile of 16,384 x 16,384": lambda: _tiff_of_one_tile(16_384),
    "a JPEG of 1,000 scans": _many_scans,
    "a progressive JPEG of 48 megapixels": lambda: encoded(Image.new("L", (8000, 6000), 255), "JPEG", progressive=True),
}
# They have as many bytes as a picture may have: the time it takes to look through those is theirs alone.
LONG = {
    "a JPEG of 2,000,000 segments": lambda: _jpeg_with(b"\xff\xe5\0\2" * 2_000_000),
    "a JPEG with 8,000,000 bytes before its next segment": lambda: _jpeg_with(b"\xff" * 8_000_000),
    "a BMP of 2,000,000 runs": lambda: _with_sides(
        rle_bmp(seven(280))[:1078] + b"\1\xff\1\0" * 2_000_000, 18, "<ii", 1000, 1000
    ),
}

_COSTS = """
import json, sys, time
from pathlib import Path
from app.images import drawing

def most():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024

def cost(picture):
    Path("/proc/self/clear_refs").write_text("5")
    before, start = most(), time.process_time()
    try:
        drawing.read(picture)
        end = "read"
    except drawing.DrawingError as error:
        end = str(error)
    return time.process_time() - start, most() - before, end

pictures = [Path(name).read_bytes() for name in sys.argv[1:]]
# All its code is loaded, and the first is the good one.
[cost(picture) for picture in pictures]
good = sorted(cost(pictures[0])[0] for _ in range(9))[4]
costs = [min(cost(picture) for _ in range(5)) for picture in pictures[1:]]
print(json.dumps([good, costs]))
"""


def _costs(pictures: list[bytes], folder: Path) -> tuple[float, list[tuple[float, float, str]]]:
    """Seconds of the first, a good picture; and of each other its seconds, megabytes, and how it ended."""
    paths = saved(pictures, folder)
    # What is freed goes back at once: memory that is left from the picture before would hide what the next one takes.
    allocator = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
    out = subprocess.run(
        [sys.executable, "-c", _COSTS, *map(str, paths)],
        cwd=ROOT,
        env=os.environ | allocator,
        capture_output=True,
        text=True,
        check=True,
    )
    good, costs = json.loads(out.stdout)
    return good, costs


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="counts memory as Linux does")
def test_a_bomb_is_refused_for_twice_the_time_of_a_good_picture_and_8_megabytes_at_most(tmp_path: Path) -> None:
    bombs = {name: bomb() for name, bomb in (BOMBS | LONG).items()}
    good, costs = _costs([encoded(seven(280), "PNG"), *bombs.values()], tmp_path)

    for (name, bomb), (seconds, megabytes, end) in zip(bombs.items(), costs, strict=True):
        assert end != "read", name
        assert "no ink" not in end, name
        assert megabytes <= 8, name
        # The machine may be busy; what is looked through byte by byte takes its time by the byte.
        assert seconds <= 2 * good + len(bomb) * 1e-7, (name, seconds, good)


@pytest.mark.parametrize(
    "more",
    [
        [(b"zTXt", b"note%d\0\0" % number + MEGABYTE) for number in range(60)],
        [(b"iTXt", b"note%d\0\1\0\0\0" % number + MEGABYTE) for number in range(60)],
        [(b"iCCP", b"icc\0\0" + MEGABYTE)] * 1000,
        [(b"iCCP", b"icc\0\0" + zlib.compress(bytes(60 << 20), 9))],
        [(b"tEXt", b"no separator"), (b"gAMA", b""), (b"pHYs", b"1")],
    ],
    ids=["zTXt", "iTXt", "iCCP", "one large iCCP", "broken notes"],
)
def test_what_comes_along_in_a_png_and_is_not_seen_is_never_unpacked(
    more: list[tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PngImagePlugin, "_safe_zlib_decompress", lambda _: pytest.fail("it was unpacked"))

    np.testing.assert_array_equal(drawing.read(_png_with(*more)), PLAIN)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_more_frames_than_one_are_refused_with_what_to_do(kind: str) -> None:
    moving = encoded(seven(), kind, save_all=True, append_images=[seven().rotate(90), seven().rotate(180)])

    with pytest.raises(DrawingError, match=r"several frames or pages\. Send one"):
        drawing.read(moving)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_one_frame_saved_as_if_there_were_more_is_read(kind: str) -> None:
    assert np.abs(drawing.read(encoded(seven(280), kind, save_all=True)).astype(float) - PLAIN).mean() < 1


def test_a_phones_jpeg_with_more_pictures_after_the_first_is_read_as_the_first() -> None:
    content = encoded(seven(280), "MPO", save_all=True, append_images=[seven(280).rotate(90)])

    assert np.abs(drawing.read(content).astype(float) - PLAIN).mean() < 1


@pytest.mark.parametrize("size", [(4032, 3024), (3024, 4032), (8000, 6000)])
def test_a_large_jpeg_is_decoded_at_a_part_of_its_size_and_read_as_the_whole_is(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = Image.new("L", size, 255)
    photo.paste(seven(280).resize((2400, 2400)), (size[0] // 4, size[1] // 8))
    content = encoded(photo, "JPEG")

    small = picture.decode(picture.open_picture(content))
    read = drawing.read(content)
    monkeypatch.setattr(Image.Image, "draft", lambda *_: None)
    monkeypatch.setattr("PIL.JpegImagePlugin.JpegImageFile.draft", lambda *_: None)

    assert max(small.shape) <= picture.WORKING_SIDE
    assert np.abs(read.astype(float) - drawing.read(content)).mean() < 1


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="counts memory as Linux does")
def test_a_phones_photograph_needs_little_memory(tmp_path: Path) -> None:
    photo = Image.new("RGB", (4032, 3024), "white")
    photo.paste(seven(280).resize((2000, 2000)), (1000, 500))

    _, [(_, megabytes, end)] = _costs([encoded(seven(280), "PNG"), encoded(photo, "JPEG")], tmp_path)

    assert end == "read"
    assert megabytes < 12


def test_the_best_known_run_length_bmp_is_read() -> None:
    np.testing.assert_array_equal(drawing.read(rle_bmp(seven(280))), PLAIN)


def test_a_progressive_jpeg_is_read_up_to_the_limit_of_all_pictures() -> None:
    with pytest.raises(TooLargeError, match="16,000,000"):
        drawing.read(encoded(Image.new("L", (4100, 4000), 255), "JPEG", progressive=True))
    assert np.abs(drawing.read(encoded(seven(280), "JPEG", progressive=True)).astype(float) - PLAIN).mean() < 1
