"""Wrong answers in chapter 8's concept notebooks are refused, right ones taken."""

from itertools import pairwise

import numpy as np

from tests.support.exercises import answers


def uphill(start, slope, rate, steps):
    for _ in range(steps):
        start = start + rate * slope(start)
    return start


def one_step(start, slope, rate, steps):
    return start - rate * slope(start)


def slope_of_the_start(start, slope, rate, steps):
    return start - steps * rate * slope(start)


def as_array(start, slope, rate, steps):
    p = np.array([start])
    while steps:
        p, steps = p - rate * slope(p), steps - 1
    return p[0]


# Batch Size and Local Minima


def rounded_up_only(examples, size):
    return -(-examples // size), examples % size


def full_batches_only(examples, size):
    return examples // size, size


def one_too_many(examples, size):
    return examples // size + 1, examples % size


def plain_mean(gradients, sizes):
    return np.mean(gradients, axis=0)


def sum_of_all(gradients, sizes):
    return sum(g * n for g, n in zip(gradients, sizes))


def by_slices(examples, size):
    cut = [range(examples)[s : s + size] for s in range(0, examples, size)]
    return [len(cut), len(cut[-1])]


def by_matrix(gradients, sizes):
    return np.asarray(sizes) @ np.stack(gradients) / np.sum(sizes)


# How Many Layers, Neurons, Epochs


def weights_only(layers):
    return sum(a * b for a, b in pairwise(layers))


def biases_for_inputs(layers):
    return weights_only(layers) + sum(layers)


def by_loop(layers):
    total = 0
    for n in range(1, len(layers)):
        total += layers[n] * layers[n - 1] + layers[n]
    return total


def best_epoch(costs, patience):
    return int(np.argmin(costs)) + 1


def counts_from_zero(costs, patience):
    return stopped(costs, patience) - 1


def compares_with_the_last(costs, patience):
    worse = 0
    for epoch in range(1, len(costs)):
        worse = worse + 1 if costs[epoch] >= costs[epoch - 1] else 0
        if worse == patience:
            return epoch + 1
    return len(costs)


def stopped(costs, patience):
    for epoch in range(len(costs)):
        if epoch - int(np.argmin(costs[: epoch + 1])) >= patience:
            return epoch + 1
    return len(costs)


WRONG = {
    ("gradient_descent", 1): [("about ten",), ("endlessly many",), (1,)],
    ("gradient_descent", 2): [(uphill,), (one_step,), (slope_of_the_start,)],
    ("gradient_descent", 3): [
        (lambda k: 1.0,),
        (lambda k: k,),
        (lambda k: 2 / k,),
        (lambda k: 1 / (2 * k),),
    ],
    ("layers_neurons_epochs", 1): [("twice as many",), ("four times as many",), (2,)],
    ("layers_neurons_epochs", 2): [
        (weights_only,),
        (biases_for_inputs,),
        (lambda layers: sum(layers),),
    ],
    ("layers_neurons_epochs", 3): [
        (best_epoch,),
        (counts_from_zero,),
        (compares_with_the_last,),
    ],
    ("batch_size_and_local_minima", 1): [
        (rounded_up_only,),
        (full_batches_only,),
        (one_too_many,),
    ],
    ("batch_size_and_local_minima", 2): [("twice as large",), ("half as large",), (4,)],
    ("batch_size_and_local_minima", 3): [
        (plain_mean,),
        (sum_of_all,),
        (lambda gradients, sizes: gradients[0],),
    ],
}

RIGHT = {
    ("layers_neurons_epochs", 1): [("a little more than twice as many",)],
    ("layers_neurons_epochs", 2): [(by_loop,)],
    ("layers_neurons_epochs", 3): [(stopped,)],
    ("gradient_descent", 1): [("one",), (" One",)],
    ("gradient_descent", 2): [(as_array,)],
    ("gradient_descent", 3): [(lambda k: 2 / (2 * k),)],
    ("batch_size_and_local_minima", 1): [(by_slices,)],
    ("batch_size_and_local_minima", 2): [("four times as large",)],
    ("batch_size_and_local_minima", 3): [(by_matrix,)],
}


TestAnswers = answers(WRONG, RIGHT)
