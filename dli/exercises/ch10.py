"""Exercises of chapter 10: kernels that slide, and networks that look at flowers."""

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect

# AlexNet in Keras


@exercise(
    "alexnet_in_keras",
    1,
    hint="After n batches the average has gone 1 - momentum ** n of the way.",
)
def _(batches_needed):
    rng = np.random.default_rng(10)
    cases = [(0.99, 0.95), (0.9, 0.95), (0.5, 0.5), (0.75, 0.1)]
    for _ in range(8):
        momentum, share = rng.uniform(0.3, 0.995), rng.uniform(0.2, 0.98)
        cases.append((round(float(momentum), 3), round(float(share), 2)))
    for momentum, share in cases:
        way, batches = 0.0, 0
        while way < share - 1e-12:
            way += (1 - momentum) * (1 - way)
            batches += 1
        what = f"batches_needed({momentum}, {share})"
        expect(batches_needed(momentum, share), batches, what)
    return "With 0.9 the averages are ten times as quick, and noisier."


@exercise(
    "alexnet_in_keras",
    2,
    hint="Which of the two could be among the training photographs?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "mirrored": "Most flowers look much the same from the left and the right.",
            "upside down": "Stems below, petals above: it has seen nothing else, while "
            "a flower that leans to the left is as common as one to the right.",
            "both the same": "A mirrored flower may well have been photographed so; "
            "one upside down hardly ever.",
        },
        right="upside down",
    )


@exercise(
    "alexnet_in_keras",
    3,
    hint="On its training photographs it is right nearly always, and sure of it.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "hardly surer than chance": "It can't tell that a photograph is new to it, "
            "and has learned to be sure.",
            "about a quarter": "A network that fits its training photographs this well "
            "is surer of nearly everything.",
            "more than a half": "It fits its training photographs nearly perfectly and "
            "has learned to be sure from these.",
        },
        right="more than a half",
    )


# VGGNet in Keras


@exercise(
    "vggnet_in_keras",
    1,
    hint="How many weights has one kernel, and how often is each of them used?",
)
def _(multiplications):
    rng = np.random.default_rng(11)
    cases = [(54, 11, 3, 96), (222, 3, 3, 64), (1, 1, 1, 1)]
    cases += [tuple(int(n) for n in rng.integers(2, 60, size=4)) for _ in range(4)]
    for sizes in cases:
        what = f"multiplications({', '.join(map(str, sizes))})"
        side, kernel, maps, kernels = sizes
        expect(multiplications(*sizes), maps * kernels * (side * kernel) ** 2, what)
    return "AlexNet's first layer takes a twentieth of what VGGNet's first block takes."


@exercise(
    "vggnet_in_keras",
    2,
    hint="Only the poolings shrink the picture then. What is left of 224 pixels?",
)
def _(numbers, parameters):
    side = 224
    for _ in range(5):
        side //= 2
    expect(numbers, side * side * 512, "the numbers that reach the first dense layer")
    expect(parameters, (side * side * 512 + 1) * 4096, "the parameters of that layer")
    return "49 times as many: three quarters of the 138 million of 2014's VGGNet."


@exercise(
    "vggnet_in_keras",
    3,
    hint="One sees 3 pixels, two see 5. And 11 × 11 weights are 121.",
)
def _(convolutions, share):
    expect(convolutions, sum(1 for _ in range(1, 11, 2)), "the number of convolutions")
    if isinstance(share, (int, float)) and share > 1:
        raise Wrong(f"share should lie between 0 and 1\nbut is {share!r}")
    expect(share, 9 * len(range(1, 11, 2)) / 11**2, "share", tolerance=0.006)
    return "Far fewer weights, and five ReLUs in place of one."
