"""One notebook on its way through a kernel of its own.

It is executed by nbclient in its own folder, as JupyterLab would.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course import kernels, machine
from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.kernels import Backend, Pace

START_TIMEOUT = 180  # seconds: a classroom server may be busy
OUTPUT_TIMEOUT = 60  # seconds after a cell has ended in which its outputs must be here

_OF_THE_SHELL = (
    *("DLI_KEEP", "DLI_PACE", "DLI_PROGRESS", "DLI_SEED", "DLI_SOLUTIONS"),
    "DLI_VERIFY",
    "IPYTHONDIR",
)


def kernel_environment() -> dict[str, str]:
    """What the kernels that `course` starts begin with; a kernel's own settings follow.

    No live progress, which would leave empty outputs behind, and no IPython profile of
    the reader's, which can change what a cell shows.
    """
    env = {k: v for k, v in os.environ.items() if k not in _OF_THE_SHELL}
    return env | {"DLI_PROGRESS": "0", "IPYTHONDIR": str(ROOT / "runs" / ".ipython")}


class Execution:
    """One notebook, its kernel, and what is measured of both.

    `run` is called once; `watch` and `kill` are for other threads meanwhile.

    Args:
        notebook: it is not changed.
        pace: how much of the work is done.
        backend: the backend of Keras.
        settings: further variables of the kernel's environment.

    Raises:
        OSError: the file can't be read.
        ValueError: it holds no notebook.
    """

    def __init__(
        self,
        notebook: Notebook,
        pace: Pace,
        backend: Backend = Backend.TENSORFLOW,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._environment = kernel_environment() | dict(settings or {})
        try:
            self.content = nbformat.read(notebook.path, as_version=4)
            for cell in self.content.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
        except (KeyError, AttributeError) as error:
            raise ValueError(f"no notebook of format 4: {error}") from error
        self.memory = 0  # bytes: the most that the kernel and its children held
        self._timeout = kernels.CELL_TIMEOUT[pace]
        self._process: psutil.Process | None = None
        self._popen = None  # of the same process: it knows how the kernel ended
        self._client = NotebookClient(
            self.content,
            kernel_name=kernels.name(pace, backend),
            timeout=self._timeout,
            startup_timeout=START_TIMEOUT,
            iopub_timeout=OUTPUT_TIMEOUT,
            raise_on_iopub_timeout=True,  # otherwise outputs are lost in silence
            resources={"metadata": {"path": str(notebook.path.parent)}},
            record_timing=False,
        )

    @property
    def cells(self) -> int:
        """How many cells will be executed."""
        return sum(
            cell.cell_type == "code" and bool(cell.source.strip())
            for cell in self.content.cells
        )

    def run(self, cell_done: Callable[[], object] = lambda: None) -> str:
        """Execute from the first cell to the last.

        After an error the notebook holds the outputs up to it.

        Args:
            cell_done: called after each cell.

        Returns:
            What went wrong; empty if all cells ran.
        """

        def executed(**_):
            self.watch()
            cell_done()

        self._client.on_cell_start = lambda **_: self.watch()
        self._client.on_cell_executed = executed
        # What libraries print below Python would tear the progress display apart; it
        # is wanted only when a kernel dies.
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            try:
                asyncio.run(
                    self._client.async_execute(
                        env=self._environment, stdout=log, stderr=log
                    )
                )
            except CellExecutionError as error:
                return f"{error.ename}: {error.evalue}"
            except CellTimeoutError as error:
                if "IOPub" in str(error):
                    return f"outputs did not arrive within {OUTPUT_TIMEOUT} s"
                return f"a cell ran for more than {self._timeout:,} s"
            except DeadKernelError:
                log.seek(0)
                last = "\n".join(log.read().splitlines()[-20:])
                return f"{self._how_it_died()}; its last words:\n{last}"
            except Exception as error:  # the other notebooks still have their turn
                return f"the kernel failed: {type(error).__name__}: {error}"
            finally:
                self._end_group()
                # nbclient leaves it behind when a kernel dies while it starts.
                atexit.unregister(self._client._cleanup_kernel)
        return ""

    def watch(self) -> None:
        """Note the memory that the kernel and its children hold."""
        with suppress(psutil.Error, OSError):
            if kernel := self._kernel():
                self.memory = max(self.memory, machine.memory_of(kernel))

    def kill(self) -> None:
        """End the kernel at once, with all that it started."""
        with suppress(psutil.Error):
            if kernel := self._kernel():
                for process in (*kernel.children(recursive=True), kernel):
                    process.kill()
        self._end_group()

    def _how_it_died(self) -> str:
        if self._popen and self._popen.poll() == -signal.SIGILL:
            return machine.NO_AVX
        return "the kernel died (out of memory?)"

    def _kernel(self) -> psutil.Process | None:
        """The process of the kernel, once there is one."""
        provisioner = getattr(self._client.km, "provisioner", None)
        if self._process is None and getattr(provisioner, "pid", None):
            self._process = psutil.Process(provisioner.pid)
            self._popen = provisioner.process
        return self._process

    def _end_group(self) -> None:
        """End what the kernel has started and left behind."""
        if self._process and hasattr(os, "killpg"):  # a kernel leads a group of its own
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
