"""What the networks of this program take: the pixels of one image, and the name of the way they are prepared."""

from __future__ import annotations

SIDE = 28
PIXELS = SIDE * SIDE
# Kept with every network, and checked when one is read: other inputs than those it learned from are other digits.
PREPARATION = "moments-3"
