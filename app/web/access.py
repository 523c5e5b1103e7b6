"""Who may change things: whoever has the admin token, as a bearer or in the cookie that /login gives for it."""

from __future__ import annotations

import hashlib
import hmac
import logging

from fastapi import HTTPException, Request, Response
from starlette.datastructures import URL

COOKIE = "descent_admin"


def is_token(request: Request, given: str) -> bool:
    """Whether `given` is the admin token, found out in constant time."""
    return hmac.compare_digest(_digest(given), _digest(request.app.state.admin_token))


def is_admin(request: Request) -> bool:
    """Whether the request brings the token, or the cookie that was given for it."""
    return _has_bearer(request) or _has_cookie(request)


def require_admin(request: Request) -> None:
    """Raises 401 without the token, and 403 where another site's page makes the admin's browser ask."""
    if _has_bearer(request):
        return
    if not _has_cookie(request):
        raise HTTPException(
            401,
            "This needs the admin token: send it as 'Authorization: Bearer TOKEN', or sign in at login.",
            {"WWW-Authenticate": "Bearer"},
        )
    require_own_page(request)


def require_own_page(request: Request) -> None:
    """Raises 403 where a browser says that another site's page makes it ask. Browsers send cookies even then."""
    site = request.headers.get("sec-fetch-site")
    if site is None and (origin := request.headers.get("origin")) is not None:
        # A proxy may have put its own name in the place of the one that the browser asked for.
        names = (request.headers.get("host"), request.headers.get("x-forwarded-host"))
        site = "same-origin" if URL(origin).netloc in names else "cross-site"
    if site not in (None, "same-origin", "none"):
        raise HTTPException(
            403,
            "This request came from a page of another site. Use Descent's own pages; behind a proxy, let it pass the"
            " Host header on.",
        )


class HideToken(logging.Filter):
    """Takes the token of the login link out of uvicorn's access log, where the address is the third argument."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, address, *rest = record.args
            path, _, query = str(address).partition("?")
            record.args = (client, method, path if path.endswith("/login") or not query else address, *rest)
        return True


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
    response.delete_cookie(COOKIE, path=request.scope.get("root_path") or "/", httponly=True, samesite="strict")


def _has_bearer(request: Request) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and is_token(request, token.strip())


def _has_cookie(request: Request) -> bool:
    return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _cookie_value(request).encode())


def _cookie_value(request: Request) -> str:
    """Not the token itself, and another one for another token, so that the cookie ends with it."""
    token: str = request.app.state.admin_token
    return hmac.new(token.encode(), b"descent admin cookie", hashlib.sha256).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
