"""Imports go one way only, and files stay small: the same rules for Python and for JavaScript."""

from __future__ import annotations

import ast
import posixpath
import re
import sys
from pathlib import Path

import pytest

from app.settings import ROOT

APP, STATIC = ROOT / "app", ROOT / "static"
WINGS = {"draw", "learn", "rooms", "train"}
MAX_LINES = 300

# What each room of app/ may import of ours, besides itself.
ROOMS: dict[str, set[str]] = {
    "app.network": set(),
    "app.settings": set(),
    "app.images": {"app.network"},
    "app.data": {"app.images", "app.network", "app.settings", "app.store.collection_records"},
    "app.store": {"app.network.tensor_file"},
    "app.served": {"app.data", "app.images", "app.network", "app.store.collection_records", "app.store.records"},
    "app.server": {"app.settings", "app.store.records"},
    "app.lessons": {"app.data", "app.images", "app.network", "app.served"},
    "app.rooms": {
        "app.data",
        "app.images",
        "app.network",
        "app.runs.evaluation",
        "app.runs.final_network",
        "app.served",
        "app.store.collection_records",
        "app.store.records",
    },
    "app.runs": {"app.data", "app.images", "app.network", "app.served", "app.server.logs", "app.settings", "app.store"},
}
_SPINE = set(ROOMS) - {"app.store"} | {
    "app.store.collection_records",
    "app.store.feed",
    "app.store.files",
    "app.store.records",
}
ROOMS |= {
    "app.web.shared": _SPINE,
    "app.web.draw": _SPINE | {"app.web.shared"},
    "app.web.learn": _SPINE | {"app.web.shared"},
    "app.web.rooms": _SPINE | {"app.web.shared"},
    "app.web.train": _SPINE | {"app.web.shared"},
    "app.web.v2": _SPINE | {"app.web.shared"},
    "app.main": {*ROOMS, "app.web", "app.__version__"},
    "app.commands": set(ROOMS),
    "app.__main__": {"app.commands"},
    # app/__init__.py. It is the last one, since every module is within it.
    "app": set(),
}
MODULES = sorted(path for path in APP.rglob("*.py") if path.name != "__init__.py" or path.stat().st_size)

# What each folder of static/ may import, besides itself.
FOLDERS: dict[str, set[str]] = {
    "page": set(),
    "charts": {"page"},
    "sheet": {"page"},
    "network": {"charts", "page", "sheet"},
    "take-home": {"network", "page", "sheet"},
    **{wing: {"charts", "network", "page", "sheet"} for wing in WINGS},
}
SCRIPTS = sorted(STATIC.rglob("*.js"))
# Also those in comments, import("./x.js"), by which a type is named, and those that are made when they are needed.
_JS_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"'$]+)""")


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path) -> set[str]:
    """All imported modules, also those inside functions. `from a import b` counts as a.b, which may be a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    module = _name(path)
    room = next(room for room in ROOMS if _within(module, room))
    ours = {name for name in _imports(path) if _within(name, "app") and not _within(name, room)}

    assert not {name for name in ours if not any(_within(name, allowed) for allowed in ROOMS[room])}


@pytest.mark.parametrize("path", sorted((APP / "network").glob("*.py")), ids=_name)
def test_the_network_needs_numpy_and_the_standard_library_alone(path: Path) -> None:
    roots = {name.partition(".")[0] for name in _imports(path)} - {"app", "numpy"}
    if path.name == "tensor_file.py":
        roots.remove("safetensors")

    assert roots <= set(sys.stdlib_module_names)


def test_no_two_modules_of_the_program_have_one_name() -> None:
    names = [path.name for path in MODULES if path.name != "__init__.py"]

    assert not {name for name in names if names.count(name) > 1}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(STATIC)))
def test_a_script_imports_only_what_its_folder_may(path: Path) -> None:
    here = path.relative_to(STATIC)
    found = [posixpath.normpath(here.parent / module) for module in _JS_IMPORT.findall(path.read_text())]

    assert all((STATIC / module).is_file() for module in found)
    folders = {module.partition("/")[0] for module in found} - {here.parts[0]}
    assert folders <= FOLDERS[here.parts[0]]


@pytest.mark.parametrize(
    ("folder", "most"), [("static", 4), ("app", 6), ("app/web", 6), ("tests", 6), ("templates", 8)]
)
def test_few_files_lie_flat_in_a_folder(folder: str, most: int) -> None:
    assert len([path for path in (ROOT / folder).iterdir() if path.is_file()]) <= most


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("app", "benchmarks", "static", "templates", "tests")
        for path in sorted((ROOT / folder).rglob("*.*"))
        if path.suffix in (".py", ".js", ".css", ".html")
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES
