"""The search: a data set out of the cache, or from the first source that has it."""

import shutil
from pathlib import Path

from dli.datasets._fetch import cache, delivery, disk, recipes, sources
from dli.datasets._fetch.cache import Content
from dli.datasets._fetch.errors import Attempt, CacheUnusable, Damaged, SourceFailed
from dli.datasets._fetch.provenance import Found, unavailable
from dli.datasets._fetch.sources import FIRST_USE, DataSet, Source


def obtain(
    data_set: DataSet, *, hunt: bool = False, refresh: bool = False
) -> tuple[Found | None, list[Attempt]]:
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
        sample_will_do = not hunt and not _mirrored(data_set)
        if not refresh:
            found = _cached(data_set, sample_will_do)
            if found:
                return found, []
        with disk.lock(data_set.name):
            _mend(data_set, tried)
            found = _cached(data_set)  # by now, perhaps, through another process
            enough = found and (found.extent == "complete" or sample_will_do)
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
    cached: Found | None,
    hunt: bool,
    refresh: bool,
    tried: list[Attempt],
) -> Found | None:
    """Goes through the sources of the table; needs the lock."""
    order = list(data_set.sources)
    if hunt:
        order.sort(key=lambda source: source.extent != "complete")
    with disk.workspace(data_set.name) as work:
        for number, source in enumerate(order):
            better = cached is None or (refresh and cached.extent == "sample")
            if source.extent == "sample" and not better:
                continue
            if cached and not hunt and source.kind != "mirror":
                break  # looking for more than a cached sample is for `fetch`
            into = work / str(number)
            with disk.writing():
                into.mkdir()
            try:
                content = _fetched(data_set, source, into)
            except SourceFailed as failure:
                tried.append(Attempt(source.kind, source.locator, str(failure)))
                shutil.rmtree(into, ignore_errors=True)
                continue
            content = cache.store(data_set, source.extent, content, source)
            kept = cache.path(data_set, source.extent)
            return Found(content, source.extent, str(source), kept)
    return None


def _fetched(data_set: DataSet, source: Source, into: Path) -> Content:
    """The verified content of one source."""
    files = delivery.deliver(source, into)
    try:
        if source.format:
            content = recipes.of(data_set).reader(source.format)(files)
        else:
            (content,) = files.values()
        found = cache.content_hash(content)
    except Exception as error:  # broken files fail in many ways
        said = str(error) or type(error).__name__
        raise SourceFailed(f"what arrived can't be read: {said}") from error
    allowed = data_set.sha256[source.extent]
    if FIRST_USE not in allowed and found not in allowed:
        raise SourceFailed(
            f"what arrived is not the data set: its SHA-256 is {found}, "
            f"not {' or '.join(allowed)}"
        )
    return content


def _mirrored(data_set: DataSet) -> bool:
    """Whether `DLI_MIRROR` seems to hold the complete data set."""
    folder = sources.mirror()
    return folder is not None and any(
        (folder / source.locator).is_file()
        for source in data_set.sources
        if source.kind == "mirror" and source.extent == "complete"
    )


def _cached(data_set: DataSet, sample: bool = True) -> Found | None:
    """The complete set in the cache, or else the sample if that will do."""
    for extent in data_set.extents[: None if sample else 1]:
        try:
            content = cache.read(data_set, extent)
        except (OSError, Damaged):
            continue
        kept = cache.path(data_set, extent)
        known = cache.record(kept)
        return Found(content, extent, known.source if known else "the cache", kept)
    return None


def _mend(data_set: DataSet, tried: list[Attempt]) -> None:
    """Sets damaged files in the cache aside and says so."""
    for extent in data_set.extents:
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
