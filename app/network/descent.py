"""Gradient descent: a small step against the gradient of the cost, again and again, until the gradient is small.

No printing, no files and no clock: `Descent.run` yields a Progress per step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.network.activation import Floats
from app.network.fast import Backprop, Batches, with_ones
from app.network.network import Network, one_hot, split_blocks

Labels = NDArray[np.integer] | Floats

OPTIMIZERS = ("sgd", "momentum", "adam")
# The published defaults: Nielsen, chapter 3, for momentum; Kingma and Ba, "Adam", 2015, for the others.
MOMENTUM = 0.9
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
# The gradient over many images is summed in parts of at most this many, to save memory.
_PART = 2048


class Progress(NamedTuple):
    """Where descent is. `cost` is the mean over the last batch, before its step; `epoch` counts from 1.

    `gradient_norm`, the length of the gradient of the cost, is computed at the end of an epoch and None elsewhere: over
    the first `norm_images` images, or over all of them with full batch.
    """

    step: int
    epoch: int
    cost: float
    gradient_norm: float | None


def steps_per_epoch(images: int, batch_size: int | None) -> int:
    """The number of steps in which each of `images` images is used once."""
    return -(-images // min(batch_size or images, images))


@dataclass
class Descent:
    """Gradient descent on a network: w_new = w_old - eta * gradient of the cost.

    `learning_rate` is eta; `decay` lets it fall along half a cosine to 0. `rates` replace it: a pair (step, eta) holds
    from after that step on, and pairs may be added while it runs. `batch_size` None is full batch: the true gradient
    over all images. `optimizer` is "sgd" for the rule itself, or "momentum" or "adam", which also use the gradients of
    earlier steps. `weight_decay` shrinks every parameter by that share of eta at each step, apart from the gradient
    (Loshchilov and Hutter, "Decoupled Weight Decay", 2019). `centred` descends as if the mean image were subtracted
    from every image, so that what all images share has less weight in a step (LeCun et al., "Efficient BackProp", 1998,
    section 4.3); the network itself still sees images as they are.

    It stops after `epochs`, after `last_step`, or at the end of the first epoch whose gradient norm is below
    `tolerance`. The norm is over `norm_images` images; 0 means that none is computed.

    The order of the images in an epoch depends on (seed, epoch) alone. So another Descent with the same settings,
    `step` and `moments` continues with the same steps, bit for bit.
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

        The images may have a column of ones already, (n, inputs + 1), so that they are not copied for it.

        Labels may be soft: (n, outputs) floats, the wanted share of each answer. `view` takes an epoch, counted from 0,
        and returns n images and labels for it, always the same ones.

        Yields Progress after every step, or after `reports_per_epoch` evenly spaced ones and each epoch's last.
        """
        n, per_epoch = len(images), steps_per_epoch(len(images), self.batch_size)
        last_step = min(self.epochs * per_epoch, self.last_step or self.epochs * per_epoch)
        report_every = max(1, per_epoch // reports_per_epoch) if reports_per_epoch else 1
        mean_image = images.mean(axis=0) if self.centred else None
        batches, seen = Batches(self.network), None

        while self.step < last_step:
            epoch = self.step // per_epoch
            if view or seen is None:
                seen = self._prepare(*(view(epoch) if view else (images, labels)))
            order = np.random.default_rng([self.seed, epoch]).permutation(n)
            epoch_end = (epoch + 1) * per_epoch
            stop = min(epoch_end, last_step)

            while self.step < stop:
                # All batches have the same size, give or take one image: a small last one would count as much as any.
                number = self.step % per_epoch
                batch = order[number * n // per_epoch : (number + 1) * n // per_epoch]
                outputs = batches.backprop(*seen, batch)
                self._step(batches.gradient, self._eta(self.epochs * per_epoch), mean_image)

                if self.step == stop or self.step % report_every == 0:
                    cost = self.network.cost.mean(outputs, batches.wanted)
                    norm = None
                    if self.step == epoch_end and self.norm_images:
                        norm = _length(batches.gradient) if len(batch) == n else self._norm(*seen)
                    yield Progress(self.step, epoch + 1, cost, norm)
                    if norm is not None and norm < self.tolerance:
                        return

    def _prepare(self, images: Floats, labels: Labels) -> tuple[Floats, Floats]:
        """Images and wanted outputs as `fast.Backprop` takes them."""
        if labels.ndim == 1:
            labels = one_hot(labels.astype(np.intp), self.network.sizes[-1], images.dtype)
        if images.shape[1] == self.network.sizes[0]:
            images = with_ones(images)
        return images, labels.astype(images.dtype, copy=False)

    @property
    def rate(self) -> float:
        """The learning rate of the next step, before any decay."""
        for step, rate in reversed(self.rates):
            if step <= self.step:
                return rate
        return self.learning_rate

    def _eta(self, steps: int) -> float:
        return self.rate * (0.5 + 0.5 * float(np.cos(np.pi * self.step / steps)) if self.decay else 1.0)

    def _step(self, gradient: Floats, eta: float, mean_image: Floats | None) -> None:
        """w_new = w_old - change, for all parameters w at once. `mean_image` is given if descent is centred."""
        w = self.network.parameters
        if self.weight_decay:
            w *= 1 - eta * self.weight_decay
        if mean_image is None:
            change = self._change(gradient, eta)
        else:
            gradient = gradient.copy()
            first = split_blocks(gradient, self.network.sizes)[0]
            # With x - mean for x, the gradient of the weights is less by the mean times that of the biases.
            first[:-1] -= np.outer(mean_image, first[-1])
            change = self._change(gradient, eta)
            # As w (x - mean) + b = w x + (b - w mean), the biases make up for what the weights do to the mean.
            first = split_blocks(change, self.network.sizes)[0]
            first[-1] -= mean_image @ first[:-1]
        w -= change
        self.step += 1

    def _change(self, gradient: Floats, eta: float) -> Floats:
        """What a step subtracts: eta times the gradient, or what the optimizer makes of it and the ones before it."""
        if self.optimizer == "sgd":
            return eta * gradient
        if self.optimizer == "momentum":
            velocity: Floats = self.moments[0]
            velocity[:] = MOMENTUM * velocity + gradient
            return eta * velocity
        mean, square = self.moments
        mean += (1 - BETA_1) * (gradient - mean)
        square += (1 - BETA_2) * (gradient * gradient - square)
        # Both moments start at 0; dividing by these shares corrects that.
        share_1, share_2 = 1 - BETA_1 ** (self.step + 1), 1 - BETA_2 ** (self.step + 1)
        return np.asarray((eta / share_1) * mean / (np.sqrt(square / share_2) + EPSILON))

    def _norm(self, x: Floats, y: Floats) -> float:
        """The length of the gradient over the first `norm_images` images."""
        count = min(self.norm_images, len(x))
        gradient, part = np.zeros_like(self.network.parameters), np.empty_like(self.network.parameters)
        for start in range(0, count, _PART):
            size = min(_PART, count - start)
            Backprop(self.network, size, part)(x[start : start + size], y[start : start + size])
            gradient += part * (size / count)
        return _length(gradient)


def _length(vector: Floats) -> float:
    return float(np.linalg.norm(vector))
