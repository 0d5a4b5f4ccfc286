"""`course site`: the notebooks as a static site, from the recordings alone.

    build/site/index.html                                   contents by chapter
    build/site/ch10_machine_vision/01_lenet_in_keras.html   a page for each notebook
    build/site/ch10_machine_vision/pictures/…               its pictures
    build/site/downloads/…                                  notebooks, editions, pages
    build/site/numbers.html, data.html …                    the pages of `site/`
    build/site/teaching/ch10.html …                         the plans of `teaching/`
    build/site/slides/ch10_machine_vision.html …            what `course slides` makes
    build/site/live/digit.html                              networks that run there
    build/site/search.html                                  works without a server

It asks no other host for anything and opens from a disk (`file://`). We write the pages
ourselves since the usual builders need a server for their search or fetch their theme:
a template, MiniSearch (a file of its own in `static/`), and nbconvert's Markdown.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from course import catalogue, machine, recording
from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.check import verified
from course.files import write_notebook
from course.publish import cells, editions, lessons, live, slides
from course.publish.live import Live
from dli import facts
from dli.facts import Chapter, Kind

STATIC = Path(__file__).with_name("static")
TEMPLATES = Path(__file__).with_name("templates") / "site"
PAGES = ROOT / "site"

#: Pages of `site/` in the order of the menu, with their names there.
MENU = {
    "notebooks": "Results",
    "numbers": "The book's numbers",
    "teaching": "Teaching",
    "data": "Data and licences",
    "backends": "Backends",
    "verification": "Verification",
    "speed": "Speed",
    "troubleshooting": "Troubleshooting",
}


# Sections that every notebook has, with the same words.
_NOT_SEARCHED = ("Scoreboard", "Load dependencies")


@dataclass(frozen=True)
class _Link:
    title: str
    address: str


def build(into: Path) -> Path:
    """Write the site, in place of an older one in that folder.

    Returns:
        Its first page.

    Raises:
        ValueError: the folder holds something that is no site of ours.
        OSError: it can't be written.
    """
    mark = into / ".dli-site"
    if into.exists() and any(into.iterdir()):
        if not mark.exists():
            raise ValueError(f"{into} holds something else: name an empty folder")
        shutil.rmtree(into)
    into.mkdir(parents=True, exist_ok=True)
    mark.touch()
    shutil.copytree(STATIC, into / "static")
    live.write_payloads(into / "static")
    site = _Site(into)
    notebooks = catalogue.notebooks()
    for number, notebook in enumerate(notebooks):
        before = notebooks[number - 1] if number else None
        after = notebooks[number + 1] if number + 1 < len(notebooks) else None
        site.add_notebook(notebook, before, after)
    for name in MENU:
        site.add_page(name)
    slides.write(into / "slides")
    for plan in lessons.files():
        site.add_plan(plan)
    for one in live.all_of_them():
        site.add_live(one)
    site.add_index()
    site.add_search()
    return into / "index.html"


class _Site:
    """The folder that is written, and what the search is to know of it."""

    def __init__(self, into: Path) -> None:
        self.into = into
        self._search: list[dict] = []
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
        )

    def _write(self, file: str, template: str, **values) -> None:
        target = self.into / file
        target.parent.mkdir(parents=True, exist_ok=True)
        root = os.path.relpath(self.into, target.parent)
        text = self._templates.get_template(template).render(
            root="" if root == "." else f"{root}/", menu=MENU, **values
        )
        target.write_text(text, encoding="utf-8")

    def add_notebook(
        self, notebook: Notebook, before: Notebook | None, after: Notebook | None
    ) -> None:
        """Write a notebook's page, pictures and downloads."""
        chapter = _chapter(notebook)
        page = cells.render(notebook.content, link=_link)
        for name, stored in page.pictures.items():
            target = self.into / notebook.entry.folder / "pictures" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stored)
        self._download(notebook, page)
        sections = [s for s in page.sections if s.level == 2]
        self._write(
            f"{notebook.name}.html",
            "notebook.html.j2",
            title=notebook.entry.title,
            entry=notebook.entry,
            chapter=chapter,
            is_concept=notebook.entry.kind == Kind.CONCEPT,
            title_cell=page.parts[0],
            boxes=live.of_notebook(notebook.id),
            body="\n".join(page.parts[1:]),
            sections=sections,
            before=before and _Link(before.entry.title, f"{before.name}.html"),
            after=after and _Link(after.entry.title, f"{after.name}.html"),
            name=notebook.name,
            verified=verified.of(notebook),
            made_with=made_with(recording.made_with(notebook.content)),
        )
        about = f"chapter {chapter.number} {chapter.title} {notebook.entry.shows}"
        for section in page.sections:
            address = f"{notebook.name}.html"
            self._know(address, notebook.entry.title, section, about)

    def _download(self, notebook: Notebook, page: cells.Page) -> None:
        folder = self.into / "downloads" / notebook.entry.folder
        student = folder / f"{notebook.entry.file}-student.ipynb"
        write_notebook(student, editions.student(notebook.content))
        shutil.copy(notebook.path, folder)
        self._write(
            f"downloads/{notebook.name}.html",
            "alone.html.j2",
            title=notebook.entry.title,
            style=(STATIC / "site.css").read_text("utf-8"),
            body=page.alone(),
        )

    def add_page(self, name: str) -> None:
        """Write one of the pages of `site/`."""
        text = re.sub(r"<!--.*?-->", "", (PAGES / f"{name}.md").read_text("utf-8"))
        content = {
            "cells": [{"cell_type": "markdown", "source": text, "metadata": {}}],
        }
        page = cells.render(content, link=_link_of_page)
        title = page.sections[1].heading if len(page.sections) > 1 else MENU[name]
        self._write(f"{name}.html", "text.html.j2", title=title, body=page.body)
        for section in page.sections:
            if name != "numbers":  # a list of everything would be found for everything
                self._know(f"{name}.html", title, section, "")

    def add_plan(self, path: Path) -> None:
        """Write one of the pages of `teaching/`."""
        text = path.read_text("utf-8")
        text = re.sub(r"`build/(slides/\w+\.html)`", r"[open them](../\1)", text)
        content = {
            "cells": [{"cell_type": "markdown", "source": text, "metadata": {}}],
        }
        page = cells.render(content, link=_link_of_plan)
        first = page.sections[1]  # what follows would be found before the notebooks
        address = f"teaching/{_plan(path.name)}"
        self._write(address, "text.html.j2", title=first.heading, body=page.body)
        self._know(address, f"Lesson plan, {first.heading}", first, "lesson plan")

    def add_live(self, one: Live) -> None:
        """Write the page that shows one of the networks alone."""
        address = f"{live.FOLDER}/{one.name}.html"
        self._write(address, "live_alone.html.j2", title=one.title, live=one)
        section = cells.Section("", one.title, 1, [one.about])
        self._know(address, one.title, section, "")

    def add_index(self) -> None:
        """Write the contents."""
        chapters = [
            (chapter, [catalogue.find(id).entry for id in chapter.entries])
            for chapter in facts.chapters()
        ]
        count = len(facts.entries())
        self._write(
            "index.html",
            "index.html.j2",
            chapters=chapters,
            count=count,
            boxes=live.all_of_them(),
        )

    def add_search(self) -> None:
        """Write the page that searches, and what it searches in."""
        known = json.dumps(self._search, ensure_ascii=False, separators=(",", ":"))
        (self.into / "static" / "search-data.js").write_text(
            f"const PAGES = {known};\n", encoding="utf-8"
        )
        self._write("search.html", "search.html.j2")

    def _know(
        self, address: str, title: str, section: cells.Section, about: str
    ) -> None:
        text = " ".join(" ".join(section.text).split())
        if section.level == 1:
            text = f"{about} {text}"
        if section.heading in _NOT_SEARCHED or not (text or section.heading):
            return
        self._search.append(
            {
                "id": len(self._search),
                "page": address,
                "title": title,
                "at": section.anchor,
                "heading": section.heading,
                "text": text,
            }
        )


def made_with(noted: Mapping[str, str]) -> str:
    """Versions and device of a recording in words; empty where it does not tell."""
    device = noted.get("device", "")
    on = f" on a {'GPU: ' * (device != 'CPU')}{device}" if device else ""
    return machine.versions_in_words(noted) + on


def _chapter(notebook: Notebook) -> Chapter:
    return next(c for c in facts.chapters() if notebook.id in c.entries)


def _link(address: str) -> str:
    """An address in a notebook, which counts from its chapter's folder.

    Empty for a file of the repository that is no page here.
    """
    if re.match(r"[a-z]+:|#", address):
        return address
    path, _, anchor = address.partition("#")
    if path.endswith(".ipynb"):
        path = path.removesuffix(".ipynb") + ".html"
    elif (found := re.search(r"site/(\w+)\.md$", path)) and found[1] in MENU:
        path = f"../{found[1]}.html"
    else:
        return ""
    return path + (f"#{anchor}" if anchor else "")


def _plan(file: str) -> str:
    return file.replace("README.md", "index.md").removesuffix(".md") + ".html"


def _link_of_plan(address: str) -> str:
    """An address in a page of `teaching/`; empty for what is no page here."""
    path, _, anchor = address.partition("#")
    if path.endswith(".md") and "/" not in path:
        return _plan(path) + (f"#{anchor}" if anchor else "")
    if path.startswith("../slides/"):
        return address
    found = _link_of_page(address)
    return found if not found or found == address else f"../{found}"


def _link_of_page(address: str) -> str:
    """An address in a page of `site/`; empty for what is no page here."""
    if re.match(r"[a-z]+:|#", address):
        return address
    path, _, anchor = address.partition("#")
    path = path.removeprefix("../")
    if path.startswith("notebooks/") and path.endswith(".ipynb"):
        return path.removeprefix("notebooks/").removesuffix(".ipynb") + ".html"
    if path.startswith("teaching/"):
        return f"teaching/{_plan(path.removeprefix('teaching/') or 'README.md')}"
    if path.endswith(".md") and path.removesuffix(".md") in MENU:
        return path.removesuffix(".md") + ".html" + (f"#{anchor}" if anchor else "")
    return ""
