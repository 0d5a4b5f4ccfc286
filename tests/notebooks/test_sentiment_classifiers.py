"""The sentiment classifiers share one skeleton: readers compare two side by side."""

import pytest

from course import catalogue

NOTEBOOKS = catalogue.select(["sentiment_classifier"])
MAY_DIFFER = {"Set the hyperparameters", "Design the network", "Configure the model"}


def skeleton(notebook):
    """Code cells outside the sections that may differ, without exercises."""
    section, cells = "", []
    for cell in notebook.content["cells"]:
        source, tags = "".join(cell["source"]), cell["metadata"].get("tags", [])
        if cell["cell_type"] == "markdown":
            titles = [x[3:] for x in source.splitlines() if x.startswith("## ")]
            section = titles[-1] if titles else section
        elif section not in MAY_DIFFER and "solution" not in tags:
            cells.append((section, source))
    return cells


def test_there_are_nine():
    assert len(NOTEBOOKS) == 9


@pytest.mark.parametrize("notebook", NOTEBOOKS[1:], ids=lambda notebook: notebook.id)
def test_the_skeleton_is_the_same(notebook):
    assert skeleton(notebook) == skeleton(NOTEBOOKS[1])


def test_the_dense_net_takes_the_same_steps_and_more():
    dense = dict.fromkeys(source for _, source in skeleton(NOTEBOOKS[0]))
    shared = [source for _, source in skeleton(NOTEBOOKS[1])]
    missing = [source for source in shared if source not in dense]
    # its imports are longer, and it shows some predictions before the histogram
    assert len(missing) == 2
    assert missing[0].startswith("from pathlib import Path")
    assert missing[1].startswith("y_hat = model.predict")
