"""Notes the deprecation warnings of a kernel; its folder is on the kernel's path.

Python imports a module of this name when it starts. What is noted is not shown: a
service shows few of these warnings, and a recording none.
"""

import json
import os
import re
import warnings

_KINDS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)


def _package(file: str) -> str:
    """Whose code does what is going to end."""
    found = re.search(r"site-packages[\\/](\w+)", file)
    if found:
        return found[1]
    return "the notebook" if "ipykernel" in file else "Python"


def _note_into(target: str) -> None:
    shown, seen = warnings.showwarning, set()

    def note(message, category, filename, lineno, file=None, line=None):
        if not issubclass(category, _KINDS):
            return shown(message, category, filename, lineno, file, line)
        said = " ".join(str(message).split())
        key = (category.__name__, said, _package(filename))
        if key not in seen:
            seen.add(key)
            with open(target, "a", encoding="utf-8") as notes:
                notes.write(json.dumps([os.environ.get("DLI_NOTEBOOK", ""), *key]))
                notes.write("\n")

    warnings.showwarning = note
    for kind in _KINDS:
        warnings.simplefilter("default", kind)


if os.environ.get("DLI_DEPRECATIONS"):
    _note_into(os.environ["DLI_DEPRECATIONS"])
