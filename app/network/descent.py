"""Gradient descent: a small step against the gradient of the cost, again and again, until the gradient is small.

No printing, no files, and no clock: what happens at each step is told as Progress, to whoever asks for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.cost import Floats
from app.network.network import Network, one_hot

OPTIMIZERS = ("sgd", "momentum", "adam")
# The published defaults: Nielsen, chapter 3, for momentum; Kingma and Ba, "Adam", 2015, for the others.
MOMENTUM = 0.9
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
# Augmented images are a sample of all that could be: so many of them tell the norm of the gradient well enough.
_NORM_IMAGES = 10_000
# The gradient over all images is summed in parts of this many, so that it needs little memory.
_PART = 4096


class Progress(NamedTuple):
    """Where descent is. `cost` is the mean over the last batch, before its step.

    `epoch` counts from 1. `gradient_norm`, the length of the gradient over all training images, is known where an
    epoch ends and None elsewhere; where a view shows others each epoch, it is over the first 10,000 of them.
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

    `learning_rate` is eta; it falls along half a cosine to 0 over the epochs when `decay` is set. `batch_size` None
    is full batch: the true gradient of the cost over all images. `optimizer` is "sgd" for the rule itself, or
    "momentum" or "adam", which shape the step from the gradients so far. It stops after `epochs`, or at the first
    gradient over all images whose norm is below `tolerance`. `weight_decay` draws every parameter towards 0, apart
    from the gradient, by that share of eta at each step (Loshchilov and Hutter, "Decoupled Weight Decay", 2019).

    Images are shuffled anew each epoch by (seed, epoch) alone, so `step` and `moments` are all that is needed to go
    on from where another Descent was left: the same steps follow, bit for bit.
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
        labels: NDArray[np.integer] | Floats,
        reports_per_epoch: int = 0,
        view: Callable[[int], Floats] | None = None,
    ) -> Iterator[Progress]:
        """Descends on images (n, inputs) with labels (n,), changing the network's parameters in place.

        Labels may be soft: (n, outputs) floats, how much of each answer is wanted. `view` gives the images as they
        are seen in an epoch, which counts from 0 here: the same n, in the same order, and the same whenever asked.

        Yields Progress after every step, or after `reports_per_epoch` evenly spaced ones and each epoch's last.
        It can be left at any of them: the network is whole, and `step` and `moments` say where to go on.
        """
        outputs_count = self.network.sizes[-1]
        hard = labels.ndim == 1
        wanted = one_hot(labels.astype(np.intp), outputs_count, images.dtype) if hard else labels.astype(images.dtype)
        per_epoch = steps_per_epoch(len(images), self.batch_size)
        report_every = max(1, per_epoch // reports_per_epoch) if reports_per_epoch else 1
        gradient = np.empty_like(self.network.parameters)
        while self.step < self.epochs * per_epoch:
            epoch, first = divmod(self.step, per_epoch)
            images = view(epoch) if view else images
            order = np.random.default_rng([self.seed, epoch]).permutation(len(images))
            for number in range(first, per_epoch):
                # Batches of one size, give or take one image: a small last one would take a step as large as any.
                batch = order[number * len(order) // per_epoch : (number + 1) * len(order) // per_epoch]
                x, y = (images, wanted) if len(batch) == len(images) else (images[batch], wanted[batch])
                _, outputs = self.network.backprop(x, y, gradient)
                eta = self._eta(self.epochs * per_epoch)
                change = self._change(gradient, eta)
                if self.weight_decay:
                    self.network.parameters *= 1 - eta * self.weight_decay
                self.network.parameters -= change
                self.step += 1
                epoch_ended = number == per_epoch - 1
                if epoch_ended or self.step % report_every == 0:
                    cost = self.network.cost.mean(outputs, y)
                    many = _NORM_IMAGES if view else len(images)
                    norm = self._norm(gradient, images[:many], wanted[:many], per_epoch) if epoch_ended else None
                    yield Progress(self.step, epoch + 1, cost, norm)
                    if norm is not None and norm < self.tolerance:
                        return

    def _eta(self, steps: int) -> float:
        return self.learning_rate * (0.5 + 0.5 * float(np.cos(np.pi * self.step / steps)) if self.decay else 1.0)

    def _change(self, gradient: Floats, eta: float) -> Floats:
        """What is subtracted from the parameters."""
        if self.optimizer == "momentum":
            velocity = self.moments[0]
            velocity *= MOMENTUM
            velocity += gradient
            return np.asarray(eta * velocity)
        if self.optimizer == "adam":
            mean, square = self.moments
            mean += (1 - BETA_1) * (gradient - mean)
            square += (1 - BETA_2) * (gradient * gradient - square)
            corrected = eta / (1 - BETA_1 ** (self.step + 1))
            return np.asarray(corrected * mean / (np.sqrt(square / (1 - BETA_2 ** (self.step + 1))) + EPSILON))
        return np.asarray(eta * gradient)

    def _norm(self, gradient: Floats, images: Floats, wanted: Floats, per_epoch: int) -> float:
        """The norm of the gradient over all images: the step's own when the batch was all of them."""
        if per_epoch > 1:
            gradient = np.zeros_like(self.network.parameters)
            for start in range(0, len(images), _PART):
                x, y = images[start : start + _PART], wanted[start : start + _PART]
                gradient += self.network.backprop(x, y)[0] * (len(x) / len(images))
        return float(np.linalg.norm(gradient))
