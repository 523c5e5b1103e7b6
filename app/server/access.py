"""Who may change things: whoever has the admin token, as a bearer or in the cookie that /login gives for it."""

from __future__ import annotations

import hashlib
import hmac
import math
from typing import Protocol

from fastapi import HTTPException, Request, Response

from app.server.addresses import home_of

COOKIE = "descent_admin"
_PORTS = {"http": ":80", "https": ":443"}


class Brake(Protocol):
    """Slows whoever brings wrong tokens."""

    def judge(self, address: str, is_right: bool) -> float:
        """The seconds for which `address` has to wait, or 0 when it may be told whether its token is right."""


def is_signed_in(request: Request) -> bool:
    """Whether the request brings the cookie that was given for the token.

    A page asks for this alone: one that looked at a bearer too would tell guessers, past the brake, who is right.
    """
    return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _cookie_value(request).encode())


def require_admin(request: Request) -> None:
    """What every changing call asks for: the page's origin, the cookie or the token, and the type of the body.

    Raises 403 where another site's page makes the admin's browser ask, 401 without the token, 429 while the address
    waits for wrong ones, and 415 for a body that is no JSON. Nobody who has the cookie ever waits.
    """
    require_own_page(request)
    if not is_signed_in(request):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        # A header's bytes come as Latin-1, whatever they were.
        require_token(request, token.strip().encode("latin-1") if scheme.lower() == "bearer" else b"")
    _require_body_of_type(request, "application/json")


def require_token(request: Request, given: bytes) -> None:
    """Raises 401 where `given` is not the admin token in UTF-8, and 429 while the address waits for wrong ones."""
    # Hashed, since the comparison takes constant time only for texts of one length.
    is_right = hmac.compare_digest(_digest(given), _digest(request.app.state.admin_token.encode()))
    brake: Brake = request.app.state.attempts
    # Nothing at all is no guess.
    if given and (waits := math.ceil(brake.judge(home_of(request), is_right))):
        raise HTTPException(
            429,
            f"Too many wrong tokens came. Wait {waits} s, then send the right one. Whoever is signed in goes on.",
            {"Retry-After": str(waits)},
        )
    if not is_right:
        raise HTTPException(
            401,
            "This needs the admin token: send it as 'Authorization: Bearer TOKEN', or sign in at login.",
            {"WWW-Authenticate": "Bearer"},
        )


def require_own_page(request: Request) -> None:
    """Raises 403 where a browser says that another site's page makes it ask. Browsers send cookies even then."""
    own = _own_origins(request)
    is_foreign = any(origin not in own for origin in request.headers.getlist("origin"))
    if is_foreign or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise HTTPException(
            403,
            "This request came from a page of another site. Use Descent's own pages; behind a proxy, let it pass the"
            " Host and X-Forwarded-Proto headers on.",
        )


def require_own_form(request: Request) -> None:
    """What a form of our pages meets. Raises 403 for another site's page, and 415 for what is no form."""
    require_own_page(request)
    _require_body_of_type(request, "application/x-www-form-urlencoded", "multipart/form-data")


def require_opened(request: Request) -> None:
    """Raises 403 where another site's page asks in the background, as for a picture.

    Whoever looks at that page would have to wait for the wrong tokens that it tries. A link may lead here.
    """
    is_foreign = request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
    if is_foreign and request.headers.get("sec-fetch-dest") != "document":
        raise HTTPException(403, "This request came from a page of another site. Open the link itself.")


def _own_origins(request: Request) -> set[str]:
    """The origins of our own pages, as browsers write them: with a port only where it is not the scheme's own.

    A proxy may have put its own name in the place of the one that the browser asked for, and end its encryption. No
    page can make a browser send these headers to another site, so here they need no trusted proxy.
    """
    scheme = _first(request.headers.get("x-forwarded-proto", ""))
    if scheme not in _PORTS:
        scheme = request.url.scheme
    hosts = (request.headers.get("host", ""), _first(request.headers.get("x-forwarded-host", "")))
    return {f"{scheme}://{host.removesuffix(_PORTS.get(scheme, ''))}" for host in hosts if host}


def _first(values: str) -> str:
    return values.partition(",")[0].strip().lower()


def _require_body_of_type(request: Request, *types: str) -> None:
    has_body = "transfer-encoding" in request.headers or request.headers.get("content-length", "0").strip("0") != ""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and given not in types:
        raise HTTPException(415, f"Send the body as {' or '.join(types)}, and say so in the header Content-Type.")


def sign_in(request: Request, response: Response) -> None:
    response.set_cookie(
        COOKIE,
        _cookie_value(request),
        max_age=30 * 24 * 3600,
        path=request.scope.get("root_path") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def sign_out(request: Request, response: Response) -> None:
    response.delete_cookie(
        COOKIE,
        path=request.scope.get("root_path") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _cookie_value(request: Request) -> str:
    """Another one for another token, so that the cookie ends with it. Who guesses at the token has no key to try it."""
    key: bytes = request.app.state.key
    return hmac.new(key, _digest(request.app.state.admin_token.encode()), hashlib.sha256).hexdigest()


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()
