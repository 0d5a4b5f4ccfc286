"""The tables in README.md and in the pages under `site/`.

They are made from the facts and recordings of the notebooks, from what `make bench`,
`make environments` and `benchmarks/backends.py` found, and from
`datasets/sources.toml`; a test checks that all are up to date.
"""

from __future__ import annotations

import json
import re
import textwrap

from course.bootstrap import ROOT
from course.environments import results
from course.files import write_whole
from course.publish import numbers
from dli import facts
from dli.datasets._fetch import sources
from dli.facts import Entry, Kind

FILES = [ROOT / "README.md", *sorted((ROOT / "site").glob("*.md"))]
BACKENDS = ROOT / "benchmarks" / "backends.json"
SPEED = ROOT / "benchmarks" / "results.json"

_MARK = re.compile(
    r"<!-- (?P<name>\w+): written by `make readme` -->\n.*?<!-- end of (?P=name) -->",
    re.S,
)


def contents() -> str:
    """The notebooks by chapter, those of the book and ours apart."""
    lines = ["| chapter | notebooks of the book | concept notebooks |", "|---|---|---|"]
    for chapter in facts.chapters():
        cells = [
            ", ".join(
                f"[{entry.title}](notebooks/{entry.name}.ipynb)"
                for entry in chapter.entries.values()
                if entry.kind == kind
            )
            for kind in (Kind.BOOK, Kind.CONCEPT)
        ]
        lines.append(f"| {chapter.number}: {chapter.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def book() -> str:
    """Notebooks of the book: what each shows, the book's result, this one's."""
    lines = [
        "| notebook | what it shows | result | book | recorded here |",
        "|---|---|---|---|---|",
    ]
    for entry in _of(Kind.BOOK):
        printed = entry.headline_measure.printed if entry.headline else ""
        lines.append(f"| {_shown(entry)} | {printed} | {_recorded(entry)} |")
    return "\n".join(lines)


def concepts() -> str:
    """Concept notebooks: what each shows, and its headline."""
    lines = [
        "| notebook | what it shows | result | recorded here |",
        "|---|---|---|---|",
    ]
    lines += [f"| {_shown(e)} | {_recorded(e)} |" for e in _of(Kind.CONCEPT)]
    return "\n".join(lines)


def _of(kind: Kind) -> list[Entry]:
    return [entry for entry in facts.entries().values() if entry.kind == kind]


def _shown(entry: Entry) -> str:
    link = f"[{entry.title}](../notebooks/{entry.name}.ipynb)"
    result = entry.headline_measure.label if entry.headline else ""
    return f"{entry.chapter}: {link} | {entry.shows} | {result}"


def _recorded(entry: Entry) -> str:
    if not entry.headline:
        return ""
    value = facts.recorded().get(entry.id, {}).get(entry.headline)
    return "not recorded" if value is None else entry.headline_measure.text(value)


def speed() -> str:
    """The headline of what `make bench` measured."""
    return textwrap.fill(json.loads(SPEED.read_text("utf-8"))["headline"], 88)


def backends() -> str:
    """In a sentence: which notebooks run with Keras on which backend."""
    return textwrap.fill(json.loads(BACKENDS.read_text("utf-8"))["headline"], 88)


def environments() -> str:
    """Where the notebooks were run beside their own environment."""
    return results.table(results.load().values())


def data() -> str:
    """The data sets: what they hold, licence, size, sources, whom to cite."""
    lines = [
        "| data | what it holds | licence | MB | sources, in order | cite |",
        "|---|---|---|---|---|---|",
    ]
    for found in sources.table().values():
        kinds = []
        for source in found.sources:
            text = "publisher" if source.kind == "publisher" else str(source)
            text += " (sample)" if source.extent == "sample" else ""
            if source.kind != "mirror":  # every data set can come from DLI_MIRROR
                kinds.append(text)
        if not found.on_network:
            kinds.append("none on the network: `DLI_MIRROR`, or your own copy")
        lines.append(
            f"| {found.title} | {found.holds} | {found.licence} "
            f"| {found.size / 1e6:.1f} | {', '.join(dict.fromkeys(kinds))} "
            f"| {found.citation} |"
        )
    return "\n".join(lines)


_TABLES = {
    table.__name__: table
    for table in (
        *(contents, book, concepts, speed, backends, environments, data),
        *(numbers.numbers, numbers.total),
    )
}


def merged(text: str) -> str:
    """A page with its tables brought up to date.

    Raises:
        ValueError: a table is not known, or the mark at its end is gone.
    """

    def table(match: re.Match) -> str:
        name = match["name"]
        if name not in _TABLES:
            raise ValueError(f"there is no table {name!r}")
        begin = f"<!-- {name}: written by `make readme` -->"
        return f"{begin}\n\n{_TABLES[name]()}\n\n<!-- end of {name} -->"

    done, count = _MARK.subn(table, text)
    if count != text.count(": written by `make readme` -->"):
        raise ValueError("the mark at the end of a table is gone")
    return done


def write() -> None:
    """Bring the tables in README.md and the pages up to date."""
    for path in FILES:
        write_whole(path, merged(path.read_text("utf-8")))
