"""The games of all rooms: reads a game from the store, changes it under its lock, and writes it whole."""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from app.network import Network
from app.network.network import CLASSIC_SIZES
from app.rooms.class_digits import ClassDigits, NoGameError, UnknownDigitsError
from app.rooms.class_game import LATE_SECONDS, READY, TOLD_AFTER_SECONDS, Game, Verdict
from app.rooms.class_move import Move
from app.rooms.class_network import ACTIVATION, COST, FORWARD, NEURONS, Floats, Passed, deal, random_parameters
from app.rooms.rooms import name_of
from app.store.collection_records import Changed, CollectionStore, Document

KEY = "network"
# How often the accuracy on the held-out pupils is told, in steps.
_MEASURED_EVERY = 5
# The least time of a step that nobody plays, so that it does not race.
_STEP_SECONDS = 0.25
_KEPT_ACCURACIES = 300
# After so many steps without a number of any phone, a game that runs waits for one.
_MAX_ALONE = 200
# A phone holds several neurons only where there are few phones.
MAX_NEURONS = 4


class ClassGames:
    """The games of a store's rooms. `wake` is called with a collection's name when those who watch should be told.

    All calls but `start` raise NoGameError where there is no game. All raise StoreError.
    """

    def __init__(
        self, store: CollectionStore, wake: Callable[[str], None], clock: Callable[[], float] = time.time
    ) -> None:
        self._store, self._wake, self._clock = store, wake, clock
        self._digits = ClassDigits(store)
        # By collection, as the last tick found it: the game's revision, and when it goes on by itself if none comes. A
        # game is long, and most of the time there is nothing to do in it. Numbers that are no news delay nothing.
        self._known: dict[str, tuple[int, float]] = {}

    def start(self, code: str, eta: float, batch: int, pace: str) -> None:
        """Starts a game with random numbers, and deals the neurons to the pupils.

        Raises NoGameError unless there are drawings on the wall to learn from.
        """
        name = name_of(code)
        state = {"seed": random.SystemRandom().randrange(2**32), "eta": eta, "batch": batch, "pace": pace}
        game = Game.model_validate({**state, "pool": self._digits.pool(name), "held": self._dealt(name)})
        parameters = random_parameters(game.seed)
        self._store.change_document(name, KEY, lambda _: Changed(game.model_dump(), parameters.tobytes()))
        self._measure(name, 0, parameters)

    def stop(self, code: str) -> None:
        """Ends the game."""
        self._store.change_document(name_of(code), KEY, lambda game: Changed({"is_over": True}, b"") if game else None)
        self._wake(name_of(code))

    def change(self, code: str, changes: Mapping[str, Any]) -> None:
        """Changes the learning rate, the batch or the pace."""

        def change(move: Move) -> bool:
            game = move.game = move.game.model_copy(update=dict(changes))
            if changes.get("pace") == "run" and game.phase != READY:
                # Nobody clicks any more: the phones need the labels, and have their time from now on.
                game.is_revealed, game.began = True, move.now
                move.run_on()
            return True

        self._play(name_of(code), change)

    def deal_again(self, code: str) -> None:
        """Deals the neurons to all who are in the room now, and takes what is on the wall now to learn from."""
        name = name_of(code)
        update = {"held": self._dealt(name), "pool": self._digits.pool(name), "late": {}}

        def change(move: Move) -> bool:
            move.game = move.game.model_copy(update=update)
            move.run_on()
            return True

        self._play(name, change)

    def choose_again(self, code: str) -> None:
        """Takes what is on the wall now to learn from. A step on a drawing that is gone is given up."""
        name = name_of(code)
        try:
            pool = self._digits.pool(name)
        except NoGameError:
            pool = []

        def change(move: Move) -> bool:
            if move.game.pool == pool:
                return False
            move.game.choose_from(pool)
            return True

        with contextlib.suppress(NoGameError):
            self._play(name, change)

    def hold(self, code: str, pupil: int, neuron: str) -> None:
        """Gives a pupil that neuron in place of all others. Raises NoGameError if somebody else holds it."""
        if neuron not in NEURONS:
            raise NoGameError(f"There is no neuron {neuron}. They are 1-0 to 1-15, 2-0 to 2-15 and 3-0 to 3-9.")

        def change(move: Move) -> bool:
            game = move.game
            if any(one != pupil and not game.is_asleep(one) for one in game.held[neuron]):
                raise NoGameError("Somebody holds that neuron already. Take another one.")
            game.held = {name: [one for one in who if one != pupil] for name, who in game.held.items()}
            game.held[neuron].append(pupil)
            return True

        self._play(name_of(code), change)

    def go_on(self, code: str, drawing: int | None = None) -> None:
        """At a walk, the next thing: a step, a layer, what the server computes for who is missing, or the label."""

        def change(move: Move) -> bool:
            game = move.game
            if game.phase == READY:
                move.begin(drawing)
            elif not game.is_complete:
                game.fill(move.referee())
            elif game.phase == FORWARD[-1] and not game.is_revealed:
                game.reveal(move.referee())
            else:
                move.close()
            move.run_on()
            return True

        self._play(name_of(code), change)

    def take(self, code: str, pupil: int, step: int, phase: str, sent: Mapping[str, Passed]) -> dict[str, Verdict]:
        """Takes the numbers of a pupil's neurons. A number that comes too late or is wrong changes nothing."""
        verdicts: dict[str, Verdict] = {}

        def change(move: Move) -> bool:
            game = move.game
            verdicts.clear()
            if (game.step, game.phase) != (step, phase):
                verdicts.update(dict.fromkeys(sent, "over"))
                # It wakes up. One that is awake and always late must fall asleep, so it stays counted.
                return game.is_asleep(pupil) and game.late.pop(pupil) > 0
            verdicts.update(game.take(move.referee(), pupil, sent))
            move.run_on()
            # At a run, who watches is told of phases, not of each number.
            return game.pace == "walk" or (game.step, game.phase) != (step, phase)

        self._play(name_of(code), change)
        return verdicts

    def wake_up(self, code: str, pupil: int) -> None:
        """A pupil who was asleep is waited for again."""

        def change(move: Move) -> bool:
            return move.game.late.pop(pupil, 0) > 0

        self._play(name_of(code), change)

    def tick(self) -> None:
        """To be called several times a second: nobody waits for a phone that sleeps."""
        revisions = self._store.with_document(KEY)
        self._known = {name: known for name, known in self._known.items() if name in revisions}
        for name, revision in revisions.items():
            known, due_at = self._known.get(name, (0, math.inf))
            if known == revision and self._clock() <= due_at:
                continue
            # It may be over, or begun by another version.
            due_at = math.inf
            with contextlib.suppress(NoGameError, ValidationError):
                due_at = _due_at(Game.model_validate(self._existing(name).state))
            self._known[name] = revision, due_at
            if self._clock() > due_at:
                # It may have been stopped meanwhile, and there are other rooms.
                with contextlib.suppress(NoGameError, ValidationError):
                    self._play(name, self._go_on_by_clock)

    def own_weights(self, code: str, neurons: Sequence[str]) -> tuple[int, dict[str, tuple[list[float], float]]]:
        """The present step, and the weights and the bias of each of these neurons."""
        document = self._existing(name_of(code))
        network = Network(CLASSIC_SIZES, ACTIVATION, COST, np.frombuffer(document.content))
        found = {}
        for neuron in neurons:
            layer, place = map(int, neuron.split("-"))
            weights, biases = network.layers[layer - 1]
            found[neuron] = weights[place].tolist(), float(biases[place])
        return int(document.state["step"]), found

    def digits(self, code: str, ids: Collection[int]) -> dict[int, NDArray[np.uint8]]:
        """Digits of the game as bytes (784,), 255 times their inputs. Those that are not in it are left out."""
        name = name_of(code)
        game = Game.model_validate(self._existing(name).state)
        # Those of this step may have left the pool since it began.
        known = {*game.digits, *(number for number, _ in game.pool)} & set(ids)
        return self._digits.read(name, known)

    def parameters(self, code: str) -> Floats:
        """The 13,002 numbers as they are now."""
        return np.frombuffer(self._existing(name_of(code)).content)

    def _go_on_by_clock(self, move: Move) -> bool:
        game = move.game
        if move.now <= _due_at(game):
            return False
        if game.phase == READY:
            move.begin(None)
        elif game.pace == "run" and move.now - game.began > LATE_SECONDS:
            game.fill(move.referee())
        move.run_on()
        if game.phase != READY and move.now - game.began > TOLD_AFTER_SECONDS:
            game.waiting = game.who_is_missing()
        return True

    def _play(self, name: str, change: Callable[[Move], bool]) -> None:
        """Makes the change, and tells those who watch if it returns that there is news."""
        moves: list[Move] = []

        def changed(document: Document | None) -> Changed:
            if document is None or document.state.get("is_over"):
                raise NoGameError("The room plays no network now.")
            move = Move(document, self._clock(), lambda ids: self._digits.known(name, ids))
            move.is_news = change(move)
            moves[:] = [move]
            content = move.parameters.tobytes() if move.has_stepped else None
            return Changed(move.game.model_dump(), content, move.is_news)

        # The lock is held meanwhile, so what it lacks is read before it is tried again.
        while not moves:
            try:
                self._store.change_document(name, KEY, changed)
            except UnknownDigitsError as error:
                self._digits.read(name, error.ids)
        (move,) = moves
        if move.is_news:
            self._wake(name)
        if move.has_stepped and move.game.step % _MEASURED_EVERY == 0:
            self._measure(name, move.game.step, move.parameters)

    def _measure(self, name: str, step: int, parameters: Floats) -> None:
        accuracy = self._digits.accuracy(name, parameters)
        if accuracy is None:
            return

        def change(move: Move) -> bool:
            move.game.accuracies = [*move.game.accuracies, (step, accuracy)][-_KEPT_ACCURACIES:]
            return True

        self._play(name, change)

    def _dealt(self, name: str) -> dict[str, list[int]]:
        pupils = [one.id for one in self._store.authors(name) if not one.removed and not one.simulated]
        return deal(pupils, MAX_NEURONS)

    def _existing(self, name: str) -> Document:
        document = self._store.document(name, KEY)
        if document is None or document.state.get("is_over"):
            raise NoGameError("The room plays no network now.")
        return document


def _due_at(game: Game) -> float:
    """After which time the game goes on by itself, if nothing comes; infinity where it waits for somebody."""
    if game.phase == READY:
        is_going = game.pace == "run" and not game.has_diverged and game.alone < _MAX_ALONE
        return game.began + _STEP_SECONDS if is_going else math.inf
    if not all(neuron in game.passed or game.awake(neuron) for neuron in game.layer):
        return -math.inf
    late_at = game.began + LATE_SECONDS if game.pace == "run" else math.inf
    told_at = game.began + TOLD_AFTER_SECONDS if game.waiting != game.who_is_missing() else math.inf
    return min(late_at, told_at)
