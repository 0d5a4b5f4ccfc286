"""Mutants of recorded notebooks turn pytest red, with the rules and under nbval."""

import collections
import copy
import random
import shutil

import nbformat
import pytest

from course import runner
from course.bootstrap import ROOT
from course.check import rules
from dli import book
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
    copied = tmp_path / "notebooks"
    left_out = shutil.ignore_patterns("model_output")
    shutil.copytree(runner.NOTEBOOKS, copied, ignore=left_out)
    path = random.Random(SEED).choice(runner.discover())
    mutant = copy.deepcopy(read(path))
    assert mutants.digit(mutant, random.Random(SEED), None)
    written(copied, path, mutant)
    plugin = pytest_runs.with_notebooks_in(copied)
    tests = ROOT / "tests" / "notebooks" / "test_notebooks.py"
    failed, passed = pytest_runs.run(tmp_path, tests, plugin=plugin)
    names = {name for _, name in failed}
    name = runner.name_of(path)
    seen = f"test_rule[executed-{name}]" in names and all(name in n for n in names)
    figures.note("pytest is red for the mutant only", tries=1, caught=int(seen))
    assert seen
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


def _is_compared(cell):
    return "nbval-ignore-output" not in rules.tags(cell)


def _place(folder, path, suffix):
    """A file for a copy of a notebook, in a folder of its own."""
    place = folder / f"{path.parent.name}_{path.stem}_{suffix}" / path.name
    place.parent.mkdir()
    return place


@pytest.mark.drill
def test_mutants_under_nbval(figures, tmp_path):
    """In copies of the notebooks that take seconds, every compared output has a digit,
    a shape, a row or a line changed; hashes are made to fit; nbval executes them.
    """
    expected, cells, tries = {}, {}, collections.Counter()
    for path in _light():
        for number, kind in enumerate(VISIBLE):
            rng = random.Random(f"{SEED} {kind} {path.name}")
            mutant = copy.deepcopy(read(path))
            code = [cell for cell in mutant.cells if cell.cell_type == "code"]
            changed = {
                f"Cell {i}"
                for i, cell in enumerate(code)
                if _is_compared(cell)
                and mutants.OUTPUTS[kind](mutant, rng, None, [cell])
            }
            if changed:
                place = _place(tmp_path, path, number)
                nbformat.write(mutant, place)
                expected[place], cells[place] = changed, len(code)
                tries[kind] += len(changed)
    options = ["--nbval", "--nbval-kernel-name=dli-quick"]
    failed, passed = pytest_runs.run(
        tmp_path, *options, *expected, plugin=pytest_runs.CONFTEST
    )
    seen = collections.defaultdict(set)
    for place, name in failed:
        seen[place].add(name)
    assert len(failed) + len(passed) == sum(cells.values())
    missed = [
        f"{place.parent.name}: {cell}"
        for place, changed in expected.items()
        for cell in sorted(changed - seen[place])
    ]
    detail = ", ".join(f"{kind}: {count}" for kind, count in tries.items())
    figures.all_caught("mutants under nbval", tries.total(), missed, detail)
    for place, changed in expected.items():
        assert seen[place] <= changed, "a cell that was not changed is red"


@pytest.mark.drill
@pytest.mark.parametrize("kind", ["raising cell", "band moved"])
def test_mutants_that_raise_or_leave_the_band(figures, tmp_path, kind):
    """A raising cell is inserted (nbval at quick pace); a band is moved under a measure
    (nbval at full pace, with `DLI_VERIFY=1`).
    """
    full = kind == "band moved"
    kernel = "python3" if full else "dli-quick"
    paths, rng = [], random.Random(SEED)
    for path in _light():
        mutant = copy.deepcopy(read(path))
        if not full:
            mutants.raising_cell(mutant, rng, None)
        elif not _move_band(mutant, path):
            continue
        paths.append(_place(tmp_path, path, kernel))
        nbformat.write(mutant, paths[-1])
    failed, _ = pytest_runs.run(
        tmp_path,
        *("--nbval", f"--nbval-kernel-name={kernel}", *paths),
        plugin=pytest_runs.CONFTEST + pytest_runs.with_runs_in(tmp_path / "runs"),
        **({"DLI_VERIFY": "1"} if full else {}),
    )
    red = {place for place, _ in failed}
    missed = [f"{kind}: {path.parent.name}" for path in paths if path not in red]
    figures.all_caught("mutants that raise", len(paths), missed)


def _move_band(mutant, path):
    """Let the kernel of a notebook have another band for its first measure."""
    (name,) = [n for n in book.entries() if path.stem.endswith(n)]
    for cell in rules.code_cells(mutant):
        if "book.compare" in cell.source:
            entry = f"book.entries()[{name!r}]"
            cell.source = f"{entry}['measure'][0]['band'] = [8, 9]\n{cell.source}"
            return True
    return False
