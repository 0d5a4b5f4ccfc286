"""`python -m dli data …`: what it prints, and its exit status."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dli import datasets
from dli.datasets import _command
from dli.datasets._fetch import cache
from tests.support.datasets import (
    COMPLETE,
    MIRROR,
    clean,
    npz,
    publisher,
    table_text,
    use,
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    return clean(monkeypatch, tmp_path)


def test_the_digest_is_what_the_table_wants(tmp_path, capsys):
    (tmp_path / "a.npz").write_bytes(npz(COMPLETE))
    (tmp_path / "b.tar").write_bytes(b"data")
    assert _command.main(["digest", *map(str, sorted(tmp_path.glob("*.*")))]) == 0
    whole = hashlib.sha256((tmp_path / "a.npz").read_bytes()).hexdigest()
    assert capsys.readouterr().out.splitlines() == [
        f"{cache.digest(COMPLETE)}  the arrays in a.npz",
        f"{whole}  the file a.npz",
        f"{hashlib.sha256(b'data').hexdigest()}  the file b.tar",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "No such file"),
        (b"<html>", "is no .npz file"),
        (npz({"x": np.array([{}], object)}), "object|pickle|shape"),
    ],
)
def test_what_has_no_digest_is_an_error_in_words(tmp_path, capsys, body, said):
    if body is not None:
        (tmp_path / "a.npz").write_bytes(body)
    assert _command.main(["digest", str(tmp_path / "a.npz")]) == 2
    found = capsys.readouterr()
    assert any(words in found.err for words in said.split("|"))
    assert found.err.startswith("dli data: ")
    assert found.out == ""


def test_status_is_the_default(monkeypatch, capsys):
    use(monkeypatch, table_text(MIRROR))
    assert _command.main([]) == _command.main(["status"]) == 0
    once, again = capsys.readouterr().out.split("data set")[1:]
    assert once == again
    assert "not fetched yet" in once


def test_a_cache_that_cannot_be_written_is_a_message(monkeypatch, folder, capsys):
    folder.write_text("a file")
    use(monkeypatch, table_text(MIRROR))
    for words in (["fetch"], ["fetch", "tiny"], ["export", str(folder.parent / "x")]):
        assert _command.main(words) == 1
        said = capsys.readouterr().err
        assert said.startswith("dli data: Tiny (tiny) can't be had.")
        assert "DLI_DATA_DIR" in said


def test_mistakes_are_answered_in_a_line(monkeypatch, capsys):
    use(monkeypatch, table_text(publisher("https://nowhere.invalid/tiny.npz")))
    assert _command.main(["fetch", "tinny"]) == 2
    said = capsys.readouterr().err
    assert said == "dli data: no data set 'tinny'; did you mean tiny?\n"
    assert _command.main(["fetch"]) == 1
    assert "tiny: unavailable; no source delivered it" in capsys.readouterr().err
    monkeypatch.setenv("DLI_MIRROR", "~nobody-of-that-name/data")
    assert _command.main(["fetch"]) == 2
    assert "there is no account of that name" in capsys.readouterr().err
    for words in (["export"], ["digest"], ["burn"]):
        with pytest.raises(SystemExit) as ended:
            _command.main(words)
        assert ended.value.code == 2


def test_ctrl_c_is_a_status(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(datasets, "status", interrupted)
    assert _command.main(["status"]) == 130


def test_it_is_a_command_of_the_light_package(tmp_path):
    (tmp_path / "a").write_bytes(b"data")
    root = Path(__file__).parents[3]
    heavy = ("keras", "IPython", "requests", "tqdm", "PIL", "course")
    code = (
        "import sys; from dli import __main__;"
        "status = __main__.main(sys.argv[1:]);"
        f"sys.exit(status or [m for m in {heavy} if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, "data", "digest", str(tmp_path / "a")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "[]\n"), "an empty list is printed"
    assert done.stdout.endswith("the file a\n")
