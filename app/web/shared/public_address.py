"""The address by which other devices reach this server."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request

from app.settings import Settings
from app.web.shared.templating import root_path


def public_url(request: Request, path: str) -> str:
    """The absolute address of a path below the app's root."""
    return f"{_origin(request)}{root_path(request)}/{path}"


def is_for_this_machine_only(request: Request) -> bool:
    """Whether such an address works on no other machine."""
    return _is_loopback(urlsplit(_origin(request)).hostname or "")


def _origin(request: Request) -> str:
    """The origin in this request, unless it names this machine and there is a better one."""
    settings: Settings = request.app.state.settings
    host = request.headers.get("x-forwarded-host", "").partition(",")[0].strip() or request.headers.get("host", "")
    scheme = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip() or request.url.scheme
    own = f"{'https' if scheme == 'https' else 'http'}://{host}"
    if settings.address and _is_loopback(urlsplit(own).hostname or ""):
        return settings.address
    return own


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
