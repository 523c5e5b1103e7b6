"""The data of the form that starts a run: the settings, with the limits that the server checks."""

from __future__ import annotations

from typing import Any

from app.runs.recipe import PRESETS, RunSettings


def run_form() -> dict[str, Any]:
    """The context of templates/train/runs/form.html: presets, defaults, limits of numbers and options, by setting.

    A limit has `min` and `max` (None without one), `whole` for whole numbers, and `optional` if null is a value too.
    `layers` is the maximum number of hidden layers.
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
    """The setting's schema, without the alternative null."""
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
