"""The README's table of notebooks, made from `book.toml` and the recorded outputs."""

from __future__ import annotations

from dli import book
from dli.environment import ROOT

README = ROOT / "README.md"
_BEGIN = "<!-- notebooks: written by `make readme` -->"
_END = "<!-- end of notebooks -->"


def table() -> str:
    """The notebooks in book order: what each shows, the book's result, this one's."""
    lines = [
        "| notebook | what it shows | result | book | recorded here |",
        "|---|---|---|---|---|",
    ]
    for notebook, entry in book.entries().items():
        measures = {m["name"]: m for m in entry.get("measure", ())}
        result = printed = found = ""
        if "headline" in entry:
            measure = measures[entry["headline"]]
            style = measure.get("format", ".4g")
            result = measure["label"]
            if "book" in measure:
                printed = format(measure["book"], style)
            else:
                printed = "not printed"
            value = book.recorded(notebook).get(measure["name"])
            found = "not recorded" if value is None else format(value, style)
        link = f"[{entry['title']}](notebooks/{entry['notebook']}.ipynb)"
        chapter = entry["notebook"].split("_")[0].removeprefix("ch").lstrip("0")
        lines.append(
            f"| {chapter}: {link} | {entry['shows']} | {result} | {printed} | {found} |"
        )
    return "\n".join(lines)


def merged(text: str) -> str:
    """A README with its table brought up to date.

    Raises:
        ValueError: the marks around the table are gone.
    """
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"README.md lacks the marks {_BEGIN!r} and {_END!r}")
    return f"{before}{begin}\n\n{table()}\n\n{end}{after}"


def write() -> None:
    """Bring the table in README.md up to date."""
    README.write_text(merged(README.read_text("utf-8")), encoding="utf-8", newline="\n")
