"""Exercises of chapter 5: one digit as numbers, and the first network."""

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# MNIST Digit Pixel by Pixel


@exercise(
    "mnist_digit_pixel_by_pixel",
    1,
    hint="Where does the pixel in row 0, column 27 go? And that in row 0, column 0?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "upside down": "That takes the rows in reverse, digit[::-1].",
            "mirrored left to right": "That takes the columns in reverse.",
            "on its back": "Row r becomes column r; only the diagonal stays.",
        },
        right="on its back",
    )


@exercise(
    "mnist_digit_pixel_by_pixel",
    2,
    hint="Both bowls turn downwards on one side. A sum over axis 0 runs down a column.",
)
def _(prediction, ink_by_column):
    why = choice(
        prediction,
        {
            "left": "A three is open there: only the ends of its strokes are.",
            "middle": "Level strokes cross it three times, and are soon crossed.",
            "right": "A stroke that runs down a column inks more of it.",
        },
        right="right",
    )
    rng = np.random.default_rng(5)
    for shape in ((2, 3), (28, 28), (4, 1)):
        image = rng.integers(0, 256, shape).astype(np.uint8)
        shown = image.tolist() if image.size < 9 else f"an image of shape {shape}"
        came = ink_by_column(image)
        expect(came, image.astype(int).sum(axis=0), f"ink_by_column({shown})")
    return why


@exercise(
    "mnist_digit_pixel_by_pixel",
    3,
    hint="Some pixels are inked by nearly every writer, others by one in ten.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "sharp": "Then all writers would have written the same three.",
            "blurred everywhere alike": "Writers agree on some pixels, not on others.",
            "darkest along the middle of its strokes": (
                "A pixel is the darker, the more writers ink it."
            ),
        },
        right="darkest along the middle of its strokes",
    )


# Shallow Net in Keras


@exercise(
    "shallow_net_in_keras",
    1,
    hint="All weights belong to hidden neurons, on one side. Do all biases, too?",
)
def _(parameters):
    for inputs, hidden, outputs in (
        (784, 64, 10),
        (784, 128, 10),
        (4, 3, 2),
        (1, 1, 1),
    ):
        wanted = (inputs + 1) * hidden + (hidden + 1) * outputs
        expect(
            parameters(inputs, hidden, outputs),
            wanted,
            f"parameters({inputs}, {hidden}, {outputs})",
        )
    return "Twice the hidden neurons, and ten less than twice the parameters."


@exercise(
    "shallow_net_in_keras",
    2,
    hint="Look at the end of the learning curve: has the network stopped learning?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "worse": "Too large a rate would do that; 1.0 is not too large here.",
            "between": "It goes a hundred times as far, in a twentieth of the epochs.",
            "better than after 200": "0.01 was very cautious: it was still on its way.",
        },
        right="better than after 200",
    )


@exercise(
    "shallow_net_in_keras",
    3,
    hint="Does a dense layer know which two pixels were neighbours?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "hardly any": "A dense layer never knew which pixels were neighbours.",
            "about half": "What could it have used before that is gone now?",
            "nearly all": "A person would; the network has never seen a picture.",
        },
        right="hardly any",
    )
