"""Exercises of the notebooks that chapter 14 has no code for."""

from __future__ import annotations

import math

from dli.exercises.checking import exercise, expect

# Grid or Random Search


@exercise(
    "grid_or_random_search",
    1,
    hint="Count the columns of dots in the first picture: left, and right.",
)
def _(different_values):
    for per_axis, hyperparameters in ((3, 2), (4, 3), (2, 5), (7, 1)):
        what = f"different_values({per_axis}, {hyperparameters})"
        wanted = [per_axis, per_axis**hyperparameters]
        expect(different_values(per_axis, hyperparameters), wanted, what)
    return "The more hyperparameters, the more of its tries a grid spends on repeats."


@exercise(
    "grid_or_random_search",
    2,
    hint="u = 0 gives low, u = 1 gives high. What has low to be multiplied by for 1?",
)
def _(log_uniform):
    for u, low, high in ((0.0, 0.01, 5.0), (1.0, 1e-4, 0.3), (0.5, 1e-4, 1.0)):
        expect(
            log_uniform(u, low, high),
            _on_log(u, low, high),
            f"log_uniform({u}, {low}, {high})",
        )
    for u in (0.25, 0.8):
        expect(
            log_uniform(u, 2.0, 32.0),
            _on_log(u, 2.0, 32.0),
            f"log_uniform({u}, 2.0, 32.0)",
        )
    return "Halfway is the geometric mean: as many times low as high is times it."


def _on_log(u, low, high):
    return math.exp(math.log(low) + u * (math.log(high) - math.log(low)))


@exercise(
    "grid_or_random_search",
    3,
    hint="One try misses with a chance of 1 - share. All of n tries miss with which?",
)
def _(tries_needed):
    for share, certainty in (
        (0.05, 0.95),
        (0.01, 0.95),
        (0.5, 0.6),
        (0.1, 0.5),
        (0.3, 0.2),
    ):
        wanted, missed = 0, 1.0
        while missed > 1 - certainty:
            wanted, missed = wanted + 1, missed * (1 - share)
        what = f"tries_needed({share}, {certainty})"
        expect(tries_needed(share, certainty), wanted, what)
    return "However many hyperparameters there are, and whichever of them count."
