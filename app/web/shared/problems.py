"""Every error as a problem document (RFC 9457), or as a page if the browser asked for HTML."""

from __future__ import annotations

import http
import logging
import math
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.data.dataset import ErasedError
from app.data.mnist import DataError
from app.images.drawing import DrawingError, TooLargeError, UnsupportedError
from app.lessons.networks import LessonError
from app.rooms.class_digits import NoGameError
from app.rooms.quizzes import NoQuizError
from app.rooms.rooms import (
    DrawingNotFoundError,
    NotYoursError,
    PupilNotFoundError,
    RemovedError,
    RoomLockedError,
    RoomNotFoundError,
)
from app.rooms.votes import NoVoteError
from app.runs.jobs import RunActiveError, RunNotFoundError
from app.runs.leased_jobs import NoWorkersError
from app.runs.recipe import RecipeError
from app.runs.snapshots import SnapshotNotFoundError
from app.runs.sweep_plan import PlanError
from app.runs.sweeps import SweepNotFoundError
from app.served.onnx_file import OnnxError
from app.served.predictor import ModelFileError, PublishError, UnknownModelError
from app.server.middleware import SECURITY_HEADERS
from app.store.collection_records import LimitError
from app.store.records import StoreBusyError, StoreError
from app.web.shared.schemas import Problem
from app.web.shared.take_home import TakeHomeError
from app.web.shared.templating import page, root_path, wants_html

log = logging.getLogger(__name__)

ErrorForm = Callable[[int, str, Mapping[str, str] | None], Response]
_STATUS: Mapping[type[Exception], int] = {
    DrawingError: 422,
    TooLargeError: 413,
    UnsupportedError: 415,
    UnknownModelError: 404,
    RunNotFoundError: 404,
    SweepNotFoundError: 404,
    SnapshotNotFoundError: 404,
    RunActiveError: 409,
    NoWorkersError: 503,
    RecipeError: 422,
    PlanError: 422,
    LessonError: 422,
    OnnxError: 422,
    TakeHomeError: 422,
    PublishError: 409,
    ModelFileError: 503,
    StoreError: 409,
    StoreBusyError: 503,
    DataError: 503,
    RoomNotFoundError: 404,
    PupilNotFoundError: 404,
    DrawingNotFoundError: 404,
    NotYoursError: 401,
    RemovedError: 403,
    RoomLockedError: 409,
    LimitError: 429,
    ErasedError: 409,
    NoGameError: 409,
    NoVoteError: 409,
    NoQuizError: 409,
}
# Characters, of at most four bytes each, so that a problem document stays below 2 KB.
_MAX_DETAIL = 450
# When to send a request again that was refused for now.
RETRY_SECONDS = 5
# FastAPI's detail for a body that is not UTF-8, or that is nested too deeply to parse.
_UNREADABLE = "There was an error parsing the body"


def problem(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The response to a request that failed. `detail` says what to change."""
    title, detail = http.HTTPStatus(status).phrase, _printable(detail[:_MAX_DETAIL])
    if status == 503:
        headers = {"Retry-After": str(RETRY_SECONDS), **(headers or {})}
    path = request.scope["path"].removeprefix(root_path(request))
    if form := request.app.state.error_forms.get(path.lstrip("/").partition("/")[0]):
        answered: Response = form(status, detail, headers)
        return answered
    if wants_html(request):
        response = page(request, "problem.html", {"status": status, "title": title, "detail": detail}, status)
        response.headers.update(headers or {})
        return response
    content = Problem(title=title, status=status, detail=detail).model_dump()
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def _printable(text: str) -> str:
    """The text without control characters and lone surrogates, which UTF-8 can't encode."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in text)


def install(app: FastAPI, other_forms: Mapping[str, ErrorForm]) -> None:
    """Makes the app answer every error with a problem document, or in the form that its path's first part names."""
    app.state.error_forms = other_forms
    for kind in _STATUS:
        app.add_exception_handler(kind, _on_own_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_client_gone)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(Exception, _on_unexpected_error)


def _on_own_error(request: Request, error: Exception) -> Response:
    headers = None
    if isinstance(error, LimitError):
        headers = {"Retry-After": str(math.ceil(error.seconds))}
    elif isinstance(error, NotYoursError):
        headers = {"WWW-Authenticate": "Bearer"}
    return problem(request, _STATUS[type(error)], str(error), headers)


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette types every handler as taking any Exception
    detail, headers = error.detail, dict(error.headers or {})
    if error.status_code == 204:
        return Response(status_code=204)
    if error.status_code == 413:
        detail = "The body is too large. Send a smaller picture, or fewer instances at a time."
    elif error.status_code == 404 and detail == http.HTTPStatus.NOT_FOUND.phrase:
        detail = f"There is nothing at this address. The API is described at {_docs(request)}."
    elif error.status_code == 405:
        # A mounted folder names no method.
        if headers.setdefault("Allow", "GET") == "GET":
            headers["Allow"] = "GET, HEAD"  # see HeadAsGet
        # Not the request's method: it is GET here for HEAD.
        detail = f"This address accepts only {headers['Allow']}. The API is described at {_docs(request)}."
    elif error.status_code == 400 and detail == _UNREADABLE:
        return problem(request, 422, "The body can't be read: it is not UTF-8, or it is nested too deeply.")
    return problem(request, error.status_code, detail, headers)


def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    # At most three errors, without the input: it may be large, or not text.
    sentences = []
    for wrong in error.errors()[:3]:
        if wrong["type"] == "json_invalid":
            place = f"Invalid JSON at character {wrong['loc'][-1] + 1}" if wrong["loc"] else wrong["msg"]
            sentences.append(f"{place}.")
            break
        place = ".".join(str(part) for part in wrong["loc"] if part not in ("body", "query", "path"))
        if not place:
            sentences.append("Send a JSON object, with the header 'Content-Type: application/json'.")
            break
        sentences.append(f"{place}: {wrong['msg']}.")
    return problem(request, 422, " ".join(sentences))


def _docs(request: Request) -> str:
    return f"{root_path(request)}/docs"


def _on_client_gone(request: Request, error: Exception) -> Response:  # noqa: ARG001 - a handler's signature
    """The client has gone: a page aborts a request when a newer one replaces it."""
    return Response(status_code=400)


def _on_unexpected_error(request: Request, error: Exception) -> Response:
    extra = {"request_id": getattr(request.state, "request_id", None)}
    log.error("%s %s failed", request.method, request.url.path, exc_info=error, extra=extra)
    response = problem(request, 500, "Something went wrong on the server, and its log says what. Please try again.")
    # Starlette sends this response outside of all middleware.
    response.headers.update(SECURITY_HEADERS)
    return response
