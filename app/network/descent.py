"""Gradient descent: a small step against the gradient of the cost, again and again, until the gradient is small.

No printing, no files, and no clock: what happens at each step is told as Progress, to whoever asks for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.activation import Floats
from app.network.network import Backprop, Network, one_hot, split_blocks, with_ones

Labels = NDArray[np.integer] | Floats

OPTIMIZERS = ("sgd", "momentum", "adam")
# The published defaults: Nielsen, chapter 3, for momentum; Kingma and Ba, "Adam", 2015, for the others.
MOMENTUM = 0.9
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
# The gradient over many images is summed in parts of at most this many, so that it needs little memory.
_PART = 2048


class Progress(NamedTuple):
    """Where descent is. `cost` is the mean over the last batch, before its step.

    `epoch` counts from 1. `gradient_norm`, the length of the gradient of the cost, is known where an epoch ends and
    None elsewhere: over the first `norm_images` images, or over all where a batch is all of them.
    """

    step: int
    epoch: int
    cost: float
    gradient_norm: float | None


def steps_per_epoch(images: int, batch_size: int | None) -> int:
    """Steps in which each of `images` images is seen once."""
    return -(-images // min(batch_size or images, images))


@dataclass
class Descent:
    """Gradient descent on a network: w_new = w_old - eta * gradient of the cost.

    `learning_rate` is eta; it falls along half a cosine to 0 over the epochs when `decay` is set. `rates` are others
    that take its place, (step, eta) each from after that step on; more may be added on the way. `batch_size` None
    is full batch: the true gradient of the cost over all images. `optimizer` is "sgd" for the rule itself, or
    "momentum" or "adam", which shape the step from the gradients so far. It stops after `epochs`, or at the end of
    the first epoch whose gradient norm is below `tolerance`; `norm_images` 0 asks for no norm at all. `weight_decay`
    draws every parameter towards 0, apart from the gradient, by that share of eta at each step (Loshchilov and Hutter,
    "Decoupled Weight Decay", 2019). `centred` descends as if the mean image were taken off every image, which turns
    the steps of the first layer's weights away from what all images share (LeCun et al., "Efficient BackProp", 1998,
    section 4.3); the network itself goes on seeing images as they are.

    It stops after `last_step`, if there is one, wherever in an epoch that is. Images are shuffled anew each epoch by
    (seed, epoch) alone, so `step` and `moments` are all that is needed to go on from where another Descent was left:
    the same steps follow, bit for bit.
    """

    network: Network
    learning_rate: float = 0.1
    batch_size: int | None = 32
    epochs: int = 30
    seed: int = 0
    optimizer: str = "sgd"
    decay: bool = False
    tolerance: float = 0.0
    weight_decay: float = 0.0
    centred: bool = False
    norm_images: int = 10_000
    rates: list[tuple[int, float]] = field(default_factory=list)
    last_step: int | None = None
    step: int = 0
    moments: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(f"The optimizer is one of {', '.join(OPTIMIZERS)}, not {self.optimizer!r}.")
        shape = (OPTIMIZERS.index(self.optimizer), self.network.parameters.size)
        if self.moments.size == 0:
            self.moments = np.zeros(shape, self.network.parameters.dtype)
        if self.moments.shape != shape:
            raise ValueError(f"The moments of {self.optimizer} are {shape}, not {self.moments.shape}.")

    def run(
        self,
        images: Floats,
        labels: Labels,
        reports_per_epoch: int = 0,
        view: Callable[[int], tuple[Floats, Labels]] | None = None,
    ) -> Iterator[Progress]:
        """Descends on images (n, inputs) with labels (n,), changing the network's parameters in place.

        Labels may be soft: (n, outputs) floats, how much of each answer is wanted. `view` gives images and labels as
        they are seen in an epoch, which counts from 0 here: as many, and the same whenever it is asked.

        Yields Progress after every step, or after `reports_per_epoch` evenly spaced ones and each epoch's last.
        """
        n = len(images)
        per_epoch = steps_per_epoch(n, self.batch_size)
        report_every = max(1, per_epoch // reports_per_epoch) if reports_per_epoch else 1
        # Batches of one size, give or take one image: a small last one would take a step as large as any.
        ends = [number * n // per_epoch for number in range(per_epoch + 1)]
        gradient = np.empty_like(self.network.parameters)
        mean = images.mean(axis=0) if self.centred else None
        batches = {size: _Batch(self.network, size, gradient) for size in {b - a for a, b in pairwise(ends)}}
        whole, seen = per_epoch == 1, None
        last = min(self.epochs * per_epoch, self.last_step or self.epochs * per_epoch)
        while self.step < last:
            epoch, first = divmod(self.step, per_epoch)
            if seen is None or view:
                seen = self._prepared(*(view(epoch) if view else (images, labels)))
            order = np.random.default_rng([self.seed, epoch]).permutation(n)
            for number in range(first, per_epoch):
                start, end = ends[number], ends[number + 1]
                batch = batches[end - start]
                outputs = batch.backprop(*seen, order[start:end])
                norm = float(np.linalg.norm(gradient)) if whole and self.norm_images else None
                self._step(gradient, self._eta(self.epochs * per_epoch), mean)
                epoch_ended = end == n
                if epoch_ended or self.step % report_every == 0 or self.step == last:
                    cost = self.network.cost.mean(outputs, batch.y)
                    if epoch_ended and norm is None:
                        norm = self._norm(*seen)
                    yield Progress(self.step, epoch + 1, cost, norm)
                    if norm is not None and norm < self.tolerance:
                        return
                if self.step >= last:
                    return

    def _prepared(self, images: Floats, labels: Labels) -> tuple[Floats, Floats]:
        if labels.ndim == 1:
            labels = one_hot(labels.astype(np.intp), self.network.sizes[-1], images.dtype)
        return with_ones(images), labels.astype(images.dtype, copy=False)

    @property
    def rate(self) -> float:
        """The learning rate of the next step, before any decay."""
        for step, rate in reversed(self.rates):
            if step <= self.step:
                return rate
        return self.learning_rate

    def _eta(self, steps: int) -> float:
        return self.rate * (0.5 + 0.5 * float(np.cos(np.pi * self.step / steps)) if self.decay else 1.0)

    def _step(self, gradient: Floats, eta: float, mean: Floats | None) -> None:
        """Takes a step against the gradient, which is used up. `mean` is the mean image, if descent is centred."""
        parameters = self.network.parameters
        if self.weight_decay:
            parameters *= 1 - eta * self.weight_decay
        if mean is None:
            self._scale(gradient, eta)
        else:
            nabla = split_blocks(gradient, self.network.sizes)[0]
            # With x - mean for x, the gradient of the weights is less by the mean times that of the biases.
            nabla[:-1] -= np.outer(mean, nabla[-1])
            self._scale(gradient, eta)
            # As w (x - mean) + b = w x + (b - w mean), the biases give way to what the weights make of the mean.
            nabla[-1] -= mean @ nabla[:-1]
        parameters -= gradient
        self.step += 1

    def _scale(self, gradient: Floats, eta: float) -> None:
        """Makes the gradient what is to be subtracted: eta times it, or what the gradients so far make of it."""
        if self.optimizer == "sgd":
            gradient *= eta
        elif self.optimizer == "momentum":
            velocity = self.moments[0]
            velocity *= MOMENTUM
            velocity += gradient
            np.multiply(velocity, eta, out=gradient)
        else:
            mean, square = self.moments
            mean += (1 - BETA_1) * (gradient - mean)
            square += (1 - BETA_2) * (gradient * gradient - square)
            corrected = eta / (1 - BETA_1 ** (self.step + 1))
            spread = np.sqrt(square / (1 - BETA_2 ** (self.step + 1))) + EPSILON
            np.divide(corrected * mean, spread, out=gradient)

    def _norm(self, x: Floats, y: Floats) -> float | None:
        """The norm of the gradient over the first `norm_images` images."""
        count = min(self.norm_images, len(x))
        if count == 0:
            return None
        gradient, part = np.zeros_like(self.network.parameters), np.empty_like(self.network.parameters)
        for start in range(0, count, _PART):
            size = min(_PART, count - start)
            Backprop(self.network, size, part)(x[start : start + size], y[start : start + size])
            gradient += part * (size / count)
        return float(np.linalg.norm(gradient))


class _Batch:
    """Backprop over `size` of the images at a time, gathered into arrays of their own; `y` are their wanted outputs."""

    def __init__(self, network: Network, size: int, gradient: Floats) -> None:
        self._x = np.empty((size, network.sizes[0] + 1), gradient.dtype)
        self.y = np.empty((size, network.sizes[-1]), gradient.dtype)
        self._backprop = Backprop(network, size, gradient)

    def backprop(self, images: Floats, wanted: Floats, chosen: NDArray[np.intp]) -> Floats:
        if len(chosen) == len(images):
            self._x, self.y = images, wanted
        else:
            # With "clip", take writes straight into the array that it is given.
            images.take(chosen, 0, self._x, "clip")
            wanted.take(chosen, 0, self.y, "clip")
        return self._backprop(self._x, self.y)
