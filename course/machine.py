"""What a measurement is measured on: processor, cores, versions of packages."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def cores() -> int:
    """CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """The processor's name, as the system tells it."""
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
    status = Path(f"/proc/{process.pid}/status")  # Linux notes the peak itself
    if status.exists() and (peak := re.search(r"VmHWM:\s*(\d+)", status.read_text())):
        return max(now, int(peak[1]) * 1024)
    return now
