"""Shards: a part of the notebooks for each machine.

Which machine takes which part is said by its engine: a GitHub matrix, an Indexed Job
of Kubernetes, a Slurm array (`docker/cluster/`). Nothing is agreed between the
machines: each works out all shards from the minutes in `chapter.toml`, and takes its
own. `course.merge` brings together what they did.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course import catalogue
from course.catalogue import Notebook

#: A kernel's start, and that of its libraries: no notebook is done in less.
START_MINUTES = 0.2


@dataclass(frozen=True)
class Shard:
    """One of `count` parts, counted from 1."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """A shard as it is written on the command line: `2/6`.

        Raises:
            ValueError: it is no such fraction.
        """
        found = re.fullmatch(r"(\d+)/(\d+)", text.strip())
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise ValueError(f"{text!r} is no shard: the second of six is 2/6")
        return cls(int(found[1]), int(found[2]))

    def of(self, notebooks: Sequence[Notebook]) -> list[Notebook]:
        """This shard's notebooks."""
        return split(notebooks, self.count)[self.number - 1]

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def minutes(notebooks: Iterable[Notebook]) -> float:
    """What they take at full pace on two CPU cores, by `chapter.toml`."""
    return sum(notebook.entry.minutes + START_MINUTES for notebook in notebooks)


def split(notebooks: Sequence[Notebook], count: int) -> list[list[Notebook]]:
    """Shards of about equal time: the longest first, each to the least laden.

    Args:
        notebooks: in any order.
        count: how many shards, at least 1.

    Returns:
        One list a shard, the longest notebook first; every notebook is in one of them.
    """
    shards: list[list[Notebook]] = [[] for _ in range(count)]
    for notebook in sorted(notebooks, key=lambda n: (-n.entry.minutes, n.name)):
        min(shards, key=minutes).append(notebook)
    return shards


def listing(notebooks: Sequence[Notebook], count: int) -> str:
    """All shards as JSON, for the matrix of a workflow.

    Raises:
        ValueError: no shard.
    """
    if count < 1:
        raise ValueError(f"{count} shards: say 1 or more")
    return json.dumps(
        [
            {
                "shard": f"{number}/{count}",
                "minutes": round(minutes(shard), 1),
                "notebooks": [notebook.name for notebook in shard],
            }
            for number, shard in enumerate(split(notebooks, count), 1)
        ]
    )


def chosen(words: Sequence[str], shard: Shard | None) -> list[Notebook]:
    """Notebooks that the words stand for, or the shard's part of them."""
    found = catalogue.select(words)
    return shard.of(found) if shard else found
