"""Editions of a recorded notebook for a class; pure functions of its content.

    student      no solution anywhere in the file, exercises open
    solutions    all in view, for after the deadline
    assignment   with nbgrader's metadata: `nbgrader generate_assignment` makes the
                 students' version of it, `autograde` gives points for right answers

`course editions` writes all three into `build/editions/`.
"""

from __future__ import annotations

import ast
import copy
import json
from pathlib import Path

from course import catalogue
from course.bootstrap import ROOT
from course.files import write_whole

INTO = ROOT / "build" / "editions"

# nbgrader puts this where a solution stood: the stub above it is ours.
_NBGRADER_CONFIG = '''\
"""nbgrader's settings for these assignments; written by `course editions`."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "deep-learning-illustrated"
c.ClearSolutions.code_stub = {"python": "# (your answer stands above this line)"}
# At quick pace a notebook takes seconds; what is graded does not depend on training.
c.ExecutePreprocessor.kernel_name = "dli-quick"
c.ExecutePreprocessor.timeout = 300
'''


def student(content: dict, *, outputs: bool = True) -> dict:
    """A notebook without solutions.

    Args:
        content: nbformat 4; it is not changed.
        outputs: keep the recorded outputs; without them a class sees its own first.
    """
    made = copy.deepcopy(content)
    made["cells"] = [cell for cell in made["cells"] if "solution" not in _tags(cell)]
    if not outputs:
        _clear(made)
    return _edition(made)


def solutions(content: dict) -> dict:
    """A notebook with every solution and its output in view."""
    made = copy.deepcopy(content)
    for cell in made["cells"]:
        if "solution" in _tags(cell):
            cell["metadata"].pop("jupyter", None)
    return _edition(made)


def assignment(content: dict) -> dict:
    """A notebook as nbgrader's instructor version: one point for each exercise.

    Each exercise becomes an answer cell (stub, and the solution between nbgrader's
    marks) and a locked cell that grades it.

    Raises:
        ValueError: an exercise has no solution, or its stub no check.
    """
    made = copy.deepcopy(content)
    cells = []
    waiting = None  # the stub whose solution is still to come
    for cell in made["cells"]:
        if "exercise" in _tags(cell):
            if waiting is not None:
                raise ValueError(f"no solution for\n{_source(waiting)}")
            waiting = cell
        elif "solution" in _tags(cell) and waiting is not None:
            cells += _graded(waiting, cell)
            waiting = None
        else:
            cells.append(cell)
    if waiting is not None:
        raise ValueError(f"no solution for\n{_source(waiting)}")
    made["cells"] = cells
    _clear(made)
    return _edition(made)


def _graded(stub: dict, solution: dict) -> list[dict]:
    """The answer cell and the cell that grades it."""
    open_part, (notebook, number, *answers) = _without_check(_source(stub))
    solved, _ = _without_check(_source(solution))
    source = f"{open_part}\n\n### BEGIN SOLUTION\n{solved}\n### END SOLUTION"
    answer = {
        **_cell(f"answer-{number}", source),
        "metadata": {"nbgrader": _about(f"answer-{number}", solution=True)},
    }
    grade = f'exercises.grade("{notebook}", {number}, {", ".join(answers)})'
    check = {
        **_cell(f"check-{number}", f"from dli import exercises\n\n{grade}"),
        "metadata": {
            "nbgrader": _about(f"check-{number}", grade=True, locked=True, points=1)
        },
    }
    return [answer, check]


def _without_check(source: str) -> tuple[str, list[str]]:
    """A cell's code without its last `exercises.check(…)`, and what that was given.

    Returns:
        The code; the notebook's id, the exercise's number, and the answers as code.

    Raises:
        ValueError: the cell does not end in a check.
    """
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    is_check = (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and ast.unparse(last.value.func) == "exercises.check"
    )
    if not is_check:
        raise ValueError(f"this exercise does not end in exercises.check:\n{source}")
    notebook, number, *answers = last.value.args
    code = "\n".join(source.splitlines()[: last.lineno - 1]).rstrip()
    found = [ast.literal_eval(notebook), ast.literal_eval(number)]
    return code, [*found, *map(ast.unparse, answers)]


def _about(grade_id: str, **fields) -> dict:
    """nbgrader's metadata of a cell (schema 3)."""
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    return {**plain, "schema_version": 3, "grade_id": grade_id, **fields}


def _cell(id: str, source: str) -> dict:
    empty = {"execution_count": None, "outputs": []}
    return {"cell_type": "code", "id": id, "source": source, **empty}


def _source(cell: dict) -> str:
    return "".join(cell["source"])


def _tags(cell: dict) -> set[str]:
    return set(cell["metadata"].get("tags", ()))


def _clear(content: dict) -> None:
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def _edition(content: dict) -> dict:
    """An edition is no recording: without the hashes that say so."""
    content["metadata"].pop("dli", None)
    return content


def write(into: Path = INTO, *, outputs: bool = True) -> list[Path]:
    """Write all editions of all notebooks that have exercises.

    Args:
        into: the folder; files of the same names are replaced.
        outputs: whether the students' edition keeps the recorded outputs.

    Returns:
        The files written.

    Raises:
        OSError: they can't be written.
    """
    written = []
    for notebook in catalogue.notebooks():
        made = {
            "student": student(notebook.content, outputs=outputs),
            "solutions": solutions(notebook.content),
        }
        if notebook.cells("exercise"):
            made["assignment/source"] = assignment(notebook.content)
        for edition, content in made.items():
            target = into / edition / f"{notebook.name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(content, indent=1, ensure_ascii=False)
            write_whole(target, text + "\n")
            written.append(target)
    config = into / "assignment" / "nbgrader_config.py"
    write_whole(config, _NBGRADER_CONFIG)
    return [*written, config]
