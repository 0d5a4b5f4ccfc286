"""Executes one notebook again and again in one process, with other parameters.

    python -m tests.support.drills.variations_child NOTEBOOK.ipynb

It runs at the pace of the environment (quick, for a drill) in the current folder, once
as it is and once for each round of `variations.rounds`, with fresh variables but no new
import of Keras. What fails is halved until it is known which parameter fails. The last
line that it prints is a JSON object: `{"runs": …, "parameters": …, "findings": …}`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.drills import variations
from tests.support.drills.variations import HALF

_NOT_READ = {"exercise", "solution", "parameters"}  # they may hold fixed numbers


@dataclass
class Outcome:
    """One execution: what each cell printed, and the error that ended it.

    Attributes:
        printed: text by the number of the cell.
        error: in words; empty where all cells ran.
        refused: a cell of the notebook said in words, before it trained anything, that
            this value can't be.
    """

    printed: dict[int, str] = field(default_factory=dict)
    error: str = ""
    refused: bool = False


class Bench:
    """A notebook in an IPython shell of this process."""

    def __init__(self, path: Path):
        from IPython.core.interactiveshell import InteractiveShell

        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        self.cells = [
            ("".join(cell["source"]), set(cell["metadata"].get("tags", ())))
            for cell in cells
            if cell["cell_type"] == "code"
        ]
        self.shell = InteractiveShell.instance()
        self.shell.run_line_magic("load_ext", "dli.kernel")
        self.half = False
        self._halve_data()
        self.runs = 0

    @property
    def source(self) -> str:
        """The `parameters` cell, or several of them."""
        return "\n".join(source for source, tags in self.cells if "parameters" in tags)

    def _halve_data(self) -> None:
        """Let every data set load half of its arrays while `self.half` is set."""
        from dli import datasets

        for module in pkgutil.iter_modules(datasets.__path__):
            if module.name.startswith("_"):
                continue
            made = importlib.import_module(f"dli.datasets.{module.name}")
            if hasattr(made, "load_data"):
                made.load_data = self._halving(made.load_data)

    def _halving(self, load_data):
        def load(*args, **kwargs):
            loaded = load_data(*args, **kwargs)
            return _halved(loaded) if self.half else loaded

        return load

    def run(self, values: dict[str, object]) -> Outcome:
        """Execute all cells, with other values for some parameters."""
        from IPython.utils.capture import capture_output

        self.runs += 1
        self.half = HALF in values
        self.shell.reset(new_session=False, aggressive=False)
        outcome, trained = Outcome(), False
        for number, (source, tags) in enumerate(self.cells):
            if "parameters" in tags:
                source = variations.changed(source, values)
            trained = trained or "training" in tags
            with capture_output() as captured:
                result = self.shell.run_cell(source, store_history=False)
            texts = [captured.stdout]
            texts += [str(o.data.get("text/plain", "")) for o in captured.outputs]
            if not tags & _NOT_READ and "book.compare(" not in source:
                outcome.printed[number] = "\n".join(texts)
            error = result.error_before_exec or result.error_in_exec
            if error is not None:
                said = " ".join(str(error).split())
                where = source.strip().splitlines()[0]
                outcome.error = f"{type(error).__name__}: {said[:150]} (cell: {where})"
                if isinstance(error, AssertionError) and not said:
                    outcome.error = f"an assertion without words (cell: {where})"
                outcome.refused = not trained and _in_words(error, said)
                break
        self._clear()
        return outcome

    def _clear(self) -> None:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        if "keras" in sys.modules:
            sys.modules["keras"].utils.clear_session()


def _in_words(error, said: str) -> bool:
    """Whether a cell raised it itself, or `dli`, with a sentence."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename if trace else ""
    ours = "ipython-input" in file or "ipykernel" in file or "/dli/" in file
    kind = isinstance(error, (ValueError, AssertionError, RuntimeError))
    return ours and kind and len(said.split()) >= 4


def _halved(loaded):
    import numpy as np

    if isinstance(loaded, (tuple, list)) and any(
        isinstance(part, (tuple, list, np.ndarray)) for part in loaded
    ):
        return type(loaded)(_halved(part) for part in loaded)
    if isinstance(loaded, np.ndarray) and loaded.ndim and len(loaded) > 1:
        return loaded[: len(loaded) // 2]
    return loaded


def findings(bench: Bench) -> list[dict]:
    """What goes wrong with other parameters, one entry a parameter."""
    plain = bench.run({})
    if plain.error:
        return [{"parameter": "(none changed)", "error": plain.error}]
    old = {p.name: p.value for p in variations.parameters(bench.source)}
    found = []

    def try_all(values: dict[str, object]) -> bool:
        """Whether they pass together; what fails is halved and noted."""
        if not values:
            return True
        outcome = bench.run(values)
        if not outcome.error:
            for name in values.keys() & old.keys():
                lines = [
                    line
                    for number, text in outcome.printed.items()
                    for line in variations.stale(
                        plain.printed.get(number, ""), text, name, old[name]
                    )
                ]
                if lines and values[name] != old[name]:
                    what = f"{name} = {values[name]!r}"
                    found.append({"parameter": what, "stale": lines[:3]})
            return True
        names = list(values)
        if len(names) == 1:
            kind = "refused" if outcome.refused else "error"
            found.append(
                {"parameter": f"{names[0]} = {values[names[0]]!r}", kind: outcome.error}
            )
            return False
        middle = len(names) // 2
        halves = [
            {n: values[n] for n in part} for part in (names[:middle], names[middle:])
        ]
        if all([try_all(half) for half in halves]):
            together = ", ".join(f"{n} = {v!r}" for n, v in values.items())
            found.append({"parameter": together, "error": outcome.error})
        return False

    for values in variations.rounds(bench.source):
        try_all(values)
    return found


def main(path: str) -> None:
    bench = Bench(Path(path))
    found = findings(bench)
    known = [p.name for p in variations.parameters(bench.source)]
    print(json.dumps({"runs": bench.runs, "parameters": known, "findings": found}))


if __name__ == "__main__":
    main(sys.argv[1])
