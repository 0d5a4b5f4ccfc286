"""The rules of a recorded notebook that nbval can't see, as plain functions.

Each takes a recording (nbformat 4) and its notebook in the catalogue, and returns a
list of problems; an empty list is a good notebook.
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

from course import keeping, recording
from dli import book, facts, figures

#: What `figures.show` puts out: charts, and photographs.
PICTURES = ("image/png", "image/jpeg")

_TRAINS = re.compile(r"\.fit\(|train_on_batch\(|\.backward\(|GradientTape")
_DRAWING = (
    "figures.show",
    "figures.learning_curves",
    "diagrams.blocks",
    "diagrams.neurons",
)
_PATH = re.compile(r"(?<![\w.:/])/(?:root|home|Users|work|tmp|usr|opt)/|[A-Z]:\\\\")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


def code_cells(content):
    return [c for c in content.cells if c.cell_type == "code" and c.source.strip()]


def outputs(content):
    return [output for cell in code_cells(content) for output in cell.outputs]


def tags(cell):
    return cell.metadata.get("tags", [])


def executed(content, notebook):
    """Counts 1…n, no error; outputs of this very code, and as they were recorded."""
    problems = []
    cells = code_cells(content)
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        problems.append(f"execution counts are {counts}, not 1…{len(cells)}")
    if any(output.output_type == "error" for output in outputs(content)):
        problems.append("a recorded error")
    if recording.is_stale(content):
        problems.append("the code has changed since it was recorded: `make record`")
    if recording.is_edited(content):
        problems.append("an output has changed since it was recorded: `make record`")
    return problems


def opens_anywhere(content, notebook):
    """Kernel `python3`, no widget state, cells with ids, small enough."""
    problems = []
    if content.metadata.get("kernelspec", {}).get("name") != "python3":
        problems.append("the kernel is not python3")
    if "widgets" in content.metadata or "widget-view" in json.dumps(outputs(content)):
        problems.append("widget state or a widget view")
    size, limit = notebook.path.stat().st_size, notebook.entry.size_kb * 1000
    if size > limit:
        problems.append(f"{size:,} bytes; at most {limit:,}")
    return problems


def clean(content, notebook):
    """No log spam, backspaces, addresses, paths of one machine, streams in pieces."""
    problems = []
    text = json.dumps(_texts(content), ensure_ascii=False)
    if "\\b" in text or "\x08" in text:
        problems.append("backspaces of a progress bar")
    if found := _ADDRESS.search(text):
        problems.append(f"an object's address: {found[0]}")
    if found := _PATH.search(text):
        problems.append(f"a path of one machine: {text[found.start() :][:60]}")
    if "stand-in data" in text or "quick pace" in text:
        problems.append("recorded on stand-in data or at quick pace")
    if any(o.get("name") == "stderr" for o in outputs(content)):
        problems.append("something on stderr")
    kinds = [[output.get("name") for output in c.outputs] for c in code_cells(content)]
    if any(a and a == b for names in kinds for a, b in pairwise(names)):
        problems.append("a stream in pieces, which fall differently on every run")
    return problems


def _texts(content):
    """All recorded text, without pictures."""
    found = []
    for output in outputs(content):
        found.append(output.get("text", ""))
        for mime, data in output.get("data", {}).items():
            if not mime.startswith("image/"):
                found.append(data)
    return found


def pictures(content, notebook):
    """Cells that draw have a picture, not a blank one; every picture has its words."""
    problems = []
    for number, cell in enumerate(code_cells(content), 1):
        found = [i for i, o in enumerate(cell.outputs) if picture(o)]
        if _draws(cell.source) and not found:
            problems.append(f"cell {number} draws, but no picture is recorded")
        if "plt.show()" in cell.source:
            problems.append(f"cell {number}: figures.show(fig, alt=…), not plt.show()")
        for i in found:
            output = cell.outputs[i]
            mime = picture(output)
            if not _is_drawn(output["data"][mime]):
                problems.append(f"cell {number}: a blank picture")
            alt = output.metadata.get(mime, {}).get("alt", "")
            if len(alt) < 20:
                problems.append(f"cell {number}: a picture without alt text")
            if output["data"].get("text/plain", "") != alt:
                problems.append(f"cell {number}: the plain text is not the alt text")
            after = cell.outputs[i + 1 : i + 2]
            words = after[0].get("data", {}).get("text/html") if after else ""
            if words != figures.fold(alt):
                problems.append(f"cell {number}: no fold with the picture in words")
    return problems


def picture(output) -> str:
    """The MIME type of the picture in an output; empty if there is none."""
    kinds = [kind for kind in output.get("data", {}) if kind in PICTURES]
    return kinds[0] if kinds else ""


def _draws(source: str) -> bool:
    """Whether a cell shows a figure itself, not only in a function it defines."""
    tree = ast.parse(source)
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    return any(
        isinstance(node, ast.Call)
        and id(node) not in inside
        and ast.unparse(node.func) in _DRAWING
        for node in ast.walk(tree)
    )


def _is_drawn(picture: str) -> bool:
    try:
        image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("L")
        low, high = image.getextrema()
    except Exception:  # whatever is wrong with the bytes, it is no picture
        return False
    # A blank canvas has one shade, or nearly only one.
    background = max(image.histogram()) / (image.width * image.height)
    return high - low > 50 and background < 0.995


def anatomy(content, notebook):
    """Title, what you will see, parameters, scoreboard, exercises: design section 2."""
    problems = []
    markdown = [c.source for c in content.cells if c.cell_type == "markdown"]
    first = content.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        problems.append("the first cell is not the title")
    elif "chapter" not in first.source.lower() and "appendix" not in (
        first.source.lower()
    ):
        problems.append("the first cell does not say where in the book this is")
    code = "\n".join(cell.source for cell in code_cells(content))
    if _TRAINS.search(code):
        if not any("parameters" in tags(cell) for cell in content.cells):
            problems.append("it trains without a cell tagged `parameters`")
        if not any("training" in tags(cell) for cell in content.cells):
            problems.append("it trains without a cell tagged `training`")
        seeds = r"dli\.seed\(|set_random_seed|manual_seed"
        if not re.search(r"\b(keras|torch|tensorflow)\b", code):
            seeds += r"|default_rng\(\w|\bseed="  # only NumPy's draws, or gensim's
        if not re.search(seeds, code):
            problems.append("it trains without a seed")
    if not any(re.search(r"^#+ Try it", text, re.M) for text in markdown):
        problems.append("no *Try it*")
    if found := re.search(
        r"^\s*(?:import|from) (course|benchmarks|tests)\b", code, re.M
    ):
        problems.append(f"it imports {found[1]}: notebooks import dli")
    if re.search(r"DLI_PACE|is_quick|\bif quick\b", code):
        problems.append("a branch on the pace")
    for cell in code_cells(content):
        long = [line for line in cell.source.splitlines() if len(line) > 110]
        if long:
            problems.append(f"a line of {len(long[0])} characters: {long[0][:40]}…")
        if cell.source.rstrip().endswith(";"):
            problems.append("a cell ends in a semicolon (nbval shows the value)")
    return problems


def on_the_scoreboard(content, notebook):
    """The measures of its entry are on the scoreboard, inside their bands, as shown."""
    entry = notebook.entry
    problems = []
    if content.cells[0].source.splitlines()[0] != f"# {entry.title}":
        problems.append(f"the title is not that of chapter.toml, {entry.title!r}")
    values = {row.name: row.value for row in book.rows_of(content)}
    for measure in entry.measures:
        value = values.pop(measure.name, None)
        if value is None:
            problems.append(f"{measure.name} is not on the recorded scoreboard")
        elif not measure.holds(float(value)):
            low, high = measure.band
            problems.append(f"{measure.name} = {value}, outside [{low}, {high}]")
        if measure.exact and _is_too_wide(measure):
            problems.append(f"{measure.name} is exact, its band is not")
    problems += [f"{name} is not in chapter.toml" for name in values]
    if entry.measures and not problems:
        problems += _shown_otherwise(content, entry)
    return problems


def exercises(content, notebook):
    """Every exercise has a stub that asks and a hidden solution that passes."""
    stubs = [cell for cell in code_cells(content) if "exercise" in tags(cell)]
    solutions = [cell for cell in code_cells(content) if "solution" in tags(cell)]
    problems = []
    if len(stubs) < 2 or len(stubs) != len(solutions):
        problems.append(f"{len(stubs)} exercises, {len(solutions)} solutions")
    for number, cell in enumerate(stubs, 1):
        if "not answered yet" not in _said(cell):
            problems.append(f"exercise {number}: the stub does not ask")
    for number, cell in enumerate(solutions, 1):
        if f"Exercise {number}: right" not in _said(cell):
            problems.append(f"exercise {number}: the solution does not pass")
        hidden = cell.metadata.get("jupyter", {})
        if not (hidden.get("source_hidden") and hidden.get("outputs_hidden")):
            problems.append(f"exercise {number}: the solution stands in view")
    return problems


def _said(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def noted(content, notebook):
    """`recorded.json` holds the measures of the recording."""
    values = {row.name: row.value for row in book.rows_of(content)}
    if facts.recorded().get(notebook.id, {}) != values:
        return ["recorded.json holds other measures than the notebook: `make record`"]
    return []


def kept(content, notebook):
    """What its trainings left is that of this recording, where it is to be kept."""
    found, noted = keeping.described(notebook), facts.kept().get(notebook.id, {})
    if keeping.hashes(notebook) != noted:
        return [
            "recorded.json has other hashes of its files in weights/: `make record`"
        ]
    if found is None:
        return ["keep = true, and nothing is kept"] * notebook.entry.keep
    if found["cells"] != keeping.code_hashes(content):
        return ["what is kept belongs to other code: `make record`"]
    return []


def _shown_otherwise(content, entry):
    """The recorded scoreboard is what `book.compare` shows today for its values."""
    shown = [o.data for o in outputs(content) if book.MIME in o.get("data", {})]
    if len(shown) != 1:
        return [f"{len(shown)} scoreboards"]
    values = {row.name: float(row.value) for row in book.rows_of(content)}
    measured = [(measure, values[measure.name]) for measure in entry.measures]
    expected = book.scoreboard(entry.id, measured)
    problems = []
    if shown[0][book.MIME]["rows"] != expected[book.MIME]["rows"]:
        problems.append("the recorded rows are not those of chapter.toml")
    if any(shown[0][mime] != expected[mime] for mime in ("text/plain", "text/html")):
        problems.append("the scoreboard shows other words than chapter.toml has")
    return problems


def _is_too_wide(measure):
    """Whether the band of an exact measure is wider than ten steps of its last digit.

    Of a whole number it has no width. The scoreboard does not show such a band, so
    nobody would see that it grew.
    """
    low, high = measure.band
    digits = measure.text(high).replace(",", "").rstrip("%")
    exponent = Decimal(digits).as_tuple().exponent
    if exponent >= 0:
        return low != high
    percent = measure.format.endswith("%")
    return high - low > 10.01 * 10 ** (exponent - 2 * percent)


RULES = [
    executed,
    opens_anywhere,
    clean,
    pictures,
    anatomy,
    on_the_scoreboard,
    noted,
    kept,
    exercises,
]
