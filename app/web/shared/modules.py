"""The JavaScript modules that a page loads, computed from their own import statements.

A browser that is not told of them meets the modules one import after the other.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Sequence

from app.settings import ROOT

_STATIC = ROOT / "static"
# `import ... from "./x.js"`, `export ... from "./x.js"` and `import "./x.js"`, which all begin a line in our files.
_IMPORT = re.compile(r'^(?:import|export)\s(?:[^;"]*\sfrom\s)?"(\.[^"]+)";', re.MULTILINE)


def imports_of(modules: Sequence[str]) -> list[str]:
    """All that `modules`, paths below static/, import, and what those import in turn; sorted, without themselves."""
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
    """The modules that one module imports itself, as paths below static/."""
    folder = posixpath.dirname(module)
    return tuple(
        posixpath.normpath(posixpath.join(folder, path)) for path in _IMPORT.findall((_STATIC / module).read_text())
    )
