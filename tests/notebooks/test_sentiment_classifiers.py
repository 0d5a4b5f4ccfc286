"""The sentiment classifiers share one skeleton: readers compare two side by side."""

from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks" / "ch11_natural_language_processing"
NOTEBOOKS = sorted(FOLDER.glob("*_sentiment_classifier.ipynb"))
MAY_DIFFER = {"Set the hyperparameters", "Design the network", "Configure the model"}


def skeleton(path):
    """Code cells outside the sections that may differ, without exercises."""
    section, cells = "", []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            titles = [x[3:] for x in cell.source.splitlines() if x.startswith("## ")]
            section = titles[-1] if titles else section
        elif section not in MAY_DIFFER and "solution" not in cell.metadata.get(
            "tags", []
        ):
            cells.append((section, cell.source))
    return cells


def test_there_are_nine():
    assert len(NOTEBOOKS) == 9


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_the_skeleton_is_the_same(path):
    assert skeleton(path) == skeleton(NOTEBOOKS[1])


def test_the_dense_net_takes_the_same_steps_and_more():
    dense = dict.fromkeys(source for _, source in skeleton(NOTEBOOKS[0]))
    shared = [source for _, source in skeleton(NOTEBOOKS[1])]
    missing = [source for source in shared if source not in dense]
    # its imports are longer, and it shows some predictions before the histogram
    assert len(missing) == 2
    assert missing[0].startswith("from pathlib import Path")
    assert missing[1].startswith("y_hat = model.predict")
