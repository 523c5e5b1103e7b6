"""GET /speed: how fast this machine learns, from which a page can tell how long a run would take."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request

from app.runs.speed import Speed, measure

router = APIRouter(tags=["runs"])


@router.get("/speed")
async def speed(request: Request) -> Speed:
    """Seconds that each part of a run takes here, measured once, when it is asked for first.

    With n = training images, P = parameters of the network, T = parameters of its teacher, or 0:

        steps   = ceil(n / batch_size), 1 in full batch
        images  = n + min(n, 10000), or n in full batch, + held_out / 2
        taught  = image_parameter * T / 2
        view    = n / 2 * (image_augmented + taught) with augmentation, 0 without
        epoch   = steps * (step + parameter_OPTIMIZER * P) + images * (image + image_parameter * P) + view
        seconds = start + image_read * (n + held_out + test) + epochs * max(pace, epoch)
                  + (view with augmentation, n * taught without)
    """
    state = request.app.state
    if getattr(state, "speed", None) is None:
        state.speed = asyncio.create_task(asyncio.to_thread(measure))
    # Whoever asked first may be gone before it is measured; the others wait for the same figures.
    measured: Speed = await asyncio.shield(state.speed)
    return measured
