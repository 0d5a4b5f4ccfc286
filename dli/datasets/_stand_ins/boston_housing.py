"""Stand-in of Boston housing."""

import numpy as np

from dli.datasets._fetch.readers import Arrays


def make() -> Arrays:
    """506 made-up tracts with the real columns and ranges, and a price that fits them.

    How urban a tract is ties the columns together, as in the real table; the price
    depends on rooms, status, air and river, and on noise.

    Returns:
        "x": (506, 13), "y": (506,), in thousands of dollars; float64.
    """
    rng = np.random.RandomState(13)
    urban = rng.beta(1.2, 1.6, 506)
    noise = rng.normal(size=(11, 506))
    rooms = 6.3 - 0.4 * urban + 0.6 * noise[0]
    status = 4 + 18 * urban - 5 * (rooms - 6.3) + 3 * noise[1]
    air = 0.4 + 0.35 * urban + 0.04 * noise[2]
    river = rng.rand(506) < 0.07
    roads = np.where(urban > 0.7, 24, rng.randint(1, 9, 506))
    columns = (  # with the smallest and the largest value
        (np.exp(-4 + 7 * urban + 0.8 * noise[3]), 0.006, 89),  # CRIM
        (rng.choice([0, 20, 40, 80], 506) * (urban < 0.25), 0, 100),  # ZN
        (2 + 18 * urban + 2 * noise[4], 0.5, 27.7),  # INDUS
        (river * 1.0, 0, 1),  # CHAS
        (air, 0.38, 0.88),  # NOX
        (rooms, 3.6, 8.8),  # RM
        (30 + 75 * urban + 15 * noise[5], 3, 100),  # AGE
        (8 * np.exp(-2 * urban) + 0.5 * noise[6], 1.1, 12.1),  # DIS
        (roads, 1, 24),  # RAD
        (220 + 18 * roads + 40 * noise[7], 187, 711),  # TAX
        (16 + 4 * urban + 1.5 * noise[8], 12.6, 22),  # PTRATIO
        (396.9 - 30 * np.abs(noise[9]), 0.3, 396.9),  # B
        (status, 1.7, 38),  # LSTAT
    )
    x = np.stack([values.clip(low, high) for values, low, high in columns], axis=1)
    price = 24 + 7 * (rooms - 6.3) - 0.5 * (status - 12) - 15 * (air - 0.55)
    price += 2.5 * river + 2.2 * noise[10]
    return {"x": x, "y": price.clip(5, 50).round(1)}
