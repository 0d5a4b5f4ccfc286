"""The networks that run in the site's pages: which there are, where, and their files.

`live.toml` lists them. Some are trained in the page (`static/live/core.js`); others are
the trained networks of the recordings (`static/live/forward.js`), which go along as
scripts, since a page that is opened from a disk may not fetch anything. We run them
with 200 lines of our own: onnxruntime-web would bring 14 MB, which is more than the
site's pages and networks together.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from course import catalogue
from course.publish.live import payloads
from course.publish.live.packing import Payload
from dli import facts
from dli.kept.store import Unusable

FOLDER = "live"  # of the pages that show one of them alone
_LIST = Path(__file__).with_name("live.toml")


@dataclass(frozen=True)
class Home:
    """A notebook's page in which it sits."""

    title: str
    address: str


@dataclass(frozen=True)
class Live:
    """One of them.

    Attributes:
        name: of its page and its main script.
        title: its heading.
        about: what a reader does with it.
        twin: what it shows, in words, for paper and where scripts do not run.
        seen: on the picture of it, in words.
        notebooks: in whose pages it sits.
        scripts: files of `static/live`, in their order; none if it can't run.
        payload: its trained networks.
        missing: lines on what is not there.
    """

    name: str
    title: str
    about: str
    twin: str
    seen: str
    notebooks: tuple[str, ...]
    scripts: list[str]
    payload: Payload | None = None
    missing: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Of the notebook that it belongs to first, `"book"` or `"concept"`."""
        return facts.entry(self.notebooks[0]).kind

    @property
    def homes(self) -> list[Home]:
        """The pages in which it sits."""
        entries = [catalogue.find(id).entry for id in self.notebooks]
        return [Home(entry.title, f"{entry.name}.html") for entry in entries]


@functools.cache
def all_of_them() -> tuple[Live, ...]:
    """All networks in the pages, with their payloads."""
    listed = tomllib.loads(_LIST.read_text("utf-8"))
    return tuple(_made(name, dict(entry)) for name, entry in listed.items())


def of_notebook(id: str) -> list[Live]:
    """Those that sit in a notebook's page."""
    return [live for live in all_of_them() if id in live.notebooks]


def write_payloads(static: Path) -> None:
    """Write the scripts with the trained networks, into the site's `static/`."""
    folder = static / "live" / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for live in all_of_them():
        if live.payload:
            script = live.payload.script(live.name)
            (folder / f"{live.name}.js").write_text(script, encoding="utf-8")


def _made(name: str, entry: dict) -> Live:
    maker = entry.pop("payload", "")
    scripts = ["ui", *entry.pop("scripts")]
    try:
        payload = payloads.MAKERS[maker]() if maker else None
    except Unusable as reason:
        missing = [f"It does not run here: {reason}."]
        return Live(name, **entry, scripts=[], missing=missing)
    missing = payload.missing if payload else []
    return Live(name, **entry, scripts=scripts, payload=payload, missing=missing)
