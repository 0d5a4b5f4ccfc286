"""The static site: its links, pictures, search and accessibility."""

import json
import re
import shutil
import statistics
import subprocess
import time
import tomllib
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from course import catalogue
from course.bootstrap import ROOT
from course.publish import cells, live, site

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    into = tmp_path_factory.mktemp("site")
    started = time.process_time()
    site.build(into)
    assert time.process_time() - started < 60, "seconds of one core"
    return into


class _Found(HTMLParser):
    """Addresses, ids, headings and pictures of a page."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.ids, self.levels, self.without_alt = [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.addresses += [found[key] for key in ("href", "src") if found.get(key)]
        if "id" in found:
            self.ids.append(found["id"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "img" and len(found.get("alt") or "") < 20:
            self.without_alt += 1


@pytest.fixture(scope="module")
def pages(built):
    return {path: _Found(path.read_text("utf-8")) for path in built.rglob("*.html")}


def test_every_notebook_and_page_is_there(built):
    for notebook in catalogue.notebooks():
        assert (built / f"{notebook.name}.html").is_file()
        assert (built / "downloads" / f"{notebook.name}.ipynb").is_file()
    assert all((built / f"{name}.html").is_file() for name in site.MENU)
    plan = (built / "teaching" / "ch10.html").read_text("utf-8")
    assert 'href="../ch10_machine_vision/01_lenet_in_keras.html"' in plan
    assert 'href="../slides/ch10_machine_vision.html"' in plan
    assert 'href="teaching/index.html"' in (built / "teaching.html").read_text("utf-8")


def test_no_link_is_broken_and_none_asks_another_host(built, pages):
    broken = []
    for path, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme:  # a picture's data; what a reader may follow elsewhere
                continue
            target = path.parent / unquote(parts.path) if parts.path else path
            target = target.resolve()
            if not target.is_file():
                broken.append((path.name, address))
            elif parts.fragment and target in pages:
                ids = pages[target].ids
                broken += [address] * (unquote(parts.fragment) not in ids)
    assert broken == []
    # Links that a reader may follow are allowed; what a page loads is not.
    loads = re.compile(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//')
    assert [p for p in pages if loads.search(p.read_text("utf-8"))] == []
    own = [built / "static" / name for name in ("site.js", "search.js")]
    for script in [*own, *(built / "static" / "live").glob("*.js")]:
        text = script.read_text("utf-8")
        assert not re.search(r"fetch\(|XMLHttpRequest|import\(", text)


def test_pages_are_small_and_headings_in_order(built, pages):
    sizes = []
    for notebook in catalogue.notebooks():
        path = built / f"{notebook.name}.html"
        own = re.findall(r'src="(pictures/[^"]+)"', path.read_text("utf-8"))
        sizes.append(
            path.stat().st_size + sum((path.parent / p).stat().st_size for p in own)
        )
        levels = pages[path].levels
        assert levels[0] == 1 and levels.count(1) == 1, path
        steps = pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), path
        assert len(set(pages[path].ids)) == len(pages[path].ids), path
        assert pages[path].without_alt == 0, path
    assert statistics.median(sizes) < 600_000


def test_the_same_recordings_give_the_same_site(built, tmp_path):
    again = tmp_path / "again"
    site.build(again)
    files = {p.relative_to(built) for p in built.rglob("*") if p.is_file()}
    assert files == {p.relative_to(again) for p in again.rglob("*") if p.is_file()}
    assert all((built / f).read_bytes() == (again / f).read_bytes() for f in files)


def test_a_folder_that_is_no_site_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="something else"):
        site.build(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_cells_are_shown_as_the_notebook_says():
    content = {
        "cells": [
            _cell("markdown", "# One\n\n## Two <b>\n\n## Two <b>\n\n[x](02_y.ipynb#z)"),
            _cell("code", "a < b  # look", hidden=True, text="<out>"),
            _cell("code", "secret = 1", tags=["solution"], text="answer"),
            _cell("code", "   "),
        ]
    }
    page = cells.render(content, link=lambda address: address.upper())
    assert [s.anchor for s in page.sections] == ["", "one", "two", "two-2"]
    assert 'href="02_Y.IPYNB#Z"' in page.body
    assert "<summary>Code</summary>" in page.body and "&lt;out&gt;" in page.body
    assert "<summary>Solution" in page.body
    told = " ".join(page.sections[-1].text)
    assert "look" in told and "secret" not in told and "answer" not in told
    without = cells.render(content, link=lambda address: "")
    assert "<a href" not in without.body.replace('<a class="anchor" href', "")


def _cell(kind, source, hidden=False, tags=(), text=""):
    metadata = {"tags": list(tags)} | (
        {"jupyter": {"source_hidden": True}} if hidden else {}
    )
    cell = {"cell_type": kind, "source": source, "metadata": metadata}
    if kind == "code":
        cell["execution_count"] = 1
        stream = {"output_type": "stream", "name": "stdout", "text": text}
        cell["outputs"] = [stream] if text else []
    return cell


def _dom(page: Path) -> str:
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu"]
    command += ["--virtual-time-budget=20000", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.stdout


@needs_chromium
def test_the_search_answers_readers_questions(built):
    file = Path(__file__).with_name("questions.toml")
    questions = tomllib.loads(file.read_text("utf-8"))
    assert len(questions) == 50
    trial = built / "trial.html"
    scripts = "".join(
        f'<script src="static/{name}.js"></script>'
        for name in ("minisearch", "search-data", "search")
    )
    ask = (
        "<pre id=answers></pre><script>const told = "
        f"{json.dumps(list(questions))}.map(q => "
        "search(q).slice(0, 3).map(hit => hit.page));"
        "document.getElementById('answers').textContent = JSON.stringify(told)</script>"
    )
    trial.write_text(f"<!doctype html><meta charset=utf-8>{scripts}{ask}", "utf-8")
    told = re.search(r'<pre id="answers">(.*?)</pre>', _dom(trial), re.S)
    trial.unlink()
    missed = {
        question: found
        for (question, wanted), found in zip(
            questions.items(), json.loads(told[1]), strict=True
        )
        if not any(Path(page).stem in wanted for page in found)
    }
    assert len(missed) <= 5, missed


AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@needs_chromium
@pytest.mark.skipif(not AXE.exists(), reason="npm install --no-save axe-core")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_has_no_serious_finding(built, theme):
    chosen = [built / "index.html", built / "search.html", built / "numbers.html"]
    chosen += [built / "teaching" / f"{name}.html" for name in ("index", "ch05")]
    chosen += [built / f"{n.name}.html" for n in catalogue.notebooks()[::6]]
    chosen += [built / "live" / f"{one.name}.html" for one in live.all_of_them()]
    serious = []
    for page in chosen:
        audit = page.with_name("audit.html")
        audit.write_text(
            page.read_text("utf-8").replace("</body>", _AUDIT % (AXE.as_uri(), theme)),
            "utf-8",
        )
        told = re.search(r'<pre id="axe">(.*?)</pre>', _dom(audit), re.S)
        audit.unlink()
        serious += [(page.name, finding) for finding in json.loads(unescape(told[1]))]
    assert serious == []


_AUDIT = """<script src="%s"></script><script>
addEventListener("load", async () => {
  document.documentElement.dataset.theme = "%s";
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const found = (await axe.run()).violations;
  const bad = found.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const told = Object.assign(document.createElement("pre"), { id: "axe" });
  told.textContent = JSON.stringify(bad.map(({ id, nodes }) => [id, nodes[0].html]));
  document.body.append(told);
});
</script></body>"""


@needs_chromium
def test_a_search_page_shows_what_it_finds(built):
    dom = _dom(built / "search.html")
    assert "Type a question above." in dom


def test_a_picture_that_prose_brings_along_is_shown():
    cell = _cell("markdown", "![a screen](attachment:shot.png)")
    cell["attachments"] = {"shot.png": {"image/png": "iVBORw0KGgo="}}
    page = cells.render({"cells": [cell]}, link=lambda address: "")
    for body, start in (
        (page.body, "pictures/"),
        (page.alone(), "data:image/png;base64,iVBOR"),
    ):
        assert 'alt="a screen"' in body and "attach" not in body
        assert f'src="{start}' in body
    assert len(page.pictures) == 1
