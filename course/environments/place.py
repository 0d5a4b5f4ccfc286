"""An environment made from a list of packages, and what the launcher does in it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course import kernels
from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.check import rules
from course.kernels import Backend, Pace
from course.publish import launch

LISTS = ROOT / "tests" / "environments"
NOTING = Path(__file__).with_name("noting")

# Where the launcher's cell looks for this repository.
_OURS = launch.Repository("someone", "dli")
_THERE = f"git+https://github.com/{_OURS}"
# What `dli` is built from.
_OF_DLI = ("pyproject.toml", "README.md", "LICENSE", "dli/**/*.*", "notebooks/*.json")
_OF_DLI += ("notebooks/*/chapter.toml",)
_VERSIONS = """
import json, platform
from importlib.metadata import distributions
found = {d.name.lower(): d.version for d in distributions() if d.name}
print(json.dumps(found | {"python": platform.python_version()}))
"""


@dataclass(frozen=True)
class Listed:
    """A list of `tests/environments/`.

    Attributes:
        name: of its file.
        python: the version that its first line names, `"3.13"`.
        packages: as pip is asked for them; `-r` before a file of packages.
    """

    name: str
    python: str
    packages: tuple[str, ...]

    @classmethod
    def read(cls, name: str) -> Listed:
        """One list by its name.

        Raises:
            LookupError: there is none of that name.
            ValueError: its first line names no Python.
        """
        path = LISTS / f"{name}.txt"
        if not path.is_file():
            raise LookupError(f"no list {name!r}; there are: {', '.join(names())}")
        first, *lines = path.read_text("utf-8").splitlines()
        if not (found := re.fullmatch(r"# Python (3\.\d+)", first)):
            raise ValueError(f"{path.name}: the first line is no `# Python 3.x`")
        wanted = [line.strip() for line in lines if line.strip()]
        packages: list[str] = []
        for line in (line for line in wanted if line[0] != "#"):
            file = line.removeprefix("-r ")
            packages += (
                [line] if file == line else ["-r", str((LISTS / file).resolve())]
            )
        return cls(name, found[1], tuple(packages))


def names() -> list[str]:
    """The lists there are."""
    return sorted(path.stem for path in LISTS.glob("*.txt"))


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of work: on a busy machine they lie far apart.

    Attributes:
        seconds: by the clock.
        cpu: of a processor, by processes that have ended since.
    """

    seconds: float
    cpu: float

    @classmethod
    def begin(cls) -> Took:
        ended = os.times()
        return cls(time.monotonic(), ended.children_user + ended.children_system)

    def end(self) -> Took:
        """What has passed since `begin`."""
        now = Took.begin()
        return Took(now.seconds - self.seconds, now.cpu - self.cpu)


class Place:
    """The environment of one list, in a folder of its own.

    Args:
        listed: what is in it.
        folder: it is emptied first.
    """

    def __init__(self, listed: Listed, folder: Path) -> None:
        self.listed = listed
        self._folder = folder
        self._venv = folder / "venv"
        self._kernels = folder / "jupyter" / "kernels"
        binaries = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        self._python = self._venv / binaries
        self.deprecations = folder / "deprecations.jsonl"

    @property
    def jupyter_path(self) -> Path:
        """Where Jupyter finds the kernels of this environment."""
        return self._kernels.parent

    def make(self) -> None:
        """Make it anew.

        Raises:
            OSError: there is no such Python, or a package could not be installed.
        """
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        base = shutil.which(f"python{self.listed.python}")
        if not base:
            raise OSError(f"there is no python{self.listed.python} on the PATH")
        uv = shutil.which("uv")
        if uv:
            _call([uv, "venv", "--quiet", "--seed", "-p", base, self._venv])
            pip = [uv, "pip", "install", "--quiet", "--python", self._python]
        else:
            _call([base, "-m", "venv", self._venv])
            pip = [self._python, "-m", "pip", "install", "--quiet", "--no-input"]
        _call([*pip, *self.listed.packages])

    def versions(self) -> dict[str, str]:
        """What is installed, Python itself too: name to version."""
        done = subprocess.run(
            [self._python, "-c", _VERSIONS], capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    def first_figure(self, notebook: Notebook) -> tuple[Took, str]:
        """Run the launcher's copy of a notebook up to its first picture.

        The copy lies in an empty folder, and its kernel is no kernel of ours.

        Returns:
            What it took, the start of the kernel included; and what went wrong, if
            anything.
        """
        empty = self._folder / "elsewhere"
        empty.mkdir()
        self._write_kernel("service", {}, extension=False)
        copy = json.dumps(launch.hosted(notebook, _OURS))
        content = nbformat.reads(copy, as_version=4)
        content.cells = _to_the_first_picture(content.cells)
        for cell in content.cells:
            if cell.cell_type == "code":
                cell.source = self._from_here(cell.source)
                cell.outputs, cell.execution_count = [], None
        manager = AsyncKernelManager(
            kernel_name="service",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(self._kernels)]),
        )
        resources = {"metadata": {"path": str(empty)}}
        client = NotebookClient(
            content, km=manager, timeout=600, startup_timeout=180, resources=resources
        )
        ours = ("DLI_NOTEBOOKS", "DLI_CLONE", "DLI_ENV")
        env = {k: v for k, v in os.environ.items() if k not in ours}

        async def execute() -> None:
            try:
                await client.async_execute(env=env)
            finally:  # a manager that was handed in is not nbclient's to end
                await manager.shutdown_kernel(now=True)

        took = Took.begin()
        try:
            asyncio.run(execute())
        except CellExecutionError as error:
            return took.end(), f"{error.ename}: {error.evalue}"
        drawn = any(rules.picture(o) for o in rules.outputs(content))
        return took.end(), "" if drawn else "no picture came"

    def install(self, notebooks: Iterable[Notebook]) -> None:
        """Install what the launcher would for all of these notebooks, beside `dli`.

        Raises:
            OSError: a package could not be installed.
        """
        lacking = {package for n in notebooks for package in launch.may_lack(n)}
        if lacking:
            code, _, _ = launch.set_up(sorted(lacking)).partition("%load_ext")
            _call([self._python, "-c", code], cwd=self._folder)

    def _from_here(self, source: str) -> str:
        """The launcher's cell, which installs `dli` as it is in this clone."""
        copied = self._folder / "dli"
        if not copied.exists():
            for name in _OF_DLI:
                for path in ROOT.glob(name):
                    target = copied / path.relative_to(ROOT)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, target)
        return source.replace(_THERE, copied.as_uri())

    def add_kernel(self) -> str:
        """Write a kernel of ours that runs in this environment; its name."""
        name = kernels.name(Pace.QUICK)
        settings = kernels.environment(Pace.QUICK, Backend.TENSORFLOW, ROOT)
        self.deprecations.touch()
        settings |= {"PYTHONPATH": str(NOTING)}
        settings |= {"DLI_DEPRECATIONS": str(self.deprecations)}
        self._write_kernel(name, settings)
        return name

    def _write_kernel(
        self, name: str, settings: Mapping[str, str], *, extension: bool = True
    ) -> None:
        argv = [str(self._python), "-m", "ipykernel_launcher", "-f"]
        argv += ["{connection_file}"]
        if extension:
            argv += ["--IPKernelApp.capture_fd_output=False", "--ext=dli.kernel"]
        spec = {
            "argv": argv,
            "display_name": f"{self.listed.name}: {name}",
            "language": "python",
            "env": {"PYTHONPATH": "", **settings},
        }
        target = self._kernels / name / "kernel.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(spec), encoding="utf-8")


def _to_the_first_picture(cells: list) -> list:
    for number, cell in enumerate(cells, 1):
        if any(rules.picture(output) for output in cell.get("outputs", ())):
            return cells[:number]
    return cells


def _call(command: list, cwd: Path | None = None) -> None:
    command = [str(part) for part in command]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise OSError(f"`{' '.join(command)[:200]}` failed:\n{tail}")
