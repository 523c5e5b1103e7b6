"""The JavaScript modules that a page loads, computed from their import statements.

Pages preload them: a browser would otherwise find them one import after the other.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Sequence

from app.settings import ROOT

_STATIC = ROOT / "static"
# `import ... from "./x.js"`, `export ... from "./x.js"` and `import "./x.js"`, at the start of a line.
IMPORT = re.compile(r'^(?:import|export)\s(?:[^;"]*\sfrom\s)?"(\.[^"]+)";', re.MULTILINE)


def imports_of(modules: Sequence[str]) -> list[str]:
    """All modules that `modules` import, directly or not, sorted; all are paths below static/."""
    return list(_closure(tuple(modules)))


@functools.cache
def _closure(modules: tuple[str, ...]) -> tuple[str, ...]:
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        new = set(direct_imports(waiting.pop())) - found
        found |= new
        waiting += new
    return tuple(sorted(found - set(modules)))


@functools.cache
def direct_imports(module: str) -> tuple[str, ...]:
    """The modules that one module imports directly, as paths below static/."""
    folder = posixpath.dirname(module)
    return tuple(
        posixpath.normpath(posixpath.join(folder, path)) for path in IMPORT.findall((_STATIC / module).read_text())
    )
