"""The documents of a room as JSON for all who watch it."""

from __future__ import annotations

from typing import Any

from app.rooms import quizzes, votes
from app.rooms.class_game import Game
from app.rooms.class_games import KEY
from app.rooms.class_network import FORWARD
from app.store.collection_records import Document


def document_forms(document: Document) -> dict[str, dict[str, Any]]:
    """The parts of a document by name. They are told one by one, each when it has changed."""
    if document.key == votes.KEY:
        return {"vote": votes.vote_form(document.state)}
    if document.key == quizzes.KEY:
        return {"quiz": quizzes.quiz_form(document.state)}
    if document.key != KEY:
        return {}
    if document.state.get("is_over"):
        return {"game": {"is_over": True}}
    return _game_forms(Game.model_validate(document.state))


def _game_forms(game: Game) -> dict[str, dict[str, Any]]:
    """`game` is what changes with each phase, `deal` who holds what, `course` the costs and accuracies so far.

    The numbers of each phase that is over are a part of their own, such as `forward-1`: (n, neurons), and `back-1` the
    sums of what was given back to layer 1. The outputs are told as soon as all are in: the answer comes before the
    label. On the way forwards there is no cost yet.
    """
    head = {
        "is_over": False,
        # Which game it is: a phone forgets its neurons where this changes.
        "seed": game.seed,
        "step": game.step,
        "phase": game.phase,
        "is_complete": game.is_complete,
        "pace": game.pace,
        "eta": game.eta,
        "step_eta": game.step_eta,
        "batch": game.batch,
        "digits": game.digits,
        "labels": game.labels if game.is_revealed else None,
        "cost": game.costs[-1] if game.costs and (game.pace == "run" or game.shows_cost) else None,
        "done": sorted(game.passed),
        "marks": game.marks,
        "waiting": game.waiting,
        "has_diverged": game.has_diverged,
    }
    layers = dict(game.layers)
    if game.phase == FORWARD[-1] and game.is_complete:
        columns = [game.passed[neuron].numbers for neuron in game.layer]
        layers[game.phase] = [list(row) for row in zip(*columns, strict=True)]
    numbers = {name: {"step": game.step, "numbers": rows} for name, rows in layers.items()}
    return {
        "game": head,
        "deal": {"held": game.held, "asleep": [pupil for pupil in game.late if game.is_asleep(pupil)]},
        "course": {"costs": game.costs, "steps": game.step, "accuracies": game.accuracies},
        **numbers,
    }
