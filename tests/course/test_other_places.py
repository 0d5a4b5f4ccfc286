"""Clones, homes and checkouts that are not as ours.

Networks behind proxies are in `tests/dli/datasets/test_delivery.py`, caches that can't
be written in `test_loader.py`, other packages in `test_environments.py`.
"""

import json
import os
import re
import stat
import sys
from pathlib import Path

import nbformat
import pytest

from course import bootstrap, catalogue, cli, kernels, record, recording
from course.bootstrap import ROOT, Venv
from course.run import results
from dli import facts
from dli.files import replacing
from tests.support.house import House

DRAWS = """
import os
import matplotlib.pyplot as plt
from dli import figures
fig, ax = plt.subplots()
ax.plot([1, 2])
figures.show(fig, alt="a line that rises from one to two")
print(os.path.basename(os.getcwd()))
"""


def test_a_clone_with_spaces_and_letters_of_other_alphabets(tmp_path, monkeypatch):
    folder = tmp_path / "Bücher und 深度学习 [2026] 100 % $HOME"
    folder.mkdir()
    house = House(folder, monkeypatch)
    notebook = house.add("ch05_first/01_drawn", DRAWS)
    (result,) = record.record([notebook])
    assert result.is_ok, result.reason
    content = nbformat.read(notebook.path, as_version=4)
    assert content.cells[1].outputs[-1].text == "ch05_first\n"
    monkeypatch.setattr(kernels.sys, "prefix", str(folder))
    (path, *_) = kernels.install(folder)
    spec = json.loads(path.read_text("utf-8"))
    assert spec["env"]["DLI_CLONE"] == str(folder)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="nothing can be made in /proc")
def test_a_home_that_cannot_be_written(tmp_path, monkeypatch):
    house = House(tmp_path, monkeypatch)
    notebook = house.add("ch05_first/01_drawn", DRAWS)
    for name in ("JUPYTER_RUNTIME_DIR", "XDG_CACHE_HOME", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/proc/nobody")
    (result,) = record.record([notebook])
    assert result.is_ok, result.reason
    content = nbformat.read(notebook.path, as_version=4)
    kinds = [o.get("name", o.output_type) for o in content.cells[1].outputs]
    # matplotlib says once, on stderr, that its cache is a temporary folder.
    assert [k for k in kinds if k != "stderr"] == ["display_data"] * 2 + ["stdout"]


def test_a_clone_that_cannot_be_written_is_named(house, monkeypatch, capsys):
    """`course run` puts what it executes into `runs/`."""
    monkeypatch.setattr(cli, "NOTEBOOKS", house.notebooks)
    monkeypatch.setattr(cli.bootstrap, "ensure", lambda **_: None)
    (house.root / "taken").write_text("a file where the folder is to be")
    monkeypatch.setattr(results, "RUNS", house.root / "taken" / "runs")
    assert cli.main(["run", "good"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("course run: ") and "taken" in said
    assert "Traceback" not in said


def test_files_checked_out_with_crlf(house):
    """Archives and checkouts of Windows, whatever .gitattributes says."""
    notebook = catalogue.find("good")
    record.record([notebook])
    before = facts.entry("good")
    for path in house.notebooks.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    facts._chapters.cache_clear()
    assert facts.entry("good") == before
    content = nbformat.read(notebook.path, as_version=4)
    assert not recording.is_stale(content) and not recording.is_edited(content)
    assert facts.recorded() == {}


def test_a_lock_checked_out_with_crlf(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.txt"
    pins = bootstrap.pins()
    lock.write_bytes(bootstrap.REQUIREMENTS.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", lock)
    assert bootstrap.pins() == pins and len(pins) > 100


@pytest.mark.skipif(os.name == "nt", reason="there a .venv holds its own copy")
def test_a_venv_whose_python_is_gone_is_made_anew(tmp_path, monkeypatch):
    """As after an upgrade of the system's Python: ours, but its link leads nowhere."""
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    python = bootstrap._python()
    python.parent.mkdir(parents=True)
    python.symlink_to(tmp_path / "python3.10")
    (tmp_path / ".venv" / "dli-made").touch()
    stamp = tmp_path / ".venv" / "dli-installed"
    stamp.write_text(bootstrap._fingerprint())
    assert bootstrap.state() == Venv.UNFINISHED
    (tmp_path / "python3.10").symlink_to(sys.executable)
    assert bootstrap.state() == Venv.CURRENT


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_what_is_written_can_be_read_by_others_under_any_umask(tmp_path):
    mask = os.umask(0o077)
    try:
        with replacing(tmp_path / "result.json") as temporary:
            temporary.write_text("{}")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "result.json").stat().st_mode) == 0o644


def test_without_make_there_is_a_verb_for_every_target():
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^(\w+):\n\t\$\(COURSE\) (\w+)", text, re.M)
    assert len(targets) > 15
    known = cli._parser().format_help()
    for target, verb in targets:
        assert re.search(rf"^  {verb} ", known, re.M), target
