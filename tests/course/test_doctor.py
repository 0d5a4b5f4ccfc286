"""What the doctor says of a GPU."""

import os
import subprocess

import pytest

from course import cli, doctor, gpu
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


@pytest.fixture
def smi(monkeypatch, tmp_path):
    """A made-up `nvidia-smi` on the PATH, which says what the test wants."""
    for name in ("CUDA_VISIBLE_DEVICES", "TF_FORCE_GPU_ALLOW_GROWTH"):
        monkeypatch.delenv(name, raising=False)

    def says(text, status=0):
        script = tmp_path / "nvidia-smi"
        script.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\nexit {status}\n")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return says


@pytest.fixture
def sees(monkeypatch):
    """What the backend answers, in place of asking it."""

    def these(*gpus, has_cuda=True):
        found = gpu.Backend("3.15.1", "tensorflow", "2.21.0", gpus, has_cuda)
        monkeypatch.setattr(gpu, "backend", lambda: found)

    return these


H100 = "NVIDIA H100 80GB HBM3, 81559, 40960, 570.86"
posix = pytest.mark.skipif(os.name == "nt", reason="the made-up one is a shell script")


def test_doctor_says_what_the_backend_sees(monkeypatch, sees):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    sees("NVIDIA H100")
    assert doctor._backend()[1:] == ("tensorflow sees NVIDIA H100", True)
    sees()
    _, words, seen = doctor._backend()
    assert "no NVIDIA driver" in words and not seen


@posix
def test_doctor_says_why_a_card_is_not_seen(monkeypatch, smi, sees):
    smi(H100)
    sees()
    assert "did not find its CUDA libraries" in doctor._backend()[1]
    sees(has_cuda=False)
    assert "built without CUDA" in doctor._backend()[1]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "CUDA_VISIBLE_DEVICES hides it" in doctor._backend()[1]
    assert gpu.device() == "CPU"


@posix
def test_doctor_says_which_card_how_much_memory_and_what_two_kernels_do(
    monkeypatch, smi
):
    smi(f"{H100}\nNVIDIA GB10, [N/A], [N/A], 580.95")
    first, second, both = doctor._cards(seen=True)
    assert first == "NVIDIA H100 80GB HBM3: 40.0 of 79.6 GiB free, driver 570.86"
    assert second == "NVIDIA GB10: it shares the machine's memory, driver 580.95"
    assert "let it grow" in both and "out of memory" in both
    monkeypatch.setenv("TF_FORCE_GPU_ALLOW_GROWTH", "false")
    assert "the first kernel takes all memory" in doctor._cards(seen=True)[2]
    assert len(doctor._cards(seen=False)) == 2, "nothing runs on a card nobody sees"


@posix
def test_a_driver_that_does_not_answer_is_named(smi):
    smi("NVIDIA-SMI has failed because it couldn't communicate", status=9)
    assert doctor._cards(seen=False) == [
        "nvidia-smi does not answer: the driver does not run"
    ]


@posix
def test_a_device_is_named_as_the_backend_names_it(smi, sees, monkeypatch):
    smi(H100)
    sees("NVIDIA H100 80GB HBM3")
    assert gpu.device() == "NVIDIA H100 80GB HBM3"
    sees()
    assert gpu.device() == "CPU"


def test_without_a_driver_there_is_no_card(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpu.cards() is None and doctor._cards(seen=False) == []
    assert gpu.device() == "CPU"


def test_keras_that_does_not_start_is_named(monkeypatch):
    def ends(status, said=""):
        done = subprocess.CompletedProcess([], status, stdout="", stderr=said)
        monkeypatch.setattr(gpu.subprocess, "run", lambda *a, **k: done)
        return doctor._backend()[0]

    assert ends(1, "Traceback\nImportError: no libcudart") == (
        "Keras does not start: ImportError: no libcudart",
        True,
    )
    assert "lacks AVX" in ends(-4)[0]
