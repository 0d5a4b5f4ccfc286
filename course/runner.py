"""Execute notebooks: run (into `runs/`), record (into the notebook itself).

A notebook is executed by nbclient in its own folder, as JupyterLab would. A recorded
notebook is only ever replaced by one that ran to its end.

Each notebook has a thread of its own, in which nbclient waits for the kernel. The main
thread watches: it measures memory, and when the reader interrupts it ends the kernels.
"""

from __future__ import annotations

import asyncio
import atexit
import difflib
import hashlib
import importlib.util
import json
import os
import re
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from html import escape
from pathlib import Path

import nbformat
import psutil
from filelock import FileLock, Timeout
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm import tqdm

from course import bootstrap, machine, recorded
from dli import book, interactive, tables

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
RUNS = ROOT / "runs"

_TITLES = {"tensorflow": "TensorFlow"} | {
    name: backend.title for name, backend in bootstrap.BACKENDS.items()
}
BACKENDS = tuple(_TITLES)
CELL_TIMEOUT = {"full": 4 * 3600, "quick": 600}  # seconds
START_TIMEOUT = 180  # seconds: a classroom server may be busy
OUTPUT_TIMEOUT = 60  # seconds after a cell has ended in which its outputs must be here
KERNEL_MEMORY = 4 * 2**30  # bytes to have free for each kernel at quick pace

INTERRUPTED = "interrupted"
_PENDING = "not reached yet"  # what the index of a run in progress says

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


def lacking(path: Path, backend: str = "tensorflow") -> str:
    """What keeps a notebook from being run here, and the remedy; empty if nothing.

    That is a package which not every reader installs, or, with Keras on another
    backend than TensorFlow, that the notebook teaches a certain one. It is not run
    then, and every report says so.
    """
    teaches = book.entries().get(path.stem[3:], {}).get("teaches")
    if backend != "tensorflow" and teaches not in (None, backend):
        return f"it teaches {_TITLES[teaches]}"
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
    lacking: str = ""  # why it is not for running here, which is no failure
    not_run: str = ""  # why else it did not run to its end
    memory: int = 0  # bytes: the most that its kernel held; 0 if not measured
    code: str = ""  # hash of what was executed

    @property
    def ok(self) -> bool:
        verdicts = [row["verdict"] for row in self.rows]
        failed = self.error or self.not_run
        return not failed and "outside the band" not in verdicts


def kernel_name(pace: str, backend: str = "tensorflow") -> str:
    """The Jupyter kernel of a pace ("full" or "quick") and a backend of Keras.

    Raises:
        ValueError: no such pace or backend.
    """
    if pace not in CELL_TIMEOUT:
        raise ValueError(f"no pace {pace!r}; there are {', '.join(CELL_TIMEOUT)}")
    if backend not in BACKENDS:
        raise ValueError(f"no backend {backend!r}; there are {', '.join(BACKENDS)}")
    if backend == "tensorflow":
        return {"full": "python3", "quick": "dli-quick"}[pace]
    return f"dli-{backend}" + ("-quick" if pace == "quick" else "")


def backend_of(kernel: str | None) -> str:
    """The backend of one of our kernels; TensorFlow for any other."""
    parts = (kernel or "").split("-")
    return next((name for name in BACKENDS if name in parts), "tensorflow")


class Execution:
    """One notebook on its way through a kernel of its own.

    `run` is called once; `watch` and `kill` are for other threads meanwhile.

    Args:
        path: the notebook; it is not changed.
        pace: "full" or "quick".
        backend: the backend of Keras: one of `BACKENDS`.

    Raises:
        ValueError: no such pace or backend, or the file holds no notebook.
    """

    def __init__(self, path: Path, pace: str, backend: str = "tensorflow") -> None:
        self.notebook = nbformat.read(path, as_version=4)
        self.memory = 0  # bytes: the most that the kernel and its children held
        self._timeout = CELL_TIMEOUT[pace]
        self._process: psutil.Process | None = None
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        self._client = NotebookClient(
            self.notebook,
            kernel_name=kernel_name(pace, backend),
            timeout=self._timeout,
            startup_timeout=START_TIMEOUT,
            iopub_timeout=OUTPUT_TIMEOUT,
            raise_on_iopub_timeout=True,  # otherwise outputs are lost in silence
            resources={"metadata": {"path": str(path.parent)}},
            record_timing=False,
        )

    def run(self, bar: tqdm | None = None) -> str:
        """Execute from the first cell to the last.

        After an error the notebook holds the outputs up to it.

        Args:
            bar: a progress bar that counts the code cells.

        Returns:
            What went wrong; empty if all cells ran.
        """

        def executed(**_):
            self.watch()
            if bar is not None:
                bar.update()

        self._client.on_cell_executed = executed
        # What libraries print below Python would tear the progress display apart; it
        # is wanted only when a kernel dies.
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            try:
                asyncio.run(self._client.async_execute(stdout=log, stderr=log))
            except CellExecutionError as error:
                return f"{error.ename}: {error.evalue}"
            except CellTimeoutError as error:
                if "IOPub" in str(error):
                    return f"outputs did not arrive within {OUTPUT_TIMEOUT} s"
                return f"a cell ran for more than {self._timeout:,} s"
            except DeadKernelError:
                log.seek(0)
                last = "\n".join(log.read().splitlines()[-20:])
                return f"the kernel died (out of memory?); its last words:\n{last}"
            except Exception as error:  # the other notebooks still have their turn
                return f"the kernel failed: {type(error).__name__}: {error}"
            finally:
                self._end_group()
                # nbclient leaves it behind when a kernel dies while it starts.
                atexit.unregister(self._client._cleanup_kernel)
        return ""

    def watch(self) -> None:
        """Note the memory that the kernel and its children hold."""
        with suppress(psutil.Error, OSError):
            if kernel := self._kernel():
                self.memory = max(self.memory, _held(kernel))

    def kill(self) -> None:
        """End the kernel at once, with all that it started."""
        with suppress(psutil.Error):
            if kernel := self._kernel():
                for process in (*kernel.children(recursive=True), kernel):
                    process.kill()
        self._end_group()

    def _kernel(self) -> psutil.Process | None:
        """The process of the kernel, once there is one."""
        provisioner = getattr(self._client.km, "provisioner", None)
        if self._process is None and getattr(provisioner, "pid", None):
            self._process = psutil.Process(provisioner.pid)
        return self._process

    def _end_group(self) -> None:
        """End what the kernel has started and left behind."""
        if self._process and hasattr(os, "killpg"):  # a kernel leads a group of its own
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _held(kernel: psutil.Process) -> int:
    """Bytes that a process and its children hold, or its own peak if that is more."""
    family = (kernel, *kernel.children(recursive=True))
    now = sum(process.memory_info().rss for process in family)
    status = Path(f"/proc/{kernel.pid}/status")  # Linux notes the peak itself
    if status.exists() and (peak := re.search(r"VmHWM:\s*(\d+)", status.read_text())):
        return max(now, int(peak[1]) * 1024)
    return now


def execute(path: Path, pace: str, backend: str = "tensorflow"):
    """Run one notebook from its first cell to its last; see `Execution`.

    Returns:
        The executed notebook and an error text (empty if all cells ran).
    """
    execution = Execution(path, pace, backend)
    error = execution.run()
    return execution.notebook, error


class _Stop:
    """Why no further notebook is to be run; while empty, work goes on."""

    why = ""


@contextmanager
def _interruptible() -> Iterator[_Stop]:
    """Let Ctrl-C, SIGTERM and a closed terminal ask for a stop in good order."""
    stop = _Stop()

    def ask(*_):
        stop.why = stop.why or INTERRUPTED

    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # Under nohup, a closed terminal is to be ignored.
            if number and signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def alone(lock: Path, stop: _Stop | None = None) -> Iterator[bool]:
    """Hold a lock file, so that no other runner writes where this one does.

    A process that holds it is named, and waited for; one that was killed holds nothing.

    Yields:
        Whether it is held; False if a stop was asked for meanwhile.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    holder = lock.with_name(f"{lock.name}.holder")
    held, told = FileLock(lock), False
    while True:
        try:
            held.acquire(timeout=0.5 if told else 0)
            break
        except NotImplementedError:  # a file system without locks
            break
        except Timeout:
            if not told:
                who = (
                    holder.read_text("utf-8") if holder.exists() else "another process"
                )
                print(f"waiting: {who} is running notebooks here", flush=True)
                told = True
        if stop and stop.why:
            yield False
            return
    try:
        since = time.strftime("%H:%M:%S")
        holder.write_text(f"process {os.getpid()} (since {since})", "utf-8")
        yield True
    finally:
        holder.unlink(missing_ok=True)
        held.release()


class _Crew:
    """Executes notebooks, some at once, and hands on each result as it comes.

    Args:
        pace: "full" or "quick".
        backend: one of `BACKENDS`.
        stop: asked all the time, and told when a result can't be written.
        store: called with path, notebook, seconds, error and bytes of memory of what
            was executed; writes it where it belongs and returns the result.
        tell: called with path and result of each notebook.
    """

    def __init__(
        self,
        pace: str,
        backend: str,
        stop: _Stop,
        store: Callable[..., Result],
        tell: Callable[[Path, Result], None],
    ) -> None:
        self._pace, self._backend, self._stop = pace, backend, stop
        self._store, self._tell = store, tell
        self._one_at_a_time = threading.Lock()
        self._running: list[Execution] = []

    def work(self, paths: list[Path], jobs: int) -> None:
        """Return when all is done, or a stop was asked for and no kernel is left."""
        with ThreadPoolExecutor(jobs) as pool:
            futures = [
                pool.submit(self._one, path, f"{number}/{len(paths)} {name_of(path)}")
                for number, path in enumerate(paths, 1)
            ]
            try:
                while self._under_way(futures, 0.5) and not self._stop.why:
                    for execution in self._running.copy():
                        execution.watch()
            finally:
                for future in futures:
                    future.cancel()
                while self._under_way(futures, 0.2):
                    for execution in self._running.copy():
                        execution.kill()
        for future in futures:
            if not future.cancelled():
                future.result()  # raises what went wrong in the runner itself

    @staticmethod
    def _under_way(futures, seconds: float) -> bool:
        """Whether anything is, at the latest after some seconds."""
        started = [future for future in futures if not future.done()]
        return bool(wait(started, seconds, FIRST_COMPLETED).not_done)

    def _one(self, path: Path, title: str) -> None:
        try:
            result = self._result(path, title)
            if result:
                with self._one_at_a_time:
                    self._tell(path, result)
        except OSError as error:  # a full disk: what follows could not be kept either
            self._stop.why = self._stop.why or str(error)

    def _result(self, path: Path, title: str) -> Result | None:
        """What became of a notebook; None if a stop kept it from its end."""
        if self._stop.why:
            return None
        try:
            if why := lacking(path, self._backend):
                return Result(name_of(path), 0, lacking=why)
            execution = Execution(path, self._pace, self._backend)
        except (ValueError, KeyError, AttributeError) as error:
            return Result(name_of(path), 0, not_run=f"not a notebook: {error}")
        self._running.append(execution)
        started = time.monotonic()
        try:
            with _bar(execution.notebook, title) as bar:
                error = execution.run(bar)
        finally:
            self._running.remove(execution)
        seconds = time.monotonic() - started
        if error and self._stop.why:
            return None
        with self._one_at_a_time:
            return self._store(
                path, execution.notebook, seconds, error, execution.memory
            )


def default_jobs(pace: str) -> int:
    """How many notebooks at once: two at quick pace, if cores and memory allow it.

    At full pace one: two would change each other's times.
    """
    fits = psutil.virtual_memory().available >= 2 * KERNEL_MEMORY
    return 2 if pace == "quick" and machine.cores() >= 2 and fits else 1


def run(
    paths: list[Path],
    pace: str,
    backend: str = "tensorflow",
    *,
    jobs: int = 1,
    afresh: bool = False,
) -> list[Result]:
    """Run notebooks into `runs/`, an `.ipynb` and an HTML page each, and tabulate.

    With another backend of Keras than TensorFlow: into `runs/BACKEND/`. If the last
    run there was of the same notebooks at the same pace, and was interrupted, this one
    goes on with it: what ran to its end without an error, and has not changed since,
    is not run again.

    Args:
        paths: the notebooks, in the order of the table.
        pace: "full" or "quick".
        backend: one of `BACKENDS`.
        jobs: how many at once, at least 1.
        afresh: run again also what an interrupted run has done.

    Returns:
        One result a notebook, also after an interruption.

    Raises:
        ValueError: no such pace or backend, or no job.
    """
    kernel_name(pace, backend)
    if jobs < 1:
        raise ValueError(f"{jobs} jobs at once: say 1 or more")
    folder = runs_folder(backend)
    results = {path: Result(name_of(path), 0, not_run=_PENDING) for path in paths}

    def save() -> None:
        _write_progress(folder, list(results.values()), pace)
        write_index(list(results.values()), pace, backend)

    def tell(path: Path, result: Result) -> None:
        results[path] = result
        save()

    def store(path, notebook, seconds, error, memory) -> Result:
        return keep(path, notebook, seconds, error, backend, memory)

    with _interruptible() as stop, alone(folder / ".lock", stop) as held:
        if not held:
            return _rest(results, stop)
        _sweep(folder / f"{name_of(path)}.ipynb" for path in paths)
        done = {} if afresh else _done_before(folder, paths, pace)
        if done:
            print(f"{len(done)} done before the interruption; ", end="")
            print("`--afresh` runs them again", flush=True)
        results |= done
        save()
        started = time.monotonic()
        crew = _Crew(pace, backend, stop, store, tell)
        crew.work([path for path in paths if path not in done], jobs)
        if not any(result.not_run == _PENDING for result in results.values()):
            wall = 0 if done else time.monotonic() - started
            _write_progress(folder, list(results.values()), pace, wall)
            (folder / "progress.json").replace(folder / f"last_{pace}.json")
        ended = _rest(results, stop)
        with suppress(OSError):  # a full disk was noticed before
            write_index(ended, pace, backend)
    return ended


def _rest(results: dict[Path, Result], stop: _Stop) -> list[Result]:
    """All results; what was not reached says why."""
    return [
        replace(result, not_run=stop.why) if result.not_run == _PENDING else result
        for result in results.values()
    ]


def _write_progress(
    folder: Path, results: list[Result], pace: str, seconds: float = 0
) -> None:
    """Note what a run has done, for the one that goes on with it, and for benchmarks.

    Args:
        seconds: of the whole run, if it ran in one go to its end.
    """
    state = {"pace": pace, "seconds": seconds}
    state["results"] = [asdict(result) for result in results]
    _write(folder / "progress.json", json.dumps(state, indent=1))


def _done_before(folder: Path, paths: list[Path], pace: str) -> dict[Path, Result]:
    """What an interrupted run of the same notebooks has done, if it still holds."""
    try:
        state = json.loads((folder / "progress.json").read_text("utf-8"))
        results = {row["name"]: Result(**row) for row in state["results"]}
        same = state["pace"] == pace and list(results) == [*map(name_of, paths)]
        return {
            path: result
            for path, result in zip(paths, results.values())
            if same and not result.error and result.code == _code_at(path)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # none, or written by another version


def _code_at(path: Path) -> str:
    return code_hash(nbformat.read(path, as_version=4))


def _sweep(targets: Iterable[Path]) -> None:
    """Remove what a killed runner has left of its writing of these files."""
    for target in targets:
        for left in target.parent.glob(f".{target.stem}.*.part"):
            left.unlink()


def runs_folder(backend: str = "tensorflow") -> Path:
    """Where `run` leaves its pages: those of one backend never replace another's."""
    return RUNS if backend == "tensorflow" else RUNS / backend


def keep(
    path: Path, notebook, seconds: float, error: str, backend="tensorflow", memory=0
) -> Result:
    """Write what became of the notebook at `path` into `runs/`, with an HTML page."""
    target = runs_folder(backend) / f"{name_of(path)}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, nbformat.writes(notebook))
    _write(target.with_suffix(".html"), to_html(notebook, path.stem))
    return _result(path, notebook, seconds, error, memory)


def _result(path: Path, notebook, seconds: float, error: str, memory: int) -> Result:
    rows, code = book.scoreboard(notebook), code_hash(notebook)
    return Result(name_of(path), seconds, error, rows, memory=memory, code=code)


def write_index(results: list[Result], pace: str, backend="tensorflow") -> None:
    """Write `runs/index.html`: the table of one run, with links to its pages."""
    folder = runs_folder(backend)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "index.html", _index(results, pace))


def record(paths: list[Path]) -> list[Result]:
    """Run notebooks at full pace and write their outputs into them.

    A notebook that does not run to its end, not on the original data, or not at all for
    lack of a package, is left as it was.

    Returns:
        One result a notebook, also after an interruption.
    """
    results = {path: Result(name_of(path), 0, not_run=_PENDING) for path in paths}
    with _interruptible() as stop, alone(RUNS / ".recording.lock", stop) as held:
        if held:
            _sweep(paths)
            crew = _Crew("full", "tensorflow", stop, _store, results.__setitem__)
            crew.work(paths, jobs=1)
        return _rest(results, stop)


def _store(path: Path, notebook, seconds: float, error: str, memory: int) -> Result:
    """Write a notebook's outputs into it, if they may be."""
    result = _result(path, notebook, seconds, error, memory)
    verdicts = [row["verdict"] for row in result.rows]
    other = [verdict for verdict in verdicts if verdict.startswith("not comparable")]
    if error:
        return result
    if other:
        why = f"{other[0]}; recorded are only results on the original data"
        return replace(result, error=why)
    _write(path, nbformat.writes(tidy(notebook)) + "\n")
    return result


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
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    notebook = interactive.without_plots(notebook)
    notebook.metadata["dli"]["outputs_sha256"] = recorded.outputs_hash(notebook)
    return notebook


def _joined(outputs: list) -> list:
    """Outputs with the pieces of a stream put together: where it was cut is chance."""
    joined: list = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text  # only streams have names
        else:
            joined.append(output)
    return joined


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
    from course.publish import page

    return page.render(notebook, title)


def table(results: list[Result]) -> str:
    """notebook · seconds · peak MB · book · this run · verdict, as text."""
    lines = [
        ("notebook", "seconds", "peak MB", "measure", "book", "this run", "verdict")
    ]
    for result in results:
        if why := result.lacking or result.not_run:
            first = why.splitlines()[0][:70]
            lines.append((result.name, *[""] * 5, f"not run: {first}"))
            continue
        head = (result.name, f"{result.seconds:.0f}", _megabytes(result))
        if result.error:
            first = result.error.splitlines()[0][:70]
            lines.append((*head, "", "", "", f"FAILED: {first}"))
            continue
        headline = _headline(result)
        lines.append((*head, *(headline or ("", "", "", "ran"))))
    return tables.text(lines)


def _megabytes(result: Result) -> str:
    return f"{result.memory / 1e6:.0f}" if result.memory else ""


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
    if why := result.lacking or result.not_run:  # there is no page to link to
        why = f"not run: {escape(why)}"
        return f"<tr><td>{name}</td>{'<td></td>' * 6}<td>{why}</td></tr>"
    headline = _headline(result) or ("", "", "", "")
    return (
        f'<tr><td><a href="{name}.html">{name}</a></td>'
        f"<td>{result.seconds:.0f}</td><td>{_megabytes(result)}</td>"
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
        "<th>seconds</th><th>peak MB</th><th>measure</th><th>book</th>"
        f"<th>this run</th><th>verdict</th><th>cells</th></tr>{rows}</table></html>\n"
    )


def _bar(notebook, title: str) -> tqdm:
    cells = sum(
        cell.cell_type == "code" and bool(cell.source.strip())
        for cell in notebook.cells
    )
    return tqdm(
        total=cells,
        desc=title,
        unit="cell",
        bar_format="{desc:<72} {n:>3}/{total} cells  {elapsed}",
    )


def _write(path: Path, text: str) -> None:
    """Write all of a file or nothing: a full disk never costs the old one."""
    handle, temporary = tempfile.mkstemp(".part", f".{path.stem}.", path.parent)
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
