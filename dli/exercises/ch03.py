"""Exercises of chapter 3: machine art."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Latent Arithmetic


@exercise("latent_arithmetic", 1, hint="Write it as words: who cancels out?")
def _(prediction):
    return choice(
        prediction,
        {
            "man": "The glasses came with the first woman; nothing takes them off.",
            "woman": "One woman is added and one subtracted: none is left over.",
            "woman with glasses": "That is where the sum starts; a woman then goes.",
            "man with glasses": "The two women cancel out; the glasses stay behind.",
        },
        right="man with glasses",
    )


@exercise("latent_arithmetic", 2, hint="One mean over each group of rows.")
def _(attribute_direction):
    rng = np.random.default_rng(2)
    for people, numbers in ((5, 2), (40, 7)):
        codes = rng.normal(size=(people, numbers)).round(2)
        has = np.arange(people) % 3 == 0
        wanted = codes[has].mean(axis=0) - codes[~has].mean(axis=0)
        what = f"attribute_direction for {people} people, {has.sum()} of whom have it,"
        expect(attribute_direction(codes, has), wanted, what)
    return "Shift all codes alike and it stays as it is: both means shift."


@exercise("latent_arithmetic", 3, hint="How long is [1, 1, ..., 1] by Pythagoras?")
def _(most_oblique):
    for n in (1, 2, 4, 9, 32):
        wanted = np.degrees(np.arccos(1 / np.sqrt(n)))
        expect(most_oblique(n), wanted, f"most_oblique({n})", tolerance=1e-4)
    return "In 4 dimensions 60 degrees; the more dimensions, the nearer to 90."


# Translating Pictures


@exercise("translating_pictures", 1, hint="Compare what came back with what went in.")
def _(prediction):
    return choice(
        prediction,
        {
            "no cost, content critics": "A critic of outlined digits gets thick ones.",
            "no cost, discontent critics": "All comes back, but in the wrong style: "
            "that is why both ideas are needed.",
            "high cost, content critics": "What comes back is exactly what went in.",
            "high cost, discontent critics": "What comes back is just what went in.",
        },
        right="no cost, discontent critics",
    )


@exercise("translating_pictures", 2, hint="Apply there first, then back to the result.")
def _(cycle_cost):
    pictures = np.random.default_rng(4).uniform(size=(3, 4, 4)).round(2)
    ways = {
        "negative and negative": (lambda x: 1 - x, lambda x: 1 - x),
        "half and double": (lambda x: x / 2, lambda x: 2 * x),
        "square and half": (lambda x: x**2, lambda x: x / 2),
        "mirror image and negative": (lambda x: x[..., ::-1], lambda x: 1 - x),
    }
    for name, (there, back) in ways.items():
        wanted = np.abs(back(there(pictures)) - pictures).mean()
        expect(cycle_cost(pictures, there, back), wanted, f"cycle_cost for {name}")
    return "The negative of a negative costs nothing: the cycle alone would allow it."


# Seeing in the Dark


@exercise("seeing_in_the_dark", 1, hint="First the root of 25, then its share of 25.")
def _(prediction):
    return choice(
        prediction,
        {
            "5 per cent": "The error is 5 counts; ask how large that is beside 25.",
            "10 per cent": "It would be, if the error shrank as fast as the count.",
            "20 per cent": "5 of 25: a quarter of the light, twice the relative error.",
            "40 per cent": "The error does not stay at 10 counts: it shrinks a little.",
        },
        right="20 per cent",
    )


@exercise("seeing_in_the_dark", 2, hint="The count's own error, squared, is the count.")
def _(relative_error):
    rng = np.random.default_rng(3)
    for _ in range(6):
        light, full = rng.uniform(0.01, 1), int(rng.integers(1_000, 50_000))
        ratio, noise = int(rng.integers(1, 400)), float(rng.integers(0, 9))
        light = round(float(light), 3)
        count = light * full / ratio
        wanted = np.sqrt(count + noise**2) / count
        what = f"relative_error({light}, {full}, {ratio}, {noise})"
        expect(relative_error(light, full, ratio, noise), wanted, what)
    return "In dark pixels: the electronics err as much there, beside a smaller count."


@exercise("seeing_in_the_dark", 3, hint="A tenth of the squared error is 10 decibels.")
def _(decibels_gained):
    for frames in (1, 2, 10, 16, 100):
        wanted = 10 * np.log10(frames)
        expect(decibels_gained(frames), wanted, f"decibels_gained({frames})", 1e-5)
    return "Ten frames gain 10 decibels, the next ten only 3 more."
