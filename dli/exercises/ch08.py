"""Exercises of chapter 8: the two costs, the speed of learning, the intermediate net.

Those of its concept notebooks are in `ch08_concepts`.
"""

from itertools import pairwise

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Quadratic Cost


@exercise(
    "quadratic_cost",
    1,
    hint="What undoes a square? That is the error; and it is missing from 1.",
)
def _(prediction):
    for made in (1.0, 0.5, 0.9, 0.1192, 0.0):
        cost = round((1 - made) ** 2, 8)
        expect(prediction(cost), made, f"prediction({cost})", tolerance=1e-4)
    return "Small costs hide large errors: 0.01 is still an error of a tenth."


@exercise(
    "quadratic_cost",
    2,
    hint="Add up ten squares for each: nine zeros and a one, or ten times 0.3 squared.",
)
def _(higher_cost):
    return choice(
        higher_cost,
        {
            "A": "Its one square is 1; the ten squares of B add up to 0.9.",
            "B": "0.3 is not small, but its square is only 0.09.",
            "neither": "Their mean absolute errors differ, and so do their squares.",
        },
        right="A",
    )


@exercise(
    "quadratic_cost",
    3,
    hint="Try a few: 0.1, 0.3, 0.5. Or set the slope of a (1 - a) squared to 0.",
)
def _(activation):
    tried = np.linspace(0, 1, 3001)
    best = tried[np.argmax(tried * (1 - tried) ** 2)]
    expect(activation, float(best), "the activation", tolerance=0.006)
    return "Quite wrong, but still able to move."


# Cross-Entropy Cost


@exercise(
    "cross_entropy_cost",
    1,
    hint="Each class gets the same share. The cost is minus the logarithm of that.",
)
def _(starting_loss):
    for classes in (10, 2, 1, 1000, 17):
        wanted = float(np.log(classes))
        expect(
            starting_loss(classes), wanted, f"starting_loss({classes})", tolerance=1e-4
        )
    return "A fresh network that starts far above this has a fault."


@exercise(
    "cross_entropy_cost",
    2,
    hint="A's ten squares are nearly 1 together. And what is minus ln 0.001?",
)
def _(higher_quadratic, higher_cross_entropy):
    choice(
        higher_quadratic,
        {
            "A": "One square of nearly 1 against ten of 0.16.",
            "B": "Ten squares of 0.16 are 1.6; A's add up to about 1.",
        },
        right="B",
    )
    return choice(
        higher_cross_entropy,
        {
            "A": "Minus ln 0.001 is 6.9, more than ten times minus ln 0.6.",
            "B": "Minus ln 0.6 is 0.5; its ten together are 5.1, below A's one.",
        },
        right="A",
    )


@exercise(
    "cross_entropy_cost",
    3,
    hint="Which of the pulls is still 1 at z = -10, and which is next to nothing?",
)
def _(with_cross_entropy, with_quadratic_cost):
    choice(
        with_cross_entropy,
        {
            "a few more": "It pulls with nearly 1 there, so four units are soon gone.",
            "twice as many": "It goes one unit a step out there: count the steps.",
            "many times as many": "Its pull does not fade out there.",
        },
        right="a few more",
    )
    return choice(
        with_quadratic_cost,
        {
            "a few more": "Its pull at z = -10 is a fiftieth of that at z = -6.",
            "twice as many": "Two units were worth several times as many steps.",
            "many times as many": "Its pull falls by a factor of e for each unit of z.",
        },
        right="many times as many",
    )


# Measuring Speed of Learning


@exercise(
    "measuring_speed_of_learning",
    1,
    hint="One step at 1/4 makes it 4 times shorter, two steps 4 times 4.",
)
def _(times_shorter):
    for steps, slope in ((4, 0.25), (1, 0.25), (0, 0.25), (5, 1.0), (3, 0.2), (2, 0.5)):
        wanted = slope**-steps
        expect(times_shorter(steps, slope), wanted, f"times_shorter({steps}, {slope})")
    return "With slope 1 nothing is lost; with 1/4 a factor is lost at every step."


@exercise(
    "measuring_speed_of_learning",
    2,
    hint="What does a factor of 1 do to the error, however often it is taken?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "much more slowly": "That was the sigmoid, whose slope is at most 1/4.",
            "about as fast": "Near zero tanh takes nothing away from the error.",
            "much faster": "A slope of 1 keeps the error; it does not make it grow.",
        },
        right="about as fast",
    )


@exercise(
    "measuring_speed_of_learning",
    3,
    hint="Does a larger step make the digits look more different to the fifth layer?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "near 10%": "Every layer takes larger steps; the digits stay as alike.",
            "near 50%": "What reaches the last layers does not change by the rate.",
            "near 90%": "The rate is not what is in short supply.",
        },
        right="near 10%",
    )


# Intermediate Net in Keras


@exercise(
    "intermediate_net_in_keras",
    1,
    hint="One of the ends goes too far at each step. What happens at the other?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "both guess": "Small steps lead downhill all the same, only slowly.",
            "both learn": "Steps that are much too large never arrive.",
            "only the small one learns": "Too small is slow; too large is hopeless.",
        },
        right="only the small one learns",
    )


@exercise(
    "intermediate_net_in_keras",
    2,
    hint="Each neuron has a weight for every neuron of the layer before, and a bias.",
)
def _(parameters):
    for layers in ([784, 64, 64, 10], [784, 32, 32, 32, 32, 10], [4, 3, 2], [1, 1]):
        wanted = sum((before + 1) * after for before, after in pairwise(layers))
        expect(parameters(layers), wanted, f"parameters({layers})")
    return "Four layers of 32 have about half as many as two of 64."


@exercise(
    "intermediate_net_in_keras",
    3,
    hint="How many updates does an epoch make, with one batch size and the other?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "the same": "The same images, but four times as many updates.",
            "higher": "Four times as many updates, each a little noisier.",
            "lower": "Smaller batches are noisier, but there are four times as many.",
        },
        right="higher",
    )
