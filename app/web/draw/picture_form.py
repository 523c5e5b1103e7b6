"""The picture in a form: multipart/form-data (RFC 7578)."""

from __future__ import annotations

from fastapi import HTTPException
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

FIELD = b"image"
_MAX_PARTS = 8
_TOO_MANY = f"The form has more than {_MAX_PARTS} fields. Send the picture alone."


class _Part:
    """One field of a form: its headers, by their names in lower case, and its content."""

    def __init__(self) -> None:
        self.headers: dict[bytes, bytes] = {}
        self.content: list[bytes] = []


def picture_in(body: bytes, content_type: str) -> bytes:
    """The bytes of the file in the field `image`. Raises HTTPException 422 if there is none, or more than one.

    The form is parsed in memory; nothing is written to disk.
    """
    files: list[bytes] = []
    texts: list[bytes] = []
    for part in _parts(body, content_type):
        disposition = part.headers.get(b"content-disposition", b"")
        options = parse_options_header(disposition)[1]
        if options.get(b"name") == FIELD:
            # The parser leaves out a name in `filename*`, which RFC 7578 forbids but some programs send.
            is_file = b"filename" in options or b"filename*=" in disposition.lower()
            (files if is_file else texts).append(b"".join(part.content))
    if len(files) == 1:
        return files[0]
    found, advice = "more than one file" if files else "no file", "Send one picture there."
    if texts and not files:
        found, advice = "text and no file", "Send the picture there as a file, not as text in base64 or a data URL."
    raise HTTPException(422, f"The form has {found} in the field '{FIELD.decode()}'. {advice}")


def _parts(body: bytes, content_type: str) -> list[_Part]:
    """The complete fields of the form."""
    parts: list[_Part] = []
    name = value = b""
    ended = 0

    def on_part_begin() -> None:
        if len(parts) == _MAX_PARTS:
            raise HTTPException(422, _TOO_MANY)
        parts.append(_Part())

    def on_header_field(data: bytes, start: int, end: int) -> None:
        nonlocal name
        name += data[start:end]

    def on_header_value(data: bytes, start: int, end: int) -> None:
        nonlocal value
        value += data[start:end]

    def on_header_end() -> None:
        nonlocal name, value
        parts[-1].headers[name.lower()] = value
        name = value = b""

    def on_part_data(data: bytes, start: int, end: int) -> None:
        parts[-1].content.append(data[start:end])

    def on_part_end() -> None:
        nonlocal ended
        ended += 1

    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise HTTPException(422, "The form's Content-Type has no boundary.")
    # What begins like a boundary and is none costs the parser microseconds, a million times.
    if body.count(b"\r\n--" + boundary) > _MAX_PARTS + 1:
        raise HTTPException(422, _TOO_MANY)
    callbacks = (on_part_begin, on_header_field, on_header_value, on_header_end, on_part_data, on_part_end)
    try:
        MultipartParser(boundary, {call.__name__: call for call in callbacks}).write(body)  # type: ignore[arg-type]
    except FormParserError as error:
        raise HTTPException(422, "The form can't be read. Send all of it, as multipart/form-data.") from error
    return parts[:ended]
