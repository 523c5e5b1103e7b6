"""One change of a game, between reading it from the store and writing it."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from app.rooms.class_game import READY, Game
from app.rooms.class_network import Floats, Referee
from app.store.collection_records import Document

# Beyond this, the numbers have grown beyond all use.
_MAX_PARAMETER = 1e6


class Move:
    """One change of a game, whose parameters are those of its document until a step is over.

    `is_news` is whether those who watch should be told.
    """

    def __init__(self, document: Document, now: float, inputs_of: Callable[[Collection[int]], Floats]) -> None:
        self.game = Game.model_validate(document.state)
        self.parameters: Floats = np.frombuffer(document.content).copy()
        self.has_stepped, self.is_news = False, False
        self.now, self._inputs_of = now, inputs_of

    def referee(self) -> Referee:
        game = self.game
        return Referee(self.parameters, self._inputs_of(game.digits), game.labels, game.numbers)

    def begin(self, drawing: int | None) -> None:
        """Begins a step, unless the numbers have grown beyond all use, or there is nothing to learn from."""
        if not self.game.has_diverged and self.game.pool:
            self.game.begin(drawing, self.now)

    def close(self) -> None:
        """Goes on from a complete phase."""
        parameters = self.game.go_on(self.referee(), self.now)
        if parameters is None:
            return
        self.game.has_diverged = not np.all(np.abs(parameters) < _MAX_PARAMETER)
        if not self.game.has_diverged:
            self.parameters, self.has_stepped = parameters, True

    def run_on(self) -> None:
        """Computes what nobody holds, and at a run goes on from phase to phase until a phone is waited for."""
        game = self.game
        is_played = any(game.awake(neuron) for neuron in game.held)
        while game.phase != READY:
            game.fill_unheld(self.referee())
            if game.pace == "walk" or not game.is_complete:
                return
            self.close()
            if game.phase == READY and is_played:
                self.begin(None)
