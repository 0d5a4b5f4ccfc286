"""Exercises of chapter 14: clothing as numbers, and a training loop of one's own."""

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Fashion MNIST Pixel by Pixel


@exercise(
    "fashion_mnist_pixel_by_pixel",
    1,
    hint="Choose the pictures of this label first, then take the mean over them alone.",
)
def _(prediction, average):
    choice(
        prediction,
        {
            "trouser": "Trousers all look alike: two legs, in the same place.",
            "ankle boot": "Their toes all point to the left, as do their soles.",
            "sandal": "Straps run everywhere, so that hardly a pixel is always dark.",
        },
        right="sandal",
    )
    rng = np.random.default_rng(14)
    for label in (0, 3, 9):
        pictures = rng.integers(0, 256, (40, 28, 28)).astype("uint8")
        labels = rng.choice([label, (label + 1) % 10, 5], 40).astype("uint8")
        labels[:2] = label
        own = [p for p, kind in zip(pictures, labels) if kind == label]
        wanted = sum(p.astype(float) for p in own) / len(own)
        came = average(pictures, labels, label)
        what = f"average(pictures, labels, {label}), {len(own)} of 40 pictures,"
        expect(came, wanted, what, tolerance=1e-4)
    return "What is dark in an average is in the same place in nearly all pictures."


@exercise(
    "fashion_mnist_pixel_by_pixel",
    2,
    hint="Rows 0 to 13 are the upper half, columns 14 to 27 the right one.",
)
def _(shaft_on_the_right):
    rng = np.random.default_rng(14)
    for count in (1, 5, 60):
        boots = rng.integers(0, 256, (count, 28, 28)).astype("uint8")
        boots[:, 14:, :14] //= 4  # more ink at the lower right: not what is asked for
        boots[::3, :14, 14:] //= 3
        wanted = 0
        for boot in boots.astype(int):
            wanted += int(boot[:14, 14:].sum() > boot[:14, :14].sum())
        expect(shaft_on_the_right(boots), wanted, f"the number among {count} boots")
    return "Laid out alike: no network has to learn the mirror image."


@exercise(
    "fashion_mnist_pixel_by_pixel",
    3,
    hint="Comparing gives True and False, which can be multiplied by 255.",
)
def _(prediction, black_and_white):
    choice(
        prediction,
        {
            "more": "The shades are no noise: they tell leather from straps and folds.",
            "as": "A good deal goes with them: folds, collars, prints.",
            "less": "The shades help, so they are not what makes clothing hard.",
        },
        right="less",
    )
    values = np.arange(256, dtype="uint8")
    wanted = np.array([255 if value >= 128 else 0 for value in range(256)])
    came = np.asarray(black_and_white(values), dtype=int)
    for value in (0, 1, 100, 127, 128, 200, 255):
        if came.shape == values.shape:
            expect(came[value], wanted[value], f"what becomes of a pixel of {value}")
    expect(came, wanted, "black_and_white of the values 0 to 255")
    pictures = np.random.default_rng(14).integers(0, 256, (3, 28, 28)).astype("uint8")
    came = black_and_white(pictures)
    expect(np.asarray(came, dtype=int), wanted[pictures], "black_and_white(pictures)")
    return "The shades help, so they are not what makes clothing hard."


# Deep Net in TensorFlow


@exercise(
    "deep_net_in_tensorflow",
    1,
    hint="When does batch normalization measure the batch that passes through?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "moved": "Only a pass with training=True measures anything.",
            "stay": "Nothing is measured: the layers pass on what they are given.",
        },
        right="stay",
    )


@exercise(
    "deep_net_in_tensorflow",
    2,
    hint="A number of Python's is written into the graph; a tensor is filled in.",
)
def _(for_numbers, for_tensors):
    expect(for_numbers, len({1, 2, 3}), "for_numbers")
    expect(for_tensors, len({"a whole number without axes"}), "for_tensors")
    return "So what changes from call to call should be a tensor."


@exercise(
    "deep_net_in_tensorflow",
    3,
    hint="How many in a hundred of the shirts did the nearest picture get right?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "less than 92%": "Dense layers reach under 90%; convolutions do better.",
            "92 to 94%": "That takes convolutions, as in chapter 10, and some care.",
            "more than 94%": "The book calls that impressive, and it is.",
        },
        right="less than 92%",
    )


@exercise(
    "deep_net_in_tensorflow",
    4,
    hint="Add up the squares of all numbers in all arrays before you take the root.",
)
def _(clipped):
    rng = np.random.default_rng(14)
    for limit, scale in ((1.0, 1.0), (1.0, 0.01), (5.0, 3.0), (0.5, 0.2)):
        gradients = [
            (scale * rng.normal(size=s)).round(3) for s in ((2, 3), (3,), (1,))
        ]
        flat = np.concatenate([g.ravel() for g in gradients])
        length = float(np.sqrt(np.sum(flat**2)))
        factor = limit / length if length > limit else 1.0
        what = f"clipped(gradients of length {length:.3f}, {limit})"
        came = list(clipped(gradients, limit))
        expect(len(came), len(gradients), f"the number of arrays in {what}")
        for place, (one, gradient) in enumerate(zip(came, gradients)):
            expect(one, gradient * factor, f"array {place} of {what}", tolerance=1e-5)
    return "The direction stays, only the step is shorter."
