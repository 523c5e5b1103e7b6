"""A colour picture as one shade a pixel: its brightness or, where that is flat, another direction in colour space."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]
# Colours are judged by about this many pixels a side.
_SAMPLE_SIDE = 64
# A pixel is coloured if its channels are at least so far apart, of 255; a picture, if this share of its pixels is.
_COLOURED, _LEAST = 48, 0.005
# Shades of grey so far apart, of 255, are enough.
_CLEAR = 140
# Colour counts if it spreads the pixels at least so many times as far as brightness does.
_FARTHER = 2.0


def is_coloured(image: Image.Image) -> bool:
    """Whether an image of any mode that converts to RGB has more than shades of grey."""
    sample = image.resize(_sample_size(image), Image.Resampling.NEAREST).convert("RGB")
    _, saturation, value = cv2.split(cv2.cvtColor(np.asarray(sample), cv2.COLOR_RGB2HSV))
    # Saturation is the range of a pixel's channels, as a share of the largest.
    channel_range = cv2.multiply(saturation, value, scale=1 / 255)
    return bool(np.count_nonzero(channel_range >= _COLOURED) >= _LEAST * channel_range.size)


def shades_of(pixels: NDArray[np.uint8]) -> Grey:
    """Pixels in grey (height, width), in RGB (height, width, 3) or opaque in RGBA, as (height, width), 0..255.

    A colour picture is projected on the first principal component of its colours where that tells them apart much
    better than brightness: red from green of one brightness, say (Pearson, "On lines and planes of closest fit to
    systems of points in space", 1901). Which of the two becomes dark is arbitrary.
    """
    if pixels.ndim == 2:
        return pixels
    image = Image.fromarray(pixels)
    brightness = np.asarray(image.convert("L"))
    if int(brightness.max()) - int(brightness.min()) >= _CLEAR or not is_coloured(image):
        return brightness
    image = image.convert("RGB")
    sample = np.asarray(image.resize(_sample_size(image), Image.Resampling.NEAREST), np.float32).reshape(-1, 3)
    if len(sample) == 1:
        return brightness
    middle = sample.mean(axis=0)
    values, directions = np.linalg.eigh(np.cov((sample - middle).T))
    # As long as the way from black to white, so that both are spreads of 0..255.
    direction = directions[:, -1] / np.sqrt(3)
    if np.sqrt(max(values[-1], 0) / 3) < _FARTHER * brightness.std():
        return brightness
    shades = (np.asarray(image, np.float32) - middle) @ direction.astype(np.float32)
    return np.asarray(np.round(shades + 128).clip(0, 255), np.uint8)


def _sample_size(image: Image.Image) -> tuple[int, int]:
    return min(image.width, _SAMPLE_SIDE), min(image.height, _SAMPLE_SIDE)
