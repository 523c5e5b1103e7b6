"""Admin authentication: the token as a bearer, or the session cookie that /login sets."""

from __future__ import annotations

import hmac

from fastapi import HTTPException, Request, Response

COOKIE = "descent_admin"
_PORTS = {"http": ":80", "https": ":443"}


def is_signed_in(request: Request) -> bool:
    """Whether the request has the admin's session cookie."""
    return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _cookie_value(request).encode())


def require_admin(request: Request) -> None:
    """The dependency of every call that changes something.

    Raises 403 for a request from another site's page, 401 without the cookie or the token, and 415 for a body that is
    not JSON.
    """
    require_own_page(request)
    if not is_signed_in(request):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        # Starlette decodes the bytes of a header as Latin-1.
        require_token(request, token.strip().encode("latin-1") if scheme.lower() == "bearer" else b"")
    _require_body_of_type(request, "application/json")


def is_admin(request: Request) -> bool:
    """Whether the request has what `require_admin` requires: what only the admin may see can be shown."""
    try:
        require_admin(request)
    except HTTPException:
        return False
    return True


def require_token(request: Request, given: bytes) -> None:
    """Raises 401 unless `given` is the admin token in UTF-8."""
    if not hmac.compare_digest(given, request.app.state.admin_token.encode()):
        raise HTTPException(
            401,
            "This needs the admin token: send it as 'Authorization: Bearer TOKEN', or sign in at /login.",
            {"WWW-Authenticate": "Bearer"},
        )


def require_own_page(request: Request) -> None:
    """Raises 403 for a request that another site's page made. Browsers send cookies with those too."""
    own = _own_origins(request)
    is_foreign = any(origin not in own for origin in request.headers.getlist("origin"))
    if is_foreign or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise HTTPException(
            403,
            "This request came from a page of another site. Use Descent's own pages. A proxy must pass on the Host"
            " and X-Forwarded-Proto headers.",
        )


def require_own_form(request: Request) -> None:
    """The dependency of a page's form. Raises 403 for another site's page, and 415 for a body that is not a form."""
    require_own_page(request)
    _require_body_of_type(request, "application/x-www-form-urlencoded", "multipart/form-data")


def _own_origins(request: Request) -> set[str]:
    """The origins of our own pages, as browsers write them: without the scheme's default port.

    A proxy may end the encryption and replace the host name. No page can make a browser send these headers to
    another site, so they can be read here even if the proxy is not trusted.
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
    """Derived from the admin token alone, so it is the same in every process and after a restart."""
    return hmac.digest(request.app.state.admin_token.encode(), b"descent admin session", "sha256").hex()
