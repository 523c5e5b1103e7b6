"""What the form that starts a run offers: the settings, and the very limits that the server checks."""

from __future__ import annotations

from typing import Any

from app.runs.recipe import PRESETS, RunSettings


def run_form() -> dict[str, Any]:
    """For templates/runs/form.html: presets, defaults, limits of each number, options of each choice, all by name.

    A limit is `min` and `max`, None where there is none, `whole` for whole numbers alone, and `optional` where none
    at all is a value too. `layers` is how many hidden layers there may be, `teachers` the parameters of each teacher.
    """
    schema = RunSettings.model_json_schema()["properties"]
    kinds = {name: _kind(field) for name, field in schema.items()}
    limits = {name: _limit(field, kinds[name]) for name, field in schema.items()}
    choices = {name: _options(kind) for name, kind in kinds.items() if name != "preset" and _options(kind)}
    return {
        "presets": {name: RunSettings.model_validate({"preset": name}).model_dump() for name in PRESETS},
        "defaults": RunSettings().model_dump(),
        "limits": {
            **{name: limit for name, limit in limits.items() if kinds[name].get("type") in ("integer", "number")},
            "hidden": _limit(schema["hidden"]["items"], schema["hidden"]["items"]),
        },
        "layers": schema["hidden"]["maxItems"],
        "choices": choices,
    }


def _kind(field: dict[str, Any]) -> dict[str, Any]:
    """What the schema says of the setting where it is not null."""
    kinds: list[dict[str, Any]] = field.get("anyOf", [field])
    return next(kind for kind in kinds if kind.get("type") != "null")


def _limit(field: dict[str, Any], kind: dict[str, Any]) -> dict[str, Any]:
    return {
        "min": kind.get("minimum"),
        "max": kind.get("maximum"),
        "whole": kind.get("type") == "integer",
        "optional": kind is not field,
    }


def _options(kind: dict[str, Any]) -> list[str]:
    only = [kind["const"]] if "const" in kind else []
    return list(kind.get("enum", only))
