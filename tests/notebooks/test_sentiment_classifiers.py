"""The sentiment classifiers share one skeleton: readers compare two side by side."""

import pytest

from course import catalogue

NOTEBOOKS = catalogue.select(["sentiment_classifier"])
CONVOLUTIONAL = NOTEBOOKS[1]

#: Cells that are the same in all nine, by id, in this order.
SHARED = ["train", "curves", "best-epoch", "roc-auc", "histogram", "scoreboard"]


def cells(notebook):
    """Source of the code cells by id, in order."""
    return {
        cell["id"]: "".join(cell["source"])
        for cell in notebook.content["cells"]
        if cell["cell_type"] == "code"
    }


def test_there_are_nine():
    assert len(NOTEBOOKS) == 9


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.id)
def test_the_skeleton_is_the_same(notebook):
    found = cells(notebook)
    assert [id for id in found if id in SHARED] == SHARED
    alike = cells(CONVOLUTIONAL)
    assert [found[id] for id in SHARED] == [alike[id] for id in SHARED]


@pytest.mark.parametrize("notebook", NOTEBOOKS[1:], ids=lambda notebook: notebook.id)
def test_the_reviews_are_loaded_alike(notebook):
    assert cells(notebook)["load"] == cells(CONVOLUTIONAL)["load"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.id)
def test_the_network_stands_in_the_notebook(notebook):
    found = cells(notebook)
    assert "layers.Dense(1" in found["design"]
    assert "model.compile(" in found["configure"]
