"""What is wrong with the entries of `book.toml`."""

from __future__ import annotations


def problems(entries: dict[str, dict], names: list[str]) -> list[str]:
    """An empty list is a good `book.toml`.

    Args:
        entries: as `dli.book.entries` returns them.
        names: of the notebooks, in the book's order.
    """
    found = []
    if [entry["notebook"] for entry in entries.values()] != names:
        found.append("it does not list the notebooks in the book's order")
    for id, entry in entries.items():
        measures = {measure["name"]: measure for measure in entry.get("measure", ())}
        wrong = {
            "the id is not the file name": not entry["notebook"].endswith(id),
            "no title or nothing shown": not (entry["title"] and entry["shows"]),
            "no minutes": not entry["minutes_cpu"] > 0,
            "headline is no measure": (
                entry.get("headline") not in (measures or {None})
            ),
        }
        for name, measure in measures.items():
            low, high = measure["band"]
            wrong |= {
                f"{name}: a band upside down": not low <= high,
                f"{name}: no why or label": not (measure["why"] and measure["label"]),
                f"{name}: the book's value, not where it is printed": (
                    "book" in measure and not measure["where"]
                ),
            }
            format(high, measure.get("format", ".4g"))  # ValueError if it is none
        found += [f"{id}: {what}" for what, is_so in wrong.items() if is_so]
    return found
