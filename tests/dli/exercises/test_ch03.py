"""Exercises of chapter 3: right answers pass, wrong ones are refused."""

import numpy as np

from tests.support.exercises import answers, one_each


def _mean_difference(codes, has):
    return codes[has].mean(axis=0) - codes[~has].mean(axis=0)


def _mean_difference_by_loops(codes, has):
    sums, counts = {True: 0, False: 0}, {True: 0, False: 0}
    for code, one in zip(codes, has):
        sums[bool(one)] = sums[bool(one)] + code
        counts[bool(one)] += 1
    return list(sums[True] / counts[True] - sums[False] / counts[False])


def _relative_error(light, full, ratio, read_noise):
    count = light * full / ratio
    return (count + read_noise**2) ** 0.5 / count


def _cycle_cost(pictures, there, back):
    return np.abs(back(there(pictures)) - pictures).mean()


RIGHT = {
    ("latent_arithmetic", 1): ["man with glasses", " Man with glasses "],
    ("latent_arithmetic", 2): [_mean_difference, _mean_difference_by_loops],
    ("latent_arithmetic", 3): [
        lambda n: np.degrees(np.arccos(1 / np.sqrt(n))),
        lambda n: np.degrees(np.arctan2(np.sqrt(n - 1), 1)),
    ],
    ("translating_pictures", 1): ["no cost, discontent critics"],
    ("translating_pictures", 2): [
        _cycle_cost,
        lambda p, there, back: float(np.mean(abs(p - back(there(p))))),
    ],
    ("seeing_in_the_dark", 1): ["20 per cent"],
    ("seeing_in_the_dark", 2): [
        _relative_error,
        lambda light, full, ratio, noise: (
            np.hypot(np.sqrt(light * full / ratio), noise) * ratio / (light * full)
        ),
    ],
    ("seeing_in_the_dark", 3): [
        lambda frames: 10 * np.log10(frames),
        lambda frames: -10 * np.log10(1 / frames),
    ],
}

WRONG = {
    ("latent_arithmetic", 1): ["man", "woman", "woman with glasses", 3],
    ("latent_arithmetic", 2): [
        lambda codes, has: codes[has].mean(axis=0),
        lambda codes, has: codes[~has].mean(axis=0) - codes[has].mean(axis=0),
        lambda codes, has: codes[has].sum(axis=0) - codes[~has].sum(axis=0),
        lambda codes, has: codes[has].mean() - codes[~has].mean(),
        lambda codes, has: None,
    ],
    ("latent_arithmetic", 3): [
        lambda n: np.arccos(1 / np.sqrt(n)),
        lambda n: 45.0,
        lambda n: np.degrees(np.arccos(1 / n)),
        lambda n: 90 - 90 / n,
    ],
    ("translating_pictures", 1): [
        "no cost, content critics",
        "high cost, content critics",
        "high cost, discontent critics",
        "no cost",
    ],
    ("translating_pictures", 2): [
        lambda p, there, back: np.abs(there(p) - p).mean(),
        lambda p, there, back: np.abs(there(back(p)) - p).mean(),
        lambda p, there, back: (back(there(p)) - p).mean(),
        lambda p, there, back: ((back(there(p)) - p) ** 2).mean(),
        lambda p, there, back: np.abs(back(there(p)) - p).sum(),
    ],
    ("seeing_in_the_dark", 1): ["5 per cent", "10 per cent", "40 per cent", 0.2],
    ("seeing_in_the_dark", 2): [
        lambda light, full, ratio, noise: (light * full / ratio) ** -0.5,
        lambda light, full, ratio, noise: (light * full / ratio + noise**2) ** 0.5,
        lambda light, full, ratio, noise: (
            ((light * full / ratio) ** 0.5 + noise) / (light * full / ratio)
        ),
        lambda light, full, ratio, noise: (
            (light * full * ratio + noise**2) ** 0.5 / (light * full * ratio)
        ),
    ],
    ("seeing_in_the_dark", 3): [
        lambda frames: frames,
        lambda frames: 20 * np.log10(frames),
        lambda frames: 10 * np.log(frames),
        lambda frames: np.sqrt(frames),
        lambda frames: -10 * np.log10(frames),
    ],
}

TestAnswers = answers(one_each(WRONG), one_each(RIGHT))
