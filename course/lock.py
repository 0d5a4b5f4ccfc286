"""`course lock`: compile the files of pinned packages, with uv."""

from __future__ import annotations

import shutil
import subprocess

from course import bootstrap
from course.bootstrap import ROOT

# Of pyproject.toml. `cluster` stays out: Ray is large, and one cell can use it.
_EXTRAS = ("notebooks", "course", "test")
# JupyterHub is the one of the chart in docker/classroom/README.md.
_HUB = "jupyterhub==5.5.*"
# Build arguments of the Dockerfile, and what they add; `classroom` is for `course
# classroom`, on one server.
_ADDED = {
    "gpu": "tensorflow[and-cuda]",
    "hub": _HUB,
    "classroom": f"{_HUB}\njupyterhub-idle-culler==1.*\n"
    "jupyterhub-nativeauthenticator==1.*",
}


def compile_all() -> int:
    """Write requirements.txt and what the images add to it; the exit status.

    Raises:
        SetupError: uv is not here.
    """
    uv = shutil.which("uv")
    if not uv:
        raise bootstrap.SetupError("`lock` needs uv: pip install uv")
    compile_ = [uv, "pip", "compile", "--universal", "--fork-strategy=fewest"]
    compile_ += ["--python-version=3.11", "--generate-hashes", "--quiet"]
    extras = [f"--extra={name}" for name in _EXTRAS]
    command = [*compile_, *extras, "pyproject.toml", "-o", "requirements.txt"]
    command += ["--custom-compile-command=python -m course lock"]
    if failed := subprocess.call(command, cwd=ROOT):
        return failed
    # What some images add: only the packages that requirements.txt does not hold.
    held = [f"--no-emit-package={pin.split('==')[0]}" for pin in bootstrap.pins()]
    for name, wanted in _ADDED.items():
        command = [*compile_, "--constraints=requirements.txt", *held, "--no-annotate"]
        command += ["--custom-compile-command=python -m course lock", "-"]
        command += ["-o", f"docker/requirements-{name}.txt"]
        done = subprocess.run(command, cwd=ROOT, input=wanted, text=True)
        if done.returncode:
            return done.returncode
    return 0
