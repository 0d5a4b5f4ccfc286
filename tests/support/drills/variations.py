"""The parameters of a notebook, and other values for them.

A `parameters` cell is read as code; nothing in it is executed. What is no number and no
list of numbers (a name, `np.array(…)`, `range(…)`) is left as it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Not a parameter of a notebook: half of each array that a data set loads.
HALF = "(half the data)"

_EPOCHS = re.compile(r"epochs$")
_SEEDS = re.compile(r"seeds?$")
_BATCH = re.compile(r"batch_size$")
_WIDTHS = re.compile(
    r"(hidden|neurons|dense|lstm|gru|rnn|filters|dimensions|depth|latent\w*|vector_size"
    r"|^width|^layers|^sizes)(_\d)?$"
)
_SHAPES = re.compile(r"image_size$")


@dataclass(frozen=True)
class Parameter:
    """One number, or list of numbers, of a `parameters` cell.

    Attributes:
        name: the variable.
        value: as it stands there.
        span: where in the source it stands, as line and column of both ends.
    """

    name: str
    value: object
    span: tuple[int, int, int, int]


def parameters(source: str) -> list[Parameter]:
    """What a `parameters` cell sets."""
    found = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            for target, node in _pairs(statement.targets[0], statement.value):
                value = _value(node)
                if value is not None:
                    span = (node.lineno, node.col_offset)
                    span += (node.end_lineno, node.end_col_offset)
                    found.append(Parameter(target.id, value, span))
    return found


def _pairs(target, node) -> Iterator[tuple]:
    if isinstance(target, ast.Name):
        yield target, node
    elif isinstance(target, ast.Tuple) and isinstance(node, ast.Tuple):
        for name, value in zip(target.elts, node.elts):
            yield from _pairs(name, value)


def _value(node):
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    numbers = value if isinstance(value, (tuple, list)) else [value]
    if not numbers or not all(isinstance(n, (bool, int, float)) for n in numbers):
        return None
    return value


def changed(source: str, values: dict[str, object]) -> str:
    """The cell with other values for some of its parameters."""
    lines = source.split("\n")
    for parameter in reversed(parameters(source)):
        if parameter.name not in values:
            continue
        top, left, bottom, right = parameter.span
        head, tail = _cut(lines[top - 1], left)[0], _cut(lines[bottom - 1], right)[1]
        lines[top - 1 : bottom] = [f"{head}{values[parameter.name]!r}{tail}"]
    return "\n".join(lines)


def _cut(line: str, column: int) -> tuple[str, str]:
    """A line in two, at a column that `ast` counts in bytes."""
    data = line.encode()
    return data[:column].decode(), data[column:].decode()


def others(name: str, value) -> list:
    """Other values for a parameter, by its name and type; one or two."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (tuple, list)):
        return [_other_numbers(name, value)]
    if _SEEDS.search(name):
        return [value + 1]
    if isinstance(value, float):
        return [_other_share(name, value)]
    if _EPOCHS.search(name):
        return [epochs for epochs in (1, 2) if epochs != value]
    if _BATCH.search(name):
        return [value * 3 // 4 if value >= 4 else value + 6]
    if _WIDTHS.search(name):
        return [2 * value]
    return [value // 2 if value >= 4 else value + 1]


def _other_share(name, value):
    if "rate" in name and "dropout" not in name:
        return 3 * value
    if 0.9 < value < 1:
        return (1 + value) / 2
    return value / 2


def _other_numbers(name, value):
    if _SEEDS.search(name):
        return type(value)(seed + 100 for seed in value)
    if _SHAPES.search(name):
        return type(value)(side * 3 // 4 // 32 * 32 for side in value)
    if _WIDTHS.search(name):  # input and output stay where they are both given
        inner = slice(1, -1) if len(value) > 2 and value[0] > 100 else slice(None)
        wider = list(value)
        wider[inner] = [2 * size for size in value[inner]]
        return type(value)(wider)
    return value[:-1] if len(value) > 1 else value


def rounds(source: str) -> list[dict[str, object]]:
    """Changes that together try every other value of every parameter.

    Those of one round are made at once; the data are halved in the last.
    """
    choices = {p.name: others(p.name, p.value) for p in parameters(source)}
    first = {name: values[0] for name, values in choices.items()}
    second = {name: v[1] for name, v in choices.items() if len(v) > 1}
    return [first, {**second, HALF: True}]


_STEMS = {"hidden": "neuron", "rate": "rate", "size": ""}


def stale(before: str, after: str, name: str, old) -> list[str]:
    """Sentences that name a parameter beside its old value, in both outputs.

    Args:
        before: what a cell printed with the old value.
        after: what it printed with the new one.
        name: the parameter.
        old: its old value; small whole numbers stand for too many things.
    """
    if isinstance(old, (bool, tuple, list)) or (isinstance(old, int) and abs(old) < 3):
        return []
    words = [re.sub(r"s$", "", word) for word in name.split("_")]
    words = [_STEMS.get(word, word) for word in words if len(word) > 1]
    words = "|".join(re.escape(word) for word in words if word)
    if not words:
        return []
    number = "|".join({re.escape(f"{old}"), re.escape(f"{old:,}")})
    number = rf"(?<![\w.,/-])(?:{number})(?![\w%]|[.,]\d)"
    near = (
        rf"{number}\W+(?:\w+\W+)?\w*(?:{words})|\b(?:{words})\w*\W+(?:\w+\W+)?{number}"
    )
    earlier = set(before.splitlines())
    return [
        line
        for line in after.splitlines()
        if line in earlier and re.search(near, line, re.IGNORECASE)
    ]


def literals(cells: list[str], known: list[Parameter]) -> list[str]:
    """Lines that calculate with the number that a batch size or a count of epochs has.

    Where the parameter was meant, what they print stays, whatever the reader sets.

    Args:
        cells: sources of the cells behind the parameters.
        known: the notebook's parameters.
    """
    counts = {
        p.value: p.name
        for p in known
        if type(p.value) is int
        and p.value > 2
        and p.value not in (10, 100, 1000)  # percentages, and other things
        and (_BATCH.search(p.name) or _EPOCHS.search(p.name))
    }
    found = []
    for source in cells:
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.BinOp) and isinstance(
                node.op, (ast.Div, ast.FloorDiv, ast.Mod)
            ):
                places = [node.right]
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
                places = [node.left, node.right] if _has_name(node) else []
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "range":
                places = node.args[-1:]
            elif isinstance(node, ast.keyword) and node.arg in ("batch_size", "epochs"):
                places = [node.value]
            else:
                continue
            for place in places:
                if isinstance(place, ast.Constant) and place.value in counts:
                    name = counts[place.value]
                    line = lines[place.lineno - 1].strip()
                    found.append(f"{place.value} where {name} may be meant: {line}")
    return found


def _has_name(node) -> bool:
    return any(isinstance(part, (ast.Name, ast.Call)) for part in ast.walk(node))
