"""Pictures with more in them than a digit on clean paper, one kind a function: a frame, a dot, a desk, two colours."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.data.pens import WIDTHS, Strokes, draw

Plane = NDArray[np.float32]
Rng = np.random.Generator
_LUMA = np.array([0.299, 0.587, 0.114])


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _jpeg(image: Image.Image, quality: int = 85) -> bytes:
    content = io.BytesIO()
    image.save(content, "JPEG", quality=quality)
    return content.getvalue()


def _digit(strokes: Strokes, rng: Rng, smallest: float = 110, largest: float = 200) -> Image.Image:
    """The digit alone, dark on white, without margin."""
    image = draw(strokes, rng.uniform(*WIDTHS), rng.uniform(smallest, largest), rng)
    return image.crop(ImageChops.invert(image).getbbox())


def _within(
    digit: Image.Image, size: tuple[int, int], rng: Rng, margin: int = 10
) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """The digit at a random place of a white sheet, and its box (left, top, right, bottom)."""
    left, top = (
        int(rng.integers(margin, whole - part - margin + 1)) for whole, part in zip(size, digit.size, strict=True)
    )
    sheet = Image.new("L", size, 255)
    sheet.paste(digit, (left, top))
    return sheet, (left, top, left + digit.width, top + digit.height)


def _either_way(image: Image.Image, rng: Rng) -> Image.Image:
    """The image, or half of the time its negative."""
    return ImageChops.invert(image) if rng.random() < 0.5 else image


def plain(strokes: Strokes, rng: Rng) -> bytes:
    return _png(_within(_digit(strokes, rng), (280, 280), rng)[0])


def framed(strokes: Strokes, rng: Rng) -> bytes:
    image, _ = _within(_digit(strokes, rng), (280, 280), rng, 20)
    width = int(rng.integers(1, 7))
    ImageDraw.Draw(image).rectangle((0, 0, 279, 279), outline=int(rng.integers(0, 140)), width=width)
    return _png(_either_way(image, rng))


def dotted(strokes: Strokes, rng: Rng) -> bytes:
    image, box = _within(_digit(strokes, rng), (280, 280), rng)
    radius = rng.uniform(3, 11)
    while True:
        x, y = rng.uniform(radius + 2, 278 - radius, 2)
        away = max(box[0] - x, x - box[2], box[1] - y, y - box[3])
        if away > radius + 8:
            break
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return _png(_either_way(image, rng))


def stopped(strokes: Strokes, rng: Rng) -> bytes:
    image, box = _within(_digit(strokes, rng, 110, 190), (320, 280), rng, 40)
    radius = rng.uniform(5, 12)
    x, y = box[2] + radius + rng.uniform(5, 12), box[3] - radius - rng.uniform(-4, 4)
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return _png(_either_way(image, rng))


def underlined(strokes: Strokes, rng: Rng) -> bytes:
    digit = _digit(strokes, rng, 110, 190)
    image, (left, _, right, bottom) = _within(digit, (360, 280), rng, 45)
    y = bottom + rng.uniform(-0.06, 0.12) * digit.height
    reach, tilt = rng.uniform(-0.05, 0.3) * digit.height, rng.uniform(-4, 4)
    line = [(left - reach, y + tilt), (right + reach * rng.uniform(0.5, 1.5), y - tilt)]
    ImageDraw.Draw(image).line(line, fill=0, width=int(rng.integers(4, 12)))
    return _png(_either_way(image, rng))


def circled(strokes: Strokes, rng: Rng) -> bytes:
    digit = _digit(strokes, rng, 110, 180)
    image, box = _within(digit, (480, 480), rng, 110)
    radius = np.hypot(*digit.size) / 2 * rng.uniform(1.2, 1.6)
    wide, high = radius * rng.uniform(0.95, 1.1), radius * rng.uniform(0.95, 1.1)
    x, y = (box[0] + box[2]) / 2 + rng.uniform(-4, 4), (box[1] + box[3]) / 2 + rng.uniform(-4, 4)
    start, gap = rng.uniform(0, 360), rng.choice([0, 0, 15])
    box = (x - wide, y - high, x + wide, y + high)
    ImageDraw.Draw(image).arc(box, start, start + 360 - gap, fill=0, width=int(rng.integers(4, 18)))
    return _png(_either_way(image, rng))


def touched(strokes: Strokes, rng: Rng) -> bytes:
    """A circle that the digit touches or crosses a little."""
    digit = _digit(strokes, rng, 130, 200)
    image, box = _within(digit, (480, 480), rng, 110)
    width = int(rng.integers(4, 14))
    x, y = (box[0] + box[2]) / 2 + rng.uniform(-6, 6), (box[1] + box[3]) / 2 + rng.uniform(-6, 6)
    rows, columns = np.nonzero(np.asarray(digit) < 128)
    farthest = float(np.hypot(columns + box[0] - x, rows + box[1] - y).max())
    radius = farthest - rng.uniform(1 - width / 2, width / 2 + 6)
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), outline=0, width=width)
    return _png(_either_way(image, rng))


def cut_out(strokes: Strokes, rng: Rng) -> bytes:
    """A digit of the paper's shade on a disc."""
    digit = _digit(strokes, rng, 110, 180)
    side = int(np.hypot(*digit.size) * rng.uniform(1.1, 1.4))
    image = Image.new("L", (side + int(rng.integers(60, 200)), side + int(rng.integers(60, 200))), 255)
    left, top = (int(rng.uniform(10, whole - side - 10)) for whole in image.size)
    ImageDraw.Draw(image).ellipse((left, top, left + side, top + side), fill=int(rng.integers(0, 110)))
    place = (left + (side - digit.width) // 2, top + (side - digit.height) // 2)
    image.paste(255, place, ImageChops.invert(digit))
    return _png(_either_way(image, rng))


def boxed(strokes: Strokes, rng: Rng) -> bytes:
    image, (left, top, right, bottom) = _within(_digit(strokes, rng, 110, 200), (400, 400), rng, 80)
    left, top, right, bottom = (
        edge + sign * int(rng.integers(15, 60))
        for edge, sign in zip((left, top, right, bottom), (-1, -1, 1, 1), strict=True)
    )
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    crooked = [(x + rng.uniform(-5, 5), y + rng.uniform(-5, 5)) for x, y in corners]
    ImageDraw.Draw(image).line([*crooked, crooked[0]], fill=0, width=int(rng.integers(3, 14)), joint="curve")
    return _png(_either_way(image, rng))


def screenshot(strokes: Strokes, rng: Rng) -> bytes:
    width, height = 540, 960
    ground, bar = int(rng.integers(0, 45)), int(rng.integers(40, 90))
    image = Image.new("L", (width, height), ground)
    pen = ImageDraw.Draw(image)
    top, bottom = int(rng.integers(40, 80)), int(rng.integers(50, 110))
    if rng.random() < 0.5:
        pen.rectangle((0, 0, width, top), fill=bar)
    pen.rectangle((0, height - bottom, width, height), fill=bar)
    light = int(rng.integers(170, 256))
    pen.text((20, top / 3), f"{rng.integers(10, 24)}:{rng.integers(10, 60)}", fill=light, font_size=top // 3)
    pen.rectangle((width - 60, top / 3, width - 20, top * 2 / 3), outline=light, width=2)
    for x in (width / 6, width / 2, width * 5 / 6):
        if rng.random() < 0.7:
            middle = height - bottom / 2
            pen.ellipse((x - 12, middle - 12, x + 12, middle + 12), outline=light, width=3)
    digit = _digit(strokes, rng, 110, 240)
    mask, _ = _within(digit, (width, height - top - bottom - 20), rng, 30)
    image.paste(Image.new("L", mask.size, int(rng.integers(190, 256))), (0, top + 10), ImageChops.invert(mask))
    return _png(image) if rng.random() < 0.7 else _jpeg(image)


def on_desk(strokes: Strokes, rng: Rng) -> bytes:
    """A white sheet on a dark desk, turned and tilted a little, in uneven light: a JPEG with noise."""
    width, height, side = 1200, 900, 600
    across, turn = rng.uniform(560, 950), np.radians(rng.uniform(-12, 12))
    down = min(rng.uniform(560, 800), across * 1.25)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (across / 2, down / 2)
    corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners += rng.uniform(-0.04, 0.04, (4, 2)) * across
    farthest_x, farthest_y = np.abs(corners).max(axis=0)
    corners *= min(1.0, (width / 2 - 25) / farthest_x, (height / 2 - 25) / farthest_y)
    numbers = _perspective(corners + np.array([width, height]) / 2, side)

    def seen(flat: Image.Image) -> Plane:
        tilted = flat.transform((width, height), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR)
        return np.asarray(tilted, np.float32) / np.float32(255)

    ink, paper, desk = rng.uniform(10, 60), rng.uniform(190, 245), rng.uniform(20, 110)
    sheet = ink + (paper - ink) * seen(_within(_large(strokes, rng), (side, side), rng, 70)[0])
    covered = seen(Image.new("L", (side, side), 255))
    angle, unevenness = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.3)
    x, y = (np.linspace(-0.5, 0.5, count, dtype=np.float32) * unevenness for count in (width, height))
    light = 1 + x * np.cos(angle).astype(np.float32) + y[:, None] * np.sin(angle).astype(np.float32)
    noise = rng.standard_normal((height, width), np.float32) * 3
    shades = (covered * sheet + (1 - covered) * desk) * light + noise
    picture = Image.fromarray(shades.clip(0, 255).astype(np.uint8))
    return _jpeg(picture.filter(ImageFilter.GaussianBlur(1)))


def _large(strokes: Strokes, rng: Rng) -> Image.Image:
    digit = _digit(strokes, rng, 170, 250)
    return digit.resize((round(digit.width * 1.6), round(digit.height * 1.6)), Image.Resampling.BICUBIC)


def _perspective(corners: NDArray[np.float64], side: int) -> list[float]:
    """Pillow's eight numbers, which map places of the picture to places of a square sheet with these corners."""
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (side, 0), (side, side), (0, side)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(right))]


def in_window(strokes: Strokes, rng: Rng) -> bytes:
    """A white window with a soft shadow around it, in the alpha channel or on a light page."""
    side, size = 400, int(rng.integers(240, 320))
    left, top = (int(value) for value in rng.integers(40, side - size - 20, 2))
    drop, strength = int(rng.integers(0, 14)), rng.uniform(0.3, 0.8)
    shadow = Image.new("L", (side, side))
    ImageDraw.Draw(shadow).rectangle((left, top + drop, left + size, top + drop + size), fill=round(255 * strength))
    image = Image.new("RGBA", (side, side))
    image.putalpha(shadow.filter(ImageFilter.GaussianBlur(rng.uniform(6, 20))))
    window = _within(_digit(strokes, rng, 110, 190), (size, size), rng, 15)[0]
    image.paste(window.convert("RGBA"), (left, top))
    if rng.random() < 0.3:
        shade = int(rng.integers(225, 256))
        page = Image.new("RGBA", image.size, (shade, shade, shade, 255))
        image = Image.alpha_composite(page, image).convert("RGB")
    return _png(image)


def coloured(strokes: Strokes, rng: Rng) -> bytes:
    """Ink and paper of one brightness and two colours."""
    while True:
        ink, paper = rng.uniform(0, 255, (2, 3))
        paper += ink @ _LUMA - paper @ _LUMA
        if paper.min() >= 0 and paper.max() <= 255 and np.abs(ink - paper).max() > 110:
            break
    cover = 1 - np.asarray(_within(_digit(strokes, rng), (280, 280), rng)[0], np.float32)[..., None] / 255
    seen = Image.fromarray(np.round(cover * ink + (1 - cover) * paper).astype(np.uint8))
    return _png(seen) if rng.random() < 0.6 else _jpeg(seen)


def on_card(strokes: Strokes, rng: Rng) -> bytes:
    """A card with round corners on a page of another shade, light or dark."""
    page = int(rng.integers(20, 225))
    image = Image.new("L", (420, 420), page)
    size = int(rng.integers(260, 370))
    left, top = (int(value) for value in rng.integers(20, 400 - size + 1, 2))
    card = int(rng.integers(max(page + 20, 200), 256))
    box = (left, top, left + size, top + size)
    outline = int(page * 0.8) if rng.random() < 0.3 else None
    ImageDraw.Draw(image).rounded_rectangle(box, rng.uniform(8, 50), fill=card, outline=outline, width=2)
    mask, _ = _within(_digit(strokes, rng), (size, size), rng, 22)
    ink = int(rng.integers(0, 60))
    image.paste(Image.new("L", mask.size, ink), (left, top), ImageChops.invert(mask))
    return _png(_either_way(image, rng))


def in_cell(strokes: Strokes, rng: Rng) -> bytes:
    """A cell of a form, cut out a little too large: the grid's lines cross the picture near its edges."""
    image, _ = _within(_digit(strokes, rng, 110, 180), (320, 320), rng, 55)
    pen, shade, width = ImageDraw.Draw(image), int(rng.integers(0, 150)), int(rng.integers(1, 7))
    for edge in (0, 1):
        for along in (0, 1):
            if rng.random() < 0.85:
                place = rng.uniform(5, 38)
                place = 319 - place if edge else place
                line = [(0, place), (320, place)] if along else [(place, 0), (place, 320)]
                pen.line(line, fill=shade, width=width)
    return _png(_either_way(image, rng))


KINDS: dict[str, Callable[[Strokes, Rng], bytes]] = {
    "plain": plain,
    "framed": framed,
    "a stray dot": dotted,
    "a full stop": stopped,
    "underlined": underlined,
    "circled": circled,
    "touched by its circle": touched,
    "cut out of a disc": cut_out,
    "boxed": boxed,
    "a dark screenshot": screenshot,
    "on a dark desk": on_desk,
    "a window's shadow": in_window,
    "two colours": coloured,
    "a rounded card": on_card,
    "a form's cell": in_cell,
}
