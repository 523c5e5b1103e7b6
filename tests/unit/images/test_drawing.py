from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.data import mnist
from app.images import drawing
from app.images.drawing import DrawingError, TooLargeError, UnsupportedError
from app.images.normalise import normalise
from app.network.weights import read_weights
from app.settings import ROOT


def _seven(paper: object = 255, ink: object = 0, mode: str = "L", size: tuple[int, int] = (280, 280)) -> Image.Image:
    image = Image.new(mode, size, paper)  # type: ignore[arg-type]
    ImageDraw.Draw(image).line([(75, 65), (200, 65), (130, 220)], fill=ink, width=20, joint="curve")  # type: ignore[arg-type]
    return image


def _encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def _answer(picture: bytes) -> int:
    network = read_weights(ROOT / "models" / "classic.safetensors").network
    return int(network.feedforward(normalise(drawing.read(picture)[None])).argmax())


PLAIN = drawing.read(_encode(_seven()))


def _assert_reads_as_the_plain_seven(picture: bytes, most_difference: float = 2) -> None:
    difference = np.abs(drawing.read(picture).astype(float) - PLAIN)
    assert difference.mean() <= most_difference


def test_ink_fills_a_20x20_box_with_its_proportions_and_is_centred_by_mass() -> None:
    rows, columns = np.nonzero(PLAIN)

    assert PLAIN.shape == (28, 28)
    assert PLAIN.dtype == np.uint8
    assert rows.max() - rows.min() + 1 == 20
    assert 14 <= columns.max() - columns.min() + 1 <= 18
    grid = np.arange(28)
    assert abs((PLAIN.sum(axis=0) @ grid) / PLAIN.sum() - 14) <= 0.51
    assert abs((PLAIN.sum(axis=1) @ grid) / PLAIN.sum() - 14) <= 0.51


def test_an_image_of_mnist_saved_as_a_picture_is_read_as_itself(test_images: mnist.Images) -> None:
    differences = []
    for image in test_images.images[:200]:
        read = drawing.read(_encode(Image.fromarray(image)))
        differences.append(np.abs(read.astype(float) - image).mean())

    assert np.median(differences) < 2


def test_light_on_dark_and_dark_on_light_are_the_same_drawing() -> None:
    _assert_reads_as_the_plain_seven(_encode(_seven(paper=0, ink=255)), 0)


@pytest.mark.parametrize(("paper", "ink"), [(230, 90), (120, 20), (40, 200), (255, 200)])
def test_pale_ink_and_grey_paper_are_the_same_drawing(paper: int, ink: int) -> None:
    _assert_reads_as_the_plain_seven(_encode(_seven(paper, ink)), 0.5)


@pytest.mark.parametrize(("dark", "light"), [(120, 230), (170, 235), (60, 200)])
@pytest.mark.parametrize("turn", [0, 90, 45])
def test_uneven_light_on_the_paper_is_not_taken_for_ink(dark: int, light: int, turn: int) -> None:
    y, x = np.mgrid[:560, :560] / 560
    along = x * np.cos(np.radians(turn)) + y * np.sin(np.radians(turn))
    paper = dark + (light - dark) * along / along.max()
    drawn = np.asarray(_seven().resize((560, 560)), np.float64) / 255

    photo = Image.fromarray((paper * (0.15 + 0.85 * drawn)).astype(np.uint8))

    assert _answer(_encode(photo, "JPEG")) == _answer(_encode(_seven())) == 7


def test_a_stroke_that_runs_off_the_paper_does_not_tilt_it() -> None:
    image = _seven()
    ImageDraw.Draw(image).line([(0, 150), (130, 220)], fill=0, width=20)
    paper = np.linspace(150, 240, 280)[None, :] / 255

    shaded = Image.fromarray((np.asarray(image) * paper).astype(np.uint8))

    assert _answer(_encode(shaded)) == _answer(_encode(image))


@pytest.mark.parametrize("place", [(0, 0), (60, 0), (-60, -50), (60, 50)])
@pytest.mark.parametrize("size", [(280, 280), (560, 300)])
def test_where_on_the_paper_it_was_drawn_makes_no_difference(place: tuple[int, int], size: tuple[int, int]) -> None:
    image = Image.new("L", size, 255)
    image.paste(_seven().crop((60, 50, 220, 230)), (60 + place[0], 50 + place[1]))

    _assert_reads_as_the_plain_seven(_encode(image), 0)


def _deep(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image, np.uint16) * 257)


MODES: dict[str, Callable[[], Image.Image]] = {
    "1": lambda: _seven(1, 0, "1"),
    "L": _seven,
    "LA": lambda: _seven((255, 255), (0, 255), "LA"),
    "P": lambda: _seven().convert("P"),
    "RGB": lambda: _seven("white", "black", "RGB"),
    "RGBA": lambda: _seven((255, 255, 255, 255), (0, 0, 0, 255), "RGBA"),
    "I;16": lambda: _deep(_seven()),
}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_of_a_png_is_read(mode: str) -> None:
    image = MODES[mode]()
    assert image.mode == mode

    _assert_reads_as_the_plain_seven(_encode(image), 0.5)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("TIFF", "CMYK"), ("TIFF", "I;16"), ("TIFF", "F")])
def test_modes_that_no_png_has_are_read(kind: str, mode: str) -> None:
    image = {
        "CMYK": lambda: _seven("white", "black", "RGB").convert("CMYK"),
        "I;16": lambda: _deep(_seven()),
        "F": lambda: _seven().convert("F"),
    }[mode]()

    _assert_reads_as_the_plain_seven(_encode(image, kind))


@pytest.mark.parametrize("kind", drawing.FORMATS)
def test_every_format_is_read(kind: str) -> None:
    _assert_reads_as_the_plain_seven(_encode(_seven("white", "black", "RGB"), kind))


@pytest.mark.parametrize("ink", [(0, 0, 0, 255), (255, 255, 255, 255), (200, 30, 30, 255), (250, 240, 60, 255)])
@pytest.mark.parametrize("under", [(0, 0, 0, 0), (255, 255, 255, 0)])
def test_what_is_transparent_is_paper_whatever_its_colour_and_the_inks(
    ink: tuple[int, ...], under: tuple[int, ...]
) -> None:
    _assert_reads_as_the_plain_seven(_encode(_seven(under, ink, "RGBA")), 0.5)


def test_the_transparent_colour_of_a_palette_is_paper() -> None:
    image = Image.new("P", (280, 280), 0)
    image.putpalette([0, 0, 0, 0, 0, 0])
    ImageDraw.Draw(image).line([(75, 65), (200, 65), (130, 220)], fill=1, width=20, joint="curve")

    _assert_reads_as_the_plain_seven(_encode(image, transparency=0), 0.5)


@pytest.mark.parametrize("turn", range(1, 9))
def test_all_eight_exif_turns_are_applied(turn: int) -> None:
    transpose = Image.Transpose
    stored = {
        1: None,
        2: transpose.FLIP_LEFT_RIGHT,
        3: transpose.ROTATE_180,
        4: transpose.FLIP_TOP_BOTTOM,
        5: transpose.TRANSPOSE,
        6: transpose.ROTATE_90,
        7: transpose.TRANSVERSE,
        8: transpose.ROTATE_270,
    }[turn]
    image = _seven()
    exif = Image.Exif()
    exif[0x0112] = turn

    _assert_reads_as_the_plain_seven(_encode(image if stored is None else image.transpose(stored), exif=exif), 0)


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_page_has_no_ink(shade: int) -> None:
    with pytest.raises(DrawingError, match="no ink"):
        drawing.read(_encode(Image.new("L", (100, 100), shade)))


def test_a_wholly_transparent_picture_has_no_ink() -> None:
    with pytest.raises(DrawingError, match="no ink"):
        drawing.read(_encode(Image.new("RGBA", (50, 50), (10, 20, 30, 0))))


@pytest.mark.parametrize(
    "content", [b"", b"7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", bytes(5000)]
)
def test_what_is_no_picture_is_refused_with_the_formats_that_are(content: bytes) -> None:
    with pytest.raises(UnsupportedError, match="PNG, JPEG, WebP, BMP, GIF or TIFF"):
        drawing.read(content)


@pytest.mark.parametrize("kind", ["ICO", "PPM", "TGA", "PCX"])
def test_a_picture_of_another_format_is_refused_with_the_formats_that_are_read(kind: str) -> None:
    with pytest.raises(UnsupportedError, match="PNG, JPEG"):
        drawing.read(_encode(_seven("white", "black", "RGB"), kind))


@pytest.mark.parametrize("kind", drawing.FORMATS)
def test_a_picture_cut_anywhere_is_read_or_refused_and_never_fails_otherwise(kind: str) -> None:
    content = _encode(_seven("white", "black", "RGB").resize((60, 60)), kind)
    for length in range(0, len(content), max(1, len(content) // 150)):
        try:
            drawing.read(content[:length])
        except DrawingError as error:
            assert str(error)  # noqa: PT017 - any of its kinds will do


def test_a_truncated_picture_is_called_damaged() -> None:
    content = _encode(_seven("white", "black", "RGB"), "JPEG")

    with pytest.raises(DrawingError, match="damaged or cut off"):
        drawing.read(content[: len(content) // 2])


@pytest.mark.parametrize(("width", "height"), [(4001, 4001), (16_385, 1), (1, 16_385)])
def test_too_many_pixels_are_refused_by_the_header_alone(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = _encode(Image.new("1", (width, height)))
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("the picture was decoded"))

    with pytest.raises(TooLargeError, match="16,000,000"):
        drawing.read(content)


def test_a_picture_of_exactly_16_million_pixels_is_read() -> None:
    image = Image.new("L", (4000, 4000), 255)
    image.paste(_seven().resize((2800, 2800)), (600, 600))

    _assert_reads_as_the_plain_seven(_encode(image), 3)


def test_a_hairline_in_a_large_picture_is_full_ink_in_the_small_one() -> None:
    image = Image.new("L", (3000, 3000), 255)
    ImageDraw.Draw(image).line([(700, 600), (2100, 600), (1300, 2300)], fill=0, width=3)

    assert drawing.read(_encode(image)).max() == 255


@pytest.mark.parametrize("scale", [1 / 255, 257])
def test_numbers_of_any_range_in_a_float_tiff_are_read(scale: float) -> None:
    image = Image.fromarray(np.asarray(_seven(), np.float32) * np.float32(scale))

    _assert_reads_as_the_plain_seven(_encode(image, "TIFF"), 0.5)


def test_colours_that_can_not_be_read_are_refused_with_what_to_do() -> None:
    content = _encode(Image.merge("LAB", [_seven()] * 3), "TIFF")

    with pytest.raises(UnsupportedError, match=r"LAB.*RGB"):
        drawing.read(content)


def test_a_picture_with_any_byte_changed_is_read_or_refused_and_never_fails_otherwise() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    rng = np.random.default_rng(0)
    for kind in drawing.FORMATS:
        options = {} if kind in ("BMP", "GIF") else {"exif": exif}
        content = _encode(_seven("white", "black", "RGB").resize((40, 40)), kind, **options)
        for _ in range(400):
            changed = bytearray(content)
            # Headers and notes come first, and most goes wrong in them.
            place = int(rng.integers(0, min(len(content), 200)))
            changed[place] = int(rng.integers(0, 256))
            try:
                drawing.read(bytes(changed))
            except DrawingError as error:
                assert str(error)  # noqa: PT017 - any of its kinds will do


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(TooLargeError, match="8,388,608"):
        drawing.read(bytes(drawing.MAX_BYTES + 1))
