"""Pictures broken on purpose: each is read or refused with a sentence, in time, and the process goes on."""

from __future__ import annotations

import collections
import itertools
import multiprocessing
import time
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from app.images import drawing, usual_png
from app.images.drawing import DrawingError
from tests.faults.broken_pictures import chunks, mutated, usual_pngs, whole_pictures
from tests.faults.torture import SEED, until

# A shared machine may pause a process; what takes longer than this was not paused.
MAX_SECONDS = 2.0
_BATCH = 500


def _read_batch(seed: tuple[int, int]) -> collections.Counter[str]:
    """How often pictures were read, or refused by which error. Whatever else a picture leads to ends the test."""
    # Pillow warns of much that is odd in a picture. A server goes on, and so does this.
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(seed)
    pictures = whole_pictures()
    outcomes: collections.Counter[str] = collections.Counter()
    for number in range(_BATCH):
        picture = mutated(pictures, rng)
        start = time.process_time()
        try:
            read = drawing.read(picture)
            assert read.shape == (28, 28), (seed, number)
            assert read.dtype == np.uint8, (seed, number)
            outcomes["read"] += 1
        except DrawingError as error:
            outcomes[type(error).__name__] += 1
            assert str(error), (seed, number)  # noqa: PT017 - any of its kinds will do
        except Exception as error:
            raise AssertionError(f"picture {number} of {seed}: {error!r}, {picture[:40]!r}") from error
        seconds = time.process_time() - start
        assert seconds < MAX_SECONDS, (seed, number, seconds)
    return outcomes


def _break_pictures(count: int, more: Callable[[], bool]) -> collections.Counter[str]:
    """Reads `count` broken pictures, or as many as there is time for. A process that dies fails the test."""
    outcomes: collections.Counter[str] = collections.Counter()
    batches = iter(range(count // _BATCH))
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        while more() and (next_ones := [(SEED, number) for number in itertools.islice(batches, 8)]):
            for read in processes.map(_read_batch, next_ones):
                outcomes += read
    return outcomes


@pytest.mark.slow
def test_broken_pictures_are_read_or_refused_in_time_and_never_end_the_process() -> None:
    outcomes = _break_pictures(2000, lambda: True)

    assert outcomes.total() == 2000
    # They get as far as the decoders, and some are still pictures.
    assert min(outcomes["read"], outcomes["DrawingError"], outcomes["UnsupportedError"]) > 100


def _outcome(picture: bytes) -> object:
    try:
        return drawing.read(picture).tolist()
    except DrawingError as error:
        return repr(error)


def _compare_batch(number: int) -> collections.Counter[str]:
    """How often broken usual PNGs were read or refused: by Pillow alone as in the fast way."""
    warnings.simplefilter("ignore")
    rng = np.random.default_rng((SEED, number))
    pictures, fast = usual_pngs(), usual_png.pyspng
    assert fast is not None
    outcomes: collections.Counter[str] = collections.Counter()
    for _ in range(_BATCH):
        picture = mutated(pictures, rng)
        seen = _outcome(picture)
        usual_png.pyspng = None
        by_pillow = _outcome(picture)
        usual_png.pyspng = fast
        if seen != by_pillow:
            # zlib's checksum of the pixels, which only Pillow looks at, is wrong, though the chunk's own is right.
            with pytest.raises(zlib.error, match="incorrect data check"):
                zlib.decompress(b"".join(content for kind, content in chunks(picture) if kind == b"IDAT"))
            outcomes["wrong sum"] += 1
        else:
            outcomes["refused" if isinstance(seen, str) else "read"] += 1
    return outcomes


@pytest.mark.slow
def test_broken_usual_pngs_are_read_or_refused_as_pillow_does_and_never_end_the_process() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        outcomes = sum(processes.map(_compare_batch, range(4)), collections.Counter[str]())

    assert outcomes.total() == 2000
    assert min(outcomes["read"], outcomes["refused"]) > 400
    assert outcomes["wrong sum"] < 20


@pytest.mark.torture
def test_a_hundred_thousand_broken_pictures_are_read_or_refused_in_time() -> None:
    outcomes = _break_pictures(100_000, until())

    assert outcomes.total() > 0
    print(f"{outcomes.total():,} broken pictures: {dict(outcomes)}")  # noqa: T201 - figures for who runs it
