"""Imports go one way only, and files stay small."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from app.settings import ROOT

APP = ROOT / "app"

# What each part may import of ours, besides itself.
ALLOWED: dict[str, set[str]] = {
    "app.network": set(),
    "app.settings": set(),
    "app.logs": set(),
    "app.store.base": set(),
    "app.store.schema": set(),
    "app.store.turns": set(),
    "app.store.connection": {"app.store.base", "app.store.schema", "app.store.turns"},
    "app.picture": set(),
    "app.ink": set(),
    "app.drawing": {"app.ink", "app.picture", "app.network.normalise"},
    "app.store.backup": {"app.store.base"},
    "app.store.sqlite": {"app.store.base", "app.store.connection"},
    "app.predictor": {"app.network", "app.store.base"},
    "app.lessons": {"app.drawing", "app.network"},
    # Pen strokes are read from a canvas as a drawing is, by the same code.
    "app.training": {"app.drawing", "app.logs", "app.network", "app.store", "app.settings"},
    "app.web": {
        "app.drawing",
        "app.lessons",
        "app.network",
        "app.predictor",
        "app.settings",
        "app.store.base",
        "app.training",
    },
    "app.main": {
        "app.lessons",
        "app.predictor",
        "app.settings",
        "app.store",
        "app.training",
        "app.web",
    },
    # What a request is before it reaches the app.
    "app.connection": {"app.web.middleware"},
    "app.serving": {"app.connection", "app.logs"},
    # Programs that ask a server know it by its API alone.
    "app.commands": set(),
    "app.__main__": {
        "app.commands",
        "app.logs",
        "app.network",
        "app.serving",
        "app.settings",
        "app.store",
        "app.training",
    },
}
MODULES = sorted(path for path in APP.rglob("*.py") if path.name != "__init__.py" or path.stat().st_size)


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


def _within(module: str, part: str) -> bool:
    return module == part or module.startswith(f"{part}.")


def _part(module: str) -> str:
    return next(part for part in ALLOWED if _within(module, part))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    module = _name(path)
    if module == "app":
        return
    part = _part(module)
    ours = {name for name in _imports(path) if _within(name, "app") and not _within(name, part)}

    assert not {name for name in ours if not any(_within(name, allowed) for allowed in ALLOWED[part])}


@pytest.mark.parametrize("path", sorted((APP / "network").glob("*.py")), ids=_name)
def test_the_network_needs_numpy_and_the_standard_library_alone(path: Path) -> None:
    roots = {name.partition(".")[0] for name in _imports(path)} - {"app", "numpy"}
    if path.name == "tensor_file.py":
        roots.remove("safetensors")

    assert roots <= set(sys.stdlib_module_names)


def test_the_web_never_names_a_concrete_store() -> None:
    for path in (APP / "web").glob("*.py"):
        assert not any(_within(name, "app.store.sqlite") for name in _imports(path)), path


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("app", "tests", "static", "templates")
        for path in sorted((ROOT / folder).rglob("*.*"))
        if path.suffix in (".py", ".js", ".html")
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_file_of_code_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
