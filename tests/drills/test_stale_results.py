"""A result that counts as passed must not survive a change of what it depends on."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from course import catalogue
from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.check import passed
from course.kernels import Backend
from tests.support.drills import figures as report

NOTEBOOKS = ("shallow_net_in_keras", "multi_convnet_sentiment_classifier", "perceptron")
MUTANTS = 200 if report.FULL else 12  # of each notebook


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of what keys are made of."""
    root = tmp_path_factory.mktemp("house")
    ours = shutil.ignore_patterns("__pycache__")
    for name in ("dli", "notebooks", "course"):
        shutil.copytree(ROOT / name, root / name, ignore=ours)
    for name in ("requirements.txt", "conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    return root


def _in(house: Path, notebook: Notebook) -> Notebook:
    return Notebook(house / notebook.path.relative_to(ROOT), notebook.entry)


def _code_cells(content):
    return [cell for cell in content["cells"] if cell["cell_type"] == "code"]


def _file_mutants(files, rng):
    """A byte flipped, one added, one taken away, the file gone: of one of the files."""
    file = rng.choice(files)
    before = file.read_bytes()
    at = rng.randrange(len(before) or 1)
    flipped = bytes([before[at] ^ 1]) if before else b"x"
    after = rng.choice(
        [
            before[:at] + flipped + before[at + 1 :],
            before[:at] + b" " + before[at:],
            before[:at] + before[at + 1 :] if before else b"x",
            None,
        ]
    )
    return file, before, after


def _notebook_mutant(path, rng):
    """Code, a tag, or a recorded output changed."""
    before = path.read_bytes()
    content = json.loads(before)
    cell = rng.choice(_code_cells(content))
    kind = rng.choice(("code", "tag", "output", "cell"))
    if kind == "code":
        cell["source"] = "".join(cell["source"]) + "\n# more"
    elif kind == "tag":
        tags = cell["metadata"].setdefault("tags", [])
        tags.remove("nbval-skip") if "nbval-skip" in tags else tags.append("nbval-skip")
    elif kind == "output":
        cell["outputs"] = [*cell.get("outputs", ()), {"output_type": "error"}]
    else:
        content["cells"].remove(cell)
    return path, before, json.dumps(content).encode()


def _mutant(house, notebook, rng):
    code = notebook.code()
    chapter = notebook.path.parent
    files = passed._files_of(code, house)
    places = {
        "dli": files,
        "checks": passed._comparing(house),
        "lock": [house / "requirements.txt"],
        "facts": [chapter / "chapter.toml"],
        "weights": sorted(chapter.glob(f"weights/{notebook.id}.*")),
    }
    if passed._OTHER_NOTEBOOKS.search(code):
        places["others"] = [
            chapter.parent / "recorded.json",
            *sorted(chapter.parent.glob("*/chapter.toml")),
        ]
    kinds = [kind for kind, found in places.items() if found] + ["notebook", "notebook"]
    kind = rng.choice(kinds)
    if kind == "notebook":
        return _notebook_mutant(notebook.path, rng)
    return _file_mutants(places[kind], rng)


@pytest.mark.parametrize("id", NOTEBOOKS)
def test_no_change_of_a_part_leaves_the_key(id, house, figures):
    """Bytes of all that a result depends on, changed one at a time: it is due."""
    rng = random.Random(id)
    notebook = _in(house, catalogue.find(id))
    before = passed.key(notebook, root=house)
    stale = []
    for _ in range(MUTANTS):
        path, content, mutant = _mutant(
            house, Notebook(notebook.path, notebook.entry), rng
        )
        try:
            path.unlink() if mutant is None else path.write_bytes(mutant)
            if passed.key(notebook, root=house) == before:
                stale.append(path.relative_to(house))
        finally:
            path.write_bytes(content)
    assert passed.key(notebook, root=house) == before, "all is as it was"
    figures.note(
        "mutants of what a passed result depends on",
        tries=MUTANTS,
        caught=MUTANTS - len(stale),
    )
    assert stale == []


@pytest.mark.parametrize("id", NOTEBOOKS)
def test_words_of_the_key_count(id, house, monkeypatch, figures):
    """Another backend, device, Python or system: each is another key."""
    notebook = _in(house, catalogue.find(id))
    keys = {passed.key(notebook, backend, house) for backend in Backend}
    monkeypatch.setattr(passed, "device", lambda: "NVIDIA H200, 580")
    keys.add(passed.key(notebook, root=house))
    monkeypatch.setattr(passed.platform, "python_version", lambda: "3.14.0")
    keys.add(passed.key(notebook, root=house))
    monkeypatch.setattr(passed.platform, "system", lambda: "Plan 9")
    keys.add(passed.key(notebook, root=house))
    figures.note("words of the key changed", tries=6, caught=len(keys))
    assert len(keys) == 6


def test_what_a_notebook_does_not_use_is_no_reason(house):
    """Another notebook, an unused module, a test, prose: the key stays."""
    notebook = _in(house, catalogue.find("shallow_net_in_keras"))
    before = passed.key(notebook, root=house)
    other = _in(house, catalogue.find("perceptron")).path
    used = passed._files_of(notebook.code(), house)
    unused = [p for p in (house / "dli").rglob("*.py") if p not in used]
    for path in (other, house / "course" / "lock.py", *unused):
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        assert passed.key(notebook, root=house) == before, path
        path.write_bytes(content)
