"""/rooms/{code}/game: the class is the network. The teacher leads the game, and the phones are its neurons."""

from __future__ import annotations

import base64
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from app.rooms.class_network import NEURONS, Passed
from app.web.rooms.game_schemas import (
    GameChanges,
    GameStart,
    GoOn,
    Inputs,
    NeuronNumbers,
    OwnNeurons,
    PhaseNumbers,
    Verdicts,
)
from app.web.rooms.room_access import Code, GamesNeeded, Pupil, RoomsNeeded
from app.web.rooms.room_routes import NO_SUCH_ROOM, PUPILS_ONLY
from app.web.shared.dependencies import AdminOnly, OwnPageOnly
from app.web.shared.schemas import REFUSED, Problem

_NO_GAME: dict[int | str, dict[str, object]] = {
    **NO_SUCH_ROOM,
    409: {"model": Problem, "description": "The room plays no network, or can't do that now"},
}
NeuronName = Annotated[str, Path(pattern=r"^[1-3]-\d{1,2}$", description="Layer and place, such as 2-15")]

teacher_router = APIRouter(
    prefix="/admin/rooms/{code}/game", tags=["rooms"], dependencies=[AdminOnly], responses={**REFUSED, **_NO_GAME}
)
router = APIRouter(prefix="/rooms/{code}/game", tags=["rooms"], responses={**PUPILS_ONLY, **_NO_GAME})


@router.post("/numbers", dependencies=[OwnPageOnly])
async def pass_numbers(code: Code, pupil: Pupil, sent: PhaseNumbers, games: GamesNeeded) -> Verdicts:
    """Passes on what a phone's neurons have computed. Each number is checked, and a wrong or late one is replaced."""
    passed = {
        name: Passed(np.array(one.numbers), None if one.back is None or not _is_even(one.back) else np.array(one.back))
        for name, one in sent.neurons.items()
    }
    # Asynchronous, so that FastAPI doesn't send the answer to a thread once more.
    return Verdicts(verdicts=await run_in_threadpool(games.take, code, pupil.id, sent.step, sent.phase, passed))


@teacher_router.post("", status_code=204)
def start_game(code: Code, how: GameStart, rooms: RoomsNeeded, games: GamesNeeded) -> None:
    """Makes the class the network: deals its 42 neurons to the phones, with random weights."""
    rooms.room(code)
    games.start(code, how.eta, how.batch, how.pace)


@teacher_router.patch("", status_code=204)
def change_game(code: Code, changes: GameChanges, rooms: RoomsNeeded, games: GamesNeeded) -> None:
    """Changes the learning rate, the batch or the pace, also while it runs."""
    rooms.room(code)
    games.change(code, changes.model_dump(exclude_none=True))


@teacher_router.post("/next", status_code=204)
def go_on(code: Code, rooms: RoomsNeeded, games: GamesNeeded, what: GoOn | None = None) -> None:
    """At a walk, goes on: to a digit, to the next layer, past who is missing, to the label, or to the next step."""
    rooms.room(code)
    games.go_on(code, what.drawing if what else None)


@teacher_router.post("/deal", status_code=204)
def deal_again(code: Code, rooms: RoomsNeeded, games: GamesNeeded) -> None:
    """Deals the neurons again, to all pupils who are in the room now."""
    rooms.room(code)
    games.deal_again(code)


@teacher_router.delete("", status_code=204)
def stop_game(code: Code, rooms: RoomsNeeded, games: GamesNeeded) -> None:
    """Ends the game."""
    rooms.room(code)
    games.stop(code)


@teacher_router.get("/parameters", response_class=Response)
def get_game_parameters(code: Code, rooms: RoomsNeeded, games: GamesNeeded) -> Response:
    """The 13,002 weights and biases as they are now, as little-endian float64, for comparison."""
    rooms.room(code)
    return Response(games.parameters(code).astype("<f8").tobytes(), media_type="application/octet-stream")


@router.get("/neurons")
def get_neurons(
    code: Code,
    pupil: Pupil,  # noqa: ARG001 - who plays has a key
    games: GamesNeeded,
    of: Annotated[list[str], Query(min_length=1, max_length=len(NEURONS), description="Neurons, such as 2-15")],
) -> OwnNeurons:
    """The weights and biases of neurons as they are now. A phone nudges them itself from then on."""
    step, found = games.own_weights(code, [one for one in of if one in NEURONS])
    neurons = {name: NeuronNumbers(weights=weights, bias=bias) for name, (weights, bias) in found.items()}
    return OwnNeurons(step=step, neurons=neurons)


@router.get("/inputs")
def get_inputs(
    code: Code,
    games: GamesNeeded,
    of: Annotated[list[int], Query(min_length=1, max_length=64, description="The drawings")],
) -> Inputs:
    """Digits that the class learns from, as they go into the network: open, since they are on the wall."""
    found = games.digits(code, of)
    return Inputs(inputs={number: base64.b64encode(digit.tobytes()).decode() for number, digit in found.items()})


@router.post("/awake", status_code=204, dependencies=[OwnPageOnly])
def wake_up(code: Code, pupil: Pupil, games: GamesNeeded) -> None:
    """A phone that the deal calls asleep is waited for again."""
    games.wake_up(code, pupil.id)


@router.post("/neurons/{neuron}", status_code=204, dependencies=[OwnPageOnly])
def hold_neuron(code: Code, pupil: Pupil, neuron: NeuronName, games: GamesNeeded) -> None:
    """Takes one neuron that nobody holds, in place of all others."""
    games.hold(code, pupil.id, neuron)


def _is_even(rows: list[list[float]]) -> bool:
    return len({len(row) for row in rows}) == 1
