"""Photographs of a digit on paper, made by chance: pen, printed lines, light that falls unevenly, noise, JPEG."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Plane = NDArray[np.float32]
WIDTH, HEIGHT = 800, 600
_MARGIN = 60


class Scene(NamedTuple):
    """`light`: even, gradient, shadow, hand, vignette or spot. `lines`: none, ruled or squared."""

    light: str = "even"
    lines: str = "none"
    pencil: bool = False
    board: bool = False


def photograph(image: NDArray[np.uint8], scene: Scene, rng: np.random.Generator) -> bytes:
    """An image of MNIST (28, 28) uint8, written on a sheet or a board and photographed: a JPEG of 800 x 600."""
    side = rng.uniform(0.45, 0.85) * HEIGHT
    stroke = _written(image, round(28 * side / 20), rng)
    if scene.board:
        sheet = 0.08 + 0.75 * stroke
    else:
        ink = rng.uniform(0.45, 0.6) if scene.pencil else rng.uniform(0.7, 0.9)
        # The digit is 9 to 18 mm high.
        sheet = 0.93 * _printed(scene.lines, side / rng.uniform(9, 18), rng) * (1 - ink * stroke)
    seen = 255 * sheet * _LIGHTS[scene.light](rng) * rng.uniform(0.75, 1)
    lens = Image.fromarray(seen.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.2))
    clean = np.asarray(lens, np.float32)
    noise = 3 * rng.standard_normal(clean.shape, np.float32)
    noisy = clean + noise * np.sqrt(np.maximum(clean, 10) / 128)
    tints = [Image.fromarray((noisy * tint).clip(0, 255).astype(np.uint8)) for tint in (1.0, 0.97, 0.9)]
    content = io.BytesIO()
    Image.merge("RGB", tints).save(content, "JPEG", quality=80)
    return content.getvalue()


def _written(image: NDArray[np.uint8], side: int, rng: np.random.Generator) -> Plane:
    large = Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)
    edged = Image.fromarray((np.asarray(large, np.float32) / 255 * 2 - 0.5).clip(0, 1) * 255).convert("L")
    sheet = Image.new("L", (WIDTH, HEIGHT))
    x, y = (int(slack / 2 + rng.uniform(-0.45, 0.45) * max(slack, 0)) for slack in (WIDTH - side, HEIGHT - side))
    sheet.paste(edged, (x, y))
    return np.asarray(sheet, np.float32) / np.float32(255)


def _printed(lines: str, millimetre: float, rng: np.random.Generator) -> Plane:
    """How much of the light the paper reflects, of what it reflects between its lines."""
    # Wide enough that no corner is left blank when it is rotated.
    paper = Image.new("L", (WIDTH + 2 * _MARGIN, HEIGHT + 2 * _MARGIN), 255)
    if lines != "none":
        pen = ImageDraw.Draw(paper)
        shade, width = int(255 * rng.uniform(0.5, 0.75)), max(1, round(rng.uniform(0.15, 0.3) * millimetre))
        pitch = (5 if lines == "squared" else 9) * millimetre
        for y in np.arange(rng.uniform(0, pitch), paper.height, pitch):
            pen.line([(0, y), (paper.width, y)], fill=shade, width=width)
        for x in np.arange(rng.uniform(0, pitch), paper.width, pitch) if lines == "squared" else ():
            pen.line([(x, 0), (x, paper.height)], fill=shade, width=width)
        paper = paper.rotate(rng.uniform(-4, 4), Image.Resampling.BICUBIC)
    cropped = paper.crop((_MARGIN, _MARGIN, _MARGIN + WIDTH, _MARGIN + HEIGHT))
    return np.asarray(cropped, np.float32) / np.float32(255)


_Y, _X = (part.astype(np.float32) for part in np.mgrid[-0.5 : 0.5 : HEIGHT * 1j, -0.5 : 0.5 : WIDTH * 1j])


def _across(rng: np.random.Generator) -> Plane:
    angle = rng.uniform(0, 2 * np.pi)
    return np.asarray(_X * np.cos(angle) + _Y * np.sin(angle), np.float32)


def _gradient(rng: np.random.Generator) -> Plane:
    along = _across(rng)
    return np.asarray(1 - rng.uniform(0.3, 0.65) * (along - along.min()) / np.ptp(along), np.float32)


def _shadow(rng: np.random.Generator) -> Plane:
    edge, softness = rng.uniform(-0.2, 0.2), rng.uniform(0.004, 0.06)
    return np.asarray(1 - rng.uniform(0.25, 0.55) * (1 + np.tanh((_across(rng) - edge) / softness)) / 2, np.float32)


def _hand(rng: np.random.Generator) -> Plane:
    shadow = Image.new("L", (WIDTH, HEIGHT))
    pen, x, y = ImageDraw.Draw(shadow), rng.uniform(0.2, 0.8) * WIDTH, rng.uniform(0.5, 0.8) * HEIGHT
    pen.ellipse((x - 200, y - 60, x + 200, y + 360), fill=255)
    for finger in (-105, 0, 105):
        tip = (x + finger + rng.uniform(-80, 80), y - rng.uniform(120, 300))
        pen.line([(x + finger, y), tip], fill=255, width=64)
    soft = shadow.filter(ImageFilter.GaussianBlur(rng.uniform(4, 25)))
    return np.asarray(1 - rng.uniform(0.25, 0.5) * np.asarray(soft, np.float32) / 255, np.float32)


def _spot(rng: np.random.Generator) -> Plane:
    x, y = rng.uniform(-0.2, 0.2, 2)
    return np.asarray(0.5 + 0.5 * np.exp(-((_X - x) ** 2 + (_Y - y) ** 2) / 0.08), np.float32)


_LIGHTS = {
    "even": lambda _: np.ones_like(_X),
    "gradient": _gradient,
    "shadow": _shadow,
    "hand": _hand,
    "vignette": lambda rng: np.asarray(1 - rng.uniform(0.5, 1) * (_X**2 + _Y**2), np.float32),
    "spot": _spot,
}
