"""The files of static/, below an address that changes when one of them does.

Pages name them by that address, so a browser keeps them for good: forty phones that reload a page ask for the page
alone. Modules and style sheets name each other relatively and need not know it.
"""

from __future__ import annotations

import hashlib
import re

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from app.settings import ROOT

_FOLDER = ROOT / "static"
_ANY_VERSION = re.compile(r"^v[0-9a-f]{12}/")
_FOR_GOOD = "public, max-age=31536000, immutable"


def _version() -> str:
    """A hash of all names and contents, the same on each server of one release."""
    found = hashlib.sha256()
    for path in sorted(path for path in _FOLDER.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found.update(f"{path.relative_to(_FOLDER).as_posix()} {len(content)}\n".encode() + content)
    return f"v{found.hexdigest()[:12]}"


VERSION = _version()
# Relative to the app's root, for templates.
STATIC = f"static/{VERSION}"


class VersionedFiles(StaticFiles):
    """Serves each file below its version too, as one that never changes.

    Below any other version it is what it is now, to be asked for again: while servers are updated one after the other,
    a page may come from one and its files from another.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(_ANY_VERSION.sub("", path), scope)
        if path.startswith(f"{VERSION}/"):
            response.headers["Cache-Control"] = _FOR_GOOD
        return response
