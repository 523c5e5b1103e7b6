"""Opens and decodes a picture file: to an upright image, or to an error that says what to change."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import BmpImagePlugin, ExifTags, Image

from app.images.shades import is_coloured
from app.images.usual_png import decode_usual_png

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 16_000_000
# A picture of 16,000,000 x 1 pixels has few pixels, but scaling it is slow.
MAX_SIDE = 16_384
# A JPEG is decoded at 1/2, 1/4 or 1/8 of its size, so a large one costs no more than a small one.
MAX_JPEG_PIXELS = 64_000_000
# Each scan of a progressive JPEG decodes the whole picture again; ten are usual.
_MAX_SCANS = 32
# Larger pictures are reduced to about this side, still fifty times finer than the 20x20 they become.
WORKING_SIDE = 1024
# A smaller file can't have many chunks. A file of the maximum size usually has about 1,000, or 33,000 in a GIF.
_FEW_BYTES = 64 * 1024
_MAX_READS = 100_000
_MAX_CHUNKS = 10_000
# Pillow decodes a run-length encoded BMP pixel by pixel in Python.
_MAX_RLE_PIXELS = 1_000_000
# A decoder unpacks whole tiles, even where most of a tile lies outside the picture.
_MAX_TILE = 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
# The chunks that change how a PNG looks. Texts and colour profiles don't, and may unpack to 1,000 times their size.
_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"eXIf", b"IEND")
# Before PNG had eXIf, programs wrote EXIF into a text chunk: a keyword, then a name, a length and hexadecimal digits.
_EXIF_TEXTS = (b"Raw profile type exif\0", b"Raw profile type APP1\0")
_MAX_EXIF_TEXT = 256 * 1024
# How pictures of the formats begin in base64, and data URLs.
_BASE64 = (b"data:", b"iVBORw0K", b"/9j/", b"UklGR", b"Qk", b"R0lGOD", b"SUkq", b"TU0A")
_SUPPORTED = "PNG, JPEG, WebP, BMP, GIF or TIFF"
_UPRIGHT = 1
_COLOURED = ("RGB", "P", "CMYK", "YCbCr")
# How to turn a picture upright, by its EXIF orientation.
_TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Those of them that exchange width and height.
_SIDEWAYS = (5, 6, 7, 8)
_DAMAGED = "The picture is damaged or cut off. Save it again, and send the whole file."
# Pillow's own limit. Here the header's size is checked before the picture is decoded.
Image.MAX_IMAGE_PIXELS = None


class DrawingError(Exception):
    """The picture can't be read as a digit; the message says what to change."""


class TooLargeError(DrawingError):
    """The picture is too large."""


class UnsupportedError(DrawingError):
    """The bytes are not a picture in one of `FORMATS`."""


def open_picture(picture: bytes) -> Image.Image:
    """Opens a picture without decoding it, and checks its format, its size, and that it has a single frame.

    Raises TooLargeError, UnsupportedError, or DrawingError for a damaged picture or one of several frames.
    """
    if len(picture) > MAX_BYTES:
        raise TooLargeError(f"The picture has {len(picture):,} bytes. Send at most {MAX_BYTES:,}.")
    if not picture:
        raise UnsupportedError(f"The picture is empty: it has 0 bytes. Send {_SUPPORTED}.")
    if picture.startswith(_PNG):
        picture = _plain_png(picture)
    try:
        image: Image.Image = Image.open(_file(picture), formats=FORMATS)
    except DrawingError:
        raise
    except Exception as error:
        if picture.lstrip().startswith(_BASE64):
            raise UnsupportedError("The picture is in base64. Decode it, and send the bytes of the file.") from error
        raise UnsupportedError(f"That is not a picture that can be read. Send {_SUPPORTED}.") from error
    width, height = image.size
    if image.format in ("JPEG", "MPO"):
        _check_jpeg(image, picture)
    else:
        _check_size(width, height, _MAX_RLE_PIXELS if _is_rle(image) else MAX_PIXELS)
        if image.format == "TIFF":
            _check_tiles(image)
        _check_frames(image)
    return image


def upright_size(picture: bytes, image: Image.Image) -> tuple[int, int]:
    """The width and height, upright and in pixels, of a picture from which `open_picture` opened the image.

    The image itself may be smaller: a large JPEG is decoded at a part of its size.
    """
    with Image.open(io.BytesIO(picture), formats=FORMATS) as whole:
        width, height = whole.size
    return (height, width) if _orientation(image) in _SIDEWAYS else (width, height)


def decode(image: Image.Image) -> NDArray[np.uint8]:
    """The pixels of an opened picture, upright, with sides of at most about `WORKING_SIDE`.

    They are grey (height, width), (height, width, 3) in RGB or, where some may be transparent, (height, width, 4) in
    RGBA.

    Raises DrawingError for a damaged picture, UnsupportedError for a colour mode that can't be converted.
    """
    # Pillow's decoders raise many kinds of exceptions for damaged files.
    try:
        image.load()
    except DrawingError:
        raise
    except Exception as error:
        raise DrawingError(_DAMAGED) from error
    transpose = _TRANSPOSES.get(_orientation(image))
    try:
        image = _converted(image)
    except Exception as error:
        raise UnsupportedError(f"Pictures with colours stored as {image.mode} are not read. Save it as RGB.") from error
    return np.asarray(image if transpose is None else image.transpose(transpose))


def decode_small(picture: bytes) -> NDArray[np.uint8] | None:
    """What `decode` gives for a small PNG, such as a browser's canvas makes, without opening it first; None for any
    other picture.

    Raises DrawingError for one of several frames or of too many small parts.
    """
    return decode_usual_png(_plain_png(picture)) if picture.startswith(_PNG) and len(picture) <= MAX_BYTES else None


def pixels_of(picture: bytes) -> NDArray[np.uint8]:
    """The pixels of a picture file, as `decode` gives them. Raises as `open_picture` and `decode` do."""
    pixels = decode_small(picture)
    return decode(open_picture(picture)) if pixels is None else pixels


class _Metered(io.BytesIO):
    """Caps the number of reads, so a file of tiny chunks can't tie up Pillow."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > _MAX_READS:
            raise DrawingError("The picture has too many small parts. Save it again, as PNG.")
        return super().read(size)


def _file(picture: bytes) -> io.BytesIO:
    return _Metered(picture) if len(picture) > _FEW_BYTES else io.BytesIO(picture)


def _check_size(width: int, height: int, max_pixels: int = MAX_PIXELS) -> None:
    if width * height > max_pixels or max(width, height) > MAX_SIDE:
        raise TooLargeError(
            f"The picture is {width} x {height} pixels. Send at most {min(max_pixels, MAX_PIXELS):,} pixels,"
            f" and no side above {MAX_SIDE:,}."
        )


def _is_rle(image: Image.Image) -> bool:
    return isinstance(image, BmpImagePlugin.BmpImageFile) and any(tile[0] == "bmp_rle" for tile in image.tile)


def _check_frames(image: Image.Image) -> None:
    try:
        is_animated = getattr(image, "is_animated", False)
    except DrawingError:
        raise
    except Exception as error:
        raise DrawingError(_DAMAGED) from error
    if is_animated:
        raise _several_frames()


def _several_frames() -> DrawingError:
    return DrawingError("The picture has several frames or pages. Send one of them, as a picture of its own.")


def _plain_png(picture: bytes) -> bytes:
    """The PNG with only the chunks in `_CHUNKS` and EXIF from a text. Raises DrawingError for an animated one."""
    kept, place, plain, has_exif = [picture[:8]], 8, True, False
    for _ in range(_MAX_CHUNKS):
        if place + 8 > len(picture):
            return picture if plain else b"".join(kept)
        length, kind = struct.unpack_from(">I4s", picture, place)
        end = place + 12 + length
        if kind in _CHUNKS:
            kept.append(picture[place:end])
        else:
            plain = False
            if kind == b"acTL" and picture[place + 8 : place + 12] > b"\0\0\0\1":
                raise _several_frames()
            if kind in (b"tEXt", b"zTXt") and picture.startswith(_EXIF_TEXTS, place + 8) and not has_exif:
                kept.append(_exif_chunk(kind, picture[place + 8 : end - 4]))
                has_exif = True
        place = end
    raise DrawingError("The picture has too many small parts. Save it again.")


def _exif_chunk(kind: bytes, content: bytes) -> bytes:
    """The eXIf chunk for a text chunk with EXIF in it; nothing if that is damaged."""
    text = content[len(_EXIF_TEXTS[0]) :]
    try:
        if kind == b"zTXt":
            text = zlib.decompressobj().decompress(text[1:], _MAX_EXIF_TEXT)
        exif = bytes.fromhex(text.split(b"\n", 3)[3].decode()).removeprefix(b"Exif\0\0")
    except (zlib.error, IndexError, ValueError):
        return b""
    return struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", zlib.crc32(b"eXIf" + exif))


def _check_jpeg(image: Image.Image, picture: bytes) -> None:
    """Checks the size, and sets the smallest decoding scale that is at least the working size."""
    scans = picture.count(b"\xff\xda")
    width, height = image.size
    # A JPEG of a single scan is decoded row by row; one of several scans is held whole in memory.
    in_one_scan = scans == 1 and not image.info.get("progressive")
    _check_size(width, height, MAX_JPEG_PIXELS if in_one_scan else MAX_PIXELS)
    if scans > _MAX_SCANS:
        raise DrawingError("The picture has too many scans. Save it again, as a JPEG that is not progressive.")
    scale = max(width, height) // WORKING_SIDE
    if scale > 1:
        image.draft("L", (max(1, width // scale), max(1, height // scale)))


def _check_tiles(image: Image.Image) -> None:
    tags = getattr(image, "tag_v2", {})
    try:
        tile = int(tags.get(322, 0)) * int(tags.get(323, 0))
    except (TypeError, ValueError) as error:
        raise DrawingError(_DAMAGED) from error
    if tile > _MAX_TILE:
        raise TooLargeError(f"The picture's tiles have {tile:,} pixels. Send at most {_MAX_TILE:,} in each.")


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, _UPRIGHT))
    except Exception:
        # Damaged metadata in an intact picture: it is read without being turned.
        return _UPRIGHT


def _converted(image: Image.Image) -> Image.Image:
    """The image in mode RGBA if it has transparency, else in RGB if it is coloured, else in L, with sides of at most
    about `WORKING_SIDE`.
    """
    mode = "L"
    if image.has_transparency_data:
        mode = "RGBA"
    elif image.mode in _COLOURED and is_coloured(image):
        mode = "RGB"
    if image.mode != mode:
        is_deep = mode == "L" and (image.mode.startswith("I") or image.mode == "F")
        image = _scaled(image) if is_deep else image.convert(mode)
    return _reduced(image)


def _scaled(image: Image.Image) -> Image.Image:
    """16 or 32 bits a pixel to 8, with the lightest as white. Pillow's `convert` would clip them."""
    deep = np.nan_to_num(np.asarray(image, np.float32))
    deep *= 255 / max(float(deep.max()), 1e-6)
    return Image.fromarray(deep.clip(0, 255, out=deep).astype(np.uint8))


def _reduced(image: Image.Image) -> Image.Image:
    factor = -(-max(image.size) // WORKING_SIDE)
    return image.reduce(factor) if factor > 1 else image
