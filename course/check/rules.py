"""The rules of a recorded notebook that nbval can't see, as plain functions.

Each takes a notebook (nbformat 4) and its path, and returns a list of problems; an
empty list is a good notebook. `test_notebooks.py` runs them all on every notebook, and
`test_notebook_rules.py` shows that each of them can fail.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import re
from decimal import Decimal
from itertools import pairwise

from PIL import Image

from course import recorded, runner
from dli import book, tables

LIMIT = 300_000  # bytes of a recorded notebook
LIMITS = {
    "ch10_machine_vision": 350_000,  # photographs
    "ch12_generative_adversarial_networks": 700_000,
}

#: Bands as `book.py` and `book.toml` have them, to what older recordings show. Whoever
#: records one of these notebooks again takes it off.
OLDER_BANDS = {
    "ch10_machine_vision/04_transfer_learning_in_keras": {
        "80.0% to 100.0%": "85.0% to 100.0%"
    },
}

_TRAINS = re.compile(r"\.fit\(|train_on_batch\(|\.backward\(|GradientTape")
_PATH = re.compile(r"(?<![\w.:/])/(?:root|home|Users|work|tmp|usr|opt)/|[A-Z]:\\\\")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


def code_cells(notebook):
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def tags(cell):
    return cell.metadata.get("tags", [])


def executed(notebook, path):
    """Counts 1…n, no error; outputs of this very code, and as they were recorded."""
    problems = []
    cells = code_cells(notebook)
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        problems.append(f"execution counts are {counts}, not 1…{len(cells)}")
    if any(output.output_type == "error" for output in outputs(notebook)):
        problems.append("a recorded error")
    noted = notebook.metadata.get("dli", {})
    if noted.get("code_sha256") != runner.code_hash(notebook):
        problems.append("the code has changed since it was recorded: `make record`")
    if noted.get("outputs_sha256") != recorded.outputs_hash(notebook):
        problems.append("an output has changed since it was recorded: `make record`")
    return problems


def opens_anywhere(notebook, path):
    """Kernel `python3`, no widget state, cells with ids, small enough."""
    problems = []
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        problems.append("the kernel is not python3")
    if "widgets" in notebook.metadata or "widget-view" in json.dumps(outputs(notebook)):
        problems.append("widget state or a widget view")
    size = len(path.read_bytes())
    limit = LIMITS.get(path.parent.name, LIMIT)
    if size > limit:
        problems.append(f"{size:,} bytes; at most {limit:,}")
    return problems


def clean(notebook, path):
    """No log spam, backspaces, addresses, paths of one machine, streams in pieces."""
    problems = []
    text = json.dumps(_texts(notebook), ensure_ascii=False)
    if "\\b" in text or "\x08" in text:
        problems.append("backspaces of a progress bar")
    if found := _ADDRESS.search(text):
        problems.append(f"an object's address: {found[0]}")
    if found := _PATH.search(text):
        problems.append(f"a path of one machine: {text[found.start() :][:60]}")
    if "stand-in data" in text or "quick pace" in text:
        problems.append("recorded on stand-in data or at quick pace")
    if any(o.get("name") == "stderr" for o in outputs(notebook)):
        problems.append("something on stderr")
    kinds = [[output.get("name") for output in c.outputs] for c in code_cells(notebook)]
    if any(a and a == b for names in kinds for a, b in pairwise(names)):
        problems.append("a stream in pieces, which fall differently on every run")
    return problems


def _texts(notebook):
    """All recorded text, without pictures."""
    found = []
    for output in outputs(notebook):
        found.append(output.get("text", ""))
        for mime, data in output.get("data", {}).items():
            if not mime.startswith("image/"):
                found.append(data)
    return found


def pictures(notebook, path):
    """Cells that draw have a picture, not a blank one, and every picture alt text."""
    problems = []
    for number, cell in enumerate(code_cells(notebook), 1):
        found = [o for o in cell.outputs if "image/png" in o.get("data", {})]
        if _draws(cell.source) and not found:
            problems.append(f"cell {number} draws, but no picture is recorded")
        if "plt.show()" in cell.source:
            problems.append(f"cell {number}: figures.show(fig, alt=…), not plt.show()")
        for output in found:
            if not _is_drawn(output["data"]["image/png"]):
                problems.append(f"cell {number}: a blank picture")
            alt = output.metadata.get("image/png", {}).get("alt", "")
            if len(alt) < 20:
                problems.append(f"cell {number}: a picture without alt text")
    return problems


def _draws(source: str) -> bool:
    """Whether a cell shows a figure itself, not only in a function it defines."""
    tree = ast.parse(source)
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    return any(
        isinstance(node, ast.Call)
        and id(node) not in inside
        and ast.unparse(node.func) in ("figures.show", "figures.learning_curves")
        for node in ast.walk(tree)
    )


def _is_drawn(png: str) -> bool:
    try:
        image = Image.open(io.BytesIO(base64.b64decode(png))).convert("L")
        low, high = image.getextrema()
    except Exception:  # whatever is wrong with the bytes, it is no picture
        return False
    # A blank canvas has one shade, or nearly only one.
    background = max(image.histogram()) / (image.width * image.height)
    return high - low > 50 and background < 0.995


def anatomy(notebook, path):
    """Title, what you will see, parameters, scoreboard, exercises: design section 2."""
    problems = []
    markdown = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    first = notebook.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        problems.append("the first cell is not the title")
    elif "chapter" not in first.source.lower() and "appendix" not in (
        first.source.lower()
    ):
        problems.append("the first cell does not say where in the book this is")
    code = "\n".join(cell.source for cell in code_cells(notebook))
    if _TRAINS.search(code):
        if not any("parameters" in tags(cell) for cell in notebook.cells):
            problems.append("it trains without a cell tagged `parameters`")
        if "set_random_seed" not in code and "manual_seed" not in code:
            problems.append("it trains without a seed")
    if not any(re.search(r"^#+ Try it", text, re.M) for text in markdown):
        problems.append("no *Try it*")
    if re.search(r"DLI_PACE|is_quick|\bif quick\b", code):
        problems.append("a branch on the pace")
    for cell in code_cells(notebook):
        long = [line for line in cell.source.splitlines() if len(line) > 100]
        if long:
            problems.append(f"a line of {len(long[0])} characters: {long[0][:40]}…")
        if cell.source.rstrip().endswith(";"):
            problems.append("a cell ends in a semicolon (nbval shows the value)")
    return problems


def on_the_scoreboard(notebook, path):
    """`book.toml` knows the notebook; the measures are inside their bands, as shown."""
    name = runner.name_of(path)
    found = [e for e in book.entries().values() if e["notebook"] == name]
    if not found:
        return [f"book.toml has no entry with notebook = {name!r}"]
    problems = []
    if notebook.cells[0].source.splitlines()[0] != f"# {found[0]['title']}":
        problems.append(f"the title is not book.toml's, {found[0]['title']!r}")
    values = {row["name"]: row["value"] for row in book.scoreboard(notebook)}
    measures = found[0].get("measure", ())
    for measure in measures:
        value = values.pop(measure["name"], None)
        if value is None:
            problems.append(f"{measure['name']} is not on the recorded scoreboard")
        elif not book.within(measure, float(value)):
            low, high = measure["band"]
            problems.append(f"{measure['name']} = {value}, outside [{low}, {high}]")
        if measure.get("exact") and _too_wide(measure):
            problems.append(f"{measure['name']} is exact, its band is not")
    problems += [f"{name} is not in book.toml" for name in values]
    if measures and not problems:
        problems += _shown_otherwise(notebook, name, measures)
    return problems


def _shown_otherwise(notebook, name, measures):
    """The recorded scoreboard is what `book.compare` shows today for its values."""
    shown = [o.data for o in outputs(notebook) if book.MIME in o.get("data", {})]
    if len(shown) != 1:
        return [f"{len(shown)} scoreboards"]
    values = {row["name"]: row["value"] for row in book.scoreboard(notebook)}
    expected = scoreboard(measures, values, OLDER_BANDS.get(name, {}))
    problems = []
    if shown[0][book.MIME]["rows"] != expected[book.MIME]["rows"]:
        problems.append("the recorded rows are not those of book.toml")
    if any(shown[0][mime] != expected[mime] for mime in ("text/plain", "text/html")):
        problems.append("the scoreboard shows other words than book.toml has")
    return problems


def scoreboard(measures, values, older=()):
    """What `book.compare` shows for values (by name) at full pace, by MIME type.

    With `older`, bands in other words: those of `book.toml` to those shown.
    """
    rows = [book._cells(m, float(values[m["name"]]), None) for m in measures]
    band = book._HEAD.index("band")
    for row in rows:
        row[band] = dict(older).get(row[band], row[band])
    lines = [book._HEAD, *rows]
    recorded_rows = [
        {
            "name": measure["name"],
            "book": measure.get("book"),
            "value": values[measure["name"]],
            "verdict": row[-1],
        }
        for measure, row in zip(measures, rows)
    ]
    return {
        "text/plain": tables.text(lines),
        "text/html": tables.html(lines),
        book.MIME: {"rows": recorded_rows},
    }


def _too_wide(measure):
    """Whether the band of an exact measure is wider than ten steps of its last digit.

    Of a whole number it has no width. The scoreboard does not show such a band, so
    nobody would see that it grew.
    """
    low, high = measure["band"]
    digits = format(high, measure.get("format", ".4g")).replace(",", "").rstrip("%")
    exponent = Decimal(digits).as_tuple().exponent
    if exponent >= 0:
        return low != high
    percent = measure.get("format", "").endswith("%")
    return high - low > 10.01 * 10 ** (exponent - 2 * percent)


RULES = [
    executed,
    opens_anywhere,
    clean,
    pictures,
    anatomy,
    on_the_scoreboard,
]
