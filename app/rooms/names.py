"""Codes and names of rooms and pupils, made by chance."""

from __future__ import annotations

import itertools
import random
import secrets

# No two of these look alike on a wall, and without vowels they spell no word.
CLEAR = "BCDFGHJKMNPQRTVWXYZ2346789"
CODE_LENGTH = 6
# Of some 1,700 names, a full room has taken 300.
_CANDIDATES = 40
_LETTERS = [letter for letter in CLEAR if letter.isalpha()]
_COLOURS = (
    "Amber Azure Blue Bronze Copper Coral Cream Crimson Dusty Ebony Emerald Fawn Golden Green Grey Hazel Indigo"
    " Ivory Jade Lilac Lime Mint Navy Ochre Olive Orange Pearl Plum Purple Red Ruby Rusty Sandy Scarlet Silver"
    " Snowy Tawny Teal Violet Yellow"
)
_ANIMALS = (
    "Badger Bear Beaver Bison Crane Deer Dolphin Dove Duck Eagle Falcon Finch Fox Frog Gecko Hare Hawk Heron"
    " Horse Ibis Koala Lark Lizard Lynx Marten Mole Moose Newt Otter Owl Panda Puffin Raven Robin Salmon Seal"
    " Sparrow Swan Tiger Turtle Whale Wolf Wren Zebra"
)


def room_code() -> str:
    """Six characters that are easy to tell apart. The first one is a letter, so that no code is a number."""
    return secrets.choice(_LETTERS) + short_code(CODE_LENGTH - 1)


def short_code(length: int = CODE_LENGTH) -> str:
    return "".join(secrets.choice(CLEAR) for _ in range(length))


def clear_code(text: str) -> str:
    """A code as it is stored, from one that was typed: in capitals, without spaces and dashes."""
    return text.upper().replace(" ", "").replace("-", "")


def pupil_names() -> list[str]:
    """Names by chance: enough that some are free in a full room."""
    names = [f"{colour} {animal}" for colour, animal in itertools.product(_COLOURS.split(), _ANIMALS.split())]
    return random.SystemRandom().sample(names, _CANDIDATES)
