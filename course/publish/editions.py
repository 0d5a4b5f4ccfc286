"""Editions of a recorded notebook for a class; pure functions of its content.

Student: no solution anywhere in the file, exercises open. Solutions: all in view, for
after the deadline.
"""

from __future__ import annotations

import copy


def _tags(cell: dict) -> set[str]:
    return set(cell["metadata"].get("tags", ()))


def student(content: dict, *, outputs: bool = True) -> dict:
    """A notebook without solutions.

    Args:
        content: nbformat 4; it is not changed.
        outputs: keep the recorded outputs; without them a class sees its own first.
    """
    made = copy.deepcopy(content)
    made["cells"] = [cell for cell in made["cells"] if "solution" not in _tags(cell)]
    if not outputs:
        for cell in made["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
    _unrecorded(made)
    return made


def solutions(content: dict) -> dict:
    """A notebook with every solution and its output in view."""
    made = copy.deepcopy(content)
    for cell in made["cells"]:
        if "solution" in _tags(cell):
            cell["metadata"].pop("jupyter", None)
    return made


def _unrecorded(content: dict) -> None:
    """An edition is no recording: without the hashes that say so."""
    content["metadata"].pop("dli", None)
