"""The inputs of all networks: the pixels of one image, and the name of their preparation."""

from __future__ import annotations

SIDE = 28
PIXELS = SIDE * SIDE
# Saved with every network and checked when it is read, since a network needs inputs prepared as in its training.
PREPARATION = "moments-3"
