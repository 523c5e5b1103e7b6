"""/teach: plans for lessons with a room, each one printed page."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

from app.web.shared.dependencies import SettingsNeeded
from app.web.shared.templating import page

router = APIRouter(include_in_schema=False)


class Plan(NamedTuple):
    """A plan for a lesson. `name` is its address, and that of its template in templates/rooms/plans/."""

    name: str
    title: str
    idea: str
    minutes: int


PLANS = (
    Plan("draw", "Everybody draws a 4", "Thirty people draw the same digit. Which ones does a network misread?", 20),
    Plan("data-set", "Our own data set", "Does a network read somebody whom it has never met?", 45),
    Plan("watch", "Watch it learn", "A network starts from random numbers, and the class sees it get better.", 20),
    Plan("be-the-network", "Be the network", "Each phone is a neuron. Together they read a digit, and learn.", 45),
)
_BY_NAME = {plan.name: plan for plan in PLANS}


@router.get("/teach")
def teach_page(request: Request, settings: SettingsNeeded) -> Response:
    return page(request, "rooms/teach.html", {"plans": PLANS, "days": settings.room_days})


@router.get("/teach/{plan}")
def plan_page(request: Request, plan: str) -> Response:
    if plan not in _BY_NAME:
        raise HTTPException(404, f"There is no plan {plan!r}. There are: {', '.join(_BY_NAME)}.")
    return page(request, f"rooms/plans/{plan}.html", {"page": "plan", "plan": _BY_NAME[plan]})
