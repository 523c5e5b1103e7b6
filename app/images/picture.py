"""The bytes of a picture file to an image that stands upright, and every refusal of what is no good picture."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import BmpImagePlugin, ExifTags, Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 16_000_000
# A picture 16 million pixels wide and one high is small by area, but not for what scales it.
MAX_SIDE = 16_384
# A JPEG is decoded at 1/2, 1/4 or 1/8 of its size, so a larger one costs no more.
MAX_JPEG_PIXELS = 64_000_000
# Each scan of a progressive JPEG goes through all of it again; ten are usual.
_MAX_SCANS = 32
# A picture of any size is worked on at about this one, still fifty times finer than what becomes of it.
WORKING_SIDE = 1024
# What is smaller can't have many parts. One of the largest size has some 1,000 chunks, or 33,000 blocks of a GIF.
_FEW_BYTES = 64 * 1024
_MAX_READS = 100_000
_MAX_CHUNKS = 10_000
# Pillow unpacks the runs of a BMP pixel by pixel in Python.
_MAX_RLE_PIXELS = 1_000_000
# A decoder unpacks a tile whole, however little of it lies in the picture.
_MAX_TILE = 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
# The chunks that say how a PNG looks. Texts and colour profiles, which may unpack to a thousand times their size,
# don't.
_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"eXIf", b"IEND")
_UPRIGHT = 1
# What the orientations of EXIF ask for.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_DAMAGED = "The picture is damaged or cut off. Save it anew, and send the whole file."
# How large a picture may be is decided here, by its header and before it is decoded.
Image.MAX_IMAGE_PIXELS = None


class DrawingError(Exception):
    """The picture can't be read as a digit; the message says what to change."""


class TooLargeError(DrawingError):
    """The picture is larger than is read."""


class UnsupportedError(DrawingError):
    """The bytes are no picture in one of the formats that are read."""


def open_picture(picture: bytes) -> Image.Image:
    """The picture before it is decoded: of a format, a size and a number of frames, one, that are read.

    Raises TooLargeError, UnsupportedError, or DrawingError for a picture that is damaged or has more frames.
    """
    if len(picture) > MAX_BYTES:
        raise TooLargeError(f"The picture has {len(picture):,} bytes. Send at most {MAX_BYTES:,}.")
    if picture.startswith(_PNG):
        picture = _plain_png(picture)
    try:
        image: Image.Image = Image.open(_file(picture), formats=FORMATS)
    except DrawingError:
        raise
    except Exception as error:
        raise UnsupportedError(
            "That is no picture that can be read. Send PNG, JPEG, WebP, BMP, GIF or TIFF."
        ) from error
    width, height = image.size
    if image.format in ("JPEG", "MPO"):
        _check_jpeg(image, picture)
    else:
        _check_size(width, height, _MAX_RLE_PIXELS if _is_rle(image) else MAX_PIXELS)
        if image.format == "TIFF":
            _check_tiles(image)
        _check_frames(image)
    return image


def decode(image: Image.Image) -> Image.Image:
    """A picture that was opened, upright, small enough to work on, in mode L or RGBA.

    Raises DrawingError when it is damaged, UnsupportedError for colours that are not read.
    """
    # Pillow's decoders raise whatever their formats make them stumble over, in any of these steps.
    try:
        image.load()
    except DrawingError:
        raise
    except Exception as error:
        raise DrawingError(_DAMAGED) from error
    turn = _TURNS.get(_orientation(image))
    try:
        image = _grey(image)
    except Exception as error:
        raise UnsupportedError(f"Pictures with colours stored as {image.mode} are not read. Save it as RGB.") from error
    return image if turn is None else image.transpose(turn)


class _Metered(io.BytesIO):
    """A file that ends the patience with a picture of a great many small parts, each of which takes Pillow a while."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > _MAX_READS:
            raise DrawingError("The picture has too many small parts. Save it anew, as PNG.")
        return super().read(size)


def _file(picture: bytes) -> io.BytesIO:
    return _Metered(picture) if len(picture) > _FEW_BYTES else io.BytesIO(picture)


def _check_size(width: int, height: int, most_pixels: int = MAX_PIXELS) -> None:
    if width * height > most_pixels or max(width, height) > MAX_SIDE:
        raise TooLargeError(
            f"The picture is {width} x {height} pixels. Send at most {min(most_pixels, MAX_PIXELS):,} pixels,"
            f" and no side above {MAX_SIDE:,}."
        )


def _is_rle(image: Image.Image) -> bool:
    return isinstance(image, BmpImagePlugin.BmpImageFile) and any(tile[0] == "bmp_rle" for tile in image.tile)


def _check_frames(image: Image.Image) -> None:
    try:
        moves = getattr(image, "is_animated", False)
    except DrawingError:
        raise
    except Exception as error:
        raise DrawingError(_DAMAGED) from error
    if moves:
        raise _frames()


def _frames() -> DrawingError:
    return DrawingError("The picture has several frames or pages. Send one of them, as a picture of its own.")


def _plain_png(picture: bytes) -> bytes:
    """A PNG without what doesn't change its look. Raises DrawingError for an animated one."""
    kept, place, plain = [picture[:8]], 8, True
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
                raise _frames()
        place = end
    raise DrawingError("The picture has too many small parts. Save it anew.")


def _check_jpeg(image: Image.Image, picture: bytes) -> None:
    """Lets the JPEG be decoded at the smallest scale that is at least the working size."""
    scans = picture.count(b"\xff\xda")
    width, height = image.size
    # What comes in one scan is decoded row by row; of the rest the whole has to be kept.
    in_one_scan = scans == 1 and not image.info.get("progressive")
    _check_size(width, height, MAX_JPEG_PIXELS if in_one_scan else MAX_PIXELS)
    if scans > _MAX_SCANS:
        raise DrawingError("The picture has too many scans. Save it anew, as a JPEG that is not progressive.")
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
        # Damaged notes beside a picture that is whole: it is taken as it lies.
        return _UPRIGHT


def _grey(image: Image.Image) -> Image.Image:
    """In mode L, or RGBA where there is transparency, and so small that no later step costs much."""
    mode = "RGBA" if image.has_transparency_data else "L"
    if image.mode != mode:
        is_deep = mode == "L" and (image.mode.startswith("I") or image.mode == "F")
        image = _scaled(image) if is_deep else image.convert(mode)
    return _reduced(image)


def _scaled(image: Image.Image) -> Image.Image:
    """16 and 32 bits to 8, which Pillow would clip: the lightest becomes white."""
    deep = np.nan_to_num(np.asarray(image, np.float32))
    deep *= 255 / max(float(deep.max()), 1e-6)
    return Image.fromarray(deep.clip(0, 255, out=deep).astype(np.uint8))


def _reduced(image: Image.Image) -> Image.Image:
    factor = -(-max(image.size) // WORKING_SIDE)
    return image.reduce(factor) if factor > 1 else image
