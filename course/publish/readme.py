"""The README's tables: notebooks and their results, speed, backends, data and licences.

The first is made from `book.toml` and the recorded outputs, the next two from what
`make bench` and `benchmarks/backends.py` measured, the last from
`datasets/sources.toml`; a test checks that all are up to date.
"""

from __future__ import annotations

import json
import textwrap

from course.bootstrap import ROOT
from course.kernels import Backend
from dli import facts
from dli.datasets._fetch import sources

README = ROOT / "README.md"
BACKENDS = ROOT / "benchmarks" / "backends.json"
SPEED = ROOT / "benchmarks" / "results.json"


def notebooks() -> str:
    """The notebooks in book order: what each shows, the book's result, this one's."""
    lines = [
        "| notebook | what it shows | result | book | recorded here |",
        "|---|---|---|---|---|",
    ]
    recorded = facts.recorded()
    for entry in facts.entries().values():
        result = printed = found = ""
        if measure := entry.headline_measure:
            result, printed = measure.label, measure.printed
            value = recorded.get(entry.id, {}).get(measure.name)
            found = "not recorded" if value is None else measure.text(value)
        link = f"[{entry.title}](notebooks/{entry.name}.ipynb)"
        lines.append(
            f"| {entry.chapter}: {link} | {entry.shows} | {result} | {printed} "
            f"| {found} |"
        )
    return "\n".join(lines)


def speed() -> str:
    """The headline of what `make bench` measured."""
    return textwrap.fill(json.loads(SPEED.read_text("utf-8"))["headline"], 88)


def backends() -> str:
    """Which notebook runs with Keras on which backend."""
    measured = json.loads(BACKENDS.read_text("utf-8"))
    titles = {str(backend): backend.title for backend in Backend}
    head = ["notebook"]
    for name, title in titles.items():
        head.append(f"{title} {measured[name]['version'].partition('+')[0]}")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for entry in facts.entries().values():
        cells = [f"{entry.chapter}: {entry.title}"]
        for name in titles:
            outcomes = measured[name]["notebooks"]
            cells.append(outcomes.get(entry.name, "not tried"))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


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


_TABLES = {"notebooks": notebooks, "speed": speed, "backends": backends, "data": data}


def merged(text: str) -> str:
    """A README with its tables brought up to date.

    Raises:
        ValueError: the marks around a table are gone.
    """
    for name, table in _TABLES.items():
        begin = f"<!-- {name}: written by `make readme` -->"
        end = f"<!-- end of {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"README.md lacks the marks {begin!r} and {end!r}")
        text = f"{before}{begin}\n\n{table()}\n\n{end}{after}"
    return text


def write() -> None:
    """Bring the tables in README.md up to date."""
    README.write_text(merged(README.read_text("utf-8")), encoding="utf-8", newline="\n")
