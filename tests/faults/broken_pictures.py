"""Pictures of a digit in every format and mode, and ways to break them so that they still reach a decoder."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

_PNG = b"\x89PNG\r\n\x1a\n"


def seven(side: int = 60) -> Image.Image:
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line([(75, 65), (200, 65), (130, 220)], fill=0, width=20, joint="curve")
    return image.resize((side, side))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def whole_pictures() -> list[bytes]:
    """Small ones, of every format, with what can come along in it: turns, texts, profiles, palettes, more frames."""
    grey, rgb = seven(), seven().convert("RGB")
    rgba = Image.merge("RGBA", [grey, grey, grey, Image.fromarray(255 - np.asarray(grey))])
    deep = Image.fromarray(np.asarray(grey, np.uint16) * 257)
    exif = Image.Exif()
    exif[0x0112] = 6
    texts = PngImagePlugin.PngInfo()
    texts.add_text("note", "seven " * 100, zip=True)
    texts.add_itxt("note", "sieben " * 100, zip=True)
    frames = {"save_all": True, "append_images": [grey.rotate(90), grey.rotate(180)]}
    return [
        *(encoded(image, "PNG") for image in (grey, rgb, rgba, deep, grey.convert("P"), grey.convert("1"))),
        encoded(grey, "PNG", exif=exif, pnginfo=texts, icc_profile=bytes(500)),
        encoded(grey.convert("P"), "PNG", transparency=0),
        *(encoded(image, "JPEG", exif=exif) for image in (grey, rgb, rgb.convert("CMYK"))),
        encoded(rgb, "JPEG", progressive=True, icc_profile=bytes(500)),
        *(encoded(image, "WEBP", lossless=True, exif=exif) for image in (rgb, rgba)),
        encoded(rgb, "WEBP"),
        *(encoded(image, "BMP") for image in (grey, rgb, grey.convert("1"))),
        rle_bmp(grey),
        *(encoded(image, "GIF") for image in (grey, rgb.quantize(16))),
        encoded(grey.convert("P"), "GIF", transparency=0, interlace=True),
        *(encoded(image, "TIFF") for image in (grey, rgb, rgba, deep, grey.convert("F"), grey.convert("1"))),
        *(encoded(grey, "TIFF", compression=how) for how in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")),
        encoded(grey.convert("1"), "TIFF", compression="group4", exif=exif),
        *(encoded(grey, kind, **frames) for kind in ("GIF", "PNG", "WEBP", "TIFF")),
    ]


def usual_pngs() -> list[bytes]:
    """Small ones of 8 bits a channel, in each colour type, with other shades in each channel."""
    grey = seven()
    red, green, alpha = grey.rotate(3), grey.rotate(6), Image.fromarray(255 - np.asarray(grey))
    channels = {"L": [grey], "LA": [grey, alpha], "RGB": [red, green, grey], "RGBA": [red, green, grey, alpha]}
    return [encoded(Image.merge(mode, shades), "PNG") for mode, shades in channels.items()]


def rle_bmp(image: Image.Image) -> bytes:
    """A picture of mode L as BMP with run-length encoding, which Pillow reads but doesn't write."""
    rows = b""
    for row in np.asarray(image)[::-1].tolist():
        for shade, run in itertools.groupby(row):
            count = len(list(run))
            while count:
                rows += bytes([min(count, 255), shade])
                count -= min(count, 255)
        rows += b"\0\0"
    rows += b"\0\1"
    header = struct.pack("<IiiHHIIiiII", 40, image.width, image.height, 1, 8, 1, len(rows), 0, 0, 256, 0)
    palette = b"".join(bytes([shade, shade, shade, 0]) for shade in range(256))
    start = 14 + len(header) + len(palette)
    return struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start) + header + palette + rows


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The type and the content of each chunk of a whole PNG."""
    place = len(_PNG)
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        yield kind, png[place + 8 : place + 8 + length]
        place += 12 + length


def png_of(*parts: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks, each with its checksum."""
    return _PNG + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def mutated(pictures: list[bytes], rng: np.random.Generator) -> bytes:
    """One of the pictures, broken in one to four of the ways below."""
    content = bytearray(pictures[int(rng.integers(len(pictures)))])
    if content.startswith(_PNG) and rng.random() < 0.7:
        return _png_with_right_sums(content, pictures, rng)
    for _ in range(int(rng.integers(1, 5))):
        content = _MUTATIONS[int(rng.integers(len(_MUTATIONS)))](content, pictures, rng)
    return bytes(content)


def _png_with_right_sums(png: bytearray, pictures: list[bytes], rng: np.random.Generator) -> bytes:
    """Broken inside of its chunks, before they get their checksums, or inside of the pixels, before compression."""
    parts = list(chunks(bytes(png)))
    for _ in range(int(rng.integers(1, 3))):
        number = int(rng.integers(len(parts)))
        kind, content = parts[number]
        way = rng.random()
        if way < 0.15:
            parts.insert(int(rng.integers(len(parts) + 1)), parts[number])
        elif way < 0.3:
            del parts[number]
            if not parts:
                break
        elif kind == b"IDAT" and way < 0.6:
            parts[number] = kind, _with_other_pixels(content, pictures, rng)
        else:
            change = _MUTATIONS[int(rng.integers(len(_MUTATIONS)))]
            parts[number] = kind, bytes(change(bytearray(content or b"\0"), pictures, rng))
    return png_of(*parts)


def _with_other_pixels(compressed: bytes, pictures: list[bytes], rng: np.random.Generator) -> bytes:
    try:
        pixels = bytearray(zlib.decompress(compressed))
    except zlib.error:
        # Broken before.
        return compressed
    return zlib.compress(bytes(_flipped(pixels, pictures, rng)))


def _flipped(content: bytearray, _: list[bytes], rng: np.random.Generator) -> bytearray:
    """Some bytes changed, more often near the start, where the headers are."""
    for _time in range(int(rng.integers(1, 6))):
        reach = len(content) if rng.random() < 0.4 else min(len(content), 120)
        if reach:
            content[int(rng.integers(reach))] = int(rng.choice([0, 1, 127, 128, 255, int(rng.integers(256))]))
    return content


def _one_bit(content: bytearray, _: list[bytes], rng: np.random.Generator) -> bytearray:
    if content:
        content[int(rng.integers(len(content)))] ^= 1 << int(rng.integers(8))
    return content


def _cut(content: bytearray, _: list[bytes], rng: np.random.Generator) -> bytearray:
    return content[: int(rng.integers(len(content) + 1))]


def _without_a_part(content: bytearray, _: list[bytes], rng: np.random.Generator) -> bytearray:
    start = int(rng.integers(len(content) + 1))
    return content[:start] + content[start + int(rng.integers(1, 200)) :]


def _with_a_part_twice(content: bytearray, _: list[bytes], rng: np.random.Generator) -> bytearray:
    start = int(rng.integers(len(content) + 1))
    part = content[start : start + int(rng.integers(1, 400))]
    return content[:start] + part * int(rng.integers(2, 30)) + content[start:]


def _spliced(content: bytearray, pictures: list[bytes], rng: np.random.Generator) -> bytearray:
    """The start of one, the end of another."""
    other = pictures[int(rng.integers(len(pictures)))]
    return content[: int(rng.integers(len(content) + 1))] + other[int(rng.integers(len(other))) :]


def _another_number(content: bytearray, _: list[bytes], rng: np.random.Generator) -> bytearray:
    """A field of two or four bytes with a number that is rarely in it: lengths, sides, offsets, counts."""
    how = [">H", "<H", ">I", "<I"][int(rng.integers(4))]
    most = 0xFFFF if how.endswith("H") else 0xFFFFFFFF
    number = [0, 1, 0x7FFF, most // 2, most // 2 + 1, most, int(rng.integers(most))][int(rng.integers(7))]
    reach = max(1, min(len(content), 400 if rng.random() < 0.7 else len(content)) - 4)
    start = int(rng.integers(reach))
    field = struct.pack(how, number)
    content[start : start + len(field)] = field
    return content


_MUTATIONS = (_flipped, _one_bit, _cut, _without_a_part, _with_a_part_twice, _spliced, _another_number)


def saved(pictures: list[bytes], folder: Path) -> list[Path]:
    """Files with the pictures, for a process of its own to read."""
    paths = [folder / f"{number}.picture" for number in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        path.write_bytes(picture)
    return paths
