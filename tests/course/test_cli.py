"""The command line: verbs, wrong words, what it hands on."""

import subprocess
import sys

import pytest

from course import bootstrap, cli, verbs


@pytest.fixture
def given(monkeypatch):
    """Commands and environments in place of their execution."""
    monkeypatch.setattr(bootstrap, "ensure", lambda **_: None)
    found = []

    def call(command, cwd=None, env=None):
        found.append((command, env))
        return 0

    monkeypatch.setattr(verbs.subprocess, "call", call)
    return found


def test_wrong_words_are_answered_not_traced(given, capsys):
    assert cli.main(["run", "ch99"]) == 2
    assert "no notebook matches 'ch99'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["frobnicate"])
    with pytest.raises(SystemExit):
        cli.main(["run", "--frobnicate"])


def test_verbs_stand_in_two_groups():
    readers, makers = cli._parser().format_help().split("for makers:")
    for verb in ("setup", "lab", "run", "data", "doctor"):
        assert f"\n  {verb} " in readers
    for verb in ("test", "verify", "record", "new", "bench", "lock"):
        assert f"\n  {verb} " in makers


def test_no_verb_leaves_its_settings_behind(given, monkeypatch):
    """They would reach whatever runs next in this process."""
    monkeypatch.delenv("DLI_VERIFY", raising=False)
    assert cli.main(["verify", "softmax"]) == 0
    ((_, env),) = given
    assert env["DLI_VERIFY"] == "1" and env["DLI_PROGRESS"] == "0"
    assert "DLI_VERIFY" not in cli.os.environ


def test_pytest_gets_paths_it_cannot_misread(given, monkeypatch, tmp_path):
    """In a folder named `[2025]` an absolute path would ask for a parameter."""
    assert cli.main(["test", "softmax", "-x"]) == 0
    ((command, _),) = given
    assert command[-1] == (
        "notebooks/ch07_artificial_neural_networks/01_softmax_demo.ipynb"
    )
    assert "-x" in command


def test_home_is_expanded_before_paths_are_made_absolute(given, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")
    for name in ("DLI_DATA_DIR", "DLI_MIRROR", "DLI_HOT_DOGS"):
        monkeypatch.setenv(name, "~/cache")
    cli.main(["test", "softmax"])
    for name in ("DLI_DATA_DIR", "DLI_MIRROR", "DLI_HOT_DOGS"):
        assert cli.os.environ[name] == "/home/ada/cache"


def test_a_terminal_without_our_characters_stops_nothing():
    code = "from course import cli; cli._parser(); print('…', flush=True)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; cli.main(['list', 'softmax']); print('…')"],
        capture_output=True,
        cwd=bootstrap.ROOT,
        env={**cli.os.environ, "PYTHONIOENCODING": "utf-8", "DLI_ENV": "current"},
    )
    assert done.returncode == 0
    code = "from course import cli; cli.main(['list', 'softmax']); print('…')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        cwd=bootstrap.ROOT,
        env={**cli.os.environ, "PYTHONIOENCODING": "latin-1", "DLI_ENV": "current"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith(b"?")


def test_new_writes_a_notebook_with_the_anatomy_and_its_entry(house, capsys):
    import nbformat

    from course import catalogue, new
    from dli import facts

    path = new.write("ch10", "sharp_edges")
    facts._chapters.cache_clear()
    notebook = catalogue.find("sharp_edges")
    assert notebook.path == path and notebook.name == "ch10_later/02_sharp_edges"
    content = nbformat.read(path, as_version=4)
    nbformat.validate(content)
    assert content.cells[0].source.startswith("# Sharp edges")
    tags = {tag for cell in notebook.cells() for tag in cell.tags}
    assert {"parameters", "exercise", "solution"} <= tags
    assert 'book.compare("sharp_edges"' in notebook.code()
    with pytest.raises(ValueError, match="already"):
        new.write("ch10", "sharp_edges")
    with pytest.raises(LookupError, match="0 chapters match"):
        new.write("ch77", "other")
    with pytest.raises(ValueError, match="lower-case"):
        new.write("ch10", "../evil")


def test_list_as_json(given, capsys):
    import json

    assert cli.main(["list", "--json", "lenet"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["name"] == "ch10_machine_vision/01_lenet_in_keras"
    assert row["data"] == ["mnist"] and row["minutes"] > 0
