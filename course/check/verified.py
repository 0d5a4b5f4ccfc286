"""When a recording was last executed once more and compared: `notebooks/verified.json`.

`course verify` writes it, and a notebook's page shows it. An entry counts only as long
as the notebook holds the recording that was compared.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from course import catalogue, machine
from course.catalogue import Notebook
from course.check import passed
from course.files import write_whole
from course.recording import code_hash, outputs_hash
from course.run.results import Result, State

FILE = "verified.json"

#: Whose versions are noted beside Python's.
PACKAGES = ("keras", "tensorflow", "torch", "numpy")


def note(found: Iterable[Result]) -> None:
    """Note the notebooks that have passed, each with day, device and versions.

    Args:
        found: of `course verify`; what has not passed is left as it is.
    """
    noted = _all()
    for result in found:
        if result.state == State.RAN and result.key and not result.is_outside:
            (notebook,) = catalogue.select([result.name])
            noted[notebook.id] = {
                "on": time.strftime("%Y-%m-%d", time.gmtime(result.passed)),
                "device": passed.device(),
                "versions": machine.versions(PACKAGES),
                "recording": _recording(notebook),
            }
    order = [notebook.id for notebook in catalogue.notebooks()]
    kept = {id: noted[id] for id in order if id in noted}
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    write_whole(catalogue.folder() / FILE, text)


def of(notebook: Notebook) -> str:
    """When and with what a notebook's recording was last compared; empty if never."""
    noted = _all().get(notebook.id)
    if not noted or noted["recording"] != _recording(notebook):
        return ""
    used = machine.versions_in_words(noted["versions"])
    return f"{noted['on']}, on {noted['device']}, with {used}"


def _all() -> dict[str, dict]:
    path = catalogue.folder() / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _recording(notebook: Notebook) -> str:
    content = json.loads(notebook.path.read_text(encoding="utf-8"))
    return f"{code_hash(content)[:16]}-{outputs_hash(content)[:16]}"
