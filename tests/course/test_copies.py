"""A clean notebook and a newer version: whatever the reader did, nothing is lost."""

import json
import subprocess

import pytest
from nbformat import v4

from course import catalogue, copies


def git(folder, *arguments):
    names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    command = ["git", "-C", str(folder), *names, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def notebook(*sources, stub="answer = ..."):
    cells = [
        v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)
    ]
    cells.append(v4.new_code_cell(stub, id="stub", metadata={"tags": ["exercise"]}))
    return json.dumps(v4.new_notebook(cells=cells))


@pytest.fixture
def ours(tmp_path):
    """The repository that readers have cloned."""
    folder = tmp_path / "ours"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    (folder / "lesson.ipynb").write_text(notebook("1"))
    (folder / "words.md").write_text("old\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    return folder


@pytest.fixture
def theirs(tmp_path, ours):
    """A reader's clone of it."""
    git(tmp_path, "clone", "--quiet", str(ours), "theirs")
    return tmp_path / "theirs"


def publish(ours, **files):
    """A newer version; None deletes a file."""
    for name, content in files.items():
        path = ours / name.replace("__", ".")
        if content is None:
            path.unlink()
        else:
            path.write_text(content)
    git(ours, "add", "--all")
    git(ours, "commit", "--quiet", "-m", "newer")


def sources(path):
    return ["".join(c["source"]) for c in json.loads(path.read_bytes())["cells"]]


def test_nothing_newer(theirs):
    assert copies.update(theirs) == ["nothing newer"]


def test_what_the_reader_never_touched_is_just_newer(ours, theirs):
    publish(ours, lesson__ipynb=notebook("2"), added__md="new\n")
    assert copies.update(theirs) == []
    assert sources(theirs / "lesson.ipynb")[0] == "2"
    assert (theirs / "added.md").read_text() == "new\n"


def test_what_only_the_reader_changed_stays(ours, theirs):
    (theirs / "lesson.ipynb").write_text("mine")
    publish(ours, words__md="new\n")
    assert copies.update(theirs) == []
    assert (theirs / "lesson.ipynb").read_text() == "mine"
    assert (theirs / "words.md").read_text() == "new\n"


def test_an_answer_goes_into_the_newer_notebook_and_all_is_kept(ours, theirs):
    mine = notebook("1, by me", stub="answer = 42")
    (theirs / "lesson.ipynb").write_text(mine)
    publish(ours, lesson__ipynb=notebook("2", "3"))
    (said,) = copies.update(theirs)
    assert "1 of your cells" in said
    assert sources(theirs / "lesson.ipynb") == ["2", "3", "answer = 42"]
    assert (theirs / "lesson.yours.ipynb").read_text() == mine


def test_an_answer_to_another_question_is_not_carried(ours, theirs):
    mine = notebook("1", stub="answer = 42")
    (theirs / "lesson.ipynb").write_text(mine)
    publish(ours, lesson__ipynb=notebook("2", stub="another = ..."))
    (said,) = copies.update(theirs)
    assert "cells" not in said
    assert sources(theirs / "lesson.ipynb") == ["2", "another = ..."]
    assert (theirs / "lesson.yours.ipynb").read_text() == mine


def test_a_cell_of_their_own_comes_after_the_one_it_came_after(ours, theirs):
    content = json.loads(notebook("1"))
    content["cells"].insert(1, v4.new_code_cell("mine", id="mine"))
    content["cells"].append(v4.new_markdown_cell("my last", id="last"))
    (theirs / "lesson.ipynb").write_text(json.dumps(content))
    publish(ours, lesson__ipynb=notebook("2", "3"))
    copies.update(theirs)
    assert sources(theirs / "lesson.ipynb") == [
        *("2", "mine", "3", "answer = ...", "my last"),
    ]


@pytest.mark.parametrize("mine", ["", '{"cells": [', "[]", '{"cells": [{}]}', "\udcff"])
def test_half_written_files_are_kept_to_the_byte(ours, theirs, mine):
    data = mine.encode(errors="surrogateescape")
    (theirs / "lesson.ipynb").write_bytes(data)
    publish(ours, lesson__ipynb=notebook("2"))
    copies.update(theirs)
    assert (theirs / "lesson.yours.ipynb").read_bytes() == data
    assert sources(theirs / "lesson.ipynb")[0] == "2"


def test_deleted_by_the_reader_and_changed_by_us(ours, theirs):
    (theirs / "lesson.ipynb").unlink()
    publish(ours, lesson__ipynb=notebook("2"))
    assert copies.update(theirs) == ["lesson.ipynb is back, newer"]
    assert sources(theirs / "lesson.ipynb")[0] == "2"


def test_changed_by_the_reader_and_deleted_by_us(ours, theirs):
    (theirs / "lesson.ipynb").write_text("mine")
    publish(ours, lesson__ipynb=None)
    copies.update(theirs)
    assert not (theirs / "lesson.ipynb").exists()
    assert (theirs / "lesson.yours.ipynb").read_text() == "mine"


def test_renamed_by_the_reader(ours, theirs):
    (theirs / "lesson.ipynb").rename(theirs / "my lesson.ipynb")
    publish(ours, lesson__ipynb=notebook("2"))
    copies.update(theirs)
    assert sources(theirs / "my lesson.ipynb")[0] == "1"
    assert sources(theirs / "lesson.ipynb")[0] == "2"


def test_a_file_of_theirs_stands_where_a_new_one_comes(ours, theirs):
    (theirs / "added.md").write_text("mine")
    publish(ours, added__md="new\n")
    copies.update(theirs)
    assert (theirs / "added.md").read_text() == "new\n"
    assert (theirs / "added.yours.md").read_text() == "mine"


def test_a_second_copy_gets_a_number(ours, theirs):
    for number, name in enumerate(("lesson.yours", "lesson.yours-2", "lesson.yours-3")):
        (theirs / "lesson.ipynb").write_text(f"mine {number}")
        publish(ours, lesson__ipynb=notebook(f"newer {number}"))
        copies.update(theirs)
        assert (theirs / f"{name}.ipynb").read_text() == f"mine {number}"


def test_staged_changes_are_kept_as_well(ours, theirs):
    (theirs / "words.md").write_text("mine\n")
    git(theirs, "add", "words.md")
    publish(ours, words__md="new\n")
    copies.update(theirs)
    assert (theirs / "words.md").read_text() == "new\n"
    assert (theirs / "words.yours.md").read_text() == "mine\n"


def everything(folder):
    found = (p for p in folder.rglob("*") if ".git" not in p.parts and p.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in found}


def test_a_folder_stands_where_a_new_file_comes(ours, theirs):
    (theirs / "added.md").mkdir()
    (theirs / "added.md" / "inside").write_text("mine")
    (theirs / "words.md").write_text("mine")
    before = everything(theirs)
    publish(ours, added__md="new\n", words__md="new\n")
    with pytest.raises(ValueError, match="git merge"):
        copies.update(theirs)
    assert everything(theirs) == before


def test_a_full_disk_changes_nothing(ours, theirs, monkeypatch):
    (theirs / "lesson.ipynb").write_text("mine")
    (theirs / "words.md").write_text("mine")
    before = everything(theirs)
    publish(ours, lesson__ipynb=notebook("2"), words__md="new\n")
    written = copies.write_whole

    def full(path, content):
        if path.name.startswith("words"):
            raise OSError(28, "No space left on device")
        written(path, content)

    monkeypatch.setattr(copies, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        copies.update(theirs)
    assert everything(theirs) == before


def test_commits_of_their_own_are_left_to_git(ours, theirs):
    (theirs / "words.md").write_text("mine\n")
    git(theirs, "commit", "--quiet", "--all", "-m", "mine")
    publish(ours, words__md="new\n")
    with pytest.raises(ValueError, match="1 commits of its own"):
        copies.update(theirs)
    assert (theirs / "words.md").read_text() == "mine\n"


def test_no_clone_no_remote(tmp_path, ours, theirs):
    with pytest.raises(ValueError, match="no git clone: download"):
        copies.update(tmp_path)
    git(theirs, "remote", "set-url", "origin", str(tmp_path / "gone"))
    with pytest.raises(ValueError, match="git fetch"):
        copies.update(theirs)


@pytest.fixture
def cloned(house):
    """The house of notebooks as a clone."""
    git(house.root, "init", "--quiet")
    git(house.root, "add", ".")
    git(house.root, "commit", "--quiet", "-m", "first")
    return house


def test_reset_and_undo(cloned):
    notebook, root = catalogue.find("good"), cloned.root
    clean = notebook.path.read_bytes()
    assert "clean already" in copies.reset(notebook, root)
    notebook.path.write_text("mine")
    assert "01_good.yours.ipynb" in copies.reset(notebook, root)
    assert notebook.path.read_bytes() == clean
    copies.undo(notebook, root)
    assert notebook.path.read_text() == "mine"
    assert not list(notebook.path.parent.glob("*.yours*"))
    with pytest.raises(LookupError, match="nothing of yours"):
        copies.undo(notebook, root)


def test_undo_keeps_what_was_written_meanwhile(cloned):
    notebook, root = catalogue.find("good"), cloned.root
    notebook.path.write_text("first")
    copies.reset(notebook, root)
    notebook.path.write_text("second")
    copies.undo(notebook, root)
    kept = {path.read_text() for path in notebook.path.parent.glob("01_good*")}
    assert kept == {"first", "second"}


def test_reset_brings_a_deleted_notebook_back(cloned):
    notebook = catalogue.find("good")
    clean = notebook.path.read_bytes()
    notebook.path.unlink()
    assert "is back" in copies.reset(notebook, cloned.root)
    assert notebook.path.read_bytes() == clean


def test_reset_of_what_the_clone_does_not_know(cloned):
    added = cloned.add("ch10_later/02_added", "1")
    with pytest.raises(ValueError, match=r"no clean .*02_added"):
        copies.reset(added, cloned.root)
    assert added.path.exists()
