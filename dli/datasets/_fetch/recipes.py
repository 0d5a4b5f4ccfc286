"""What each module of `dli.datasets` registers: its readers and its stand-in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dli.datasets._fetch.readers import READERS, Reader
from dli.datasets._fetch.sources import DataSet


@dataclass(frozen=True)
class Recipe:
    """How a data set is made from what its sources deliver, or without any.

    Attributes:
        readers: by the `format` of the sources, besides `readers.READERS`.
        stand_in: returns arrays; of an archive or a file, it fills the empty folder
            that it is given. None where the project has none.
    """

    readers: Mapping[str, Reader] = field(default_factory=dict)
    stand_in: Callable | None = None

    def reader(self, format: str) -> Reader:
        """The reader of a format.

        Raises:
            ValueError: there is none.
        """
        found = self.readers.get(format) or READERS.get(format)
        if found is None:
            raise ValueError(f"there is no reader of the format {format!r}")
        return found


_registered: dict[str, Recipe] = {}


def register(
    name: str,
    readers: Mapping[str, Reader] | None = None,
    stand_in: Callable | None = None,
) -> None:
    """Registers how a data set of the table is read and what stands in for it."""
    _registered[name] = Recipe(readers or {}, stand_in)


def of(data_set: DataSet) -> Recipe:
    """What the module of a data set registered."""
    if data_set.name not in _registered:  # from the command line: nothing is imported
        from dli.datasets import (  # noqa: F401 (they register)
            boston_housing,
            fashion_mnist,
            flowers17,
            hot_dogs,
            imdb,
            mnist,
            nltk_data,
            pretrained,
            quickdraw,
        )
    return _registered.get(data_set.name, Recipe())
