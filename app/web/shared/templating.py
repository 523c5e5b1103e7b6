"""Pages from templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from app.images import picture
from app.lessons.glossary import meaning_of
from app.runs.evaluation import SURE_FROM
from app.server.access import is_signed_in
from app.settings import ROOT
from app.web.shared.modules import imports_of
from app.web.shared.network_kinds import TEMPLATE_FILTERS, TEMPLATE_GLOBALS
from app.web.shared.static_files import STATIC

_templates = Jinja2Templates(ROOT / "templates")
_templates.env.globals.update(imports_of=imports_of, meaning_of=meaning_of, **TEMPLATE_GLOBALS)
_templates.env.filters.update(TEMPLATE_FILTERS)
_templates.env.globals["static"] = STATIC
_templates.env.globals["sure_from"] = SURE_FROM
_templates.env.globals["picture_limits"] = {"side": picture.MAX_SIDE}


def wants_html(request: Request) -> bool:
    """Whether a browser asks for a page. Programs and fetch() get data, since they do not ask for HTML."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")


def root_path(request: Request) -> str:
    """The app's public sub-path. Within a mounted folder, the scope's `root_path` has the folder's name too."""
    path: str = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    return path


def page(request: Request, template: str, context: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    """Renders a page. In templates, `root` is the app's public path and a slash, `path` the page's path below it."""
    root = root_path(request)
    common = {
        "root": f"{root}/",
        "path": request.url.path.removeprefix(root).lstrip("/"),
        "page": template.rpartition("/")[2].removesuffix(".html"),
        "admin": is_signed_in(request),
    }
    response = _templates.TemplateResponse(request, template, {**common, **(context or {})}, status)
    response.headers["Vary"] = "Cookie"
    return response


def rendered(template: str, context: Mapping[str, Any]) -> str:
    """A template that is no page of this server."""
    return _templates.get_template(template).render(context)
