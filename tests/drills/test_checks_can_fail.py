"""Mutants of recorded notebooks, `book.toml` and README turn `make test` red.

Each mutant is judged by the cheapest check that `make test` makes: the rules, the tests
of `book.toml` and of the README's tables, nbval. What no check of ours reads is not
mutated here: the prose between the code, and tags. A reviewer reads those.
"""

import collections
import copy
import functools
import json
import os
import random
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from course import recorded, runner
from course.bootstrap import ROOT
from course.check import rules as notebook_rules
from course.publish import readme
from dli import book
from tests.drills import figures as drills
from tests.drills import mutations
from tests.notebooks import test_notebooks

SEED = 20
FLOOR = 0.95  # of the mutants are to be caught
BOOK_TOML = Path(book.__file__).with_name("book.toml")


@functools.cache
def _read(path):
    return nbformat.read(path, as_version=4)


def _problems(path, rules=notebook_rules.RULES):
    """What `make test` would say of a notebook file, without executing it."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        return [problem for rule in rules for problem in rule(notebook, path)]
    except Exception as problem:  # a test would be red for it too
        return [repr(problem)]


def _mutants(kinds, seed=SEED):
    """(kind, path, what was done, mutant) for each kind in each notebook, shuffled."""
    paths = runner.discover()
    pairs = [(kind, path) for kind in kinds for path in paths]
    random.Random(seed).shuffle(pairs)
    for kind, path in pairs:
        rng = random.Random(f"{seed} {kind} {runner.name_of(path)}")
        other = rng.choice([other for other in paths if other != path])
        mutant, borrowed = copy.deepcopy(_read(path)), copy.deepcopy(_read(other))
        done = kinds[kind](mutant, rng, borrowed)
        if done is not None and mutant != _read(path):
            yield kind, path, done, mutant


def _written(folder, path, notebook):
    place = folder / path.parent.name / path.name
    place.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, place)
    return place


def _assert_caught(figures, drill, tries, missed, detail=""):
    names = sorted(f"{kind}: {where}" for kind, where in missed)
    figures.note(drill, tries, tries - len(missed), detail, names)
    assert tries, "nothing was tried"
    assert 1 - len(missed) / tries >= FLOOR, names


def test_recorded_notebooks_break_no_rule(tmp_path):
    """Copies without a mutation are green: what follows is the mutations' doing."""
    for path in runner.discover():
        assert _problems(_written(tmp_path, path, _read(path))) == []


def test_mutants_of_notebooks(figures, tmp_path):
    """A digit, a shape, a row, a picture, an output, a count, a cell or a hash of a
    recorded notebook is changed; the rules of a notebook must see it.
    """
    missed, tries, content = [], 0, collections.Counter()
    for kind, path, done, mutant in _mutants({**mutations.OUTPUTS, **mutations.CODE}):
        tries += 1
        name = runner.name_of(path)
        if not _problems(_written(tmp_path, path, mutant)):
            missed.append((kind, f"{name} ({done})"))
        if kind in mutations.OUTPUTS:  # as if a faulty recording had made it
            mutant.metadata.dli["outputs_sha256"] = recorded.outputs_hash(mutant)
            seen = bool(_problems(_written(tmp_path, path, mutant)))
            content.update(tried=1, seen=seen)
        if tries == drills.times(60, 100_000):
            break
    detail = (
        f"Of {content['tried']} changed outputs, {content['seen']} are seen also where "
        "the hash of the outputs fits them, without executing anything."
    )
    _assert_caught(figures, "mutants of notebooks", tries, missed, detail)


def test_notebook_without_title_or_exercises(tmp_path, figures):
    """The cell with the title, or the headings *Try it*, are deleted."""
    tries, missed = 0, []
    for path in runner.discover():
        for kind, gone in (("title deleted", "# "), ("exercises deleted", "## Try it")):
            mutant = copy.deepcopy(_read(path))
            mutant.cells = [
                cell
                for cell in mutant.cells
                if not (cell.cell_type == "markdown" and cell.source.startswith(gone))
            ]
            tries += 1
            if not _problems(_written(tmp_path, path, mutant)):
                missed.append((kind, runner.name_of(path)))
    _assert_caught(figures, "mutants of the anatomy", tries, missed)


def _book_is_green(text, monkeypatch):
    """Whether the tests that read `book.toml` would pass with this text."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    with monkeypatch.context() as patched:
        patched.setattr(book, "entries", lambda: entries)
        try:
            test_notebooks.test_book_toml_lists_the_notebooks_in_book_order()
            for notebook in entries:
                test_notebooks.test_book_toml_entry_is_complete(notebook)
            page = readme.README.read_text("utf-8")
            return readme.merged(page) == page and not any(
                notebook_rules.on_the_scoreboard(_read(path), path)
                for path in runner.discover()
            )
        except Exception:  # as a test would be
            return False


def test_mutants_of_book_toml(figures, monkeypatch):
    """A band, a printed value, a name, a title, a label of `book.toml` is changed."""
    text = BOOK_TOML.read_text("utf-8")
    assert _book_is_green(text, monkeypatch), "without a mutation"
    missed = []
    rng = random.Random(SEED)
    tries = drills.times(8, 160)
    for number in range(tries):
        kind = list(mutations.BOOK)[number % len(mutations.BOOK)]
        mutant = mutations.BOOK[kind](text, rng)
        assert mutant != text
        if _book_is_green(mutant, monkeypatch):
            lines = zip(text.splitlines(), mutant.splitlines())
            missed += [(kind, f"{a} became {b}") for a, b in lines if a != b]
    _assert_caught(figures, "mutants of book.toml", tries, missed)


def test_mutants_of_the_readme(figures):
    """A digit, a letter, a cell, a row of the README's tables is changed."""
    text = readme.README.read_text("utf-8")
    assert readme.merged(text) == text, "without a mutation"
    missed = []
    rng = random.Random(SEED)
    tries = drills.times(10, 100)
    for number in range(tries):
        kind = list(mutations.README)[number % len(mutations.README)]
        mutant = mutations.README[kind](text, rng)
        if mutant == text or readme.merged(mutant) == mutant:
            missed.append((kind, f"seed {SEED}, try {number}"))
    _assert_caught(figures, "mutants of the README", tries, missed)


_NOTED = """
import json, pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" or report.failed:
        with open({file!r}, "a", encoding="utf-8") as opened:
            line = [str(item.path), item.name, report.outcome]
            opened.write(json.dumps(line) + "\\n")
    return report
"""


def _pytest(folder, *arguments, plugin="", **environment):
    """Run pytest as `make test` does, with a plugin.

    Returns:
        The failed and the other tests, as sets of (path, name of the test or cell).
    """
    noted = folder / "noted.jsonl"
    noted.unlink(missing_ok=True)
    code = plugin + _NOTED.format(file=str(noted))
    (folder / "elsewhere.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "elsewhere", f"--rootdir={ROOT}"]
    command += [f"--confcutdir={ROOT}", "--color=no", *map(str, arguments)]
    left = ("DLI_PACE", "DLI_DRILLS_REPORT", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS")
    env = {k: v for k, v in os.environ.items() if k not in left}
    paths = os.pathsep.join([str(folder), str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**env, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert noted.exists(), done.stdout + done.stderr
    failed, others = set(), set()
    for line in noted.read_text("utf-8").splitlines():
        path, name, outcome = json.loads(line)
        (failed if outcome == "failed" else others).add((Path(path), name))
    assert (done.returncode == 0) == (not failed), done.stdout
    return failed, others - failed


def test_pytest_is_red_for_the_mutant_and_for_nothing_else(tmp_path):
    """The rules are wired into `make test`: one notebook of a copied folder has a
    digit changed, and pytest fails for that one.
    """
    copied = tmp_path / "notebooks"
    shutil.copytree(
        runner.NOTEBOOKS, copied, ignore=shutil.ignore_patterns("model_output")
    )
    path = random.Random(SEED).choice(runner.discover())
    mutant = copy.deepcopy(_read(path))
    assert mutations.digit(mutant, random.Random(SEED), None)
    _written(copied, path, mutant)
    failed, passed = _pytest(
        tmp_path,
        ROOT / "tests" / "test_notebooks.py",
        plugin="from pathlib import Path\nfrom dli import runner\n"
        f"runner.NOTEBOOKS = Path({str(copied)!r})\n",
    )
    names = {name for _, name in failed}
    assert f"test_rule[executed-{runner.name_of(path)}]" in names
    assert all(runner.name_of(path) in name for name in names)
    assert len(passed) > len(runner.discover())


def _light():
    """Notebooks that take seconds, compare nearly all of their cells, need no data."""
    quick = [e["notebook"] for e in book.entries().values() if e["minutes_cpu"] <= 0.1]
    return [
        path
        for path in runner.discover()
        if runner.name_of(path) in quick
        and "dli.datasets" not in path.read_text("utf-8")
    ]


def _compared(cell):
    return "nbval-ignore-output" not in notebook_rules.tags(cell)


_VISIBLE = {
    "digit of a printed number": mutations.digit,
    "digit of an HTML table": mutations.digit_of_a_table,
    "shape": mutations.shape,
    "row of a table": mutations.table_row,
    "line of a text": mutations.text_line,
}


@pytest.mark.drill
def test_mutants_under_nbval(figures, tmp_path):
    """In copies of the notebooks that take seconds, every compared output has a digit,
    a shape, a row or a line changed; hashes are made to fit; nbval executes them.
    """
    expected, cells, tries = {}, {}, collections.Counter()
    for path in _light():
        for number, (kind, mutate) in enumerate(_VISIBLE.items()):
            rng = random.Random(f"{SEED} {kind} {path.name}")
            mutant = copy.deepcopy(_read(path))
            place = tmp_path / f"{path.parent.name}_{path.stem}_{number}" / path.name
            code = [cell for cell in mutant.cells if cell.cell_type == "code"]
            changed = {
                f"Cell {i}"
                for i, cell in enumerate(code)
                if _compared(cell) and mutate(mutant, rng, None, [cell])
            }
            if not changed:
                continue
            place.parent.mkdir()
            nbformat.write(mutant, place)
            expected[place], cells[place] = changed, len(code)
            tries[kind] += len(changed)
    options = ["--nbval", "--nbval-kernel-name=dli-quick"]
    failed, passed = _pytest(tmp_path, *options, *expected, plugin=_CONFTEST)
    seen = collections.defaultdict(set)
    for place, name in failed:
        seen[place].add(name)
    assert len(failed) + len(passed) == sum(cells.values())
    missed = [
        (place.parent.name, cell)
        for place, changed in expected.items()
        for cell in sorted(changed - seen[place])
    ]
    detail = ", ".join(f"{kind}: {count}" for kind, count in tries.items())
    _assert_caught(figures, "mutants under nbval", sum(tries.values()), missed, detail)
    for place, changed in expected.items():
        assert seen[place] <= changed, "a cell that was not changed is red"


_CONFTEST = 'pytest_plugins = ["conftest"]\n'  # of the repository, as in `make test`


@pytest.mark.drill
def test_mutants_that_raise_or_leave_the_band(figures, tmp_path):
    """A raising cell is inserted (nbval at quick pace); a band is moved under a measure
    (nbval at full pace, with `DLI_VERIFY=1`).
    """
    missed, tries = [], 0
    rng = random.Random(SEED)
    for kernel, kind in (("dli-quick", "raising cell"), ("python3", "band moved")):
        paths = []
        for path in _light():
            mutant = copy.deepcopy(_read(path))
            if kind == "raising cell":
                mutations.raising_cell(mutant, rng, None)
            elif not _band_moved(mutant, path):
                continue
            place = tmp_path / f"{path.parent.name}_{path.stem}_{kernel}" / path.name
            place.parent.mkdir()
            nbformat.write(mutant, place)
            paths.append(place)
        verify = {"DLI_VERIFY": "1"} if kind == "band moved" else {}
        plugin = _CONFTEST + _RUNS.format(folder=str(tmp_path / "runs"))
        options = ["--nbval", f"--nbval-kernel-name={kernel}"]
        failed, _ = _pytest(tmp_path, *options, *paths, plugin=plugin, **verify)
        tries += len(paths)
        red = {place for place, _ in failed}
        missed += [(kind, path.parent.name) for path in paths if path not in red]
    _assert_caught(figures, "mutants that raise", tries, missed)


_RUNS = (
    "from pathlib import Path\nfrom dli import runner\nrunner.RUNS = Path({folder!r})\n"
)


def _band_moved(mutant, path):
    """Let the kernel of a notebook have another band for its first measure."""
    (name,) = [n for n, e in book.entries().items() if path.stem.endswith(n)]
    for cell in notebook_rules.code_cells(mutant):
        if "book.compare" in cell.source:
            entry = f"book.entries()[{name!r}]"
            cell.source = f"{entry}['measure'][0]['band'] = [8, 9]\n{cell.source}"
            return True
    return False
