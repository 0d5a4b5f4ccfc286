"""The machine: processor, cores, memory, versions of packages."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil


def cores() -> int:
    """CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """The processor's name, as the system gives it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (
        found := re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text("utf-8"))
    ):
        return found[1]
    return platform.processor() or platform.machine()


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Versions of Python and of those packages that are installed."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


_TITLES = {
    **{"python": "Python", "numpy": "NumPy", "keras": "Keras"},
    **{"tensorflow": "TensorFlow", "torch": "PyTorch"},
}


def versions_in_words(found: Mapping[str, str]) -> str:
    """Such versions as a reader is told them: `"Python 3.11.7, NumPy 2.3.1"`."""
    return ", ".join(
        f"{title} {found[n]}" for n, title in _TITLES.items() if n in found
    )


NO_AVX = (
    "the kernel was stopped by an illegal instruction: this processor lacks AVX, which "
    "TensorFlow needs (the notebooks that need no Keras run all the same)"
)


def memory_of(process) -> int:
    """Bytes that a process and its children hold, or its own peak if that is more.

    Args:
        process: a `psutil.Process`.

    Raises:
        psutil.Error: it has ended.
    """
    family = (process, *process.children(recursive=True))
    now = sum(member.memory_info().rss for member in family)
    return max(now, peak_memory(process.pid))


def description(packages: Iterable[str]) -> dict:
    """This machine, to be printed with what is measured on it.

    Args:
        packages: those whose versions matter.

    Returns:
        `processor`, `cores`, `memory_gb` (10⁹ bytes), `system` and `versions`.
    """
    return {
        "processor": processor(),
        "cores": cores(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": platform.system(),
        "versions": versions(packages),
    }


def peak_memory(pid: int | None = None) -> int:
    """The most memory in bytes that a process has held so far.

    Args:
        pid: its id; this process by default.

    Returns:
        0 where the system does not keep it: on macOS for another process.
    """
    status = Path(f"/proc/{pid or 'self'}/status")
    if status.exists():  # what getrusage says there includes the parent's memory
        peak = re.search(r"VmHWM:\s*(\d+)", status.read_text("utf-8"))
        return int(peak[1]) * 1024 if peak else 0
    if sys.platform == "win32":
        return psutil.Process(pid).memory_info().peak_wset
    if pid not in (None, os.getpid()):
        return 0
    import resource  # POSIX only

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
