"""Which exercises are done, read from files."""

import json

import pytest
from nbformat import v4

from course import progress


def cell(number, said=None, tag="exercise", call="exercises.check"):
    outputs = [v4.new_output("stream", text=said)] if said else []
    return v4.new_code_cell(
        f'{call}("shallow_net", {number}, answer)',
        outputs=outputs,
        metadata={"tags": [tag]},
    )


def content(*cells):
    return v4.new_notebook(cells=[v4.new_markdown_cell("# Title"), *cells])


ANSWERED = content(
    cell(1, "Exercise 1: right. Because.\n"),
    cell(1, "Exercise 1: right.\n", tag="solution"),
    cell(2, "trying\nExercise 2: not yet.\nanswer(1) should be 2\n"),
    cell(3, "Exercise 3: not answered yet.\n"),
    cell(4),
)


def test_the_states_of_exercises():
    assert progress.of(ANSWERED) == (
        "shallow_net",
        {1: "right", 2: "not yet", 3: "not answered", 4: "not answered"},
    )


def test_a_solution_is_nobodys_answer():
    solved = content(cell(1), cell(1, "Exercise 1: right.\n", tag="solution"))
    assert progress.of(solved)[1] == {1: "not answered"}


def test_a_class(tmp_path):
    for who, made in (("ada", ANSWERED), ("bob", content(cell(1)))):
        folder = tmp_path / who / "ch05"
        folder.mkdir(parents=True)
        (folder / "01.ipynb").write_text(json.dumps(made))
    (tmp_path / "bob" / "half.ipynb").write_text('{"cells": [')
    (tmp_path / "bob" / ".ipynb_checkpoints").mkdir()
    hidden = tmp_path / "bob" / ".ipynb_checkpoints" / "01.ipynb"
    hidden.write_text(json.dumps(ANSWERED))
    (tmp_path / "ada" / "own.ipynb").write_text(json.dumps(content()))
    found = progress.look([tmp_path])
    assert [(d.who, d.notebook, d.states and len(d.states)) for d in found] == [
        ("ada", "shallow_net", 4),
        ("bob", "shallow_net", 1),
        ("bob", "half.ipynb", None),
    ]
    told = progress.table(found)
    assert "ada  shallow_net  +-..   1 of 4" in told
    assert "can't be read" in told and "1 of 5 exercises right" in told
    rows = progress.as_csv(found).splitlines()
    assert rows[0] == "who,notebook,exercise,state"
    assert rows[2] == "ada,shallow_net,2,not yet" and len(rows) == 7


def test_a_place_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no"):
        progress.look([tmp_path / "nowhere"])
