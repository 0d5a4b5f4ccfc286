"""A class on a stick: what is fetched, what is never overwritten, how it goes on."""

import json
import subprocess
import sys
import zipfile
from collections import namedtuple

import pytest

from course import bootstrap, cli, stick
from course.stick import System
from dli import datasets

LOCK = """\
# by uv
numpy==2.4.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via keras
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:cc
overrides==7.7.0 ; python_full_version < '3.12' \\
    --hash=sha256:dd
"""


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("linux-3.12", ["numpy"]),
        ("linux-3.11", ["numpy", "overrides"]),
        ("windows-3.13", ["numpy", "colorama"]),
    ],
)
def test_each_system_gets_its_own_packages(word, wanted):
    """pip itself would ask what this computer needs."""
    found = System.parse(word).requirements(LOCK)
    assert [line.split("==")[0] for line in found] == wanted
    assert found[0].count("--hash") == 2 and ";" not in "".join(found)


def test_the_lock_is_read_whole():
    lock = bootstrap.REQUIREMENTS.read_text("utf-8")
    assert len(stick._PINNED.findall(lock)) == len(bootstrap.pins())
    assert f"packaging=={_version('packaging')}" in "".join(
        System("linux", "3.12").requirements(lock)
    )


def _version(package):
    pins = dict(pin.split(" ")[0].split("==") for pin in bootstrap.pins())
    return pins[package]


@pytest.mark.parametrize("word", ["beos", "linux-2.7", "windows-", "-3.12", ""])
def test_other_systems_are_refused(word):
    if word == "windows-":
        assert System.parse(word) == System("windows", System.here().python)
        return
    with pytest.raises(ValueError, match="no platform"):
        System.parse(word)


def test_this_system_needs_no_options_and_others_say_which():
    assert System.here().pip_options() == []
    other = System("windows", "3.12").pip_options()
    assert "--platform=win_amd64" in other and "--python-version=3.12" in other


@pytest.fixture
def parts(monkeypatch, tmp_path):
    """Data, packages and pages in place of the real ones; calls of pip are noted."""
    calls = []
    source = {"one": namedtuple("Source", "title size")("One", 1000)}
    monkeypatch.setattr(stick.sources, "table", lambda: source)

    def export(into, names):
        into.mkdir(parents=True, exist_ok=True)
        (into / names[0]).write_text("data")

    def run(command, **_):
        calls.append(command)
        if calls.fails:
            return subprocess.CompletedProcess(command, 1, "", "connection timed out")
        if "archive" in command:
            return subprocess.CompletedProcess(command, 0, b"PK", b"")
        return subprocess.CompletedProcess(command, 0, "", "")

    class Calls(list):
        fails = False

    calls = Calls()
    monkeypatch.setattr(stick.datasets, "export", export)
    monkeypatch.setattr(stick.subprocess, "run", run)
    monkeypatch.setattr(stick, "_notebooks", lambda into: None)
    return calls


def test_a_stick_and_its_words(parts, tmp_path):
    into = tmp_path / "dli"
    assert stick.write(into, [System("linux", "3.12"), System("windows", "3.12")]) == []
    told = (into / "README.txt").read_text()
    assert "linux-3.12, windows-3.12" in told and "Left out:\nnothing" in told
    assert (into / "data" / "one").exists() and (into / f"{stick.NAME}.zip").exists()
    assert any("--platform=win_amd64" in call for call in parts)
    downloads = [call for call in parts if "download" in call]
    assert all("--require-hashes" in c and "--no-deps" in c for c in downloads)


def test_what_is_there_already_is_not_fetched_again(parts, tmp_path):
    stick.write(tmp_path / "dli")
    parts.clear()
    stick.write(tmp_path / "dli")
    assert not any("download" in call for call in parts)


def test_an_interrupted_export_goes_on(parts, tmp_path):
    into = tmp_path / "dli"
    parts.fails = True
    with pytest.raises(bootstrap.SetupError, match="goes on from here"):
        stick.write(into)
    assert not (into / "README.txt").exists()
    parts.fails = False
    stick.write(into)
    assert (into / "README.txt").exists()


def test_packages_of_an_older_lock_are_fetched_anew(parts, tmp_path):
    into = tmp_path / "dli"
    stick.write(into)
    (into / "wheels" / "old.whl").touch()
    (into / stick.STICK).write_text(json.dumps({"lock": "older", "systems": []}))
    parts.clear()
    stick.write(into)
    assert not (into / "wheels" / "old.whl").exists()
    assert any("download" in call for call in parts)


def test_another_folder_is_left_alone(parts, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="something else"):
        stick.write(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
    assert parts == []


def test_a_stick_that_is_too_small_is_named_before_anything_is_written(
    parts, tmp_path, monkeypatch
):
    usage = namedtuple("Usage", "free")
    monkeypatch.setattr(stick.shutil, "disk_usage", lambda there: usage(10**9))
    with pytest.raises(ValueError, match=r"needs about 1.3 GB more, and 1.0 are free"):
        stick.write(tmp_path / "dli")
    assert not (tmp_path / "dli").exists()


def test_data_that_can_t_be_had_are_named(parts, tmp_path, monkeypatch):
    def export(into, names):
        raise datasets.DataUnavailable("none")

    monkeypatch.setattr(stick.datasets, "export", export)
    assert stick.write(tmp_path / "dli") == ["data: One can't be had here"]
    told = (tmp_path / "dli" / "README.txt").read_text()
    assert "Left out:\n- data: One" in told


def test_without_classroom_only_data_are_exported(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(bootstrap, "ensure", lambda **_: None)
    monkeypatch.setattr("course.verbs.data", lambda a: asked.append(a.rest) or 0)
    assert cli.main(["export", str(tmp_path)]) == 0
    assert asked == [["export", str(tmp_path)]]


def test_no_folder_is_not_the_present_one(monkeypatch, capsys):
    """`make export` without FOLDER must not fill the repository."""
    with pytest.raises(SystemExit):
        cli.main(["export", ""])
    assert "name a folder" in capsys.readouterr().err


def test_set_up_finds_the_packages_beside_the_data(tmp_path, monkeypatch):
    for name in ("data", "wheels"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path / "data"))
    assert bootstrap.wheels_of_stick() is None, "a neighbour that is no stick of ours"
    (tmp_path / stick.STICK).touch()
    assert bootstrap.wheels_of_stick() == tmp_path / "wheels"
    monkeypatch.delenv("DLI_MIRROR")
    assert bootstrap.wheels_of_stick() is None


def test_set_up_from_a_stick_asks_no_network(tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "_call", lambda command, *_: called.append(command))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(bootstrap, "wheels_of_stick", lambda: tmp_path / "wheels")
    bootstrap._make(sys.executable)
    installs = [command for command in called if "install" in command]
    assert len(installs) == 2
    for command in installs:
        assert "--no-index" in command
        assert f"--find-links={tmp_path / 'wheels'}" in command
    assert not any("uv" in str(part) for command in called for part in command)


def test_the_archive_is_this_repository(tmp_path):
    target = tmp_path / "x.zip"
    if left := stick._repository(target):
        pytest.skip(left[0])
    with zipfile.ZipFile(target) as archive:
        assert f"{stick.NAME}/course/bootstrap.py" in archive.namelist()
