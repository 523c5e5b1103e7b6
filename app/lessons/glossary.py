"""The words of the field that pages use, each with its meaning in plain English."""

from __future__ import annotations

GLOSSARY = {
    "accuracy": "The share of digits that a network reads correctly. With 96 of 100 right it is 96%.",
    "activation": (
        "The number that a neuron passes on: f(z), where z is its weighted input. With the leaky ReLU as f, z = −5 "
        "becomes −0.5."
    ),
    "backprop": (
        "Short for backpropagation. It finds the slopes of all weights and biases at once, from the outputs back to "
        "the first layer."
    ),
    "batch": "The digits that one step learns from. 60,000 digits in batches of 32 make 1,875 steps.",
    "bias": (
        "One number of each neuron, which is added to its sum: a bias of −2 makes 3 of a 5. It is the same for every "
        "digit."
    ),
    "cost": "One number that says how wrong a network is. 0 is perfect, and more is worse.",
    "cross-entropy": (
        "A cost: minus the natural logarithm of the output for the right digit. An output of 0.9 costs 0.11, and one "
        "of 0.01 costs 4.6."
    ),
    "epoch": "One pass through all digits that a network learns from. The next epoch starts with the same digits.",
    "feedforward": "From the pixels through each layer to the outputs. This is how a network finds its answer.",
    "global minimum": "The deepest point of all. No other weights and biases give a lower cost.",
    "gradient": "The slopes of all weights and biases as one list. It points to where the cost rises fastest.",
    "gradient descent": (
        "Learning in many small steps. Each step changes every weight and bias against its slope, so that the cost "
        "falls."
    ),
    "hidden layer": (
        "A row of neurons between the pixels and the outputs. The network of the lessons has two, of 16 neurons each."
    ),
    "leaky ReLU": (
        "A function for neurons. It keeps positive numbers and divides negative ones by ten: 3 stays 3, and −3 becomes "
        "−0.3."
    ),
    "learning rate": (
        "It sets the length of a step: each number changes by the learning rate times its slope. With a rate of 0.1 "
        "and a slope of 2, it changes by 0.2."
    ),
    "local minimum": "The bottom of a valley. Every small step leads up, but another valley may be deeper.",
    "logarithm": (
        "The natural logarithm, ln: which power of 2.718 a number is. ln 1 = 0, ln 0.1 = −2.3. The closer a number is "
        "to 0, the further below 0 is its ln, without limit."
    ),
    "neuron": (
        "A small calculation. It multiplies each number it gets by a weight, adds them all up, adds its bias, and "
        "passes on its activation."
    ),
    "norm": (
        "The length of the gradient: square all slopes, add them up, take the root. Slopes of 3 and 4 give 5. Near a "
        "minimum it is almost 0."
    ),
    "one-hot": "Ten numbers for one digit: 1 in its place, 0 in the others. A 3 is 0 0 0 1 0 0 0 0 0 0.",
    "output": "One of the last ten numbers of the network, one for each digit. The largest is the answer.",
    "overshoot": (
        "To take a step so large that it goes past the lowest place and lands on the other side, perhaps higher than "
        "before."
    ),
    "parameter": "A weight or a bias: a number that learning changes. The network of the lessons has 13,002.",
    "quadratic cost": (
        "A cost: for each output, how far it is from the wanted one, squared; and half of their sum. An output of 0.6 "
        "in place of 1 adds 0.4² / 2 = 0.08."
    ),
    "seed": (
        "A number that the random numbers are made from. The same seed gives the same random numbers, so a run can be "
        "repeated; another seed gives others."
    ),
    "sigmoid": "A function that squeezes every number between 0 and 1: 0 becomes 0.5, and 5 becomes 0.993.",
    "slope": (
        "How steeply the cost changes with one number. With a slope of 2, raising the number by 0.01 raises the cost "
        "by about 0.02."
    ),
    "softmax": (
        "It turns numbers into shares that add up to 1. A larger number gets a larger share: 2 and 1 become 73% and "
        "27%."
    ),
    "step": "One change of all weights and biases, each a little against its slope.",
    "tolerance": "Descent stops when the norm of the gradient is below this number: the ground is almost flat there.",
    "weight": (
        "A number on the way from one neuron, or pixel, to the next. What comes along is multiplied by it: 0.5 with a "
        "weight of 3 gives 1.5."
    ),
    "weighted input": (
        "The sum in a neuron, called z: each number it gets times its weight, and the bias. f(z) is its activation."
    ),
}


def meaning_of(term: str) -> str:
    """The meaning of a term in one to three short sentences.

    Raises ValueError when the glossary does not have it, so that no page shows a word without its meaning.
    """
    if term not in GLOSSARY:
        raise ValueError(f"{term!r} is not in the glossary")
    return GLOSSARY[term]
