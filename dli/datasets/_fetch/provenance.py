"""Where a data set came from, and why it can't be had: in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dli.datasets._fetch import sources
from dli.datasets._fetch.cache import Content
from dli.datasets._fetch.errors import Attempt, DataUnavailable
from dli.datasets._fetch.sources import DataSet

STAND_INS_OFF = "turned off by DLI_STANDIN=0"


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
class Found:
    """A data set, verified, or a stand-in.

    Attributes:
        content: the arrays, or the file or folder; None where nothing was found.
        extent: as in `Provenance`.
        source: where it came from, in words.
        path: the artefact in the cache; None for stand-ins made in memory.
    """

    content: Content | None
    extent: str
    source: str
    path: Path | None = None


def describe(data_set: DataSet, found: Found, tried: Sequence[Attempt]) -> Provenance:
    """What was found, and why it is not the complete set.

    Args:
        data_set: that was asked for.
        found: in the cache, at a source, or made.
        tried: in vain, before.
    """
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
        if any(attempt.reason == STAND_INS_OFF for attempt in tried):
            lines.append("  Or unset DLI_STANDIN to go on with made-up data.")
    return DataUnavailable("\n".join(lines), tried)
