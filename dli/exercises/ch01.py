"""Exercises of chapter 1: simple cells, features by hand or learned, the spiral."""

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Simple Cells


@exercise(
    "simple_cells", 1, hint="What do all the numbers of the receptive field add up to?"
)
def _(prediction):
    return choice(
        prediction,
        {
            "more": "The exciting strip does get more light, but so do the flanks.",
            "as many": "The numbers of the field add up to zero: what light adds in "
            "the strip, it takes away in the flanks.",
            "fewer": "The flanks do hold back more, but the strip gets more light too.",
        },
        right="as many",
    )


@exercise(
    "simple_cells",
    2,
    hint="How many degrees does one cell serve, to both sides together? And after "
    "how many degrees does a bar look the same again?",
)
def _(cells_for_bars, cells_for_edges):
    served = 2 * 10
    expect(cells_for_bars, 180 // served, "cells_for_bars")
    expect(cells_for_edges, 360 // served, "cells_for_edges")
    return (
        f"One cell serves {served} degrees. Bars repeat after 180 degrees, edges after "
        "360, so edges take twice as many cells."
    )


@exercise(
    "simple_cells",
    3,
    hint="Block (i, j) is s_map[i * width : (i + 1) * width, j * width : ...].",
)
def _(pool):
    rng = np.random.default_rng(1)
    for rows, columns, width in ((2, 1, 3), (2, 3, 2), (3, 4, 5), (2, 2, 1)):
        s_map = rng.normal(size=(rows * width, columns * width)).round(2)
        blocks = s_map.reshape(rows, width, columns, width)
        what = f"pool(a map of {rows * width} x {columns * width}, {width})"
        expect(pool(s_map, width), blocks.max(axis=(1, 3)), what)
    return (
        "A 6 x 6 map keeps 4 of 36 cells: each says that something is there, and no "
        "longer where in its block."
    )


# Features by Hand or Learned


@exercise(
    "features_by_hand_or_learned",
    1,
    hint="Draw them, and mark the corners. Do the rectangles have any in common?",
)
def _(look_ups):
    corners = {(row, column) for row in (0, 2) for column in (0, 3, 6)}
    expect(look_ups, len(corners), "look_ups")
    return "Eight corners, two of which belong to both rectangles."


@exercise(
    "features_by_hand_or_learned",
    2,
    hint="Each place needs its own pixel and the three places above it, left of it, "
    "and both; what is counted twice then?",
)
def _(make_table):
    rng = np.random.default_rng(3)
    for rows, columns in ((2, 2), (1, 4), (5, 3)):
        picture = rng.integers(0, 10, (rows, columns))
        wanted = [
            [int(picture[:r, :c].sum()) for c in range(columns + 1)]
            for r in range(rows + 1)
        ]
        what = f"make_table(a picture of {rows} x {columns})"
        expect(make_table(picture), wanted, what)
    return (
        "The first row holds zeros: above it there are no pixels. So rectangles at "
        "the edge are no special case."
    )


@exercise(
    "features_by_hand_or_learned",
    3,
    hint="Which share of the errors is gone?",
)
def _(larger):
    return choice(
        larger,
        {
            "40 to 30": "That is 10 points, but the book counts shares of the errors.",
            "4 to 3": "That is hard to get, but it is no larger share of the errors.",
            "both the same": "A quarter of the errors is gone in both years.",
        },
        right="both the same",
    )


# The Spiral Playground


@exercise(
    "spiral_playground",
    1,
    hint="Write the sum down. Where is it zero? Does X1 have a say in it?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "level": "The sum is 3 x X2 - 6: zero wherever X2 is 2, whatever X1 is.",
            "upright": "An upright border would mean that only X1 counts, but its "
            "weight is 0.",
            "slanted": "A slanted border takes both inputs, but the weight of X1 is 0.",
        },
        right="level",
    )


@exercise(
    "spiral_playground",
    2,
    hint="How many weights lead into each of the two new neurons? Each also has a "
    "bias. And does the output get more inputs than before?",
)
def _(more):
    new = 2
    expect(more, new * 2 + new, "more")
    return (
        "Four weights and two biases are new. The output still listens to two neurons, "
        "so nothing else changes."
    )


@exercise(
    "spiral_playground",
    3,
    hint="Go through the neurons; start each sum with its bias.",
)
def _(layer):
    rng = np.random.default_rng(2)
    for sources, neurons in ((2, 3), (1, 1), (4, 2), (3, 8)):
        inputs, weights, biases = (
            rng.integers(-9, 10, shape)
            for shape in (sources, (sources, neurons), neurons)
        )
        wanted = [max(0, sum_) for sum_ in (inputs @ weights + biases).tolist()]
        answers = layer(inputs.tolist(), weights.tolist(), biases.tolist())
        expect(answers, wanted, f"layer(inputs, weights, biases), inputs {inputs}")
    return "One number a neuron: 3 for 3 neurons, however many inputs there are."
