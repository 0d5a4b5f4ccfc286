"""Execute notebooks: run (into `runs/`), record (into the notebook itself).

A notebook is executed by nbclient in its own folder, as JupyterLab would. A recorded
notebook is only ever replaced by one that ran to its end.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import json
import os
import re
import tempfile
import time
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm import tqdm

from dli import book, interactive, tables

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
RUNS = ROOT / "runs"

KERNELS = {"full": "python3", "quick": "dli-quick"}
CELL_TIMEOUT = {"full": 4 * 3600, "quick": 600}  # seconds

_OPTIONAL = {"torch": "PyTorch is not installed: `make pytorch`"}


def discover() -> list[Path]:
    """All notebooks in book order (chapters, then appendices)."""
    found = (
        path
        for path in NOTEBOOKS.glob("*/*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    )
    return sorted(found, key=lambda path: (path.parent.name[:2] != "ch", path))


def name_of(path: Path) -> str:
    """`ch08_training_deep_networks/04_intermediate_net_in_keras`."""
    return f"{path.parent.name}/{path.stem}"


def select(wanted: list[str] | None) -> list[Path]:
    """Notebooks whose name holds one of the words, in book order; all for no word.

    Raises:
        LookupError: a word matches no notebook.
    """
    notebooks = discover()
    if not wanted:
        return notebooks
    names = {name_of(path): path for path in notebooks}
    chosen = set()
    for word in wanted:
        word = word.removeprefix("notebooks/").removesuffix(".ipynb").rstrip("/")
        hits = [path for name, path in names.items() if word in name]
        if not hits:
            stems = [path.stem[3:] for path in notebooks]
            near = difflib.get_close_matches(word, stems, n=3, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}?" if near else "see notebooks/"
            raise LookupError(f"no notebook matches {word!r}; {hint}")
        chosen.update(hits)
    return [path for path in notebooks if path in chosen]


def lacking(path: Path) -> str:
    """What keeps a notebook from being run here, and the remedy; empty if nothing.

    That is a package which not every reader installs. A notebook without it is not
    run, and every report says so.
    """
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    for package, remedy in _OPTIONAL.items():
        imported = re.search(rf"^\s*(?:import|from) {package}\b", code, re.M)
        if imported and importlib.util.find_spec(package) is None:
            return remedy
    return ""


@dataclass
class Result:
    """What became of one notebook."""

    name: str
    seconds: float
    error: str = ""
    rows: list[dict] = field(default_factory=list)  # of its scoreboard
    lacking: str = ""  # why it was not run

    @property
    def ok(self) -> bool:
        verdicts = [row["verdict"] for row in self.rows]
        return not self.error and "outside the band" not in verdicts


def execute(path: Path, pace: str, bar: tqdm | None = None):
    """Run one notebook from its first cell to its last.

    Args:
        path: the notebook; it is not changed.
        pace: "full" or "quick".
        bar: a progress bar that counts its code cells.

    Returns:
        The executed notebook and an error text (empty if all cells ran). After an
        error the notebook holds the outputs up to it.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    def count(cell, cell_index, **_):
        if bar is not None and cell.cell_type == "code":
            bar.update()

    client = NotebookClient(
        notebook,
        kernel_name=KERNELS[pace],
        timeout=CELL_TIMEOUT[pace],
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        on_cell_complete=count,
    )
    # What libraries print below Python would tear the progress display apart; it is
    # wanted only when a kernel dies.
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        try:
            client.execute(stdout=log, stderr=log)
        except CellExecutionError as error:
            return notebook, f"{error.ename}: {error.evalue}"
        except CellTimeoutError:
            return notebook, f"a cell ran for more than {CELL_TIMEOUT[pace]:,} s"
        except DeadKernelError:
            log.seek(0)
            last = "\n".join(log.read().splitlines()[-20:])
            return (
                notebook,
                f"the kernel died (out of memory?); its last words:\n{last}",
            )
    return notebook, ""


def run(paths: list[Path], pace: str) -> list[Result]:
    """Run notebooks into `runs/`, an `.ipynb` and an HTML page each, and tabulate."""
    results = []
    for number, path in enumerate(paths, 1):
        if why := lacking(path):
            results.append(Result(name_of(path), 0, lacking=why))
            continue
        with _bar(path, f"{number}/{len(paths)}") as bar:
            started = time.monotonic()
            notebook, error = execute(path, pace, bar)
            seconds = time.monotonic() - started
        results.append(keep(path, notebook, seconds, error))
    write_index(results, pace)
    return results


def keep(path: Path, notebook, seconds: float, error: str) -> Result:
    """Write what became of the notebook at `path` into `runs/`, with an HTML page."""
    target = RUNS / f"{name_of(path)}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, nbformat.writes(notebook))
    _write(target.with_suffix(".html"), to_html(notebook, path.stem))
    return Result(name_of(path), seconds, error, book.scoreboard(notebook))


def write_index(results: list[Result], pace: str) -> None:
    """Write `runs/index.html`: the table of one run, with links to its pages."""
    RUNS.mkdir(exist_ok=True)
    _write(RUNS / "index.html", _index(results, pace))


def record(paths: list[Path]) -> list[Result]:
    """Run notebooks at full pace and write their outputs into them.

    A notebook that does not run to its end, not on the original data, or not at all for
    lack of a package, is left as it was.
    """
    results = []
    for number, path in enumerate(paths, 1):
        if why := lacking(path):
            results.append(Result(name_of(path), 0, lacking=why))
            continue
        with _bar(path, f"{number}/{len(paths)}") as bar:
            started = time.monotonic()
            notebook, error = execute(path, "full", bar)
            seconds = time.monotonic() - started
        rows = book.scoreboard(notebook)
        other = [
            r["verdict"] for r in rows if r["verdict"].startswith("not comparable")
        ]
        if other and not error:
            error = f"{other[0]}; recorded are only results on the original data"
        if not error:
            _write(path, nbformat.writes(tidy(notebook)) + "\n")
        results.append(Result(name_of(path), seconds, error, rows))
    return results


def tidy(notebook):
    """Strip what changes from run to run, and note what the outputs belong to."""
    notebook.metadata = nbformat.from_dict(
        {
            "dli": {"code_sha256": code_hash(notebook)},
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return interactive.without_plots(notebook)


def code_hash(notebook) -> str:
    """SHA-256 of all code cells: outputs recorded under another hash are stale."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()


def tagged_code(path: Path, tag: str) -> str:
    """The source of all code cells of a notebook that bear a tag."""
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(c.source for c in cells if tag in c.metadata.get("tags", ()))


def to_html(notebook, title: str) -> str:
    """A page that needs no server and no network."""
    from dli import page

    return page.render(notebook, title)


def table(results: list[Result]) -> str:
    """notebook · seconds · book · this run · verdict, as text."""
    lines = [("notebook", "seconds", "measure", "book", "this run", "verdict")]
    for result in results:
        if result.lacking:
            why = f"not run: {result.lacking}"
            lines.append((result.name, "", "", "", "", why))
            continue
        head = (result.name, f"{result.seconds:.0f}")
        if result.error:
            first = result.error.splitlines()[0][:70]
            lines.append((*head, "", "", "", f"FAILED: {first}"))
            continue
        headline = _headline(result)
        lines.append((*head, *(headline or ("", "", "", "ran"))))
    return tables.text(lines)


def _headline(result: Result) -> tuple[str, str, str, str] | None:
    """The measure that stands for a notebook, and the worst of its verdicts."""
    for found in book.entries().values():
        if found["notebook"] != result.name or "headline" not in found:
            continue
        spec = {m["name"]: m for m in found["measure"]}[found["headline"]]
        for row in result.rows:
            if row["name"] == found["headline"]:
                verdicts = [r["verdict"] for r in result.rows]
                worst = next((v for v in verdicts if v != "within the band"), None)
                printed = spec.get("book")
                style = spec.get("format", ".4g")
                return (
                    spec["label"],
                    "not printed" if printed is None else format(printed, style),
                    format(float(row["value"]), style),
                    worst or "within the band",
                )
    return None


def _index_row(result: Result) -> str:
    name = escape(result.name)
    if result.lacking:  # there is no page to link to
        why = f"not run: {escape(result.lacking)}"
        return f"<tr><td>{name}</td>{'<td></td>' * 5}<td>{why}</td></tr>"
    headline = _headline(result) or ("", "", "", "")
    return (
        f'<tr><td><a href="{name}.html">{name}</a></td>'
        f"<td>{result.seconds:.0f}</td>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in headline)
        + f"<td>{escape(result.error) or 'ran'}</td></tr>"
    )


def _index(results: list[Result], pace: str) -> str:
    rows = "".join(_index_row(result) for result in results)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        "<title>Deep Learning Illustrated: this run</title>"
        "<style>body{font:16px/1.5 sans-serif;margin:2rem}td,th{text-align:left;"
        "padding:.2rem .8rem}tr:nth-child(even){background:#f3f3f3}</style>"
        f"<h1>This run, at {pace} pace</h1><table><tr><th>notebook</th>"
        "<th>seconds</th><th>measure</th><th>book</th><th>this run</th>"
        f"<th>verdict</th><th>cells</th></tr>{rows}</table></html>\n"
    )


def _bar(path: Path, number: str) -> tqdm:
    notebook = json.loads(path.read_text("utf-8"))
    cells = sum(
        cell["cell_type"] == "code" and bool("".join(cell["source"]).strip())
        for cell in notebook["cells"]
    )
    return tqdm(
        total=cells,
        desc=f"{number} {name_of(path)}",
        unit="cell",
        bar_format="{desc:<72} {n:>3}/{total} cells  {elapsed}",
    )


def _write(path: Path, text: str) -> None:
    """Write all of a file or nothing: a full disk never costs the old one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
