"""Folders that a reader names, and those that can be written."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

from dli import datasets, folders
from dli.datasets import _command, hot_dogs
from dli.datasets._fetch import disk, sources


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home folder, and another folder to work in."""
    for name in ("home", "work"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(folders, "_temporary", {})
    return tmp_path / "home"


# --- `~`, and paths that are not absolute ---------------------------------------------

PLACES = {"DLI_DATA_DIR": disk.folder, "DLI_MIRROR": sources.mirror}


@pytest.mark.parametrize("variable", PLACES)
def test_a_tilde_in_a_variable_is_the_home_folder(monkeypatch, home, variable):
    monkeypatch.setenv(variable, " ~/data ")
    assert PLACES[variable]() == home / "data"
    monkeypatch.setenv(variable, "data")
    assert PLACES[variable]() == home.parent / "work" / "data"
    monkeypatch.setenv(variable, "  ")
    assert folders.named(variable) is None


@pytest.mark.parametrize("variable", PLACES)
def test_nobodys_home_is_an_error_and_no_folder(monkeypatch, variable):
    monkeypatch.setenv(variable, "~nobody-of-that-name/data")
    with pytest.raises(ValueError, match=rf"{variable}=~nobody-of-that-name/data: the"):
        PLACES[variable]()


def test_a_tilde_in_an_argument_is_the_home_folder(monkeypatch, home, capsys):
    with pytest.raises(ValueError, match=rf"{home}/photos can't be used: it is not"):
        hot_dogs.load_folder("~/photos")
    monkeypatch.setenv("DLI_HOT_DOGS", "~/photos")
    with pytest.raises(ValueError, match=rf"{home}/photos can't be used: it is not"):
        hot_dogs.load_folder()
    monkeypatch.setattr(sources, "table", dict)
    assert datasets.export("~/stick") == []
    assert _command.main(["export", "~/stick"]) == 0
    assert str(home / "stick") in capsys.readouterr().out
    (home / "file").write_bytes(b"")
    assert _command.main(["digest", "~/file"]) == 0
    assert not list(Path.cwd().iterdir()), "no folder named ~"


def test_a_folder_above_is_found(home):
    assert folders.above("own") is None
    (home.parent / "own").mkdir()
    assert folders.above("own") == home.parent / "own"
    (home.parent / "work" / "own").mkdir()
    assert folders.above("own") == home.parent / "work" / "own"


# --- where the notebook's own folder can't be written ---------------------------------


def test_a_folder_is_made_beside_the_notebook(capsys):
    assert folders.writable("logs/run") == Path("logs/run")
    assert Path("logs/run").is_dir()
    assert not list(Path("logs/run").iterdir())
    assert capsys.readouterr().out == ""


def read_only(*args, **kwargs):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


@pytest.mark.parametrize("there", [False, True], ids=["absent", "there already"])
def test_a_folder_that_cannot_be_written_is_a_temporary_one(
    monkeypatch, tmp_path, capsys, there
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if there:
        Path("logs").mkdir()
        monkeypatch.setattr(tempfile, "TemporaryFile", read_only)
    else:
        real = Path.mkdir

        def mkdir(self, *args, **kwargs):
            (real if self.is_absolute() else read_only)(self, *args, **kwargs)

        monkeypatch.setattr(Path, "mkdir", mkdir)
    found = folders.writable("logs")
    assert found.is_dir()
    assert found.name == "logs"
    assert found.parent.name.startswith("dli-")
    assert capsys.readouterr().out == (
        f"logs/ can't be written here (Read-only file system): it is {found}\n"
    )
    assert folders.writable("logs") == found
    assert capsys.readouterr().out == "", "once is enough"
