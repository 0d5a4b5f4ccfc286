"""The data sets of the notebooks, from whatever source can be reached.

    from dli.datasets import mnist
    (X_train, y_train), (X_valid, y_valid) = mnist.load_data()

One module a data set, with the signatures and array shapes of `keras.datasets`. The
sources are listed in `sources.toml`. To add a data set: one entry there, and one
module here that calls `loader.arrays`, `loader.folder` or `loader.file`, registers
its readers and its `stand_in` with `recipes.register`, and is named in `recipes.of`.
Nothing here knows of Keras models.
"""

from dli.datasets._fetch.errors import DataUnavailable
from dli.datasets._fetch.inventory import Row, export, fetch, names, status
from dli.datasets._fetch.loader import provenance
from dli.datasets._fetch.provenance import Provenance

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
