"""Mutants of recorded notebooks turn pytest red, with the rules and under nbval."""

import collections
import copy
import random
import re
import shutil

import pytest

from course import catalogue
from course.bootstrap import NOTEBOOKS, ROOT
from course.check import rules
from dli import facts
from tests.support.drills import mutants, pytest_runs
from tests.support.drills.recordings import SEED, read, written

VISIBLE = (
    "digit of a printed number",
    "digit of an HTML table",
    "shape",
    "row of a table",
    "line of a text",
)


def test_pytest_is_red_for_the_mutant_and_for_nothing_else(figures, tmp_path):
    """The rules are wired into `make test`: one notebook of a copied folder has a
    digit changed, and pytest fails for that one.
    """
    copied = _copied(tmp_path)
    notebook = random.Random(SEED).choice(catalogue.notebooks())
    mutant = copy.deepcopy(read(notebook))
    assert mutants.digit(mutant, random.Random(SEED), None)
    written(copied, notebook, mutant)
    tests = ROOT / "tests" / "notebooks" / "test_notebooks.py"
    failed, passed = pytest_runs.run(tmp_path, tests, DLI_NOTEBOOKS=str(copied))
    names = {name for _, name in failed}
    name = notebook.name
    seen = f"test_rule[executed-{name}]" in names and all(name in n for n in names)
    figures.note("pytest is red for the mutant only", tries=1, caught=int(seen))
    assert seen
    assert len(passed) > len(catalogue.notebooks())


def _light():
    """Notebooks that take seconds, compare nearly all of their cells, need no data."""
    return [
        notebook
        for notebook in catalogue.notebooks()
        if notebook.entry.minutes <= 0.1 and not notebook.data_sets
    ]


def _is_compared(cell):
    return "nbval-ignore-output" not in rules.tags(cell)


def _copied(folder):
    """A copy of all notebooks and facts, in a folder that is made."""
    copied = folder / "notebooks"
    left_out = shutil.ignore_patterns("model_output", ".ipynb_checkpoints")
    shutil.copytree(NOTEBOOKS, copied, ignore=left_out)
    return copied


@pytest.mark.drill
def test_mutants_under_nbval(figures, tmp_path):
    """In copies of the notebooks that take seconds, every compared output has a digit,
    a shape, a row or a line changed; hashes are made to fit; nbval executes them.
    """
    tries, missed = collections.Counter(), []
    for number, kind in enumerate(VISIBLE):
        copied = _copied(tmp_path / str(number))
        expected, cells = {}, {}
        for notebook in _light():
            rng = random.Random(f"{SEED} {kind} {notebook.path.name}")
            mutant = copy.deepcopy(read(notebook))
            code = [cell for cell in mutant.cells if cell.cell_type == "code"]
            changed = {
                f"Cell {i}"
                for i, cell in enumerate(code)
                if _is_compared(cell)
                and mutants.OUTPUTS[kind](mutant, rng, None, [cell])
            }
            if changed:
                place = written(copied, notebook, mutant).path
                expected[place], cells[place] = changed, len(code)
                tries[kind] += len(changed)
        failed, passed = pytest_runs.run(
            tmp_path,
            *("--nbval", "--nbval-kernel-name=dli-quick", *expected),
            plugin=pytest_runs.CONFTEST,
            DLI_NOTEBOOKS=str(copied),
        )
        seen = collections.defaultdict(set)
        for place, name in failed:
            seen[place].add(name)
        assert len(failed) + len(passed) == sum(cells.values())
        for place, changed in expected.items():
            assert seen[place] <= changed, "a cell that was not changed is red"
            missed += [f"{kind}, {place.stem}: {c}" for c in changed - seen[place]]
    detail = ", ".join(f"{kind}: {count}" for kind, count in tries.items())
    figures.all_caught("mutants under nbval", tries.total(), missed, detail)


@pytest.mark.drill
@pytest.mark.parametrize("kind", ["raising cell", "band moved"])
def test_mutants_that_raise_or_leave_the_band(figures, tmp_path, kind):
    """A raising cell is inserted (nbval at quick pace); a band is moved under a measure
    (nbval at full pace, with `DLI_VERIFY=1`).
    """
    full = kind == "band moved"
    kernel = "python3" if full else "dli-quick"
    paths, rng = [], random.Random(SEED)
    copied = _copied(tmp_path)
    for notebook in _light():
        mutant = copy.deepcopy(read(notebook))
        if not full:
            mutants.raising_cell(mutant, rng, None)
        elif notebook.entry.measures:
            _move_band(copied, notebook)
        else:
            continue
        paths.append(written(copied, notebook, mutant).path)
    failed, _ = pytest_runs.run(
        tmp_path,
        *("--nbval", f"--nbval-kernel-name={kernel}", *paths),
        plugin=pytest_runs.CONFTEST + pytest_runs.with_runs_in(tmp_path / "runs"),
        DLI_NOTEBOOKS=str(copied),
        **({"DLI_VERIFY": "1"} if full else {}),
    )
    red = {place for place, _ in failed}
    missed = [f"{kind}: {path.parent.name}" for path in paths if path not in red]
    figures.all_caught("mutants that raise", len(paths), missed)


def _move_band(folder, notebook):
    """Move the band of a notebook's first measure in a copy of its facts."""
    path = folder / notebook.entry.folder / facts.CHAPTER
    text = path.read_text("utf-8")
    start = text.index(f"[[{notebook.id}.measure]]")
    moved = re.sub(r"band = \[.*\]", "band = [8e8, 9e8]", text[start:], count=1)
    path.write_text(text[:start] + moved, "utf-8")
