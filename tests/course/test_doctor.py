"""What the doctor says of a GPU."""

import json
import subprocess

import pytest

from course import cli, doctor
from dli import datasets


@pytest.fixture
def machine(monkeypatch):
    """A machine without trouble; the GPU is for the test to say."""

    def with_gpu(seen):
        text = "seen: GPU:0" if seen else "none: no NVIDIA driver"
        answer = (("Keras on a backend", False), text, seen)
        monkeypatch.setattr(doctor, "_backend", lambda: answer)

    fine = ("fine", False)
    for name in ("_packages", "_memory", "_disk"):
        monkeypatch.setattr(doctor, name, lambda: fine)
    monkeypatch.setattr(datasets, "status", list)
    monkeypatch.setenv("DLI_ENV", "current")
    return with_gpu


@pytest.mark.parametrize(
    ("options", "seen", "status"),
    [([], False, 0), ([], True, 0), (["--gpu"], True, 0), (["--gpu"], False, 1)],
)
def test_doctor_fails_for_want_of_a_gpu_only_where_asked(
    machine, capsys, options, seen, status
):
    machine(seen)
    assert cli.main(["doctor", *options]) == status
    printed = capsys.readouterr().out
    assert ("! gpu" in printed) == bool(status)
    assert ("--gpu" in printed) == bool(status)


def test_doctor_says_what_the_backend_sees(monkeypatch):
    def answer(gpus):
        line = json.dumps(["3.15.1", "tensorflow", "2.21.0", gpus, True])
        done = subprocess.CompletedProcess([], 0, stdout=line, stderr="")
        monkeypatch.setattr(doctor.subprocess, "run", lambda *a, **k: done)
        return doctor._backend()

    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert answer(["/physical_device:GPU:0"])[1:] == (
        "seen: /physical_device:GPU:0",
        True,
    )
    assert answer([])[2] is False
