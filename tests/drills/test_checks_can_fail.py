"""Mutants of recorded notebooks, `book.toml` and README are seen by our checks.

Each mutant is judged by the cheapest check that `make test` makes: the rules of a
notebook, the tests of `book.toml` and of the README's tables. (test_nbval_can_fail.py
executes some.) What no check of ours reads is not mutated: the prose between the code,
and tags. A reviewer reads those.
"""

import collections
import copy
import random
import tomllib
from pathlib import Path

from course import recorded, runner
from course.check import rules
from course.publish import readme
from dli import book
from tests.support.book import problems
from tests.support.drills import mutants, mutants_of_texts
from tests.support.drills.figures import times
from tests.support.drills.recordings import SEED, broken_rules, read, written

FLOOR = 0.95  # of the mutants must be caught
BOOK_TOML = Path(book.__file__).with_name("book.toml")


def _mutants(kinds):
    """(kind, path, what was done, mutant) for each kind in each notebook, shuffled."""
    paths = runner.discover()
    pairs = [(kind, path) for kind in kinds for path in paths]
    random.Random(SEED).shuffle(pairs)
    for kind, path in pairs:
        rng = random.Random(f"{SEED} {kind} {runner.name_of(path)}")
        other = rng.choice([other for other in paths if other != path])
        mutant, borrowed = copy.deepcopy(read(path)), copy.deepcopy(read(other))
        done = kinds[kind](mutant, rng, borrowed)
        if done is not None and mutant != read(path):
            yield kind, path, done, mutant


def test_recorded_notebooks_break_no_rule(tmp_path):
    """Copies without a mutation are green: what follows is the mutations' doing."""
    for path in runner.discover():
        assert broken_rules(written(tmp_path, path, read(path))) == []


def test_mutants_of_notebooks(figures, tmp_path):
    """A digit, a shape, a row, a picture, an output, a count, a cell or a hash of a
    recorded notebook is changed; the rules of a notebook must see it.
    """
    missed, tries, content = [], 0, collections.Counter()
    for kind, path, done, mutant in _mutants({**mutants.OUTPUTS, **mutants.CODE}):
        tries += 1
        if not broken_rules(written(tmp_path, path, mutant)):
            missed.append(f"{kind}: {runner.name_of(path)} ({done})")
        if kind in mutants.OUTPUTS:  # as if a faulty recording had made it
            mutant.metadata.dli["outputs_sha256"] = recorded.outputs_hash(mutant)
            seen = bool(broken_rules(written(tmp_path, path, mutant)))
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
    for path in runner.discover():
        for kind, start in (("title", "# "), ("exercises", "## Try it")):
            mutant = copy.deepcopy(read(path))
            mutant.cells = [
                cell
                for cell in mutant.cells
                if not (cell.cell_type == "markdown" and cell.source.startswith(start))
            ]
            tries += 1
            if not broken_rules(written(tmp_path, path, mutant)):
                missed.append(f"{kind} deleted: {runner.name_of(path)}")
    figures.nearly_all_caught("mutants of the anatomy", tries, missed, FLOOR)


def _is_good_book(text, monkeypatch):
    """Whether the tests that read `book.toml` would pass with this text."""
    paths = runner.discover()
    try:
        entries = tomllib.loads(text)
        with monkeypatch.context() as patched:
            patched.setattr(book, "entries", lambda: entries)
            page = readme.README.read_text("utf-8")
            return (
                not problems(entries, [*map(runner.name_of, paths)])
                and readme.merged(page) == page
                and not any(rules.on_the_scoreboard(read(p), p) for p in paths)
            )
    except Exception:  # it would fail a test, too
        return False


def test_mutants_of_book_toml(figures, monkeypatch):
    """A band, a printed value, a name, a title, a label of `book.toml` is changed."""
    text = BOOK_TOML.read_text("utf-8")
    assert _is_good_book(text, monkeypatch), "without a mutation"
    missed, rng = [], random.Random(SEED)
    tries = times(8, 160)
    for number in range(tries):
        kind = list(mutants_of_texts.BOOK)[number % len(mutants_of_texts.BOOK)]
        mutant = mutants_of_texts.BOOK[kind](text, rng)
        assert mutant != text
        if _is_good_book(mutant, monkeypatch):
            lines = zip(text.splitlines(), mutant.splitlines())
            missed += [f"{kind}: {a} became {b}" for a, b in lines if a != b]
    figures.nearly_all_caught("mutants of book.toml", tries, missed, FLOOR)


def test_mutants_of_the_readme(figures):
    """A digit, a letter, a cell, a row of the README's tables is changed."""
    text = readme.README.read_text("utf-8")
    assert readme.merged(text) == text, "without a mutation"
    missed, rng = [], random.Random(SEED)
    tries = times(10, 100)
    for number in range(tries):
        kind = list(mutants_of_texts.README)[number % len(mutants_of_texts.README)]
        mutant = mutants_of_texts.README[kind](text, rng)
        if mutant == text or readme.merged(mutant) == mutant:
            missed.append(f"{kind}: seed {SEED}, try {number}")
    figures.nearly_all_caught("mutants of the README", tries, missed, FLOOR)
