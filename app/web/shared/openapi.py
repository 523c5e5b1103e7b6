"""The OpenAPI description: FastAPI's, corrected where it would not describe this app's answers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.web.shared.query_names import ANY_QUERY
from app.web.shared.schemas import Problem

REF = "#/components/schemas/"


def operation_id(route: APIRoute) -> str:
    """The name of the route's function, which generated clients use too. Each name must be unique."""
    return route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """FastAPI's description, with every error as a problem document, and the admin token as a bearer token."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            tags=app.openapi_tags,
            routes=app.routes,
            servers=app.servers,
        )
        components = schema["components"]
        for unused in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(unused, None)
        components["schemas"]["Problem"] = Problem.model_json_schema()
        components["securitySchemes"] = {"admin token": {"type": "http", "scheme": "bearer"}}
        for path, calls in schema["paths"].items():
            for call in calls.values():
                for body in call.get("requestBody", {"content": {}})["content"].values():
                    components["schemas"].update(body["schema"].get("$defs", {}))
                if "requestBody" in call and "4XX" not in call["responses"]:
                    _describe_refused_bodies(call)
                if "4XX" not in call["responses"] and ANY_QUERY not in call["tags"]:
                    call["responses"].setdefault("422", {})
                _describe_errors(call["responses"])
                if path.startswith("/admin/"):
                    call["security"] = [{"admin token": []}]
        app.openapi_schema = schema
    return app.openapi_schema


def _describe_refused_bodies(call: dict[str, Any]) -> None:
    """What is refused before a route reads it, or by the picture reader."""
    call["responses"].setdefault("413", {"description": "Too large"})
    call["responses"].setdefault("415", {"description": "A body with a Content-Encoding, or not in a supported format"})
    call["responses"].setdefault("503", {"description": "Too many large bodies to read now"})


def _describe_errors(responses: dict[str, Any]) -> None:
    if stream := responses.get("200", {}).get("content", {}).get("text/event-stream"):
        # The operation's description explains the events: OpenAPI has no schema for the events of a stream.
        stream.clear()
    problem = {"application/problem+json": {"schema": {"$ref": f"{REF}Problem"}}}
    for status, response in responses.items():
        declared = response.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        if status >= "400" and declared.removeprefix(REF) in ("", "Problem", "HTTPValidationError"):
            response["content"] = problem
    if "422" in responses:
        responses["422"]["description"] = "Invalid request; `detail` says what to change"
