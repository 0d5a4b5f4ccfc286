"""Notes the deprecation warnings of a kernel; its folder is on the kernel's path.

Python imports a module of this name when it starts. Filters stay as they are: what a
notebook shows is what it would show without us. What C code warns of and Python hides
is not seen.
"""

import json
import os
import re
import sys
import warnings

_KINDS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)


def _package(file: str) -> str:
    """Whose code does what is going to end."""
    found = re.search(r"site-packages[\\/](\w+)", file)
    if found:
        return found[1]
    return "the notebook" if "ipykernel" in file else "Python"


def _note_into(target: str) -> None:
    warn, show, seen = warnings.warn, warnings.showwarning, set()

    def note(message, category, filename):
        said = " ".join(str(message).split())
        key = (category.__name__, said, _package(filename))
        if issubclass(category, _KINDS) and key not in seen:
            seen.add(key)
            with open(target, "a", encoding="utf-8") as notes:
                notes.write(json.dumps([os.environ.get("DLI_NOTEBOOK", ""), *key]))
                notes.write("\n")

    def warns(message, category=None, stacklevel=1, *args, **kwargs):
        own = type(message) if isinstance(message, Warning) else category
        frame = sys._getframe(1)
        for _ in range(stacklevel - 1):
            frame = frame.f_back or frame
        note(message, own or UserWarning, frame.f_code.co_filename)
        return warn(message, category, stacklevel + 1, *args, **kwargs)

    def shows(message, category, filename, *args, **kwargs):
        note(message, category, filename)
        return show(message, category, filename, *args, **kwargs)

    warnings.warn, warnings.showwarning = warns, shows


if os.environ.get("DLI_DEPRECATIONS"):
    _note_into(os.environ["DLI_DEPRECATIONS"])
