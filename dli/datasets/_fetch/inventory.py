"""What the cache holds, and how it is filled and copied: for the command line."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dli import folders
from dli.datasets._fetch import cache, search, sources
from dli.datasets._fetch.errors import Damaged
from dli.datasets._fetch.provenance import Found, Provenance, describe, unavailable
from dli.datasets._fetch.sources import DataSet


@dataclass(frozen=True)
class Row:
    """One line of `status`.

    Attributes:
        name: of the data set.
        title: its name in sentences.
        extent: "complete" or "sample" as cached, "damaged", or "" if not cached.
        source: where the cached file came from.
        licence: of the data.
        size: bytes on disk, or of the complete artefact where nothing is cached.
        path: the artefact in the cache, or where it will be.
    """

    name: str
    title: str
    extent: str
    source: str
    licence: str
    size: int
    path: Path

    @property
    def cached(self) -> bool:
        """Whether a usable artefact is in the cache."""
        return self.extent in sources.EXTENTS


def names() -> list[str]:
    """The names of all data sets, in the table's order."""
    return list(sources.table())


def status() -> list[Row]:
    """What is cached, verified just now, of every data set."""
    return [_row(data_set) for data_set in sources.table().values()]


def _row(data_set: DataSet) -> Row:
    extent, file = "", cache.path(data_set, "complete")
    for candidate in data_set.extents:
        try:
            cache.read(data_set, candidate)
        except Damaged:
            state = "damaged"
        except OSError:
            continue
        else:
            state = candidate
        if extent in ("", "damaged"):  # a sample beside a damaged complete set
            extent, file = state, cache.path(data_set, candidate)
    known = cache.record(file)
    return Row(
        name=data_set.name,
        title=data_set.title,
        extent=extent,
        source=known.source if known else "",
        licence=data_set.licence,
        size=file.stat().st_size if extent else data_set.size,
        path=file,
    )


def fetch(names: Iterable[str] = (), *, refresh: bool = False) -> dict[str, Provenance]:
    """Brings data sets into the cache; never makes a stand-in.

    Where only a sample is cached, the complete set is looked for.

    Args:
        names: data sets, or modules that load several; all where none is named.
        refresh: fetch even what is cached.

    Returns:
        What the cache holds now, by name; extent "unavailable" where it holds
        nothing, with the sources that were tried as the reason.

    Raises:
        ValueError: no data set of one of the names.
        DataUnavailable: the cache can't be written.
    """
    fetched = {}
    for data_set in _entries(names):
        found, tried = search.obtain(data_set, hunt=True, refresh=refresh)
        if found is None:
            found = Found(None, "unavailable", "")
        fetched[data_set.name] = describe(data_set, found, tried)
    return fetched


def export(folder: Path | str, names: Iterable[str] = ()) -> list[Path]:
    """Writes verified data sets into a folder that `DLI_MIRROR` can name.

    Args:
        folder: it is made if need be.
        names: data sets; where none is named all, but for those that no address on
            the network has: they are left out, with a line, if they are not here.

    Returns:
        The file of each data set, in the order of the names. A file that is there
        already and holds the data set is left as it is.

    Raises:
        ValueError: no data set of one of the names.
        DataUnavailable: no source has one of them; those before it are written.
        FileExistsError: another file bears the name; it is left as it is.
        OSError: the folder can't be written.
    """
    folder, names, written = folders.given(folder), list(names), []
    for data_set in _entries(names):
        found, tried = search.obtain(data_set)
        if found is None and not names and not data_set.on_network:
            print(f"left out: {data_set.title}, as no address on the network has it")
            continue
        if found is None:
            raise unavailable(data_set, tried)
        target = folder / cache.file_name(data_set, found.extent)
        cache.copy(data_set, found.extent, target)
        written.append(target)
    return written


def _entries(names: Iterable[str]) -> list[DataSet]:
    """Data sets by name, a module's name standing for all that it loads."""
    table = sources.table().values()
    chosen: list[DataSet] = []
    for name in names:
        of_module = [data_set for data_set in table if data_set.module == name]
        chosen += [d for d in of_module or [sources.entry(name)] if d not in chosen]
    return chosen or list(table)
