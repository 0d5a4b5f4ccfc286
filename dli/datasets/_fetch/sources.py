"""Where data can come from: the table `sources.toml`, parsed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dli import folders
from dli.words import did_you_mean

TABLE = Path(__file__).parents[1] / "sources.toml"

KINDS = ("mirror", "publisher", "npm", "pypi", "debian")
EXTENTS = ("complete", "sample")
FIRST_USE = "first-use"


@dataclass(frozen=True)
class Source:
    """One place that holds a data set, or a sample of it.

    Attributes:
        kind: one of `KINDS`.
        locator: file name, address, or package (see `delivery`).
        format: the reader of the files, one of `readers.READERS` or of those that the
            data set's module registers; empty where the one delivered file is the
            content itself.
        members: for packages, a key for each wanted file inside; for publishers, a
            key for each file below the address. The reader gets these keys.
        sha256: hashes that the one delivered file may have; empty where unknown.
        size: bytes to download, for the progress bar and the reader; 0 if unknown.
        extent: "complete" or "sample".
    """

    kind: str
    locator: str
    format: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    sha256: tuple[str, ...] = ()
    size: int = 0
    extent: str = "complete"

    def __str__(self) -> str:
        if self.kind == "mirror":
            return f"{self.locator} in DLI_MIRROR"
        if self.kind == "publisher":
            return self.locator
        return f"{_REGISTRY[self.kind]} package {self.locator}"


_REGISTRY = {"npm": "npm", "pypi": "PyPI", "debian": "Debian"}


@dataclass(frozen=True)
class DataSet:
    """One data set of the table.

    Attributes:
        name: its name, which is also its module's unless `module` says otherwise.
        title: its name in sentences.
        holds: what the complete set holds, in half a sentence.
        sample: what the sample holds, where a source has only a sample.
        kind: "arrays" (kept as one .npz), "archive" (kept as it is, unpacked in a
            folder beside it), or "file" (kept as it is).
        artefact: the file's name in the cache, `/` for folders.
        size: bytes of the artefact.
        licence: short name of the licence of the data.
        citation: whom to cite.
        sha256: for each extent the hashes its content may have, or "first-use".
        sources: in the order in which they are tried.
        module: the module in `dli.datasets` that loads it.
        sample_comparable: why results on the sample may be held against the book's;
            empty where they may not (the rule).
        by_hand: how a reader can bring the data, said if all fails; no full stop.
    """

    name: str
    title: str
    holds: str
    kind: str
    artefact: str
    size: int
    licence: str
    citation: str
    sha256: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]
    module: str
    sample: str = ""
    sample_comparable: str = ""
    by_hand: str = ""

    @property
    def extents(self) -> list[str]:
        """The extents in which it exists, the complete one first."""
        return [extent for extent in EXTENTS if extent in self.sha256]

    @property
    def on_network(self) -> bool:
        """Whether any of its sources can be reached by everybody."""
        return any(source.kind != "mirror" for source in self.sources)


@lru_cache(maxsize=1)
def table() -> dict[str, DataSet]:
    """The data sets of `sources.toml` by name."""
    return parse(TABLE.read_text(encoding="utf-8"))


def entry(name: str) -> DataSet:
    """One data set of the table.

    Raises:
        ValueError: none of that name.
    """
    try:
        return table()[name]
    except KeyError:
        hint = did_you_mean(name, table())
        raise ValueError(f"no data set {name!r}; {hint}") from None


def parse(text: str) -> dict[str, DataSet]:
    """Reads a table of data sets.

    Raises:
        ValueError: a field is missing, unknown or has a value of the wrong kind.
    """
    sets = {}
    for name, fields in tomllib.loads(text).items():
        try:
            sources = tuple(_source(entry) for entry in fields.pop("source"))
            hashes = {e: _hashes(h) for e, h in fields.pop("sha256").items()}
            fields.setdefault("module", name)
            if fields.get("kind") not in ("arrays", "archive", "file"):
                raise ValueError(f"kind {fields.get('kind')!r}")
            sets[name] = DataSet(name, sources=sources, sha256=hashes, **fields)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"sources.toml, [{name}]: {error}") from error
        for extent in {source.extent for source in sources}:
            if not hashes.get(extent):
                raise ValueError(f"sources.toml, [{name}]: no sha256.{extent}")
    return sets


def _source(entry: dict) -> Source:
    entry["sha256"] = _hashes(entry.get("sha256", ()))
    source = Source(**entry)
    if source.kind not in KINDS or source.extent not in EXTENTS:
        raise ValueError(f"kind {source.kind!r}, extent {source.extent!r}")
    return source


def _hashes(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def mirror() -> Path | None:
    """The folder that `DLI_MIRROR` names, whether it exists or not."""
    return folders.named("DLI_MIRROR")
