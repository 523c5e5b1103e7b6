"""An unknown query parameter of an API call is refused, as an unknown key of a body is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fastapi import HTTPException, Request
from fastapi.dependencies.models import Dependant

from app.web.shared.templating import wants_html

# The tag of the calls that may have any query: monitors and load balancers add a time, for one.
ANY_QUERY = "health"


async def refuse_unknown_query(request: Request) -> None:
    """A dependency of all routes. Pages may have any query: their scripts read it."""
    route = request.scope["route"]
    if request.query_params and route.include_in_schema and ANY_QUERY not in route.tags and not wants_html(request):
        require_known_query(request, set(_names(route.dependant)))


def require_known_query(request: Request, known: Collection[str]) -> None:
    """Raises HTTPException 422 for the first query parameter that is not `known`."""
    for name in request.query_params:
        if name not in known:
            there_are = f"There are: {', '.join(sorted(known))}." if known else "This call has none."
            raise HTTPException(422, f"There is no query parameter {name[:40]!r}. {there_are}")


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for dependency in dependant.dependencies:
        yield from _names(dependency)
