"""What goes on while a class plays a network: who holds which neuron, which phase it is, and which numbers are in.

Pure: no store and no clock. Times are seconds of the caller's clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, Field

from app.network.network import CLASSIC_SIZES
from app.rooms.class_network import (
    BACKWARD,
    FORWARD,
    PHASES,
    Floats,
    Passed,
    Referee,
    deal,
    is_right,
    layer_of,
    rounded,
)

# Between steps.
READY = "ready"
# While it runs, a phone that has not passed on its numbers by then is late; twice in a row, and it is asleep.
LATE_SECONDS = 1.0
_LATE_TWICE = 2
# When all are told whom they wait for.
TOLD_AFTER_SECONDS = 1.5
_KEPT_COSTS = 300
MAX_ETA, MAX_BATCH, MAX_POOL = 10.0, 16, 500

Mark = Literal["late", "wrong", "server"]
# What a phone is told: its number is right, wrong, came too late, is not of this phase, or not of a neuron of its own.
Verdict = Literal["right", "wrong", "late", "over", "not yours"]


class Numbers(BaseModel):
    """What a neuron has passed on: see `Passed`."""

    numbers: list[float]
    back: list[list[float]] | None = None


class Game(BaseModel):
    """The state of a game. `digits` are the drawings of this step, `pool` those to choose from, each with its label.

    `layers` has the numbers (n, neurons) of the phases that are over, and as "back-LAYER" the sums of what was given
    back to that layer; `passed` those of the present phase, by neuron. A neuron in `marks` was computed by the server
    in this step, for that reason.
    """

    seed: int
    step: int = 0
    phase: str = READY
    began: float = 0.0
    pace: Literal["walk", "run"] = "walk"
    eta: float = 0.1
    # The learning rate of this step: a dial that is turned within a step counts for the next one.
    step_eta: float = 0.1
    batch: int = 1
    pool: list[tuple[int, int]] = []
    digits: list[int] = []
    labels: list[int] = []
    is_revealed: bool = False
    layers: dict[str, list[list[float]]] = {}
    passed: dict[str, Numbers] = {}
    answered: dict[str, list[int]] = {}
    marks: dict[str, Mark] = {}
    held: dict[str, list[int]] = Field(default_factory=lambda: deal([]))
    late: dict[int, int] = {}
    waiting: list[int] = []
    costs: list[float] = []
    # The step of the last one.
    cost_step: int = -1
    accuracies: list[tuple[int, float]] = []
    has_diverged: bool = False
    # How many steps there were since a phone passed on a number.
    alone: int = 0

    @property
    def layer(self) -> list[str]:
        """The neurons of the present phase."""
        layer = layer_of(self.phase)
        return [f"{layer}-{number}" for number in range(CLASSIC_SIZES[layer])]

    @property
    def is_complete(self) -> bool:
        """Whether all neurons of the present phase have passed on their numbers."""
        return self.phase != READY and all(self._is_done(neuron) for neuron in self.layer)

    @property
    def shows_cost(self) -> bool:
        """Whether the last cost is that of this step, whose labels are known."""
        return self.is_revealed and self.cost_step >= (self.step if self.phase != READY else self.step - 1)

    @property
    def numbers(self) -> dict[str, Floats]:
        """The `layers` as arrays."""
        return {name: np.array(rows, np.float64) for name, rows in self.layers.items()}

    def is_asleep(self, pupil: int) -> bool:
        return self.late.get(pupil, 0) >= _LATE_TWICE

    def awake(self, neuron: str) -> list[int]:
        """The pupils who hold that neuron and answer in time."""
        return [pupil for pupil in self.held[neuron] if not self.is_asleep(pupil)]

    def _is_done(self, neuron: str) -> bool:
        # Two who share a neuron must both have answered.
        return neuron in self.passed and set(self.awake(neuron)) <= set(self.answered.get(neuron, []))

    def begin(self, drawing: int | None, now: float) -> None:
        """Begins a step, on that drawing, or on a batch by chance. The pool must not be empty."""
        rng = np.random.default_rng([self.seed, self.step])
        chosen = [entry for entry in self.pool if entry[0] == drawing]
        if not chosen:
            count = min(self.batch, len(self.pool))
            chosen = [self.pool[number] for number in rng.choice(len(self.pool), count, replace=False)]
        self.digits, self.labels = [entry[0] for entry in chosen], [entry[1] for entry in chosen]
        self.layers, self.marks, self.is_revealed = {}, {}, self.pace == "run"
        self.step_eta = self.eta
        self._enter(PHASES[0], now)

    def reveal(self, referee: Referee) -> None:
        """Shows the labels, and the cost of the answers, which must all be in."""
        self.is_revealed = True
        self._note_cost(referee)

    def choose_from(self, pool: list[tuple[int, int]]) -> None:
        """Replaces the pool. A step on a digit that is not in it is given up, as if it had not begun."""
        self.pool = pool
        if self.phase != READY and not set(self.digits) <= {number for number, _ in pool}:
            self.digits, self.labels, self.layers, self.marks = [], [], {}, {}
            self._enter(READY, self.began)

    def take(self, referee: Referee, pupil: int, sent: Mapping[str, Passed]) -> dict[str, Verdict]:
        """Takes what a pupil's phone passes on for its neurons in this phase, and says what became of each."""
        self.alone = 0
        numbers, back = referee.expected(self.phase)
        verdicts: dict[str, Verdict] = {}
        for neuron, passed in sent.items():
            if neuron not in self.layer or pupil not in self.held[neuron]:
                verdicts[neuron] = "not yours"
                continue
            was_done = self._is_done(neuron)
            answered = self.answered.setdefault(neuron, [])
            if pupil not in answered:
                answered.append(pupil)
            place = int(neuron.partition("-")[2])
            wanted = numbers[:, place], None if back is None else back[:, place].T
            if not is_right(passed, *wanted):
                verdicts[neuron] = "wrong"
                self._replace(neuron, Passed(*wanted), "wrong")
            elif was_done:
                verdicts[neuron] = "late" if self.marks.get(neuron) else "right"
            else:
                verdicts[neuron] = "right"
                if neuron not in self.passed or self.marks.get(neuron) == "wrong":
                    self._keep(neuron, passed)
        taken = set(verdicts.values()) - {"not yours"}
        if taken and ("late" not in taken or self.is_asleep(pupil)):
            self.late.pop(pupil, None)
        return verdicts

    def fill(self, referee: Referee, mark: Mark = "late") -> None:
        """The server computes what is missing in this phase."""
        numbers, back = referee.expected(self.phase)
        for pupil in self.who_is_missing():
            self.late[pupil] = self.late.get(pupil, 0) + 1
        for place, neuron in enumerate(self.layer):
            if self._is_done(neuron):
                continue
            self.answered.setdefault(neuron, []).extend(self.held[neuron])
            if neuron not in self.passed:
                self._replace(neuron, Passed(numbers[:, place], None if back is None else back[:, place].T), mark)

    def fill_unheld(self, referee: Referee) -> None:
        """The server computes at once the neurons that nobody holds who is awake."""
        numbers, back = referee.expected(self.phase)
        for place, neuron in enumerate(self.layer):
            if neuron not in self.passed and not self.awake(neuron):
                passed = Passed(numbers[:, place], None if back is None else back[:, place].T)
                self._replace(neuron, passed, "server")

    def go_on(self, referee: Referee, now: float) -> Floats | None:
        """Goes on from a complete phase. After the last one, returns the new parameters, and the step is over."""
        self._close_phase()
        if self.phase == FORWARD[-1]:
            self._note_cost(referee)
        if self.phase == PHASES[-1]:
            referee.numbers = self.numbers
            parameters = referee.stepped(self.step_eta)
            self.step += 1
            self.alone += 1
            self.phase, self.began = READY, now
            self.passed, self.answered, self.waiting = {}, {}, []
            return parameters
        self._enter(PHASES[PHASES.index(self.phase) + 1], now)
        return None

    def who_is_missing(self) -> list[int]:
        """The pupils who are awake and have not passed on all their numbers of this phase."""
        if self.phase == READY:
            return []
        missing = {
            pupil for neuron in self.layer for pupil in self.awake(neuron) if pupil not in self.answered.get(neuron, [])
        }
        return sorted(missing)

    def _enter(self, phase: str, now: float) -> None:
        self.phase, self.began = phase, now
        self.passed, self.answered, self.waiting = {}, {}, []

    def _close_phase(self) -> None:
        """Moves the numbers of the phase to `layers`."""
        self.layers[self.phase] = self._columns().tolist()
        layer = layer_of(self.phase)
        if self.phase in BACKWARD and layer > 1:
            given = np.array([self.passed[neuron].back for neuron in self.layer])
            self.layers[f"back-{layer - 1}"] = rounded(given.sum(axis=0).T).tolist()

    def _columns(self) -> Floats:
        """The numbers of the present phase, (n, neurons)."""
        return np.array([self.passed[neuron].numbers for neuron in self.layer], np.float64).T

    def _keep(self, neuron: str, passed: Passed) -> None:
        back = None if passed.back is None or layer_of(neuron) == 1 else rounded(passed.back).tolist()
        self.passed[neuron] = Numbers(numbers=rounded(passed.numbers).tolist(), back=back)
        self.marks.pop(neuron, None)

    def _replace(self, neuron: str, passed: Passed, mark: Mark) -> None:
        if neuron not in self.passed or self.marks.get(neuron):
            self._keep(neuron, passed)
            self.marks[neuron] = mark

    def _note_cost(self, referee: Referee) -> None:
        """Once in a step."""
        if self.cost_step < self.step:
            self.cost_step = self.step
            referee.numbers = {**self.numbers, FORWARD[-1]: self._columns()}
            self.costs = [*self.costs, float(f"{referee.mean_cost():.6g}")][-_KEPT_COSTS:]
