"""A phone that plays neurons, with the arithmetic of one neuron alone: a sum, an activation, a delta, a nudge."""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.rooms import Pupil, Room, Watcher

Floats = NDArray[np.float64]


class NotYetError(Exception):
    """The numbers of the phase before have not arrived."""


class Neurons:
    """The neurons of a pupil. `parts` are those of the room's stream as they are now."""

    def __init__(self, pupil: int, parts: dict[str, Any]) -> None:
        self._pupil, self.parts = pupil, parts
        # The weights (before,) and the bias of those it holds, and after how many steps they are so.
        self._own: dict[str, tuple[Floats, float, int]] = {}
        self.digits: dict[int, Floats] = {}

    @property
    def held(self) -> list[str]:
        deal = self.parts["deal"]["held"]
        return [neuron for neuron, who in deal.items() if self._pupil in who]

    def of(self, game: dict[str, Any]) -> list[str]:
        """Those of the present phase."""
        return [neuron for neuron in self.held if neuron[0] == game["phase"][-1]]

    def to_fetch(self, step: int) -> list[str]:
        """Those whose weights before that step are not known here. After its last phase, one is a step ahead."""
        return [name for name in self.held if name not in self._own or self._own[name][2] not in (step, step + 1)]

    def take(self, step: int, fetched: dict[str, Any]) -> None:
        for name, one in fetched.items():
            self._own[name] = np.array(one["weights"]), one["bias"], step

    def forget(self) -> None:
        """Fetches all anew, since something was wrong."""
        self._own.clear()

    def unknown(self, digits: list[int]) -> list[int]:
        return [number for number in digits if number not in self.digits]

    def take_digits(self, fetched: dict[str, str]) -> None:
        for number, text in fetched.items():
            self.digits[int(number)] = np.frombuffer(base64.b64decode(text), np.uint8) / 255.0

    def inputs(self, digits: list[int]) -> Floats:
        """The digits as inputs (n, 784)."""
        if self.unknown(digits):
            raise NotYetError
        return np.stack([self.digits[number] for number in digits])

    def numbers(self, game: dict[str, Any]) -> dict[str, Any]:
        """What they pass on in that phase. Raises NotYetError while the numbers before it are on their way."""
        compute = self._forward if game["phase"].startswith("forward") else self._backward
        return {
            neuron: compute(neuron, game)
            for neuron in self.of(game)
            if neuron in self._own and self._own[neuron][2] == game["step"]
        }

    def _before(self, layer: int, game: dict[str, Any]) -> Floats:
        """The activations (n, before) of the layer before."""
        return self._part(f"forward-{layer - 1}", game) if layer > 1 else self.inputs(game["digits"])

    def _part(self, name: str, game: dict[str, Any]) -> Floats:
        part = self.parts.get(name, {})
        if part.get("step") != game["step"]:
            raise NotYetError
        return np.array(part["numbers"])

    def _forward(self, neuron: str, game: dict[str, Any]) -> dict[str, Any]:
        layer = int(neuron[0])
        weights, bias, _ = self._own[neuron]
        z = self._before(layer, game) @ weights + bias
        return {"numbers": (z if layer == 3 else np.where(z > 0, z, z / 10)).tolist()}

    def _backward(self, neuron: str, game: dict[str, Any]) -> dict[str, Any]:
        layer, place = map(int, neuron.split("-"))
        weights, bias, step = self._own[neuron]
        if layer == 3:
            if game["labels"] is None:
                raise NotYetError
            z = self._part("forward-3", game)
            shares = np.exp(z - z.max(axis=1, keepdims=True))
            answer = (shares / shares.sum(axis=1, keepdims=True))[:, place]
            delta = (answer - (np.array(game["labels"]) == place)) / len(game["digits"])
        else:
            own = self._part(f"forward-{layer}", game)[:, place]
            delta = self._part(f"back-{layer}", game)[:, place] * np.where(own > 0, 1.0, 0.1)
        back = None if layer == 1 else np.outer(weights, delta).tolist()
        before, eta = self._before(layer, game), game["step_eta"]
        self._own[neuron] = weights - eta * delta @ before, bias - eta * float(delta.sum()), step + 1
        return {"numbers": delta.tolist(), "back": back}


class Phone:
    """A pupil's phone. `watcher` follows the room."""

    def __init__(self, room: Room, pupil: Pupil, watcher: Watcher) -> None:
        self.pupil, self._client = pupil, room.anyone
        self._neurons = Neurons(pupil.id, watcher.parts)
        self._parts = watcher.parts
        self._played = (-1, "")

    @property
    def held(self) -> list[str]:
        return self._neurons.held

    def play(self) -> dict[str, str] | None:
        """Passes on the numbers of the present phase. Returns what became of them; None if there is nothing to do."""
        game, deal = self._parts["game"], self._parts["deal"]
        if self.pupil.id in deal["asleep"]:
            path = f"rooms/{self.pupil.code}/game/awake"
            self._client.post(path, headers=self.pupil.headers).raise_for_status()
        if game["phase"] == "ready" or (game["step"], game["phase"]) == self._played:
            return None
        try:
            numbers = self.numbers(game)
        except NotYetError:
            return None
        self._played = game["step"], game["phase"]
        return self.send(numbers, game) if numbers else None

    def numbers(self, game: dict[str, Any]) -> dict[str, Any]:
        """What its neurons pass on in that phase. Raises NotYetError while the numbers before it are on their way."""
        if old := self._neurons.to_fetch(game["step"]):
            asked = self._client.get(
                f"rooms/{self.pupil.code}/game/neurons", params={"of": old}, headers=self.pupil.headers
            )
            found = asked.raise_for_status().json()
            self._neurons.take(found["step"], found["neurons"])
        self.inputs(game["digits"])
        return self._neurons.numbers(game)

    def inputs(self, digits: list[int]) -> Floats:
        """The digits as inputs (n, 784)."""
        if missing := self._neurons.unknown(digits):
            asked = self._client.get(f"rooms/{self.pupil.code}/game/inputs", params={"of": missing})
            self._neurons.take_digits(asked.raise_for_status().json()["inputs"])
        return self._neurons.inputs(digits)

    def send(self, numbers: dict[str, Any], game: dict[str, Any]) -> dict[str, str]:
        body = {"step": game["step"], "phase": game["phase"], "neurons": numbers}
        answer = self._client.post(f"rooms/{self.pupil.code}/game/numbers", json=body, headers=self.pupil.headers)
        verdicts: dict[str, str] = answer.raise_for_status().json()["verdicts"]
        return verdicts


@contextlib.contextmanager
def played(phones: list[Phone]) -> Iterator[None]:
    """Each phone plays in a thread of its own until the block ends. Raises what a phone has raised."""
    is_over = threading.Event()

    def play(phone: Phone) -> None:
        while not is_over.wait(0.01):
            phone.play()

    with ThreadPoolExecutor(len(phones)) as threads:
        playing = [threads.submit(play, phone) for phone in phones]
        try:
            yield
        finally:
            is_over.set()
        for one in playing:
            one.result()
