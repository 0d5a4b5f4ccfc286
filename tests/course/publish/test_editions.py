"""Editions for a class: without solutions, with them, and for nbgrader."""

import json
import shutil
import subprocess
import sys

import pytest

from course import catalogue
from course.publish import editions
from dli.exercises import checking

WITH_EXERCISES = [n for n in catalogue.notebooks() if n.cells("exercise")]
all_of_them = pytest.mark.parametrize("notebook", WITH_EXERCISES, ids=lambda n: n.id)


def _tagged(content, tag):
    return [c for c in content["cells"] if tag in c["metadata"].get("tags", ())]


@all_of_them
def test_a_students_edition_holds_no_solution(notebook):
    before = json.dumps(notebook.content)
    made = editions.student(notebook.content)
    text = json.dumps(made)
    for cell in notebook.cells("solution"):
        assert json.dumps(cell.source)[1:-1] not in text
    assert _tagged(made, "solution") == []
    assert len(_tagged(made, "exercise")) == len(notebook.cells("exercise"))
    cleared = editions.student(notebook.content, outputs=False)
    assert not any(cell.get("outputs") for cell in cleared["cells"])
    assert json.dumps(notebook.content) == before
    assert editions.student(notebook.content) == made, "twice gives no diff"


@all_of_them
def test_the_edition_for_after_the_deadline_hides_nothing(notebook):
    made = editions.solutions(notebook.content)
    solved = _tagged(made, "solution")
    assert len(solved) == len(notebook.cells("solution"))
    assert not any("jupyter" in cell["metadata"] for cell in solved)


@all_of_them
def test_an_assignment_grades_each_exercise_once(notebook):
    made = editions.assignment(notebook.content)
    about = [c["metadata"].get("nbgrader") for c in made["cells"]]
    about = [found for found in about if found]
    ids = [found["grade_id"] for found in about]
    assert len(set(ids)) == len(ids) == 2 * len(notebook.cells("exercise"))
    points = sum(found.get("points", 0) for found in about)
    assert points == len(notebook.cells("exercise"))
    assert _tagged(made, "solution") == [] and not any(
        cell.get("outputs") for cell in made["cells"]
    )
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            # nbgrader strips what stands between its marks; our stub stays open
            stub = cell["source"].split("### BEGIN SOLUTION")[0]
            assert "..." in stub and "exercises.check" not in cell["source"]
            assert "source_hidden" not in json.dumps(cell["metadata"])


@all_of_them
def test_the_graded_cells_give_points_to_solutions_and_none_to_stubs(notebook, capsys):
    """What stands between the marks passes; the stub alone does not."""
    for cell in notebook.cells("exercise"):
        _, (id, number, *_) = editions._without_check(cell.source)
        assert checking.verdict(id, number, *[...] * 3).state == checking.UNANSWERED
        with pytest.raises(AssertionError, match="not answered yet"):
            checking.grade(id, number, ...)


def test_grade_passes_what_check_calls_right(capsys):
    checking.grade("simple_cells", 1, "as many")
    assert "right" in capsys.readouterr().out


def test_an_exercise_without_check_or_solution_is_refused():
    def cell(tag, source):
        empty = {"outputs": [], "execution_count": None}
        return {
            "cell_type": "code",
            "source": source,
            "metadata": {"tags": [tag]},
            **empty,
        }

    check = 'a = ...\nexercises.check("x", 1, a)'
    for cells, why in (
        ([cell("exercise", check)], "no solution"),
        ([cell("exercise", "a = ..."), cell("solution", check)], "does not end"),
    ):
        with pytest.raises(ValueError, match=why):
            editions.assignment({"cells": cells, "metadata": {}})


def test_writing_twice_gives_no_diff(tmp_path):
    first = editions.write(tmp_path / "one")
    for one, two in zip(first, editions.write(tmp_path / "two")):
        assert one.read_bytes() == two.read_bytes()


NBGRADER = shutil.which("nbgrader", path=str(sys.prefix) + "/bin")


@pytest.mark.skipif(not NBGRADER, reason="nbgrader is not installed")
def test_nbgrader_generates_and_grades(tmp_path):
    name = "ch06_artificial_neurons"
    source = tmp_path / "source" / name
    source.mkdir(parents=True)
    notebook = catalogue.find("perceptron")
    text = json.dumps(editions.assignment(notebook.content))
    (source / "02_perceptron.ipynb").write_text(text)
    config = editions._NBGRADER_CONFIG.replace("dli-quick", "python3")
    (tmp_path / "nbgrader_config.py").write_text(config)

    def run(*words):
        command = [NBGRADER, *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    run("generate_assignment", name)
    released = (tmp_path / "release" / name / "02_perceptron.ipynb").read_text()
    assert "BEGIN SOLUTION" not in released
    for student, answers in (("ada", text), ("nobody", released)):
        folder = tmp_path / "submitted" / student / name
        folder.mkdir(parents=True)
        (folder / "02_perceptron.ipynb").write_text(answers)
    run("autograde", name)
    run("generate_feedback", name)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        scores = {
            found.student.id: (found.score, found.max_score)
            for found in book.assignment_submissions(name)
        }
    most = len(notebook.cells("exercise"))
    assert scores == {"ada": (most, most), "nobody": (0, most)}
