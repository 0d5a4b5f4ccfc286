"""The data sets of the notebooks, from whatever source can be reached.

    from dli.datasets import mnist
    (X_train, y_train), (X_valid, y_valid) = mnist.load_data()

One module a data set, with the signatures and array shapes of `keras.datasets`. The
sources are listed in `sources.toml`. To add a data set: one entry there, and one
module here that calls `loader.arrays`, `loader.folder` or `loader.file` and offers a
`stand_in()`. Nothing here knows of Keras models.
"""

from dli.datasets._fetch.errors import DataUnavailable
from dli.datasets._fetch.loader import (
    Provenance,
    Row,
    export,
    fetch,
    names,
    provenance,
    status,
)

__all__ = [
    "DataUnavailable",
    "Provenance",
    "Row",
    "export",
    "fetch",
    "names",
    "provenance",
    "status",
]
