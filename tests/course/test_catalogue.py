"""The one place that finds notebooks, and looks into them."""

import nbformat
import pytest
from nbformat import v4

from course import catalogue
from course.kernels import Backend

HINT = "PyTorch is not installed: `make pytorch`"


def names(*words):
    return [notebook.name for notebook in catalogue.select(words)]


def test_the_books_order(house):
    assert names() == ["ch05_first/02_bad", "ch10_later/01_good", "appendix_c/01_last"]


@pytest.mark.parametrize(
    "word",
    [
        "ch10",
        "CH10",
        "chapter 10",
        "good",
        "Good",
        "ch10_later/",
        "ch10_later/01_good.ipynb",
        "notebooks/ch10_later/01_good.ipynb",
        "./notebooks/ch10_later/01_good.ipynb",
        "../ch10_later/01_good.ipynb",
        "/home/ada/clone/notebooks/ch10_later/01_good.ipynb",
        "notebooks\\ch10_later\\01_good.ipynb",
        "C:\\clone\\notebooks\\ch10_later",
    ],
)
def test_names_as_a_shell_completes_them(house, word):
    assert names(word) == ["ch10_later/01_good"]


def test_a_whole_name_stands_for_one_notebook(house):
    house.add("ch10_later/02_very_good", "1")
    assert names("good") == ["ch10_later/01_good"]
    assert names("goo") == ["ch10_later/01_good", "ch10_later/02_very_good"]


def test_several_words_keep_the_books_order(house):
    assert names("last", "ch5") == ["ch05_first/02_bad", "appendix_c/01_last"]
    assert len(names("notebooks/")) == len(names(".")) == 3


def test_what_matches_nothing_gets_a_hint(house):
    with pytest.raises(LookupError, match="did you mean good"):
        catalogue.select(["goood"])
    with pytest.raises(KeyError, match="did you mean good"):
        catalogue.find("goood")


def test_a_readers_own_files_are_unlisted(house):
    for name in ("Untitled.ipynb", "._01_good.ipynb", "01_good-Copy1.ipynb"):
        (house.notebooks / "ch10_later" / name).write_text("{}")
    (house.notebooks / "ch10_later" / ".#lock.ipynb").symlink_to("nowhere")
    found = {path.name for path in catalogue.unlisted()}
    assert found == {
        "Untitled.ipynb",
        "._01_good.ipynb",
        "01_good-Copy1.ipynb",
        ".#lock.ipynb",
    }
    assert len(names()) == 3
    assert catalogue.at(house.notebooks / "ch10_later" / "Untitled.ipynb") is None


def test_cells_and_code_by_tag(house):
    notebook = catalogue.find("good")
    content = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("from dli.datasets import imdb"),
            v4.new_code_cell("from dli.datasets import mnist, hot_dogs", id="imports"),
            v4.new_code_cell(
                "from dli.datasets import boston_housing as homes, pretrained"
            ),
            v4.new_code_cell("from dli import book, sentiment, tables"),
            v4.new_code_cell("epochs = 2", metadata={"tags": ["parameters"]}),
            v4.new_code_cell("model.fit()", metadata={"tags": ["training", "x"]}),
        ]
    )
    nbformat.write(content, notebook.path)
    notebook = catalogue.find("good")
    assert [cell.source for cell in notebook.cells("training")] == ["model.fit()"]
    assert notebook.code("parameters") == "epochs = 2"
    assert notebook.code().splitlines()[0].startswith("from dli")
    assert notebook.cells()[0].id == "imports"
    assert notebook.data_sets == ["boston_housing", "hot_dogs", "imdb", "mnist"]


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("import torch", True),
        ("import numpy\nfrom torch import nn", True),
        ("import torchlight", False),
        ("print('import torch')", False),
    ],
)
def test_only_an_import_in_code_needs_the_package(house, monkeypatch, source, needed):
    notebook = house.write(catalogue.find("good"), source)
    monkeypatch.setattr(catalogue.importlib.util, "find_spec", lambda name: None)
    assert notebook.lacks() == (HINT if needed else "")
    monkeypatch.setattr(catalogue.importlib.util, "find_spec", lambda name: "here")
    assert notebook.lacks() == ""


def test_only_what_teaches_a_backend_is_bound_to_it():
    teaching = {n.id: n.entry.teaches for n in catalogue.notebooks() if n.entry.teaches}
    assert teaching == {"deep_net_in_tensorflow": "tensorflow", "pytorch": "torch"}
    tensorflow = catalogue.find("deep_net_in_tensorflow")
    assert tensorflow.lacks() == ""
    assert tensorflow.lacks(Backend.JAX) == "it teaches TensorFlow"
    pytorch = catalogue.find("pytorch")
    assert pytorch.lacks(Backend.JAX) == "it teaches PyTorch"
    assert "teaches" not in pytorch.lacks(Backend.TORCH)
    shallow = catalogue.find("shallow_net_in_keras")
    assert {shallow.lacks(backend) for backend in Backend} == {""}


def test_a_file_that_is_no_notebook(house):
    notebook = catalogue.find("good")
    notebook.path.write_text('{"cells": [{}]}')
    with pytest.raises(ValueError, match="source"):
        catalogue.find("good").cells()
