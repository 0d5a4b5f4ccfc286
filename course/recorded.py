"""What a recording notes of its own outputs, so that an edit by hand is seen."""

from __future__ import annotations

import hashlib
import json


def outputs_hash(notebook) -> str:
    """SHA-256 of the outputs and counts of all code cells of a notebook (nbformat 4).

    `runner.record` notes it in the notebook, and the rules compare: a digit, a picture
    or a text alternative that was changed afterwards no longer fits. It guards against
    accidents and well-meant corrections. It proves nothing against somebody who notes
    a new hash too. It does not change when a notebook is written and read again.
    """
    found = [
        [cell["execution_count"], cell["outputs"]]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
