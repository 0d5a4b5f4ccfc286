"""Copies for hosted notebooks."""

import ast
import json
import re
from urllib.parse import urlsplit

import pytest

from course import catalogue
from course.publish import launch
from course.publish.launch import Repository

OURS = Repository("someone", "dli-notebooks")


@pytest.fixture(scope="module")
def notebooks():
    return catalogue.notebooks()


def test_repositories_are_read_as_people_write_them():
    for text in (
        "someone/dli-notebooks",
        "https://github.com/someone/dli-notebooks",
        "git@github.com:someone/dli-notebooks.git",
        "someone/dli-notebooks/",
    ):
        assert Repository.parse(text) == OURS
    for wrong in ("", "someone", "a b/c", "/"):
        with pytest.raises(ValueError, match="OWNER/NAME"):
            Repository.parse(wrong)


def test_a_copy_is_the_recording_and_one_cell(notebooks):
    for notebook in notebooks:
        before = json.dumps(notebook.content)
        made = launch.hosted(notebook, OURS)
        cells = made["cells"]
        assert cells[0] == notebook.content["cells"][0]
        assert cells[2:] == notebook.content["cells"][1:], "outputs are kept"
        assert cells[1]["metadata"]["tags"] == ["launch"]
        assert json.dumps(notebook.content) == before
        assert launch.hosted(notebook, OURS) == made, "a pure function"
        assert made["metadata"]["kernelspec"]["name"] == "python3"


def test_the_first_cell_installs_dli_and_pins_what_is_there(notebooks, tmp_path):
    cell = launch.hosted(catalogue.find("natural_language_preprocessing"), OURS)
    source = cell["cells"][1]["source"]
    code = source.replace("%load_ext dli.kernel", "")
    ast.parse(code)
    asked = []
    run = "subprocess.run"
    assert run in code
    names = {}
    fake = code.replace(run, "record")
    names["record"] = lambda command: asked.append(command) or _Done()
    import os

    folder = os.getcwd()
    os.chdir(tmp_path)
    try:
        exec(compile(fake, "cell", "exec"), names)  # noqa: S102
    finally:
        os.chdir(folder)
    [command] = asked
    assert "dli @ git+https://github.com/someone/dli-notebooks" in command
    assert "gensim" in command
    pinned = (tmp_path / "here.txt").read_text().splitlines()
    assert all(re.fullmatch(r"\S+==\S+", line) for line in pinned)
    assert any(line.startswith("numpy==") for line in pinned)


class _Done:
    returncode = 0


def test_a_service_that_cannot_install_says_so():
    cell = launch.hosted(catalogue.find("softmax_demo"), OURS)["cells"][1]
    assert "raise SystemExit" in cell["source"] and "Troubleshooting" in cell["source"]
    assert "gensim" not in cell["source"]


def test_a_gpu_is_asked_for_where_it_pays():
    wants = {n.id for n in catalogue.notebooks() if launch.wants_gpu(n)}
    assert {"alexnet_in_keras", "generative_adversarial_network"} <= wants
    assert not {"softmax_demo", "shallow_net_in_keras", "tree_search"} & wants
    made = launch.hosted(catalogue.find("alexnet_in_keras"), OURS)
    assert made["metadata"]["accelerator"] == "GPU"
    for id in wants:  # and a reader is told both times, in the first cell
        first = "".join(catalogue.find(id).content["cells"][0]["source"])
        assert re.search(r"minutes? on 2 CPU cores.*\bGPU\b", first, re.S), id


def test_addresses_lead_to_the_copies(notebooks):
    for notebook in notebooks:
        found = launch.addresses(notebook, OURS)
        for service in ("Colab", "Kaggle"):
            path = f"blob/launch/notebooks/{notebook.name}.ipynb"
            assert found[service].endswith(path)
            assert urlsplit(found[service]).scheme == "https"
        assert ("Binder" in found) == launch.is_numpy_only(notebook)
    assert launch.is_numpy_only(catalogue.find("softmax_demo"))
    assert not launch.is_numpy_only(catalogue.find("lenet_in_keras"))


def test_writing_twice_gives_no_diff(tmp_path):
    first = launch.write(OURS, tmp_path / "one")
    second = launch.write(OURS, tmp_path / "two")
    assert len(first) == len(catalogue.notebooks()) + 1
    for one, two in zip(first, second):
        assert one.read_bytes() == two.read_bytes()
