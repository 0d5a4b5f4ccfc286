"""What came of an environment: `results.json`, and the tables made from it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from course.environments.place import LISTS
from course.files import write_whole

_JSON = LISTS / "results.json"
_PAGE = LISTS / "results.md"

#: What the tables show of what is installed.
SHOWN = ("tensorflow", "keras", "numpy", "pandas", "scikit-learn", "ipykernel")

_ERROR = re.compile(r"^(?:E\s+)?(\w*(?:Error|Exception|Unusable)\b.*)$", re.M)

_BEGIN = """\
# Where the notebooks were run

Written by `python -m course environments`. Each list beside this page was made into an
environment of its own; the first cell of the launcher's copies installed `dli` there
from a clone; then notebooks ran at quick pace under nbval, which compares to the letter
what is not tagged as dependent on training. The first figure is that of *Shallow Net in
Keras*, from the start of a kernel, with the installation of `dli`. In brackets stands
the work of a processor: where it is far less, the machine had other work.
"""


@dataclass(frozen=True)
class Found:
    """What one environment showed.

    Attributes:
        name: of its list.
        python: in full.
        versions: of the packages that tables show.
        day: on which it was tried.
        replaced: packages that were there and are of another version now.
        added: packages that `dli` and the notebooks brought.
        first_figure: seconds to it, by the clock and of a processor.
        ran: names of the notebooks that ran.
        there: how many notebooks there were that day.
        took: all of them together, in the same two.
        failed: name to the first failing cell and the package it failed in.
        deprecations: counted by package and message.
        trouble: what kept it from being tried at all.
    """

    name: str
    python: str
    versions: Mapping[str, str]
    day: str
    replaced: Mapping[str, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    first_figure: list[int] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    took: list[int] = field(default_factory=list)
    failed: Mapping[str, str] = field(default_factory=dict)
    deprecations: Mapping[str, int] = field(default_factory=dict)
    trouble: str = ""
    there: int = 0

    @property
    def is_ok(self) -> bool:
        return not (self.failed or self.replaced or self.trouble)


def load() -> dict[str, Found]:
    """What is noted of each environment, by name."""
    if not _JSON.exists():
        return {}
    noted = json.loads(_JSON.read_text("utf-8"))
    return {name: Found(name=name, **about) for name, about in noted.items()}


def note(found: Found) -> None:
    """Bring both files up to date with one environment.

    Raises:
        OSError: they can't be written.
    """
    known = dict(sorted((load() | {found.name: found}).items()))
    noted = {name: asdict(one) for name, one in known.items()}
    for about in noted.values():
        del about["name"]
    write_whole(_JSON, json.dumps(noted, indent=1, ensure_ascii=False) + "\n")
    write_whole(_PAGE, page(known.values()))


def page(found: Iterable[Found]) -> str:
    """The page of all environments."""
    known = list(found)
    parts = [_BEGIN, table(known)]
    for one in known:
        parts += [f"\n## {one.name}, {one.day}\n", text(one)]
    return "\n".join(parts).rstrip() + "\n"


def table(found: Iterable[Found]) -> str:
    """A row for each environment."""
    lines = [
        "| list | Python | packages | replaced | first figure | passed | deprecated |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        versions = ", ".join(f"{name} {v}" for name, v in one.versions.items())
        passed = len(one.ran) - len(one.failed)
        lines.append(
            f"| {one.name} | {one.python} | {versions} "
            f"| {', '.join(one.replaced) or 'nothing'} | {_seconds(one.first_figure)} "
            f"| {passed} of {len(one.ran)} tried ({one.there} there are) "
            f"in {_seconds(one.took)} "
            f"| {len(one.deprecations)} |"
        )
    return "\n".join(lines)


def _seconds(took: list[int]) -> str:
    return f"{took[0]:,} s ({took[1]:,} s)" if took else "-"


def text(one: Found) -> str:
    """One environment in words: what failed, ran, was added and warned."""
    lines = []
    if one.trouble:
        lines += ["It could not be tried:", "", f"    {one.trouble}", ""]
    lines += [f"- **{name}**: {why}" for name, why in one.failed.items()]
    lines += [f"- **{name}** was replaced: {how}" for name, how in one.replaced.items()]
    if one.added:
        lines.append(f"- Added: {', '.join(one.added)}.")
    if one.ran:
        lines.append(f"- Ran: {_by_chapter(one.ran)}.")
    lines += [
        f"- Deprecated, in {count} notebook{'s' * (count > 1)}: {what}"
        for what, count in one.deprecations.items()
    ]
    return "\n".join(lines) + "\n"


def _by_chapter(names: Iterable[str]) -> str:
    """`ch05 01 02; ch06 01`: folders and numbers are enough to find a notebook."""
    chapters: dict[str, list[str]] = {}
    for name in names:
        folder, _, file = name.partition("/")
        short = re.match(r"ch\d+|appendix_\w", folder)
        chapters.setdefault(short[0] if short else folder, []).append(file[:2])
    return "; ".join(f"{c} {' '.join(numbers)}" for c, numbers in chapters.items())


def differences(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Packages that were replaced or are gone, and those that are new."""
    replaced = {
        name: f"{version} → {after.get(name, 'gone')}"
        for name, version in before.items()
        if after.get(name) != version
    }
    added = [f"{n} {v}" for n, v in sorted(after.items()) if n not in before]
    return replaced, added


def outcomes(report: Path) -> tuple[list[str], dict[str, str]]:
    """What nbval's report (JUnit) says.

    Returns:
        Names of the notebooks that ran, and what failed: name to the first failing
        cell with its reason.

    Raises:
        OSError: there is no report.
    """
    ran: dict[str, None] = {}
    failed: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (pytest's own)
        name = case.get("classname", "").removeprefix("notebooks.")
        name = name.removesuffix(".ipynb").replace(".", "/")
        if case.find("skipped") is not None:
            continue
        ran[name] = None
        bad = case.find("failure")
        bad = case.find("error") if bad is None else bad
        if bad is not None:
            said = f"{bad.get('message', '')}\n{bad.text or ''}"
            failed.setdefault(name, f"{case.get('name')}: {_reason(said)}")
    return list(ran), failed


def _reason(said: str) -> str:
    """The error of a failing cell, and the package it was raised in."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    errors = re.findall(
        r"^(?:E\s+)?(\w*(?:Error|Exception|Unusable)\b.*)$", plain, re.M
    )
    packages = re.findall(r"site-packages/(\w+)", plain)
    if not errors:
        return " ".join(plain.split())[:300] or "no reason given"
    return errors[-1].strip()[:300] + (f" (in {packages[-1]})" if packages else "")


def deprecations(notes: Path) -> dict[str, int]:
    """What the kernels noted: package and message, to how many notebooks saw it."""
    lines = notes.read_text("utf-8").splitlines() if notes.exists() else []
    seen = {
        (notebook, f"{package}, {kind}: {_short(message)}")
        for notebook, kind, message, package in map(json.loads, lines)
    }
    counted = Counter(what for _, what in seen)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _short(message: str) -> str:
    without = re.sub(r"0x[0-9a-f]+|(?:/[\w.-]+){3,}", "…", message)
    return without if len(without) <= 160 else without[:159] + "…"
