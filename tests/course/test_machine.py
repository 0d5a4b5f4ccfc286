"""The machine as it is described beside measurements."""

import os
import subprocess
import sys

from course import machine


def test_description_names_only_installed_packages():
    found = machine.description(["numpy", "no-such-package"])
    assert list(found["versions"]) == ["python", "numpy"]
    assert found["processor"] and found["cores"] >= 1 and found["memory_gb"] >= 1


def test_peak_memory_is_kept_after_the_memory_is_freed():
    code = (
        "from course import machine\n"
        "before = machine.peak_memory()\n"
        "held = b'x' * 200_000_000\n"
        "del held\n"
        "print(machine.peak_memory() - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert 150e6 < int(done.stdout) < 250e6


def test_peak_memory_of_a_process_by_its_id():
    apart = machine.peak_memory(os.getpid()) - machine.peak_memory()
    assert abs(apart) < 10e6
