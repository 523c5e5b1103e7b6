"""The picture in a form, as browsers and programs send files: multipart/form-data (RFC 7578)."""

from __future__ import annotations

from fastapi import HTTPException
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, FormParser, parse_options_header

FIELD = "image"
_MOST_PARTS = 8
# Nothing that was sent is ever put on the disk: a body is no larger than its limit, and in memory already.
_CONFIG = {"MAX_MEMORY_FILE_SIZE": float("inf")}


def picture_in(body: bytes, content_type: str) -> bytes:
    """The bytes of the file in the field `image`. Raises HTTPException 422 when there is none, or more than one.

    What the file is called is not looked at.
    """
    files: list[bytes] = []
    parts = 0

    def on_part(part: Field | File) -> None:
        nonlocal parts
        parts += 1
        if parts > _MOST_PARTS:
            raise HTTPException(422, f"The form has more than {_MOST_PARTS} fields. Send the picture alone.")
        if isinstance(part, File) and part.field_name == FIELD.encode():
            part.file_object.seek(0)
            files.append(part.file_object.read())

    boundary = parse_options_header(content_type)[1].get(b"boundary")
    try:
        parser = FormParser("multipart/form-data", on_part, on_part, boundary=boundary, config=_CONFIG)
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise HTTPException(422, "The form can't be read. Send it as multipart/form-data, the whole of it.") from error
    if len(files) != 1:
        found = "no file" if not files else "more than one file"
        raise HTTPException(422, f"The form has {found} in the field '{FIELD}'. Send one picture there.")
    return files[0]
