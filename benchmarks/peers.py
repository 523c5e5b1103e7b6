"""The same epoch in other libraries: 784-16-16-10, ReLU, softmax and cross-entropy, plain SGD, float32.

Each peer is a function of images (n, 784) float32, labels (n,) and a batch size. It returns a function that runs one
epoch: it shuffles and takes one step per batch. A peer that is not installed raises ImportError.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZES = (784, 16, 16, 10)
LEARNING_RATE = 0.1

Floats = NDArray[np.float32]
Epoch = Callable[[], object]


def _random_weights() -> list[Floats]:
    rng = np.random.default_rng(0)
    shapes = pairwise(SIZES)
    return [(rng.standard_normal(shape) * np.sqrt(2 / shape[0])).astype(np.float32) for shape in shapes]


def limit(images: Floats, labels: NDArray[np.uint8], batch_size: int) -> Epoch:  # noqa: ARG001 - as every peer
    """The matrix products of the three layers and nothing else, on unshuffled images."""
    first, second, third = _random_weights()
    gradients = [np.empty_like(weights) for weights in (first, second, third)]
    a_1, a_2, a_3 = (np.empty((batch_size, size), np.float32) for size in SIZES[1:])

    def epoch() -> None:
        for start in range(0, len(images) - batch_size + 1, batch_size):
            x = images[start : start + batch_size]
            np.matmul(x, first, out=a_1)
            np.matmul(a_1, second, out=a_2)
            np.matmul(a_2, third, out=a_3)
            np.matmul(a_2.T, a_3, out=gradients[2])
            np.matmul(a_3, third.T, out=a_2)
            np.matmul(a_1.T, a_2, out=gradients[1])
            np.matmul(a_2, second.T, out=a_1)
            np.matmul(x.T, a_1, out=gradients[0])

    return epoch


def plain_numpy(images: Floats, labels: NDArray[np.uint8], batch_size: int) -> Epoch:
    """The straightforward implementation."""
    rng = np.random.default_rng(0)
    weights = _random_weights()
    biases = [np.zeros(size, np.float32) for size in SIZES[1:]]
    wanted = np.eye(10, dtype=np.float32)[labels]

    def epoch() -> None:
        order = rng.permutation(len(images))
        for start in range(0, len(images), batch_size):
            batch = order[start : start + batch_size]
            activations = [images[batch]]
            for w, b in zip(weights[:-1], biases[:-1], strict=True):
                activations.append(np.maximum(activations[-1] @ w + b, 0))
            z = activations[-1] @ weights[-1] + biases[-1]
            exponentials = np.exp(z - z.max(axis=1, keepdims=True))
            delta = (exponentials / exponentials.sum(axis=1, keepdims=True) - wanted[batch]) / len(batch)
            for depth in (2, 1, 0):
                nabla_w, nabla_b = activations[depth].T @ delta, delta.sum(axis=0)
                if depth:
                    delta = (delta @ weights[depth].T) * (activations[depth] > 0)
                weights[depth] -= LEARNING_RATE * nabla_w
                biases[depth] -= LEARNING_RATE * nabla_b

    return epoch


def pytorch(images: Floats, labels: NDArray[np.uint8], batch_size: int) -> Epoch:
    import torch
    from torch import nn

    torch.set_num_threads(1)
    layers = [nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 10)]
    network, cost = nn.Sequential(*layers), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(network.parameters(), LEARNING_RATE)
    x, y = torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))

    def epoch() -> None:
        for batch in torch.randperm(len(x)).split(batch_size):
            optimizer.zero_grad()
            cost(network(x[batch]), y[batch]).backward()
            optimizer.step()

    return epoch


def scikit_learn(images: Floats, labels: NDArray[np.uint8], batch_size: int) -> Epoch:
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier(
        SIZES[1:-1],
        solver="sgd",
        learning_rate_init=LEARNING_RATE,
        batch_size=batch_size,
        momentum=0,
        alpha=0,
        max_iter=1,
        warm_start=True,
        random_state=0,
    )

    def epoch() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that one epoch is too few
            network.fit(images, labels)

    return epoch


def jax_scan(images: Floats, labels: NDArray[np.uint8], batch_size: int) -> Epoch:
    """A whole epoch compiled, its steps by lax.scan."""
    import jax
    import jax.numpy as jnp

    x, y, batches = jnp.asarray(images), jnp.asarray(labels.astype(np.int32)), len(images) // batch_size

    def cost(layers: Any, pixels: Any, label: Any) -> Any:
        a = pixels
        for w, b in layers[:-1]:
            a = jax.nn.relu(a @ w + b)
        w, b = layers[-1]
        return -jnp.take_along_axis(jax.nn.log_softmax(a @ w + b), label[:, None], axis=1).mean()

    def step(layers: Any, batch: Any) -> Any:
        gradient = jax.grad(cost)(layers, x[batch], y[batch])
        return jax.tree.map(lambda now, slope: now - LEARNING_RATE * slope, layers, gradient), None

    @jax.jit
    def descend(layers: Any, key: Any) -> Any:
        order = jax.random.permutation(key, len(images))[: batches * batch_size]
        return jax.lax.scan(step, layers, order.reshape(batches, batch_size))[0]

    state = {
        "layers": [(jnp.asarray(w), jnp.zeros(w.shape[1], jnp.float32)) for w in _random_weights()],
        "key": jax.random.PRNGKey(0),
    }

    def epoch() -> None:
        state["key"], key = jax.random.split(state["key"])
        state["layers"] = jax.block_until_ready(descend(state["layers"], key))

    return epoch


PEERS = {
    "plain NumPy": plain_numpy,
    "JAX, compiled scan": jax_scan,
    "scikit-learn": scikit_learn,
    "PyTorch": pytorch,
}
