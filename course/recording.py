"""What a recording is: the canonical form of an executed notebook, and its two hashes.

What changes from run to run is stripped, and two hashes say which code and which
outputs belong together: one tells that a recording is stale, the other that somebody
has edited an output.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import nbformat

from dli import interactive


def canonical(content, made_with: Mapping[str, str] | None = None):
    """Strip what changes from run to run, and note what the outputs belong to.

    Args:
        content: an executed notebook (nbformat 4); it is changed in place.
        made_with: versions and device that it ran with. No date: recorded again, the
            same code on the same machine gives the same file.
    """
    noted = {"code_sha256": code_hash(content)}
    content.metadata = nbformat.from_dict(
        {
            "dli": noted | ({"made_with": dict(made_with)} if made_with else {}),
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    for cell in content.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    content = interactive.without_plots(content)
    content.metadata["dli"]["outputs_sha256"] = outputs_hash(content)
    return content


def _joined(outputs: list) -> list:
    """Outputs with the pieces of a stream put together: where it was cut is chance."""
    joined: list = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text  # only streams have names
        else:
            joined.append(output)
    return joined


def made_with(content) -> dict[str, str]:
    """Versions and device of a recording; empty for those that do not tell."""
    return dict(content["metadata"].get("dli", {}).get("made_with", {}))


def is_stale(content) -> bool:
    """Whether the code of a recording has changed since it was recorded."""
    return _noted(content, "code_sha256") != code_hash(content)


def is_edited(content) -> bool:
    """Whether an output of a recording has changed since it was recorded."""
    return _noted(content, "outputs_sha256") != outputs_hash(content)


def _noted(content, name: str) -> str | None:
    return content["metadata"].get("dli", {}).get(name)


def code_hash(content) -> str:
    """SHA-256 of all code cells: outputs recorded under another hash are stale."""
    code = ["".join(c["source"]) for c in content["cells"] if c["cell_type"] == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()


def outputs_hash(content) -> str:
    """SHA-256 of the outputs and counts of all code cells of a notebook (nbformat 4).

    `record` notes it in the notebook, and the rules compare: a digit, a picture or a
    text alternative that was changed afterwards no longer fits. It guards against
    accidents and well-meant corrections. It proves nothing against somebody who notes
    a new hash too. It does not change when a notebook is written and read again.
    """
    found = [
        [cell["execution_count"], cell["outputs"]]
        for cell in content["cells"]
        if cell["cell_type"] == "code"
    ]
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
