"""A recorded notebook's cells as HTML for the site, and as text for its search.

nbconvert's own page is made for a single notebook (`course.publish.page`): it brings a
style sheet of 300 kB and remote scripts. On the site a page is a few classes, its
pictures are files, what is collapsed in the notebook is a `<details>`, and every
heading has an address. Markdown and highlighting are nbconvert's.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

from nbconvert.filters import ansi2html, markdown2html
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course.publish.page import with_mathml

PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}

_HEADING = re.compile(r"<h([1-6])[^>]*>(.*?)</h\1>", re.S)
_TAG = re.compile(r"<[^>]+>")
_ANCHOR = re.compile(r'<a class="anchor-link".*?</a>', re.S)
_LINK = re.compile(r'<a href="([^"]+)"[^>]*>(.*?)</a>', re.S)
_EMPTY_HEAD = re.compile(r"<th[^>]*>\s*</th>")
_STYLE = re.compile(r"<style.*?</style>", re.S)
_LINK_HERE = "Link to this section"
_FORMATTER = HtmlFormatter(nowrap=True)


@dataclass
class Section:
    """What stands under one heading, for the search.

    Attributes:
        anchor: the heading's address on the page; empty for what stands before it.
        heading: its words.
        level: 1 to 6.
        text: of prose, code comments and printed outputs under it.
    """

    anchor: str
    heading: str
    level: int
    text: list[str] = field(default_factory=list)


@dataclass
class Page:
    """A notebook's cells, its sections, and the picture files that it shows."""

    parts: list[str]
    sections: list[Section]
    pictures: dict[str, bytes]

    @property
    def body(self) -> str:
        """All cells."""
        return "\n".join(self.parts)

    def alone(self) -> str:
        """The body with its pictures inside, for a page that is a single file."""
        mimes = {suffix: mime for mime, suffix in PICTURES.items()}

        def inside(found) -> str:
            stored = base64.b64encode(self.pictures[found[1]]).decode()
            return f'src="data:{mimes[found[1].rpartition(".")[2]]};base64,{stored}"'

        return re.sub(r'src="pictures/([^"]+)"', inside, self.body)


def render(content: dict, *, link: Callable[[str], str]) -> Page:
    """The cells of a recorded notebook.

    Args:
        content: nbformat 4.
        link: takes an address as it stands in a notebook, returns that on the site;
            empty where the site has no such page: the words stay then.
    """
    sections = [Section("", "", 0)]
    pictures: dict[str, bytes] = {}
    used: set[str] = set()
    parts = []
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            html = _prose(cell, sections, used, link)
            parts.append(_with_attachments(html, cell, pictures))
        elif cell["cell_type"] == "code" and "".join(cell["source"]).strip():
            parts.append(_code(cell, sections, pictures))
    return Page(parts, sections, pictures)


def _prose(cell, sections, used, link) -> str:
    # markdown2html stops at attachments that it is not handed: see _with_attachments.
    source = "".join(cell["source"]).replace("](attachment:", "](attached/")
    html = _ANCHOR.sub("", markdown2html(with_mathml(source)))
    html = _LINK.sub(lambda found: _linked(found, link), html)
    html = _EMPTY_HEAD.sub("<td></td>", html)
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    pieces, position = [], 0
    for found in _HEADING.finditer(html):
        sections[-1].text.append(words(html[position : found.start()]))
        heading = words(found[2])
        anchor = _free(slug(heading), used)
        sections.append(Section(anchor, heading, int(found[1])))
        pieces += [
            html[position : found.start()],
            f'<h{found[1]} id="{anchor}">{found[2]}'
            f'<a class="anchor" href="#{anchor}" aria-label="{_LINK_HERE}">#</a>'
            f"</h{found[1]}>",
        ]
        position = found.end()
    pieces.append(html[position:])
    sections[-1].text.append(words(html[position:]))
    return f'<div class="prose">{"".join(pieces)}</div>'


def _with_attachments(html: str, cell, pictures) -> str:
    """The same, with the pictures that the cell brings along in their places."""
    for name, data in cell.get("attachments", {}).items():
        for mime in data.keys() & PICTURES:
            source = _source(data[mime], mime, pictures)
            html = html.replace(f'src="attached/{name}"', f'src="{source}"')
    return html


def _linked(found, link) -> str:
    address = link(unescape(found[1]))
    return f'<a href="{escape(address)}">{found[2]}</a>' if address else found[2]


def _code(cell, sections, pictures) -> str:
    tags = set(cell["metadata"].get("tags", ()))
    hidden = cell["metadata"].get("jupyter", {})
    source = "".join(cell["source"])
    code = f"<pre><code>{highlight(source, PythonLexer(), _FORMATTER)}</code></pre>"
    label = "Your answer" if "exercise" in tags else "Code"
    about = f'class="code" role="group" aria-label="{label}" tabindex="0"'
    code = f"<div {about}>{code}</div>"
    outputs = "".join(_output(o, pictures) for o in cell.get("outputs", ()))
    if outputs:
        outputs = f'<div class="output">{outputs}</div>'
    if "solution" in tags:
        return _fold("solution", "Solution (try first, then open)", code + outputs)
    sections[-1].text.append(words(outputs))
    sections[-1].text += re.findall(r"#\s(.+)", source)
    if hidden.get("source_hidden"):
        code = _fold("hidden", "Code", code)
    marks = " ".join(sorted(tags & {"exercise", "training", "beyond-the-book"}))
    return f'<div class="cell {marks}">{code}{outputs}</div>'


def _fold(kind: str, title: str, html: str) -> str:
    return f'<details class="{kind}"><summary>{title}</summary>{html}</details>'


def _output(output, pictures) -> str:
    kind = output["output_type"]
    if kind == "stream":
        return f'<pre tabindex="0">{escape("".join(output["text"]))}</pre>'
    if kind == "error":
        return f"<pre>{ansi2html(chr(10).join(output['traceback']))}</pre>"
    data = output.get("data", {})
    for mime in PICTURES:
        if mime in data:
            return _picture(output, mime, pictures)
    if "text/html" in data:
        html = _STYLE.sub("", "".join(data["text/html"])).replace(' border="1"', "")
        html = _EMPTY_HEAD.sub("<td></td>", html)
        return f'<div class="scroll" tabindex="0">{html}</div>'
    if "text/plain" in data:
        return f'<pre tabindex="0">{escape("".join(data["text/plain"]))}</pre>'
    return ""


def _picture(output, mime, pictures) -> str:
    about = output.get("metadata", {}).get(mime, {})
    source = _source(output["data"][mime], mime, pictures)
    width = f' width="{about["width"]}"' if about.get("width") else ""
    alt = escape(about.get("alt", "figure"), quote=True)
    return f'<img src="{source}" alt="{alt}"{width} loading="lazy">'


def _source(data, mime: str, pictures) -> str:
    """The address of a picture, which is put among `pictures`."""
    suffix, raw = PICTURES[mime], "".join(data)
    stored = raw.encode() if suffix == "svg" else base64.b64decode(raw)
    name = f"{hashlib.sha256(stored).hexdigest()[:16]}.{suffix}"
    pictures[name] = stored
    return f"pictures/{name}"


def words(html: str) -> str:
    """The text of a piece of HTML, in one line."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def slug(heading: str) -> str:
    """A heading as an address: lower case, words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-") or "section"


def _free(anchor: str, used: set[str]) -> str:
    number, found = 1, anchor
    while found in used:
        number += 1
        found = f"{anchor}-{number}"
    used.add(found)
    return found
