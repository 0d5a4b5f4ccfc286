"""Each rule of `notebook_rules` can fail, and passes on a good notebook."""

import base64
import io

import nbformat
import notebook_rules as rules
import pytest
from nbformat import v4
from PIL import Image, ImageDraw

from dli import book, runner


def png(blank=False):
    image = Image.new("RGB", (80, 60), "white")
    if not blank:
        ImageDraw.Draw(image).rectangle([10, 10, 60, 40], fill="black")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


@pytest.fixture
def good(tmp_path, monkeypatch):
    """A small notebook that breaks no rule, and where it lies."""
    entry = {
        "notebook": "ch99_test/01_good",
        "measure": [{"name": "accuracy", "band": [0.9, 1.0]}],
    }
    monkeypatch.setattr(book, "entries", lambda: {"good": entry})
    train = v4.new_code_cell("keras.utils.set_random_seed(42)\nmodel.fit(x, y)")
    train.metadata["tags"] = ["parameters"]
    draw = v4.new_code_cell("figures.show(fig, alt='a black box on white ground')")
    draw.outputs = [
        v4.new_output(
            "display_data",
            {"image/png": png()},
            metadata={"image/png": {"alt": "a black box on white ground"}},
        )
    ]
    score = v4.new_code_cell("book.compare('good', accuracy=0.95)")
    rows = {"rows": [{"name": "accuracy", "value": 0.95}]}
    score.outputs = [v4.new_output("display_data", {book.MIME: rows})]
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Good\nChapter 99."),
            train,
            draw,
            score,
            v4.new_markdown_cell("## Try it"),
        ]
    )
    for count, cell in enumerate(rules.code_cells(notebook), 1):
        cell.execution_count = count
    path = tmp_path / "ch99_test" / "01_good.ipynb"
    path.parent.mkdir()
    notebook = runner.tidy(notebook)
    nbformat.write(notebook, path)
    return notebook, path


def problems(good, rule):
    notebook, path = good
    nbformat.write(notebook, path)
    return rule(notebook, path)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_good_notebook_passes(good, rule):
    assert problems(good, rule) == []


def stdout(notebook, text, name="stdout"):
    notebook.cells[1].outputs.append(v4.new_output("stream", name=name, text=text))


BREAKAGES = {
    "cleared count": (
        rules.executed,
        lambda nb: nb.cells[2].update(execution_count=None),
    ),
    "cells in another order": (
        rules.executed,
        lambda nb: nb.cells.insert(1, nb.cells.pop(3)),
    ),
    "recorded error": (
        rules.executed,
        lambda nb: nb.cells[1].outputs.append(
            v4.new_output("error", ename="E", evalue="", traceback=[])
        ),
    ),
    "code newer than its outputs": (
        rules.executed,
        lambda nb: nb.cells[1].update(source=nb.cells[1].source + "\n# changed"),
    ),
    "another kernel": (
        rules.opens_anywhere,
        lambda nb: nb.metadata.kernelspec.update(name="conda-env-mine"),
    ),
    "widget state": (
        rules.opens_anywhere,
        lambda nb: nb.metadata.update(widgets={"state": {}}),
    ),
    "too large": (rules.opens_anywhere, lambda nb: stdout(nb, "x" * 300_001)),
    "backspaces": (rules.clean, lambda nb: stdout(nb, "10%\x08\x08\x0820%")),
    "an address": (rules.clean, lambda nb: stdout(nb, "<Line2D at 0x7f1c2d3e4f50>")),
    "a path": (rules.clean, lambda nb: stdout(nb, "saved /home/ada/notes.txt")),
    "a log on stderr": (rules.clean, lambda nb: stdout(nb, "W0000 cuda", "stderr")),
    "recorded on a stand-in": (
        rules.clean,
        lambda nb: stdout(nb, "stand-in data: MNIST, because …"),
    ),
    "missing picture": (rules.pictures, lambda nb: nb.cells[2].update(outputs=[])),
    "blank picture": (
        rules.pictures,
        lambda nb: nb.cells[2].outputs[0].data.update({"image/png": png(blank=True)}),
    ),
    "garbage for a picture": (
        rules.pictures,
        lambda nb: nb.cells[2].outputs[0].data.update({"image/png": "bm90IGEgcG5n"}),
    ),
    "no alt text": (
        rules.pictures,
        lambda nb: nb.cells[2].outputs[0].update(metadata=nbformat.from_dict({})),
    ),
    "no title": (rules.anatomy, lambda nb: nb.cells.pop(0)),
    "no place in the book": (
        rules.anatomy,
        lambda nb: nb.cells[0].update(source="# Good"),
    ),
    "no parameters": (rules.anatomy, lambda nb: nb.cells[1].metadata.clear()),
    "no seed": (rules.anatomy, lambda nb: nb.cells[1].update(source="model.fit(x)")),
    "no exercises": (rules.anatomy, lambda nb: nb.cells.pop(-1)),
    "a branch on the pace": (
        rules.anatomy,
        lambda nb: nb.cells[3].update(source="if quick: epochs = 1"),
    ),
    "a trailing semicolon": (
        rules.anatomy,
        lambda nb: nb.cells[3].update(source="1 + 1;"),
    ),
    "measure missing": (
        rules.on_the_scoreboard,
        lambda nb: nb.cells[3].update(outputs=[]),
    ),
    "measure outside its band": (
        rules.on_the_scoreboard,
        lambda nb: nb.cells[3].outputs[0].data[book.MIME]["rows"][0].update(value=0.5),
    ),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_broken_notebook_fails(good, breakage):
    rule, breaks = BREAKAGES[breakage]
    breaks(good[0])
    assert problems(good, rule), f"{rule.__name__} did not see: {breakage}"


def test_notebook_without_an_entry_fails(good, monkeypatch):
    monkeypatch.setattr(book, "entries", dict)
    assert problems(good, rules.on_the_scoreboard)
