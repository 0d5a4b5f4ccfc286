"""Progress of a download: seen while it lasts, gone when it is over.

Shown in a terminal and in an interactive notebook. Nothing is shown where output is
piped, nor where `DLI_PROGRESS=0`, as in kernels whose output is recorded: a first run
and a later one must leave the same record.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Bar(Protocol):
    """What a download tells its progress to."""

    def update(self, size: int) -> object:
        """Counts `size` more bytes; negative when a transfer starts again."""


class _NoBar:
    def update(self, size: int) -> None:
        pass


@contextmanager
def bar(title: str, total: int = 0) -> Iterator[Bar]:
    """A progress bar in bytes.

    Args:
        title: the file's name.
        total: bytes to come, 0 if unknown.
    """
    out = _output()
    if out is None:
        yield _NoBar()
        return
    from tqdm import tqdm

    with tqdm(
        desc=title,
        total=total or None,
        unit="B",
        unit_scale=True,
        leave=False,
        file=out,
        ncols=None if out is sys.stderr else 80,
    ) as shown:
        yield shown


@contextmanager
def line(text: str) -> Iterator[None]:
    """One line that stands while something of unknown length happens."""
    out = _output()
    if out is None:
        yield
        return
    from tqdm import tqdm

    with tqdm(desc=text, bar_format="{desc} …", leave=False, file=out):
        yield


def _output():
    """Where progress goes: the terminal, a notebook's display, or nowhere."""
    if os.environ.get("DLI_PROGRESS", "").strip() == "0":
        return None
    if sys.stderr is not None and sys.stderr.isatty():
        return sys.stderr
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and getattr(shell, "kernel", None) is not None:
        return _Display(shell.execution_count)
    return None


class _Display:
    """A file whose last written line is shown in a notebook and then blanked.

    One such line a cell: the next download of the same cell takes the same place.
    """

    _shown: tuple[int, object] = (-1, None)  # the cell's count, its display handle

    def __init__(self, count: int) -> None:
        self.count = count

    def write(self, text: str) -> None:
        from IPython.display import display

        line = {"text/plain": text.strip("\r\n ")}
        count, handle = _Display._shown
        if handle is not None and count == self.count:
            handle.update(line, raw=True)
        else:
            handle = display(line, raw=True, display_id=True)
            _Display._shown = (self.count, handle)

    def flush(self) -> None:
        pass
