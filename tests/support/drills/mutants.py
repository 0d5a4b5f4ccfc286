"""Seeded mutations of recorded notebooks.

Each takes a notebook (nbformat 4, changed in place), a random generator and another
notebook to borrow a picture from. It returns what it did, in a few words, or None where
the notebook has nothing of the kind. Some can be limited to certain `cells`.
"""

from __future__ import annotations

import base64
import io
import re

from nbformat import v4
from PIL import Image

from course.check import rules
from course.check.rules import code_cells
from dli import book, facts


def _texts(notebook, *mimes, cells=None):
    """(container, key) of every recorded text; `stream` stands for printed text."""
    found = []
    for cell in code_cells(notebook) if cells is None else cells:
        for output in cell.outputs:
            if output.output_type == "stream" and "stream" in mimes:
                found.append((output, "text"))
            data = output.get("data", {})
            found += [(data, mime) for mime in mimes if mime in data]
    return found


def _change(places, rng, pattern, new):
    """Replace one random match of a pattern in the places by `new(match, rng)`."""
    places = [(box, key) for box, key in places if pattern.search(box[key])]
    if not places:
        return None
    box, key = rng.choice(places)
    match = rng.choice(list(pattern.finditer(box[key])))
    put = new(match, rng)
    box[key] = box[key][: match.start()] + put + box[key][match.end() :]
    return f"{match[0][:30]!r} became {put[:30]!r}"


def _other_digit(match, rng):
    return rng.choice([digit for digit in "0123456789" if digit != match[0]])


def _other_shape(match, rng):
    size = rng.choice(list(re.finditer(r"None|\d+", match[0])))
    longer = "7" if size[0] == "None" else f"{int(size[0]) + 1}"
    return match[0][: size.start()] + longer + match[0][size.end() :]


def _deleted(match, rng):
    return ""


def _text_mutation(mimes, pattern, new, flags=0):
    def mutate(notebook, rng, other, cells=None):
        places = _texts(notebook, *mimes, cells=cells)
        return _change(places, rng, re.compile(pattern, flags), new)

    return mutate


_PRINTED = ("stream", "text/plain")
_HTML = ("text/html",)
digit = _text_mutation(_PRINTED, r"\d", _other_digit)
digit_of_a_table = _text_mutation(_HTML, r"(?<=[>\d.,])\d(?=[\d.,%<])", _other_digit)
shape = _text_mutation(_PRINTED, r"\((?:None|\d+)(?:, (?:None|\d+))*,?\)", _other_shape)
table_row = _text_mutation(_HTML, r"<tr\b.*?</tr>", _deleted, re.S)
text_line = _text_mutation(_PRINTED, r"^.*\w.*\n", _deleted, re.M)


def _pictures(notebook):
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    return [output for output in outputs if rules.picture(output)]


def _rows(notebook):
    """The rows of the recorded scoreboard, as they stand in the notebook."""
    return [
        row
        for cell in code_cells(notebook)
        for output in cell.outputs
        for row in output.get("data", {}).get(book.MIME, {}).get("rows", ())
    ]


def _swap(one, other):
    first, second = rules.picture(one), rules.picture(other)
    kept = one["data"].pop(first)
    one["data"][second] = other["data"].pop(second)
    other["data"][first] = kept


def swapped_pictures(notebook, rng, other):
    found = _pictures(notebook)
    if len(found) < 2:
        return None
    _swap(*rng.sample(found, 2))
    return "two pictures swapped"


def borrowed_picture(notebook, rng, other):
    if not _pictures(notebook) or not _pictures(other):
        return None
    _swap(rng.choice(_pictures(notebook)), rng.choice(_pictures(other)))
    return "a picture of another notebook"


def _redraw(notebook, rng, pixels):
    if not _pictures(notebook):
        return None
    output = rng.choice(_pictures(notebook))
    data, mime = output["data"], rules.picture(output)
    size = Image.open(io.BytesIO(base64.b64decode(data[mime]))).size
    stream = io.BytesIO()
    Image.frombytes("L", size, pixels(size[0] * size[1])).save(stream, "PNG")
    data[mime] = base64.b64encode(stream.getvalue()).decode()
    return f"{size[0]} × {size[1]} pixels"


def blank_picture(notebook, rng, other):
    return _redraw(notebook, rng, lambda count: b"\xff" * count)


def noise(notebook, rng, other):
    return _redraw(notebook, rng, rng.randbytes)


def no_alt_text(notebook, rng, other):
    found = [o for o in _pictures(notebook) if o.metadata.get(rules.picture(o))]
    if not found:
        return None
    output = rng.choice(found)
    output.metadata[rules.picture(output)].pop("alt")
    return "alt text removed"


def cleared_output(notebook, rng, other):
    cell = rng.choice([cell for cell in code_cells(notebook) if cell.outputs])
    cell.outputs = []
    return f"cell {cell.execution_count}"


def cleared_notebook(notebook, rng, other):
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    return "all outputs and counts"


def cleared_counts(notebook, rng, other):
    for cell in code_cells(notebook):
        cell.execution_count = None
    return "all counts"


def _code_places(notebook):
    return [i for i, cell in enumerate(notebook.cells) if cell in code_cells(notebook)]


def reordered(notebook, rng, other):
    one, two = rng.sample(_code_places(notebook), 2)
    cells = notebook.cells
    cells[one], cells[two] = cells[two], cells[one]
    return f"cells {one} and {two}"


def raising_cell(notebook, rng, other):
    place = rng.choice(_code_places(notebook))
    count = notebook.cells[place].execution_count
    cell = v4.new_code_cell("1 / 0", execution_count=count)
    for later in code_cells(notebook):
        later.execution_count += later.execution_count >= count
    notebook.cells.insert(place, cell)
    return f"before cell {place}, counts in order"


def deleted_cell(notebook, rng, other):
    place = rng.choice(_code_places(notebook))
    gone = notebook.cells.pop(place)
    for later in code_cells(notebook):
        later.execution_count -= later.execution_count > gone.execution_count
    return f"cell {place}, counts in order"


def edited_code(notebook, rng, other):
    cell = rng.choice(code_cells(notebook))
    cell.source += "\n_ = 0"
    return f"cell {cell.execution_count}"


def stale_hash(notebook, rng, other):
    notebook.metadata.dli["code_sha256"] = f"{rng.getrandbits(256):064x}"
    return "of another code"


def outside_the_band(notebook, rng, other):
    rows = _rows(notebook)
    if not rows:
        return None
    row = rng.choice(rows)
    measures = [m for entry in facts.entries().values() for m in entry.measures]
    highest = max(m.band[1] for m in measures if m.name == row["name"])
    row["value"] = highest + 1
    return row["name"]


def another_verdict(notebook, rng, other):
    rows = _rows(notebook)
    if not rows:
        return None
    row = rng.choice(rows)
    row["verdict"] = "outside the band"
    return row["name"]


verdict_shown = _text_mutation(
    ("text/plain", "text/html"),
    "within the band",
    lambda match, rng: "outside the band",
)


def _added(notebook, rng, output):
    rng.choice(code_cells(notebook)).outputs.append(output)


def error(notebook, rng, other):
    lines = ["ZeroDivisionError: division by zero"]
    output = v4.new_output("error", ename="E", evalue="division", traceback=lines)
    _added(notebook, rng, output)
    return "an error among the outputs"


def log_spam(notebook, rng, other):
    text = "I0000 00:00:1700000000.0 cpu_feature_guard.cc:210] optimized\n"
    _added(notebook, rng, v4.new_output("stream", name="stderr", text=text))
    return "a log line on stderr"


def absolute_path(notebook, rng, other):
    text = "saved in /home/ada/models/net.keras\n"
    _added(notebook, rng, v4.new_output("stream", name="stdout", text=text))
    return "an absolute path"


#: What is printed and drawn is changed, the code is not.
OUTPUTS = {
    "digit of a printed number": digit,
    "digit of an HTML table": digit_of_a_table,
    "shape": shape,
    "row of a table": table_row,
    "line of a text": text_line,
    "pictures swapped": swapped_pictures,
    "picture of another notebook": borrowed_picture,
    "blank picture": blank_picture,
    "noise for a picture": noise,
    "alt text removed": no_alt_text,
    "output cleared": cleared_output,
    "metric outside its band": outside_the_band,
    "verdict recorded": another_verdict,
    "verdict shown": verdict_shown,
    "error added": error,
    "log spam": log_spam,
    "absolute path": absolute_path,
}

#: The code, the counts or a recorded hash is changed.
CODE = {
    "all outputs and counts cleared": cleared_notebook,
    "all counts cleared": cleared_counts,
    "cells reordered": reordered,
    "raising cell inserted": raising_cell,
    "cell deleted": deleted_cell,
    "code edited": edited_code,
    "stale hash of the code": stale_hash,
}
