"""Mutants of recorded notebooks, their facts and the pages are seen by our checks.

Each mutant is judged by the cheapest check that `make test` makes: the rules of a
notebook, the tests of the facts and of the pages' tables. (test_nbval_can_fail.py
executes some.) What no check of ours reads is not mutated: the prose between the code,
and most tags. A reviewer reads those.
"""

import collections
import copy
import random
import shutil
from pathlib import Path

import pytest

from course import catalogue, recording
from course.bootstrap import NOTEBOOKS
from course.catalogue import Notebook
from course.check import rules
from course.publish import readme
from dli import facts
from tests.support.drills import mutants, mutants_of_texts
from tests.support.drills.figures import times
from tests.support.drills.recordings import SEED, broken_rules, read, written

FLOOR = 0.95  # of the mutants must be caught


def _mutants(kinds):
    """(kind, notebook, what was done, mutant) for each kind and notebook, shuffled."""
    notebooks = catalogue.notebooks()
    pairs = [(kind, notebook) for kind in kinds for notebook in notebooks]
    random.Random(SEED).shuffle(pairs)
    for kind, notebook in pairs:
        rng = random.Random(f"{SEED} {kind} {notebook.name}")
        other = rng.choice([other for other in notebooks if other != notebook])
        mutant, borrowed = copy.deepcopy(read(notebook)), copy.deepcopy(read(other))
        done = kinds[kind](mutant, rng, borrowed)
        if done is not None and mutant != read(notebook):
            yield kind, notebook, done, mutant


def test_recorded_notebooks_break_no_rule(tmp_path):
    """Copies without a mutation are green: what follows is the mutations' doing."""
    for notebook in catalogue.notebooks():
        assert broken_rules(written(tmp_path, notebook, read(notebook))) == []


def test_mutants_of_notebooks(figures, tmp_path):
    """A digit, a shape, a row, a picture, an output, a count, a cell or a hash of a
    recorded notebook is changed; the rules of a notebook must see it.
    """
    missed, tries, content = [], 0, collections.Counter()
    for kind, notebook, done, mutant in _mutants({**mutants.OUTPUTS, **mutants.CODE}):
        tries += 1
        if not broken_rules(written(tmp_path, notebook, mutant)):
            missed.append(f"{kind}: {notebook.name} ({done})")
        if kind in mutants.OUTPUTS:  # as if a faulty recording had made it
            mutant.metadata.dli["outputs_sha256"] = recording.outputs_hash(mutant)
            seen = bool(broken_rules(written(tmp_path, notebook, mutant)))
            content.update(tried=1, seen=seen)
        if tries == times(60, 100_000):
            break
    detail = (
        f"Of {content['tried']} changed outputs, {content['seen']} are seen also where "
        "the hash of the outputs fits them, without executing anything."
    )
    figures.nearly_all_caught("mutants of notebooks", tries, missed, FLOOR, detail)


def test_notebook_without_title_or_exercises(tmp_path, figures):
    """The cell with the title, or the headings *Try it*, are deleted."""
    tries, missed = 0, []
    for notebook in catalogue.notebooks():
        for kind, start in (("title", "# "), ("exercises", "## Try it")):
            mutant = copy.deepcopy(read(notebook))
            mutant.cells = [
                cell
                for cell in mutant.cells
                if not (cell.cell_type == "markdown" and cell.source.startswith(start))
            ]
            tries += 1
            if not broken_rules(written(tmp_path, notebook, mutant)):
                missed.append(f"{kind} deleted: {notebook.name}")
    figures.nearly_all_caught("mutants of the anatomy", tries, missed, FLOOR)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the facts, beside which the notebooks stay where they are."""
    place = tmp_path / "notebooks"
    for chapter in facts.chapters():
        (place / chapter.folder).mkdir(parents=True)
        for source in (NOTEBOOKS / chapter.folder).glob("*.toml"):
            shutil.copy(source, place / chapter.folder)
    shutil.copy(NOTEBOOKS / facts.RECORDED, place)
    monkeypatch.setenv("DLI_NOTEBOOKS", str(place))
    return place


def _are_good_facts(pages: dict[Path, str]) -> bool:
    """Whether the tests that read the facts would pass with those that are found."""
    facts._chapters.cache_clear()
    try:
        files = {
            notebook.path.relative_to(catalogue.folder()): notebook.entry
            for notebook in catalogue.notebooks()
        }
        recorded = [Notebook(NOTEBOOKS / file, entry) for file, entry in files.items()]
        rules_of_facts = (rules.on_the_scoreboard, rules.noted)
        return all(readme.merged(text) == text for text in pages.values()) and not any(
            rule(read(n), n) for n in recorded for rule in rules_of_facts
        )
    except Exception:  # it would fail a test, too
        return False


def test_mutants_of_chapter_toml(figures, copied):
    """A band, a printed value, a name, a title, a label of a `chapter.toml` is
    changed.
    """
    pages = {path: path.read_text("utf-8") for path in readme.FILES}
    assert _are_good_facts(pages), "without a mutation"
    missed, rng = [], random.Random(SEED)
    tries = times(8, 160)
    chapters = sorted(copied.glob(f"*/{facts.CHAPTER}"))
    for number in range(tries):
        kind = list(mutants_of_texts.FACTS)[number % len(mutants_of_texts.FACTS)]
        text = ""
        while "book = " not in text:  # a chapter with all that can be changed
            path = rng.choice(chapters)
            text = path.read_text("utf-8")
        mutant = mutants_of_texts.FACTS[kind](text, rng)
        assert mutant != text
        path.write_text(mutant, "utf-8")
        if _are_good_facts(pages):
            lines = zip(text.splitlines(), mutant.splitlines())
            missed += [f"{kind}: {a} became {b}" for a, b in lines if a != b]
        path.write_text(text, "utf-8")
    facts._chapters.cache_clear()
    figures.nearly_all_caught("mutants of chapter.toml", tries, missed, FLOOR)


def test_mutants_of_the_pages(figures):
    """A digit, a letter, a cell, a row of the tables in the README and the pages is
    changed.
    """
    texts = [path.read_text("utf-8") for path in readme.FILES]
    texts = [text for text in texts if "written by `make readme`" in text]
    assert all(readme.merged(text) == text for text in texts), "without a mutation"
    missed, rng = [], random.Random(SEED)
    tries = times(10, 100)
    for number in range(tries):
        kind = list(mutants_of_texts.README)[number % len(mutants_of_texts.README)]
        mutant = text = rng.choice([text for text in texts if "\n| " in text])
        mutant = mutants_of_texts.README[kind](text, rng)
        if mutant == text or readme.merged(mutant) == mutant:
            missed.append(f"{kind}: seed {SEED}, try {number}")
    figures.nearly_all_caught("mutants of the pages", tries, missed, FLOOR)
