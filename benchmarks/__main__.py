"""python -m benchmarks: measures training, answers and lessons, and prints the start of benchmarks/README.md."""

from __future__ import annotations

from benchmarks.measure import machine, on_one_core

on_one_core()

from benchmarks import descent, inference, lessons  # noqa: E402 - after the number of threads is set

print(f"""# Benchmarks

`make bench` measures all of this and writes this page. Training and answers are compared side by side in one process on
one core. The other libraries are optional: `pip install -e '.[bench]'`.

{machine()}

## An epoch of plain gradient descent

Seconds for one epoch of 60,000 images: 784-16-16-10, ReLU neurons, softmax, cross-entropy, plain SGD in float32,
shuffled each epoch. In brackets: the ratio to the limit, which is the matrix products of the three layers alone, on
unshuffled images. Descent also reports its cost ten times an epoch; it does not compute the norm of the gradient here.

{descent.plain()}

## Augmentation

An epoch of the preset `classic` on MNIST's 50,000 training images, with all reports of a run but without its teacher.

{descent.augmented()}

## An answer

A forward pass through `classic`.

{inference.forward()}

Importing the package in a new process.

{inference.loading()}

## A lesson's numbers

{lessons.TURNS} HTTP requests each, with a new seed each time, to a server on the same core. The mistakes of a network
are computed at the first request, which takes a few hundred milliseconds more, and cached.

{lessons.answers()}""")
