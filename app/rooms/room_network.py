"""The network of a room: what its class can take home."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

from app.network import Network
from app.network.network import CLASSIC_SIZES
from app.network.weights import Weights, WeightsError, version_of
from app.rooms.class_digits import NoGameError
from app.rooms.class_games import ClassGames
from app.rooms.class_network import ACTIVATION, COST
from app.rooms.rooms import Rooms
from app.rooms.state import RoomState
from app.runs.final_network import read_final_network
from app.store.records import PUBLISHABLE, RunStore


class RoomNetwork(NamedTuple):
    """`held` says in a sentence which network it is; `name` is for a file."""

    weights: Weights
    held: str
    name: str


def room_network(rooms: Rooms, games: ClassGames, store: RunStore, code: str, max_parameters: int) -> RoomNetwork:
    """The network that the class plays; else that of the room's last run that has one; else the one that answers.

    Runs with more than `max_parameters` are passed over. Raises RoomNotFoundError and StoreError.
    """
    state = RoomState.model_validate(rooms.room(code).state)
    with contextlib.suppress(NoGameError):
        network = Network(CLASSIC_SIZES, ACTIVATION, COST, games.parameters(code))
        weights = Weights(network, {}, version_of(network), "")
        return RoomNetwork(weights, "the network that a class played", "class-network")
    for number in reversed(state.runs):
        run = store.run(number)
        if run is None or run.deleted_at is not None or run.status not in PUBLISHABLE:
            continue
        with contextlib.suppress(WeightsError):
            weights = read_final_network(store.files_of(run))
            if weights.network.parameters.size <= max_parameters:
                return RoomNetwork(weights, f"the network of run {number}", f"descent-run-{number}")
    served = rooms.model(state.model)
    return RoomNetwork(served.weights, f"the network “{served.name}”", served.name)
