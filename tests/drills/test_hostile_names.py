"""Names from outside stay in their folders, and no program is started for them."""

from __future__ import annotations

import random

import pytest

from course import catalogue, cli, record, verbs
from course.bootstrap import NOTEBOOKS
from course.run import runner
from dli import datasets
from dli.datasets import nltk_data, quickdraw
from dli.datasets._fetch import delivery, loader
from tests.support.datasets import clean
from tests.support.drills.figures import times

SEED = 23
HOSTILE = [
    *("../../etc/passwd", "/etc/passwd", "..", ".", "~", "~root", "*", "[!a]", "?"),
    *(";rm -rf /", "$(id)", "`id`", "| cat", "&& id", "a\nb", "\r\n", "\0", "apple\0"),
    *("../apple", "apple/../../x", "\\\\host\\share", "C:\\x", "CON", "nul", "-rf"),
    *("--help", "%2e%2e%2f", "\u202eelppa", "ａｐｐｌｅ", "a" * 5000, " ", "\x1b[2J"),
    *("{}", "{0.__class__}", "%s", "apple.npy", "apple ", "mnist/../imdb", "__init__"),
]


def names(count: int) -> list[str]:
    """Hostile names, and as many more put together of their pieces."""
    chance = random.Random(SEED)
    pieces = [*HOSTILE, "apple", "mnist", "ch08", "lenet", "/", ":"]
    made = ["".join(chance.sample(pieces, chance.randint(2, 4))) for _ in range(count)]
    return [*HOSTILE, *made]


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """A cache, an empty `quickdraw_data/`, no network; returns what may not change."""
    clean(monkeypatch, tmp_path)
    monkeypatch.setenv("DLI_ENV", "current")
    (tmp_path / "quickdraw_data").mkdir()
    monkeypatch.setenv("DLI_NOTEBOOKS", str(NOTEBOOKS))
    monkeypatch.chdir(tmp_path)

    def asked(source, into):
        raise AssertionError(f"{source} was asked")

    monkeypatch.setattr(delivery, "deliver", asked)
    return lambda: sorted(str(p) for p in tmp_path.rglob("*"))


REFUSING = {
    "quickdraw.load_data": lambda name: quickdraw.load_data(name),
    "datasets.fetch": lambda name: datasets.fetch([name]),
    "datasets.export": lambda name: datasets.export("stick", [name]),
    "loader.arrays": lambda name: loader.arrays(name),
    "loader.file": lambda name: loader.file(name),
    "loader.folder": lambda name: loader.folder(name),
    "nltk_data.ensure": lambda name: nltk_data.ensure(name),
}


@pytest.mark.parametrize("call", REFUSING)
def test_names_of_data_stay_in_their_folders(figures, closed, call):
    """Names of data sets, categories and resources that lead out of a folder, hold glob
    and shell signs, newlines, NUL, escapes, thousands of letters: refused as unknown,
    no file touched, no source asked.
    """
    before, missed = closed(), []
    tried = names(times(100, 2000))
    for name in tried:
        try:
            REFUSING[call](name)
            missed.append(f"{name[:60]!r} was taken")
        except ValueError as error:
            if any(sign in str(error) for sign in ("\n", "\r", "\0", "\x1b")):
                missed.append(f"{name[:60]!r} is printed raw")
        except Exception as error:
            missed.append(f"{name[:60]!r}: {type(error).__name__}")
    if closed() != before:
        missed.append("files were made")
    figures.all_caught(
        "hostile names of data",
        tries=len(tried),
        missed=missed,
    )


def test_names_of_notebooks_stay_in_their_folder(figures):
    """The same as part of a notebook's name: notebooks of ours, or an error."""
    inside = set(catalogue.notebooks())
    missed, tried = [], names(times(200, 4000))
    for name in tried:
        try:
            if not set(catalogue.select([name])) <= inside:
                missed.append(repr(name[:60]))
        except LookupError as error:
            if any(sign in str(error.args[0]) for sign in ("\n", "\0", "\x1b")):
                missed.append(f"{name[:60]!r} is printed raw")
    figures.all_caught("hostile names of notebooks", tries=len(tried), missed=missed)


@pytest.mark.parametrize("verb", ["run", "test", "verify", "record", "data"])
def test_hostile_names_end_a_command_line(figures, monkeypatch, closed, capsys, verb):
    """The same on the command line: no program is started, exit status 2."""

    def started(command, *_, **__):
        raise AssertionError(f"{command} was started")

    for name in ("run", "call", "check_call", "Popen"):
        monkeypatch.setattr(verbs.subprocess, name, started)
    monkeypatch.setattr(runner, "run", started)
    monkeypatch.setattr(record, "record", started)
    head = ["data", "fetch"] if verb == "data" else [verb]
    missed, tried = [], [n for n in HOSTILE if not n.startswith("-")]
    known = {name: hits for name in tried if (hits := _hits(name)) and verb != "data"}
    tried = [name for name in tried if name not in known]
    for name in tried:
        if cli.main([*head, name]) != 2:
            missed.append(repr(name[:60]))
        printed = capsys.readouterr().err
        if "\x1b" in printed or "\0" in printed:
            missed.append(f"{name[:60]!r} is printed raw")
    figures.all_caught(
        "hostile names on the command line", tries=len(tried), missed=missed
    )
    assert len(tried) > 25


def _hits(name: str) -> list[catalogue.Notebook]:
    try:
        return catalogue.select([name])
    except LookupError:
        return []
