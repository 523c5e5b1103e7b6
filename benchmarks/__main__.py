"""python -m benchmarks: measures everything, and prints benchmarks/README.md."""

from __future__ import annotations

from benchmarks.measure import machine, on_one_core

on_one_core()

from benchmarks import descent, inference, lessons  # noqa: E402 - after the number of threads is set

print(f"""# Benchmarks

`make bench` measures all of this, side by side in one process on one core, and writes this page. The peers are
optional: `pip install -e '.[bench]'`.

{machine()}

## An epoch of plain gradient descent

Seconds for 60,000 images through 784-16-16-10 with ReLU neurons, softmax and cross-entropy, plain SGD in float32,
shuffled each epoch; in brackets how many times the limit. The limit is the matrix products of the three layers alone,
on images that lie in their order. Ours tells its cost ten times an epoch; the norm of the gradient, which a run asks
for, is not in it.

{descent.plain()}

## Augmentation

An epoch of the preset `classic` on MNIST's 50,000, without its teacher, with all that a run tells.

{descent.augmented()}

## An answer

A forward pass through `classic`.

{inference.forward()}

Loading the mathematics, from a shell.

{inference.loading()}

## A lesson's numbers

Asked over HTTP of a server that shares the core, {lessons.TURNS} times each, with another seed each time. The mistakes
of a network are found when they are asked for first, which takes a few hundred milliseconds more, and remembered.

{lessons.answers()}""")
