"""The pages of rooms beside the pupils' own: for the teacher, the projector, and all who want to know what is kept."""

from __future__ import annotations

import io

import segno
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from app.lessons.catalogue import LESSONS
from app.lessons.quiz import TOPICS
from app.rooms.quizzes import MIN_SHOWN
from app.rooms.rooms import REJOIN_MINUTES, code_of
from app.server.access import is_signed_in
from app.web.rooms.room_access import Code, RoomsNeeded
from app.web.shared.dependencies import SettingsNeeded
from app.web.shared.public_address import is_for_this_machine_only, public_url
from app.web.shared.templating import page, root_path

router = APIRouter(include_in_schema=False)
# A longer one makes a QR code that no phone reads from the back of a class.
_MAX_URL = 300
# What a code looks like.
_EXAMPLE = "KX4H7M"


@router.get("/rooms")
def rooms_page(request: Request, rooms: RoomsNeeded, settings: SettingsNeeded) -> Response:
    """Joining a room by its code. The admin opens rooms, and sees which there are."""
    found = rooms.all() if is_signed_in(request) else []
    opened = [{"code": code_of(room), "created_at": room.created_at} for room in found]
    return page(request, "rooms/rooms.html", {"days": settings.room_days, "example": _EXAMPLE, "rooms": opened})


@router.get("/rooms/privacy")
def privacy_page(request: Request, settings: SettingsNeeded) -> Response:
    return page(request, "rooms/privacy.html", {"days": settings.room_days, "min_shown": MIN_SHOWN})


@router.get("/rooms/{code}/projector")
def projector_page(request: Request, code: Code, rooms: RoomsNeeded) -> Response:
    """What the class sees. With the admin's cookie, it leads the class too."""
    room = rooms.room(code)
    context = {
        "code": code_of(room),
        "room": room.state,
        "lessons": LESSONS,
        "url": public_url(request, f"rooms/{code_of(room)}"),
        "is_local": is_for_this_machine_only(request),
    }
    return page(request, "rooms/projector.html", context)


@router.get("/rooms/{code}/control")
def control_page(request: Request, code: Code, rooms: RoomsNeeded, settings: SettingsNeeded) -> Response:
    """The teacher's own page."""
    room = rooms.room(code)
    if not is_signed_in(request):
        return RedirectResponse(f"{root_path(request)}/login?back=rooms/{code_of(room)}/control", 303)
    context = {
        "code": code_of(room),
        "room": room.state,
        "lessons": LESSONS,
        "url": public_url(request, f"rooms/{code_of(room)}"),
        "topics": TOPICS,
        "days": settings.room_days,
        "rejoin_minutes": REJOIN_MINUTES,
    }
    return page(request, "rooms/control.html", context)


@router.get("/rooms/{code}/qr.svg")
def qr_code(request: Request, code: Code, rooms: RoomsNeeded) -> Response:
    """The address of the pupils' page as a QR code."""
    content = io.BytesIO()
    url = public_url(request, f"rooms/{code_of(rooms.room(code))}")
    if len(url) > _MAX_URL:
        raise HTTPException(422, "The address is too long for a QR code. Set DESCENT_ADDRESS to a shorter one.")
    # Black on white in the dark too: not every phone reads it the other way.
    segno.make_qr(url).save(content, kind="svg", border=2, omitsize=True, xmldecl=False, light="#fff")
    return Response(content.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})
