"""`course slides`: for each chapter a talk, made from its recorded notebooks.

    build/slides/ch10_machine_vision.html     opens from a disk; press S for the notes
    build/slides/ch10_machine_vision.html?print-pdf      for printing, or as a PDF
    build/slides/reveal/…                     reveal.js, which all of them share

What becomes a slide follows from the cells: a notebook's title; the words of a cell,
with the code in full view and what it prints, or with the picture, that comes after
it; the question of each exercise. Cells that every notebook has (imports, scoreboard,
what changed) are left out, and so is what does not fit: the speaker's notes then say
where it stands. Notes hold a picture's words too.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from course import catalogue
from course.catalogue import Notebook
from course.files import write_whole
from course.publish import cells
from dli import facts

STATIC = Path(__file__).with_name("static") / "reveal"
TEMPLATES = Path(__file__).with_name("templates")

#: What fits on a slide of 1280 × 720, in lines and characters.
CODE_LINES, CODE_WIDTH, OUTPUT_LINES, PROSE, TABLE_ROWS = 15, 92, 6, 620, 10

_SKIPPED = re.compile(r"#+ (Load dependencies|Load the data|What changed|Scoreboard)")
_HEADING = re.compile(r"(#+) (.+)")
_PART = re.compile(r"^(?=#+ )", re.M)  # a cell may close one section and open the next


#: A slide's height, a line's of words and of code, in pixels; characters in a line.
HEIGHT, PROSE_LINE, CODE_LINE, PROSE_WIDTH = 540, 40, 27, 78
WITH_PICTURE = 240  # characters that may stand above a picture


@dataclass
class Slide:
    """One slide.

    Attributes:
        html: what stands on it.
        kind: "title", "words", "code", "picture" or "question".
        notes: for the speaker, in words.
        heading: what stands above in small type, where the words have no heading.
    """

    html: str
    kind: str
    notes: list[str] = field(default_factory=list)
    heading: str = ""


def of(content: dict) -> list[Slide]:
    """The slides of a notebook.

    Args:
        content: of a recorded notebook (nbformat 4).
    """
    made: list[Slide] = []
    heading, skipping = "", False
    listed = content["cells"]
    for cell, following in zip(listed, [*listed[1:], {"metadata": {}}]):
        source = "".join(cell["source"])
        tags = set(cell["metadata"].get("tags", ()))
        if cell["cell_type"] == "markdown":
            asking = "exercise" in following["metadata"].get("tags", ())
            parts = [part for part in _PART.split(source) if part.strip()]
            for part in parts:
                if found := _HEADING.match(part):
                    heading = found[2].replace("`", "").replace("*", "")
                    if len(found[1]) < 3:
                        skipping = bool(_SKIPPED.match(part))
                asks = asking and part is parts[-1]
                if asks or not skipping:
                    made += _words({**cell, "source": part.strip()}, heading, asks)
        elif not skipping and not tags & {"exercise", "solution"}:
            made += _code(cell, source, heading)
    return _together(made)


def _words(cell: dict, heading: str, asking: bool) -> list[Slide]:
    source = cell["source"]
    if source.startswith("# "):
        return [Slide(_html(cell), "title")]
    shown, rest = _fitting(source)
    kind = "question" if asking else "words"
    above = "" if _HEADING.match(shown) else heading
    html = _html({**cell, "source": shown})
    return [Slide(html, kind, [rest] if rest else [], above)]


def _together(slides: list[Slide]) -> list[Slide]:
    """Words and what they speak of on one slide, where there is room for both."""
    made: list[Slide] = []
    for slide in slides:
        last = made[-1] if made else None
        if last is not None and last.kind == "words" and _fit(last, slide):
            html, notes = last.html + slide.html, last.notes + slide.notes
            kind = f"{slide.kind} with-words"
            made[-1] = Slide(html, kind, notes, last.heading)
        else:
            made.append(slide)
    return made


def _fit(words: Slide, slide: Slide) -> bool:
    told = cells.words(words.html)
    if "<table" in words.html or "<math" in words.html:
        return False
    if slide.kind == "picture":
        return len(told) <= WITH_PICTURE
    if slide.kind != "code" or "<table" in slide.html:
        return False
    lines = sum(-(-len(line) // PROSE_WIDTH) for line in words.html.split("</p>"))
    lines += words.html.count("<li>") + (1 if "<h" in words.html else 0)
    code = sum(len(found.splitlines()) for found in slide.html.split("<pre")[1:])
    return lines * PROSE_LINE + (code + 2) * CODE_LINE <= HEIGHT


def _fitting(source: str) -> tuple[str, str]:
    """The paragraphs that fit on a slide, and the others."""
    paragraphs = source.split("\n\n")
    count, length = 0, 0
    for count, paragraph in enumerate(paragraphs, 1):
        length += len(paragraph) + 40 * paragraph.count("\n|")
        if length > PROSE and count > 1:
            count -= 1
            break
    return "\n\n".join(paragraphs[:count]), "\n\n".join(paragraphs[count:])


def _code(cell: dict, source: str, heading: str) -> list[Slide]:
    made, notes = [], []
    hidden = cell["metadata"].get("jupyter", {}).get("source_hidden")
    outputs = [o for o in cell.get("outputs", ()) if not _pictures(o)]
    small = [o for o in outputs if _height(o) <= OUTPUT_LINES]
    lines = source.rstrip().splitlines()
    fits = len(lines) <= CODE_LINES and all(len(line) <= CODE_WIDTH for line in lines)
    if hidden or not fits:
        if not hidden and lines:
            notes.append(f"The code stands in the notebook, under “{heading}”.")
        shown = [o for o in outputs if _height(o) <= TABLE_ROWS]
        if shown:
            html = _html({**cell, "source": "…", "outputs": shown})
            html = re.sub(r'<div class="code".*?</div>|<details.*?</details>', "", html)
            made.append(Slide(html, "code", notes, heading))
            notes = []
    elif lines:
        kept = {k: v for k, v in cell["metadata"].items() if k != "jupyter"}
        html = _html({**cell, "metadata": kept, "outputs": small})
        made.append(Slide(html, "code", heading=heading))
    for output in cell.get("outputs", ()):
        for mime in _pictures(output):
            alt = output.get("metadata", {}).get(mime, {}).get("alt", "")
            html = _html({**cell, "outputs": [output]}, pictures_only=True)
            made.append(Slide(html, "picture", [*notes, alt], heading))
            notes = []
    return made


def _pictures(output: dict) -> list[str]:
    return [mime for mime in cells.PICTURES if mime in output.get("data", {})][:1]


def _height(output: dict) -> int:
    """Lines of a printed output or a table; many where it is something else."""
    data = output.get("data", {})
    text = output.get("text") or data.get("text/plain", "")
    lines = "".join(text).rstrip().splitlines()
    if any(len(line) > 94 for line in lines) or "details" in "".join(
        data.get("text/html", "")
    ):
        return 99
    return len(lines) if lines else 99


def _html(cell: dict, *, pictures_only: bool = False) -> str:
    cell = {"metadata": {}, "outputs": [], **cell}
    page = cells.render({"cells": [cell]}, link=lambda address: "")
    html = re.sub(r'<a class="anchor".*?</a>', "", page.alone())
    html = re.sub(r'(<h[1-6]) id="[^"]*"', r"\1", html)
    html = html.replace(' loading="lazy"', "").replace(' tabindex="0"', "")
    if pictures_only:
        return "".join(re.findall(r"<img [^>]*>", html))
    return html


def write(into: Path) -> list[Path]:
    """Write a talk for each chapter.

    Returns:
        The pages.

    Raises:
        OSError: they can't be written there.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    template = environment.get_template("slides.html.j2")
    (into / "reveal").mkdir(parents=True, exist_ok=True)
    for file in STATIC.iterdir():
        shutil.copy(file, into / "reveal" / file.name)
    written = []
    chapters = {chapter.folder: chapter for chapter in facts.chapters()}
    for folder, notebooks in groupby(catalogue.notebooks(), _folder):
        talks = [of(notebook.content) for notebook in notebooks]
        page = into / f"{folder}.html"
        html = template.render(chapter=chapters[folder], talks=talks)
        write_whole(page, html + "\n")
        written.append(page)
    return written


def _folder(notebook: Notebook) -> str:
    return notebook.name.split("/")[0]
