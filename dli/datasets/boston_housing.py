"""Boston housing: 506 census tracts around 1970 (Harrison & Rubinfeld 1978).

Column 11 (B) is computed from the share of Black residents, on the assumption that
segregation raises prices. The book uses the data set as an example of regression;
its notebook says more.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dli.datasets._fetch import loader, recipes
from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import boston_housing as made_up

Split = tuple[np.ndarray, np.ndarray]

COLUMNS = (
    "CRIM",  # crimes per head of the town
    "ZN",  # % of land zoned for large lots
    "INDUS",  # % of land of industry
    "CHAS",  # 1 at the Charles River, else 0
    "NOX",  # nitrogen oxides, parts per 10 million
    "RM",  # rooms per dwelling
    "AGE",  # % of dwellings built before 1940
    "DIS",  # distance to five centres of employment, weighted
    "RAD",  # index of access to radial roads
    "TAX",  # property tax, $ per $10,000
    "PTRATIO",  # pupils per teacher
    "B",  # 1000 (Bk − 0.63)², Bk the share of Black residents
    "LSTAT",  # % of residents of "lower status"
)


def load_data(test_split: float = 0.2, seed: int = 113) -> tuple[Split, Split]:
    """Boston housing as `keras.datasets.boston_housing.load_data` gives it.

    Args:
        test_split: share of the 506 rows kept for validation, from 0 to below 1.
        seed: of the shuffle before the split.

    Returns:
        `(X_train, y_train), (X_valid, y_valid)`, float64; with the defaults of shapes
        (404, 13), (404,), (102, 13), (102,). Columns: see `COLUMNS`. Targets: median
        price of homes in thousands of 1970s dollars.

    Raises:
        ValueError: `test_split` out of range.
        DataUnavailable: no source has it and stand-ins are turned off, or the cache
            can't be written.
    """
    if not 0 <= test_split < 1:
        raise ValueError(f"test_split must be at least 0 and below 1, not {test_split}")
    data = loader.arrays("boston_housing")
    order = np.arange(len(data["x"]))
    np.random.RandomState(seed).shuffle(order)
    x, y = data["x"][order], data["y"][order]
    cut = int(len(x) * (1 - test_split))
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])


def read_mlxtend_csv(files: Mapping[str, Path]) -> Arrays:
    """The table in mlxtend: 13 predictors and the price a row."""
    rows = np.loadtxt(files["csv"], delimiter=",", dtype=np.float64)
    return {"x": rows[:, :13].copy(), "y": rows[:, 13].copy()}


recipes.register(
    "boston_housing", readers={"mlxtend_csv": read_mlxtend_csv}, stand_in=made_up.make
)
