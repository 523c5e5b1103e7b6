"""Pictures and images in request bodies, as OpenAPI describes them."""

from __future__ import annotations

from typing import Any

from app.images.picture import FORMATS
from app.network.inputs import SIDE

PICTURE = {"type": "string", "format": "binary", "description": f"A picture: {', '.join(FORMATS)}"}
# By each type's own name too, since few generated clients know what to do with image/*.
PICTURES: dict[str, Any] = {
    name: {"schema": PICTURE} for name in (*(f"image/{format_.lower()}" for format_ in FORMATS), "image/*")
}
# A one: 28 rows of 28.
EXAMPLE_IMAGE = [[255 * (6 <= y < 22 and 13 <= x < 15) for x in range(SIDE)] for y in range(SIDE)]
