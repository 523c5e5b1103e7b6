"""The OpenAPI description, where FastAPI's own would not tell what this app answers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.web.schemas import Problem

_REF = "#/components/schemas/"


def describe(app: FastAPI) -> dict[str, Any]:
    """FastAPI's description with every error as a problem document, and the admin token as the way to sign in."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes, servers=app.servers
        )
        components = schema["components"]
        for unused in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(unused, None)
        components["schemas"]["Problem"] = Problem.model_json_schema()
        components["securitySchemes"] = {"admin token": {"type": "http", "scheme": "bearer"}}
        for path, calls in schema["paths"].items():
            for call in calls.values():
                _describe_errors(call["responses"])
                if path.startswith("/admin/"):
                    call["security"] = [{"admin token": []}]
        app.openapi_schema = schema
    return app.openapi_schema


def _describe_errors(responses: dict[str, Any]) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}}
    for status, response in responses.items():
        if status >= "400":
            response["content"] = problem
    if "422" in responses:
        responses["422"]["description"] = "What was sent makes no sense here; the detail says why"
