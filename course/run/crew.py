"""Executes notebooks, some at once, and hands on each as it is done.

Each notebook has a thread of its own, in which nbclient waits for the kernel. The
thread that asks for results watches meanwhile: it measures memory, and when the reader
interrupts it ends the kernels.
"""

from __future__ import annotations

import functools
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import psutil
from tqdm import tqdm

from course import machine
from course.catalogue import Notebook
from course.kernels import Backend, Pace
from course.run.execution import Execution
from course.run.results import Outcome, State

KERNEL_MEMORY = 4 * 2**30  # bytes to have free for each kernel


class Stop:
    """Whether the reader wants no further notebook to be run."""

    asked = False


@contextmanager
def interruptible() -> Iterator[Stop]:
    """Let Ctrl-C, SIGTERM and a closed terminal ask for a stop in good order."""
    stop = Stop()

    def ask(*_):
        stop.asked = True

    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # Under nohup, a closed terminal is to be ignored.
            if number and signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def default_jobs(pace: Pace) -> int:
    """How many notebooks at once: two, if cores and memory allow it.

    At full pace one: two would change each other's times.
    """
    fits = psutil.virtual_memory().available >= 2 * KERNEL_MEMORY
    return 2 if pace != Pace.FULL and machine.cores() >= 2 and fits else 1


def outcomes(
    notebooks: Sequence[Notebook],
    pace: Pace,
    backend: Backend,
    stop: Stop,
    jobs: int = 1,
    settings: Callable[[Notebook], Mapping[str, str]] = lambda _: {},
) -> Iterator[Outcome]:
    """Execute notebooks and yield what becomes of each, in the order of their ends.

    `settings` says what else a notebook's kernel finds in its environment. When a stop
    is asked for, or the caller leaves the loop, the kernels are ended, and what they
    were at is not yielded.
    """
    running: list[Execution] = []

    def one(number: int, notebook: Notebook) -> Outcome | None:
        if stop.asked:
            return None
        title = f"{number}/{len(notebooks)} {notebook.name}"
        begin = functools.partial(
            Execution, notebook, pace, backend, settings(notebook)
        )
        return _outcome(notebook, backend, begin, title, running)

    with ThreadPoolExecutor(jobs) as pool:
        under_way = {
            pool.submit(one, *numbered) for numbered in enumerate(notebooks, 1)
        }
        try:
            while under_way and not stop.asked:
                done, under_way = wait(under_way, 0.5, FIRST_COMPLETED)
                for execution in running.copy():
                    execution.watch()
                for future in done:
                    outcome = future.result()
                    if outcome and not (stop.asked and outcome.state == State.FAILED):
                        yield outcome
        finally:
            _end(under_way, running)


def _end(under_way: set[Future], running: list[Execution]) -> None:
    for future in under_way:
        future.cancel()
    while wait(under_way, 0.2).not_done:
        for execution in running.copy():
            execution.kill()


def _outcome(
    notebook: Notebook,
    backend: Backend,
    begin: Callable[[], Execution],
    title: str,
    running: list[Execution],
) -> Outcome:
    try:
        if lack := notebook.lacks(backend):
            return Outcome(notebook, State.LACKS, lack)
        execution = begin()
    except OSError as error:
        return Outcome(notebook, State.NO_NOTEBOOK, f"can't be read: {error}")
    except ValueError as error:
        return Outcome(notebook, State.NO_NOTEBOOK, f"not a notebook: {error}")
    running.append(execution)
    started = time.monotonic()
    try:
        with _bar(execution.cells, title) as bar:
            error = execution.run(bar.update)
    finally:
        running.remove(execution)
    return Outcome(
        notebook,
        State.FAILED if error else State.RAN,
        error,
        execution.content,
        time.monotonic() - started,
        execution.memory,
    )


def _bar(cells: int, title: str) -> tqdm:
    return tqdm(
        total=cells,
        desc=title,
        unit="cell",
        bar_format="{desc:<72} {n:>3}/{total} cells  {elapsed}",
    )
