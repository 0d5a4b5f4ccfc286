"""Wrong answers in chapter 9's concept notebooks are refused, right ones taken."""

import numpy as np

from tests.support.exercises import answers

# Vanishing and Exploding Gradients


def clips_values(gradient, limit):
    return np.clip(gradient, -limit, limit)


def always_to_the_limit(gradient, limit):
    return gradient * limit / max(np.linalg.norm(gradient), 1e-9)


def by_the_largest(gradient, limit):
    return gradient * min(1, limit / max(np.abs(gradient).max(), 1e-9))


def by_length(gradient, limit):
    return gradient / max(1.0, np.sqrt((gradient**2).sum()) / limit)


# Batch Normalization by Hand


def over_all(a, gamma, beta, epsilon):
    return gamma * (a - a.mean()) / np.sqrt(a.var() + epsilon) + beta


def over_rows(a, gamma, beta, epsilon):
    return over_all(a.T, 1, 0, epsilon).T * gamma + beta


def by_the_variance(a, gamma, beta, epsilon):
    return gamma * (a - a.mean(axis=0)) / (a.var(axis=0) + epsilon) + beta


def shifted_first(a, gamma, beta, epsilon):
    return gamma * ((a - a.mean(axis=0)) / np.sqrt(a.var(axis=0) + epsilon) + beta)


def in_other_words(a, gamma, beta, epsilon):
    centred = a - np.mean(a, 0)
    return beta + centred * gamma * (np.mean(centred**2, 0) + epsilon) ** -0.5


# Overfitting, L1 and L2


def mean_in_place_of_sum(x, y, penalty):
    return np.mean(x * y) / (np.mean(x**2) + penalty)


def twice_the_penalty(x, y, penalty):
    return x @ y / (x @ x + 2 * penalty)


def by_loop(x, y, penalty):
    up, below = 0.0, penalty
    for xi, yi in zip(x, y):
        up, below = up + xi * yi, below + xi**2
    return up / below


def the_whole_penalty(w, penalty):
    return np.sign(w) * max(abs(w) - penalty, 0)


def past_zero(w, penalty):
    return w - np.sign(w) * penalty / 2


def without_sign(w, penalty):
    return max(abs(w) - penalty / 2, 0)


def by_cases(w, penalty):
    if w > penalty / 2:
        return w - penalty / 2
    return w + penalty / 2 if w < -penalty / 2 else 0


# Dropout by Hand


def product_of_layers(layers):
    return int(np.prod(layers))


def one_by_one(layers):
    total = 1
    for neurons in layers:
        for _ in range(neurons):
            total *= 2
    return total


# Data Augmentation


def rolls_around(image, by):
    return np.roll(image, -by, axis=1)


def to_the_right(image, by):
    moved = np.zeros_like(image)
    moved[:, by:] = image[:, : image.shape[1] - by]
    return moved


def upwards(image, by):
    moved = np.zeros_like(image)
    moved[: max(len(image) - by, 0)] = image[by:]
    return moved


def padded(image, by):
    return np.pad(image, ((0, 0), (0, by)))[:, by:]


# Momentum


def moves_by_the_old_velocity(p, v, slope, rate, beta):
    return p + v, beta * v - rate * slope(p)


def uphill(p, v, slope, rate, beta):
    v = beta * v + rate * slope(p)
    return p + v, v


def averages(p, v, slope, rate, beta):
    v = beta * v - (1 - beta) * rate * slope(p)
    return p + v, v


def rolls(p, v, slope, rate, beta):
    v = beta * v - rate * slope(p)
    return p + v, v


def peeks(p, v, slope, rate, beta):
    new = beta * v - rate * slope(p + beta * v)
    return [p + new, new]


def peeks_too_far(p, v, slope, rate, beta):
    v = beta * v - rate * slope(p + v)
    return p + v, v


def peeks_only(p, v, slope, rate, beta):
    v = beta * v - rate * slope(p + beta * v)
    return p + beta * v, v


# AdaGrad to Adam


def old_average(g, square, rho, rate):
    return -rate * g / np.sqrt(square + 1e-9), rho * square + (1 - rho) * g**2


def no_root(g, square, rho, rate):
    square = rho * square + (1 - rho) * g**2
    return -rate * g / square, square


def averages_gradients(g, square, rho, rate):
    square = rho * square + (1 - rho) * g
    return -rate * g / np.sqrt(abs(square)), square


def by_root_first(g, square, rho, rate):
    square = g**2 - rho * (g**2 - square)
    return [-rate * g * square**-0.5, square]


WRONG = {
    ("unstable_gradients", 1): [
        (lambda w, layers: 0.25**layers,),
        (lambda w, layers: w**layers,),
        (lambda w, layers: w / 4 * layers,),
    ],
    ("unstable_gradients", 2): [
        (clips_values,),
        (always_to_the_limit,),
        (by_the_largest,),
    ],
    ("unstable_gradients", 3): [("all weights",), ("the last layer's weights",), (3,)],
    ("batch_normalization", 1): [(2,), (100,), (400,)],
    ("batch_normalization", 2): [
        (over_all,),
        (over_rows,),
        (by_the_variance,),
        (shifted_first,),
    ],
    ("batch_normalization", 3): [
        (lambda a, epsilon: (a.std(axis=0), a.mean(axis=0)),),
        (lambda a, epsilon: (a.mean(axis=0), np.sqrt(a.var(axis=0) + epsilon)),),
        (lambda a, epsilon: (a.std(axis=0) + epsilon, a.mean(axis=0)),),
    ],
    ("overfitting", 1): [(6,), (12,), ("13",)],
    ("overfitting", 2): [
        (mean_in_place_of_sum,),
        (twice_the_penalty,),
        (lambda x, y, penalty: x @ y / (x @ x),),
    ],
    ("overfitting", 3): [(the_whole_penalty,), (past_zero,), (without_sign,)],
    ("dropout", 1): [(0.8,), (1.2,), (5,)],
    ("dropout", 2): [
        (lambda a, kept, rate: a * kept,),
        (lambda a, kept, rate: a * kept * (1 - rate),),
        (lambda a, kept, rate: a / (1 - rate),),
        (lambda a, kept, rate: a[kept] / (1 - rate),),
    ],
    ("dropout", 3): [
        (product_of_layers,),
        (lambda layers: sum(2**n for n in layers),),
        (lambda layers: 2 ** len(layers),),
    ],
    ("data_augmentation", 1): [(4,), (16,), (24,)],
    ("data_augmentation", 2): [
        (rolls_around,),
        (to_the_right,),
        (upwards,),
        (lambda image, by: image[:, by:],),
    ],
    ("data_augmentation", 3): [("noise",), ("a turn by 10 degrees",), (180,)],
    ("momentum", 1): [("ten",), ("a thousand",), (100,)],
    ("momentum", 2): [(moves_by_the_old_velocity,), (uphill,), (averages,), (peeks,)],
    ("momentum", 3): [(rolls,), (peeks_too_far,), (peeks_only,)],
    ("adaptive_optimizers", 1): [
        ("a thousand times as long",),
        ("a million times as long",),
        (1,),
    ],
    ("adaptive_optimizers", 2): [
        (lambda average, beta, steps: average,),
        (lambda average, beta, steps: average / (1 - beta),),
        (lambda average, beta, steps: average / beta**steps,),
    ],
    ("adaptive_optimizers", 3): [(old_average,), (no_root,), (averages_gradients,)],
}

RIGHT = {
    ("unstable_gradients", 1): [(lambda w, layers: (0.25 * w) ** layers,)],
    ("unstable_gradients", 2): [(by_length,)],
    ("unstable_gradients", 3): [("the last layer's biases",)],
    ("batch_normalization", 1): [(200,), ("200",)],
    ("batch_normalization", 2): [(in_other_words,)],
    ("batch_normalization", 3): [
        (lambda a, epsilon: [(a.std(axis=0) ** 2 + epsilon) ** 0.5, a.mean(axis=0)],)
    ],
    ("overfitting", 1): [(11,), ("11",)],
    ("overfitting", 2): [(by_loop,)],
    ("overfitting", 3): [(by_cases,)],
    ("dropout", 1): [(1.25,), ("1.25",)],
    ("dropout", 2): [(lambda a, kept, rate: np.where(kept, a / (1 - rate), 0),)],
    ("dropout", 3): [(one_by_one,)],
    ("data_augmentation", 1): [(25,), ("25",)],
    ("data_augmentation", 2): [(padded,)],
    ("data_augmentation", 3): [("a turn by 180 degrees",)],
    ("momentum", 1): [("a hundred",), ("A hundred ",)],
    ("momentum", 2): [(rolls,), (lambda *a: np.array(rolls(*a)),)],
    ("momentum", 3): [(peeks,)],
    ("adaptive_optimizers", 1): [("as long as before",), ("As long as before ",)],
    ("adaptive_optimizers", 2): [
        (lambda average, beta, steps: np.float32(1) * average / (1 - beta**steps),)
    ],
    ("adaptive_optimizers", 3): [(by_root_first,)],
}


TestAnswers = answers(WRONG, RIGHT)
