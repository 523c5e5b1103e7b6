from __future__ import annotations

import pytest
from fastapi import HTTPException

from app.web.draw.picture_form import picture_in

TYPE = "multipart/form-data; boundary=XX"
FILE = b'form-data; name="image"; filename="a.png"'


def _form(*parts: tuple[bytes, bytes]) -> bytes:
    fields = [b"--XX\r\nContent-Disposition: %b\r\n\r\n%b\r\n" % part for part in parts]
    return b"".join(fields) + b"--XX--\r\n"


@pytest.mark.parametrize(
    "disposition",
    [
        FILE,
        b"form-data; name=image; filename=a.png",
        b'form-data; name="image"; filename=""',
        b"form-data; name=\"image\"; filename*=utf-8''%D1%81.png",
        b"form-data; FileName*=utf-8''a%20b.png; name=\"image\"",
    ],
)
def test_a_file_in_the_field_is_the_picture_whatever_its_name(disposition: bytes) -> None:
    assert picture_in(_form((b'form-data; name="note"', b"text"), (disposition, b"\x89PNG")), TYPE) == b"\x89PNG"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "no file in the field 'image'"),
        ([(b'form-data; name="file"; filename="a.png"', b"\x89PNG")], "no file in the field 'image'"),
        ([(FILE, b"one"), (FILE, b"two")], "more than one file"),
        ([(FILE, b"\r\n--XXY" * 100)], "more than 8 fields"),
        ([(b'form-data; name="note"', b"text")] * 9, "more than 8 fields"),
        ([(b'form-data; name="image"', b"data:image/png;base64,iVBORw0K")], "text in base64 or a data URL"),
    ],
)
def test_a_form_without_one_picture_is_refused_with_the_cause(parts: list[tuple[bytes, bytes]], words: str) -> None:
    with pytest.raises(HTTPException) as refused:
        picture_in(_form(*parts), TYPE)

    assert refused.value.status_code == 422
    assert words in refused.value.detail
