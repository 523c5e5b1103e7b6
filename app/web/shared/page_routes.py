"""Pages outside the wings, example digits, and signing in and out."""

from __future__ import annotations

import functools
import io
import pathlib
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from PIL import Image

from app.data import mnist
from app.server.access import require_own_form, require_token, sign_in, sign_out
from app.web.shared.dependencies import SettingsNeeded
from app.web.shared.public_address import public_url
from app.web.shared.take_home import MAX_PARAMETERS
from app.web.shared.templating import page

router = APIRouter(include_in_schema=False)

# The numbers of ten MNIST test images, one of each digit.
_EXAMPLES = (10, 2, 1, 18, 4, 15, 11, 0, 61, 7)
# A path of this app with its query: no scheme, and no slash in front, which could begin another host.
_OWN_PAGE = re.compile(r"[a-z][a-zA-Z0-9/-]*(\?[!-~]*)?")
_REFUSED = "That is not the admin token. The server printed it, in a link, when it started."


@router.get("/")
def draw(request: Request, settings: SettingsNeeded) -> Response:
    context = {
        "keeps_drawings": settings.keep_drawings,
        "max_taken_home": MAX_PARAMETERS,
        "preview": public_url(request, "static/draw/preview.png"),
    }
    return page(request, "draw/draw.html", context)


@router.get("/docs")
def docs(request: Request) -> Response:
    return page(request, "docs.html")


@router.get("/examples/{digit}.png")
def example(digit: Annotated[int, Path(ge=0, le=9)], settings: SettingsNeeded) -> Response:
    """An example digit, from MNIST's test images."""
    content = _examples(settings.mnist_dir)[digit]
    return Response(content, media_type="image/png", headers={"Cache-Control": "max-age=86400"})


@functools.cache
def _examples(mnist_dir: pathlib.Path) -> list[bytes]:
    """The ten pictures as PNG, made once: reading the data set takes a moment."""
    images = mnist.read_test(mnist_dir).images
    pictures = []
    for number in _EXAMPLES:
        content = io.BytesIO()
        Image.fromarray(images[number]).save(content, "PNG")
        pictures.append(content.getvalue())
    return pictures


@router.get("/login")
def login(request: Request, token: Annotated[str, Query()] = "", back: Annotated[str, Query()] = "") -> Response:
    """With the token in the query, as in the printed link: signs in and redirects to an address without it.

    `back` is the page to show then, relative to the app's root.
    """
    if not token:
        return page(request, "login.html", {"error": None, "back": back})
    return _signed_in(request, token, back)


@router.post("/login", dependencies=[Depends(require_own_form)])
def login_form(request: Request, token: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "") -> Response:
    return _signed_in(request, token, back)


@router.post("/logout", dependencies=[Depends(require_own_form)])
def logout(request: Request) -> Response:
    response = _to(request, "")
    sign_out(request, response)
    return response


def _signed_in(request: Request, token: str, back: str) -> Response:
    try:
        require_token(request, token.encode("utf-8", "surrogatepass"))
    except HTTPException as refusal:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return page(request, "login.html", {"error": _REFUSED, "back": back}, refusal.status_code)
    response = _to(request, back if _OWN_PAGE.fullmatch(back) else "runs")
    # The token is in this request's address.
    response.headers["Cache-Control"] = "no-store"
    sign_in(request, response)
    return response


def _to(request: Request, path: str) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/{path}", 303)
