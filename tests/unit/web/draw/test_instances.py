from __future__ import annotations

import codecs
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fastapi import HTTPException

from app.web.draw.instances import MAX_INSTANCES, read_instances

IMAGE: list[Any] = [0] * 784
RAMP = np.arange(2 * 784).reshape(2, 784) % 256


def _body(*instances: Any) -> bytes:
    return json.dumps({"instances": instances}).encode()


def test_integers_floats_rows_and_mixtures_of_them_are_the_same_images() -> None:
    flat, rows = RAMP.tolist(), RAMP.reshape(2, 28, 28).tolist()
    floats = (RAMP + 0.0).tolist()

    for instances in (flat, rows, floats, [flat[0], rows[1]], [rows[0], floats[1]]):
        np.testing.assert_array_equal(read_instances(_body(*instances)), RAMP)


def test_fractions_are_kept() -> None:
    images = read_instances(_body([0.25, 254.5, *IMAGE[2:]]))

    assert images.dtype == np.float32
    assert images[0, :3].tolist() == [0.25, 254.5, 0]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    ],
    ids=["UTF-8 with a mark", "UTF-16 with a mark", "UTF-16 BE", "UTF-16 LE", "UTF-16 BE with a mark"],
)
def test_json_is_read_in_every_encoding_that_programs_write(encode: Callable[[str], bytes]) -> None:
    np.testing.assert_array_equal(read_instances(encode(_body(*RAMP.tolist()).decode())), RAMP)


WRONG = {
    "nothing": (b"", "empty"),
    "spaces": (b" \r\n", "empty"),
    "no JSON": (b"{instances", "Invalid JSON at character 2"),
    "a list": (b"[]", "instances"),
    "another name": (b'{"images": []}', "instances"),
    "something more": (json.dumps({"instances": [IMAGE], "model": "classic"}).encode(), "nothing else"),
    "no images": (b'{"instances": []}', "1 to 1024"),
    "783 numbers": (_body(IMAGE, IMAGE[:-1]), "instances.1"),
    "27 rows": (_body([[0] * 28] * 27), "28 rows of 28"),
    "ragged rows": (_body([[0] * 28] * 27 + [[0] * 27]), "28 rows of 28"),
    "a list among numbers": (_body([[5], *IMAGE[1:]]), "28 rows of 28"),
    "a list among numbers of a row": (_body([[[[5]] + [0] * 27] + [[0] * 28] * 27]), "28 rows of 28"),
    "an empty image": (b'{"instances": [[]]}', "784 numbers"),
    "a number for an image": (b'{"instances": [5]}', "784 numbers"),
    "NaN": (_body([float("nan"), *IMAGE[1:]]), "finite"),
    "infinity": (_body([float("inf"), *IMAGE[1:]]), "finite"),
    "1e999": (_body(IMAGE).replace(b"[0", b"[1e999", 1), "infinity"),
    "1e300": (_body(IMAGE).replace(b"[0", b"[1e300", 1), "finite"),
    "below 0": (_body(IMAGE, [-1, *IMAGE[1:]]), "instances.1: every number is 0 (paper) to 255 (ink)"),
    "above 255": (_body([255.5, *IMAGE[1:]]), "0 (paper) to 255 (ink)"),
    "256": (_body([256, *IMAGE[1:]]), "0 (paper) to 255 (ink)"),
    "true": (_body([True, *IMAGE[1:]]), "no text, no true"),
    "false": (_body([False, *IMAGE[1:]]), "no text, no true"),
    "null": (_body([None, *IMAGE[1:]]), "no text, no true"),
    "text": (_body(["0.5", *IMAGE[1:]]), "no text"),
    "a lone surrogate": (b'{"instances": ["\\ud800"]}', "no text"),
    "half of UTF-16": (b"\xff\xfe\x00", "JSON"),
    "no text at all": (b"\x89PNG\xff", "JSON"),
    "too deep": (b'{"instances": ' + b"[" * 5_000, "depth"),
    "far too deep": (b'{"instances": ' + b"[" * 100_000, "1 to 1024"),
    "1025 images": (_body(*[IMAGE] * (MAX_INSTANCES + 1)), "1 to 1024"),
    "1025 lists": (_body(*[[]] * (MAX_INSTANCES + 1)), "1 to 1024 images, not 1025"),
}


@pytest.mark.parametrize("name", WRONG)
def test_json_that_is_not_images_is_refused_with_what_to_change(name: str) -> None:
    body, words = WRONG[name]

    with pytest.raises(HTTPException) as refused:
        read_instances(body)

    assert refused.value.status_code == 422
    assert words in refused.value.detail


def test_the_largest_body_that_is_valid_is_read() -> None:
    assert read_instances(_body(*[[[1] * 28] * 28] * MAX_INSTANCES)).shape == (MAX_INSTANCES, 784)


@pytest.mark.parametrize("part", [b"[]", b"{}", b'"ab"', b"1000", b"0.1", b"[", b'{"a":'])
def test_a_body_of_many_small_parts_is_refused_before_it_takes_much_memory(part: bytes) -> None:
    separator = b"" if part[-1:] in b"[:" else b","
    body = b'{"instances":[' + separator.join([part] * (5_000_000 // len(part))) + b"]}"

    tracemalloc.start()
    with pytest.raises(HTTPException):
        read_instances(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * len(body)
