"""Exercises of chapter 10: kernels that slide, and networks that look at flowers."""

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect

# LeNet in Keras


@exercise(
    "lenet_in_keras",
    1,
    hint="Where in LeNet do most of the weights sit, and what do they know of places?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "LeNet": "Its kernels find their edges wherever these are, and pooling "
            "does not mind a pixel; the dense net has neither.",
            "a dense net": "Its neurons have a weight of their own for every place. "
            "LeNet loses, too: 98% of its weights sit in a dense layer, which has one "
            "for every place of its maps.",
            "neither": "The maps move with the digit, and what reads them is a dense "
            "layer, in LeNet too.",
        },
        right="a dense net",
    )


@exercise(
    "lenet_in_keras",
    2,
    hint="(D - F) // S + 1 places; the patch at a place begins S times as far.",
)
def _(slide_by):
    rng = np.random.default_rng(14)
    for side, width, stride in [(6, 3, 1), (7, 3, 2), (8, 3, 2), (9, 2, 3), (5, 5, 2)]:
        image = rng.integers(0, 5, size=(side, side)).astype(float)
        kernel = rng.integers(-2, 3, size=(width, width)).astype(float)
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        wanted = np.einsum("abcd,cd->ab", windows[::stride, ::stride], kernel)
        came = slide_by(image.copy(), kernel.copy(), stride)
        sizes = f"{side} × {side} and {width} × {width}"
        what = f"slide_by(image, kernel, {stride}) of {sizes}"
        if hasattr(came, "shape"):
            expect(tuple(came.shape), wanted.shape, f"the shape of {what}")
        expect(came, wanted, what)
    return "A stride of 2 leaves a quarter of the answers, as pooling does."


@exercise(
    "lenet_in_keras",
    3,
    hint="After three epochs with 10,000 digits, does LeNet fit them too well yet?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "lower": "That would be so if it knew its digits by heart already; after "
            "three epochs it does not.",
            "the same": "Ten classes of strokes are not exhausted by half the kernels: "
            "run the solution.",
            "higher": "Each halving costs something here. Whether it is worth half of "
            "the parameters is another question.",
        },
        right="higher",
    )


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


# Transfer Learning in Keras


@exercise(
    "transfer_learning_in_keras",
    1,
    hint="How many numbers reach the layer? Each class has a weight for each, and a "
    "bias.",
)
def _(to_train):
    rng = np.random.default_rng(12)
    cases = [(7, 7, 512, 2), (7, 7, 1280, 2)]
    cases += [tuple(int(n) for n in rng.integers(1, 40, size=4)) for _ in range(4)]
    for sizes in cases:
        height, width, channels, classes = sizes
        wanted = [classes * (n * channels + 1) for n in (height * width, 1)]
        expect(to_train(*sizes), wanted, f"to_train({', '.join(map(str, sizes))})")
    return "Averaging leaves about one in 49, for a map of 7 × 7."


@exercise(
    "transfer_learning_in_keras",
    2,
    hint="Two things were said of the base: trainable = False, and training=False.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "none": "Frozen, it gets no gradient, and with training=False its batch "
            "normalization collects no averages.",
            "only the averages": "These would move if it ran as in training, but it is "
            "called with training=False.",
            "all": "It is frozen: the optimizer never sees its weights.",
        },
        right="none",
    )


@exercise(
    "transfer_learning_in_keras",
    3,
    hint="side = min(height, width); then half of what is left over, rounded down.",
)
def _(middle):
    rng = np.random.default_rng(13)
    for height, width in [(4, 9), (9, 4), (6, 6), (5, 8), (300, 225), (1, 2)]:
        photograph = rng.integers(0, 256, size=(height, width, 3), dtype=np.uint8)
        what = f"middle of a photograph of {height} × {width}"
        came = middle(photograph.copy())
        side = min(height, width)
        if hasattr(came, "shape"):
            expect(tuple(came.shape), (side, side, 3), f"the shape of the {what}")
        top, left = (height - side) // 2, (width - side) // 2
        square = photograph[top : top + side, left : left + side]
        expect(came, square, f"the {what}")
    return "Nothing is squeezed, so a round plate stays round."
