"""Each rule of `course.check.rules` can fail, and passes on a good notebook."""

import base64
import io
import json

import nbformat
import pytest
from nbformat import v4
from PIL import Image, ImageDraw

from course import catalogue, keeping, record, recording
from course.check import rules
from dli import book, facts, figures
from tests.support.house import House


def png(blank=False):
    image = Image.new("RGB", (80, 60), "white")
    if not blank:
        ImageDraw.Draw(image).rectangle([10, 10, 60, 40], fill="black")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


FACTS = """
headline = "accuracy"

[[good.measure]]
name = "accuracy"
label = "accuracy"
band = [0.9, 1.0]
why = "tried"
"""


def answered(number):
    """Stub and solution of an exercise."""
    for tag, said in (("exercise", "not answered yet."), ("solution", "right. So.")):
        text = f"Exercise {number}: {said}\n"
        cell = v4.new_code_cell("exercises.check()", metadata={"tags": [tag]})
        cell.outputs = [v4.new_output("stream", name="stdout", text=text)]
        if tag == "solution":
            hidden = {"source_hidden": True, "outputs_hidden": True}
            cell.metadata["jupyter"] = hidden
        yield cell


@pytest.fixture
def good(tmp_path, monkeypatch):
    """A small recording that breaks no rule, and its notebook in the catalogue."""
    house = House(tmp_path, monkeypatch)
    notebook = house.add("ch99_test/01_good", more=FACTS)
    train = v4.new_code_cell("keras.utils.set_random_seed(42)\nmodel.fit(x, y)")
    train.metadata["tags"] = ["parameters", "training"]
    draw = v4.new_code_cell("figures.show(fig, alt='a black box on white ground')")
    draw.outputs = [
        v4.new_output(
            "display_data",
            {"image/png": png(), "text/plain": "a black box on white ground"},
            metadata={"image/png": {"alt": "a black box on white ground"}},
        ),
        v4.new_output(
            "display_data", {"text/html": figures.fold("a black box on white ground")}
        ),
    ]
    score = v4.new_code_cell("book.compare('good', accuracy=0.95)")
    measured = [(notebook.entry.measure("accuracy"), 0.95)]
    score.outputs = [
        v4.new_output("display_data", book.scoreboard("good", measured)),
    ]
    content = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Good\nChapter 99."),
            train,
            draw,
            score,
            v4.new_markdown_cell("## Try it"),
            *answered(1),
            *answered(2),
        ]
    )
    for count, cell in enumerate(rules.code_cells(content), 1):
        cell.execution_count = count
    record.write_recorded({"good": {"accuracy": 0.95}})
    return recording.canonical(content), notebook


def problems(good, rule):
    content, notebook = good
    nbformat.write(content, notebook.path)
    return rule(content, catalogue.find(notebook.id))


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_good_notebook_passes(good, rule):
    assert problems(good, rule) == []


def stdout(notebook, text, name="stdout"):
    notebook.cells[1].outputs.append(v4.new_output("stream", name=name, text=text))


def change(output, mime, old, new):
    assert old in output.data[mime]
    output.data[mime] = output.data[mime].replace(old, new)


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
    "an output edited by hand": (
        rules.executed,
        lambda nb: nb.cells[2].outputs[0].data.update({"image/png": png() + "\n"}),
    ),
    "alt text edited by hand": (
        rules.executed,
        lambda nb: nb.cells[2].outputs[0].metadata["image/png"].update(alt="a cat"),
    ),
    "nothing noted of the outputs": (
        rules.executed,
        lambda nb: nb.metadata.dli.pop("outputs_sha256"),
    ),
    "another kernel": (
        rules.opens_anywhere,
        lambda nb: nb.metadata.kernelspec.update(name="conda-env-mine"),
    ),
    "widget state": (
        rules.opens_anywhere,
        lambda nb: nb.metadata.update(widgets={"state": {}}),
    ),
    "too large": (
        rules.opens_anywhere,
        lambda nb: stdout(nb, "x" * (1000 * facts.SIZE_KB + 1)),
    ),
    "backspaces": (rules.clean, lambda nb: stdout(nb, "10%\x08\x08\x0820%")),
    "an address": (rules.clean, lambda nb: stdout(nb, "<Line2D at 0x7f1c2d3e4f50>")),
    "a path": (rules.clean, lambda nb: stdout(nb, "saved /home/ada/notes.txt")),
    "a log on stderr": (rules.clean, lambda nb: stdout(nb, "W0000 cuda", "stderr")),
    "a stream in pieces": (
        rules.clean,
        lambda nb: [stdout(nb, text) for text in ("one\n", "two\n")],
    ),
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
    "a picture whose plain text is no alt text": (
        rules.pictures,
        lambda nb: nb.cells[2].outputs[0].data.update({"text/plain": "a cat"}),
    ),
    "a photograph without alt text": (
        rules.pictures,
        lambda nb: nb.cells[1].outputs.append(
            v4.new_output("display_data", {"image/jpeg": png()})
        ),
    ),
    "a picture without its words below": (
        rules.pictures,
        lambda nb: nb.cells[2].outputs.pop(),
    ),
    "other words below a picture": (
        rules.pictures,
        lambda nb: change(nb.cells[2].outputs[1], "text/html", "box", "cat"),
    ),
    "no title": (rules.anatomy, lambda nb: nb.cells.pop(0)),
    "no place in the book": (
        rules.anatomy,
        lambda nb: nb.cells[0].update(source="# Good"),
    ),
    "no parameters": (rules.anatomy, lambda nb: nb.cells[1].metadata.clear()),
    "no seed": (rules.anatomy, lambda nb: nb.cells[1].update(source="model.fit(x)")),
    "no exercises": (rules.anatomy, lambda nb: nb.cells.pop(4)),
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
    "another value in the rows than in the table": (
        rules.on_the_scoreboard,
        lambda nb: nb.cells[3].outputs[0].data[book.MIME]["rows"][0].update(value=0.96),
    ),
    "another value in the table than in the rows": (
        rules.on_the_scoreboard,
        lambda nb: change(nb.cells[3].outputs[0], "text/html", "0.95", "0.99"),
    ),
    "another verdict": (
        rules.on_the_scoreboard,
        lambda nb: (
            nb.cells[3]
            .outputs[0]
            .data[book.MIME]["rows"][0]
            .update(verdict="outside the band")
        ),
    ),
    "two scoreboards": (
        rules.on_the_scoreboard,
        lambda nb: nb.cells[1].outputs.append(nb.cells[3].outputs[0]),
    ),
    "another title than in chapter.toml": (
        rules.on_the_scoreboard,
        lambda nb: nb.cells[0].update(source="# Goods\nChapter 99."),
    ),
    "training without a tag": (
        rules.anatomy,
        lambda nb: nb.cells[1].metadata.update(tags=["parameters"]),
    ),
    "an import of what runs the notebooks": (
        rules.anatomy,
        lambda nb: nb.cells[3].update(source="from course import catalogue"),
    ),
    "another value in recorded.json": (
        rules.noted,
        lambda nb: record.write_recorded({"good": {"accuracy": 0.96}}),
    ),
    "a flipped byte of what is kept": (rules.kept, lambda nb: keep(nb, flip=True)),
    "what is kept belongs to other code": (
        rules.kept,
        lambda nb: keep(nb, cells=["another"]),
    ),
    "nothing is kept": (
        rules.kept,
        lambda nb: change_facts("minutes = 0.1", "minutes = 0.1\nkeep = true"),
    ),
}


def keep(content, cells=None, flip=False):
    """Two files beside the notebook, noted in `recorded.json`."""
    notebook = catalogue.find("good")
    found = cells or keeping.code_hashes(content)
    keeping.write(notebook, keeping.Kept(json.dumps({"cells": found}), b"arrays"))
    record.write_recorded(facts.recorded(), {"good": keeping.hashes(notebook)})
    if flip:
        keeping.write(notebook, keeping.Kept(json.dumps({"cells": found}), b"arraxs"))


def test_what_is_kept_and_belongs_to_it_passes(good):
    keep(good[0])
    assert problems(good, rules.kept) == []


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_broken_notebook_fails(good, breakage):
    rule, breaks = BREAKAGES[breakage]
    breaks(good[0])
    assert problems(good, rule), f"{rule.__name__} did not see: {breakage}"


def change_facts(old, new):
    path = facts.folder() / "ch99_test" / facts.CHAPTER
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    facts._chapters.cache_clear()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("band = [0.9, 1.0]", "band = [0.8, 1.0]"),
        ('why = "tried"', 'why = "tried"\nbook = 0.94\nwhere = "here"'),
        ('label = "accuracy"', 'label = "precision"'),
        ('why = "tried"', 'why = "tried"\nformat = ".1f"'),
        ('why = "tried"', 'why = "tried"\nexact = true'),
    ],
)
def test_a_measure_changed_in_chapter_toml_fails(good, old, new):
    change_facts(old, new)
    assert problems(good, rules.on_the_scoreboard)


@pytest.mark.parametrize(
    ("band", "style", "too_wide"),
    [
        ((0.26885, 0.26895), ".4f", False),
        ((0.26885, 0.26995), ".4f", True),
        ((59978, 59978), ",.0f", False),
        ((59977, 59978), ",.0f", True),
        ((0.97865, 0.97875), ".2%", False),
        ((0.97, 0.97875), ".2%", True),
        ((4.53975e-05, 4.53985e-05), ".4e", False),
        ((4.5e-05, 4.53985e-05), ".4e", True),
    ],
)
def test_an_exact_measure_has_a_narrow_band(band, style, too_wide):
    measure = facts.Measure("a", "a", band, "why", style, exact=True)
    assert rules._is_too_wide(measure) == too_wide


def test_hash_of_the_outputs_survives_writing_and_reading(good):
    content, notebook = good
    nbformat.write(content, notebook.path)
    again = nbformat.read(notebook.path, as_version=4)
    assert recording.outputs_hash(again) == recording.outputs_hash(content)


def test_hash_of_the_outputs_ignores_prose(good):
    content, _ = good
    before = recording.outputs_hash(content)
    content.cells[0].source += " Prose is free."
    assert recording.outputs_hash(content) == before


UNANSWERED = {
    "a stub that does not ask": lambda stub, solution: stub.outputs.clear(),
    "a solution that does not pass": lambda stub, solution: solution.outputs.clear(),
    "a solution whose code is in view": lambda stub, solution: (
        solution.metadata.jupyter.pop("source_hidden")
    ),
    "a solution whose output is in view": lambda stub, solution: (
        solution.metadata.jupyter.update(outputs_hidden=False)
    ),
    "an exercise without a solution": lambda stub, solution: solution.metadata.update(
        tags=[]
    ),
}


@pytest.mark.parametrize("breakage", UNANSWERED)
def test_broken_exercises_fail(good, breakage):
    content, notebook = good
    UNANSWERED[breakage](*content.cells[-2:])
    assert rules.exercises(content, notebook)


@pytest.mark.parametrize(
    ("code", "is_seeded"),
    [
        ("model = Word2Vec(texts, seed=seed)", True),
        ("rng = np.random.default_rng(42)", True),
        ("rng = np.random.default_rng()", False),
        ("import keras\nrng = np.random.default_rng(42)", False),
        ("import keras\ndli.seed(42)", True),
    ],
)
def test_without_keras_a_seed_of_numpys_will_do(good, code, is_seeded):
    good[0].cells[1].source = f"{code}\nmodel.fit(x, y)"
    told = rules.anatomy(*good)
    assert ("it trains without a seed" not in told) == is_seeded
