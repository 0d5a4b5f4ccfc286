"""`python -m course VERB`, the one command line; `make VERB` calls it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile

from course import bootstrap
from course.bootstrap import NOTEBOOKS, ROOT
from course.kernels import CELL_TIMEOUT, EXTRAS, Backend, Pace

_EPILOG = "`python -m course VERB --help` says what a verb takes."


def main(argv: list[str] | None = None) -> int:
    """Run one verb; the exit status is 0 if all of it went well."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks our characters
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = _parser()
    # What these verbs start has options of its own: those are handed on.
    arguments, arguments.options = parser.parse_known_args(argv)
    if arguments.options and not arguments.hands_on:
        parser.error(f"unknown: {' '.join(arguments.options)}")
    # Kernels start in other folders; and the facts are those of this repository.
    for name in ("DLI_MIRROR", "DLI_DATA_DIR", "DLI_HOT_DOGS"):
        if os.environ.get(name):
            os.environ[name] = os.path.abspath(os.path.expanduser(os.environ[name]))
    os.environ["DLI_NOTEBOOKS"] = str(NOTEBOOKS)
    try:
        if arguments.environment != "any":
            bootstrap.ensure(may_install=arguments.environment == "current")
        return arguments.call(arguments) or 0
    except (bootstrap.SetupError, LookupError, ValueError, OSError) as error:
        print(f"course {arguments.verb}: {_text(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def _text(error: Exception) -> str:
    return str(error.args[0] if isinstance(error, KeyError) else error)


def _parser() -> argparse.ArgumentParser:
    readers: list[tuple[str, str]] = []
    makers: list[tuple[str, str]] = []
    parser = argparse.ArgumentParser(
        prog="python -m course",
        description="The companion notebooks to Deep Learning Illustrated.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(group, name, call, text, *, environment="current", hands_on=False):
        """Add a verb; `environment` is current, reporting (as it is) or any."""
        group.append((name, text))
        sub = verbs.add_parser(name, description=text)
        sub.set_defaults(call=call, environment=environment, hands_on=hands_on)
        return sub

    def notebooks(sub):
        sub.add_argument(
            "notebooks",
            nargs="*",
            metavar="NB",
            help="part of a notebook's name, such as ch08 or lenet (default: all)",
        )

    def backend(sub, text):
        sub.add_argument(
            "--backend",
            type=Backend,
            choices=list(Backend),
            default=Backend.TENSORFLOW,
            help=text,
        )

    verb(
        readers,
        "setup",
        _setup,
        "make .venv with the locked packages and the kernels",
        environment="any",
    )
    text = "open JupyterLab on the notebooks (takes its options too)"
    verb(readers, "lab", _lab, text, hands_on=True)
    text = "execute notebooks into runs/, with a table at the end"
    sub = verb(readers, "run", _run, text)
    notebooks(sub)
    text = "trained: long trainings take the kept weights of the recorded run; "
    text += "quick: a small share of all work; full: all of it (default: %(default)s)"
    kinds = {"type": Pace, "choices": list(Pace), "default": Pace.TRAINED}
    sub.add_argument("--pace", help=text, **kinds)
    backend(sub, "run them with Keras on this backend")
    text = "notebooks at once (default: 2, at full pace 1; 1 where memory is short)"
    sub.add_argument("--jobs", type=int, metavar="N", help=text)
    text = "run again also what an interrupted run of the same notebooks has done"
    sub.add_argument("--afresh", action="store_true", help=text)
    text = "the data sets: status, fetch, export, digest"
    sub = verb(readers, "data", _data, text, environment="reporting", hands_on=True)
    sub.add_argument("rest", nargs=argparse.REMAINDER)
    text = "one screen on this machine, for a bug report"
    sub = verb(readers, "doctor", _doctor, text, environment="any")
    sub.add_argument("--gpu", action="store_true", help="fail where no GPU is seen")
    for found, extra in EXTRAS.items():
        text = f"add {found.title} to .venv, and kernels with Keras on it"
        verb(readers, extra.verb, _add_backend, text).set_defaults(backend=found)

    text = "unit tests, notebook rules, every notebook quickly"
    sub = verb(makers, "test", _test, text, hands_on=True)
    notebooks(sub)
    backend(sub, "only the notebooks, with Keras on this backend")
    text = "every notebook at full pace against its recording"
    sub = verb(makers, "verify", _verify, text, hands_on=True)
    notebooks(sub)
    text = "only this part of them: 2/6 is the second of six, about equally long"
    sub.add_argument("--shard", metavar="N/M", help=text)
    text = "also what has passed before, and depends on nothing that has changed"
    sub.add_argument("--afresh", action="store_true", help=text)
    text = "bring what shards executed into runs/full/, with one table"
    sub = verb(makers, "merge", _merge, text)
    sub.add_argument("folders", nargs="+", metavar="FOLDER", help="of their results")
    text = "execute at full pace and store the outputs"
    notebooks(verb(makers, "record", _record, text))
    text = "repeat a notebook over seeds; the values go into chapter.toml"
    sub = verb(makers, "seeds", _seeds, text)
    sub.add_argument("notebooks", nargs=1, metavar="NB", help="part of its name")
    sub.add_argument("--n", type=int, default=10, help="how many seeds (default: 10)")
    text = "the first of them; machines that share the work begin at different ones"
    sub.add_argument("--first", type=int, default=43, help=text)
    text = "keep the seeds that are noted: another machine has run them"
    sub.add_argument("--add", action="store_true", help=text)
    text = "write the band that follows too (then record the notebook again)"
    sub.add_argument("--band", action="store_true", help=text)
    sub = verb(makers, "new", _new, "write a notebook with the anatomy, and its entry")
    sub.add_argument("chapter", help="its folder, or part of the name: ch08")
    sub.add_argument("id", help="its name without a number: gradient_descent")
    sub.add_argument("--title", help="default: made of the name")
    text = "list the notebooks"
    sub = verb(makers, "list", _list, text, environment="any")
    notebooks(sub)
    sub.add_argument("--json", action="store_true", help="with all that is known")
    text = "the parts that `verify --shard` would take, as JSON"
    sub.add_argument("--shards", type=int, metavar="M", help=text)
    text = "faults and hostile input, in full; the figures are kept"
    verb(makers, "drills", _drills, text, hands_on=True)
    text = "our trainings beside the book's way of writing them"
    sub = verb(makers, "bench", _bench, text, hands_on=True)
    sub.add_argument("parts", nargs="*", help="see benchmarks/parts.py; default: all")
    verb(makers, "readme", _readme, "bring the README and the pages up to date")
    text = "install the Jupyter kernels into this environment"
    verb(makers, "kernels", _kernels, text, environment="any")
    text = "compile the files of pinned packages (needs uv)"
    verb(makers, "lock", _lock, text, environment="any")

    parser.epilog = f"""for readers:
{_listed(readers)}

for makers:
{_listed(makers)}

{_EPILOG}"""
    return parser


def _listed(verbs: list[tuple[str, str]]) -> str:
    return "\n".join(f"  {name:<9}{text}" for name, text in verbs)


def _setup(arguments) -> int:
    if bootstrap.state() != bootstrap.Venv.CURRENT:
        bootstrap.install()
    else:
        print("Set up already.")
    return 0


def _lab(arguments) -> int:
    # The whole clone, so that links out of notebooks/ open too; the browser of files
    # begins among the notebooks.
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=."]
    command += ["--ServerApp.preferred_dir=notebooks", *arguments.options]
    return subprocess.call(command, cwd=ROOT)


def _run(arguments) -> int:
    from course import catalogue
    from course.run import crew, results, runner

    pace, backend, jobs = arguments.pace, arguments.backend, arguments.jobs
    bootstrap.need_backend(backend)
    notebooks = catalogue.select(arguments.notebooks)
    _say_unlisted()
    into = results.folder(pace, backend).relative_to(results.RUNS.parent).as_posix()
    if jobs is None:
        jobs = crew.default_jobs(pace)
    at_once = f", {jobs} at a time" if jobs > 1 else ""
    print(
        f"{len(notebooks)} notebooks at {pace} pace{at_once}, into {into}/", flush=True
    )
    found = runner.run(notebooks, pace, backend, jobs=jobs, afresh=arguments.afresh)
    print(f"\n{results.table(found)}\n\nPages: {into}/index.html")
    return _status(found)


def _say_unlisted() -> None:
    from course import catalogue

    for path in catalogue.unlisted():
        print(f"passed over: {path.relative_to(catalogue.folder())} is not of the book")


def _record(arguments) -> int:
    from course import catalogue, record
    from course.publish import readme
    from course.run import results
    from course.run.results import State

    found = record.record(catalogue.select(arguments.notebooks))
    print(f"\n{results.table(found)}", flush=True)
    left = [result for result in found if result.state != State.RAN]
    for result in left:
        print(f"{result.name} was left as it was", file=sys.stderr)
    readme.write()
    return _status(found) or int(bool(left))


def _status(found) -> int:
    from course.run.results import State

    if any(result.state == State.INTERRUPTED for result in found):
        return 130  # as a shell says of what Ctrl-C has ended
    return 0 if all(result.is_ok for result in found) else 1


def _seeds(arguments) -> int:
    from course import catalogue, seeds

    chosen = catalogue.select(arguments.notebooks)
    if len(chosen) > 1:
        names = ", ".join(notebook.id for notebook in chosen)
        raise LookupError(f"one notebook at a time, not {names}")
    [notebook] = chosen
    found = seeds.run(notebook, range(arguments.first, arguments.first + arguments.n))
    print(f"\n{seeds.table(notebook, found)}")
    seeds.write(notebook, found, bands=arguments.band, add=arguments.add)
    return 0 if all(len(v) == arguments.n for v in found.values()) else 1


def _new(arguments) -> int:
    from course import new

    print(new.write(arguments.chapter, arguments.id, arguments.title))
    return 0


def _list(arguments) -> int:
    from course import catalogue, listing, shards

    found = catalogue.select(arguments.notebooks)
    if arguments.shards is None:
        print(listing.text(found, arguments.json))
    else:
        print(shards.listing(found, arguments.shards))
    return 0


def _test(arguments) -> int:
    from course import kernels

    backend = arguments.backend
    bootstrap.need_backend(backend)
    # The unit tests ask TensorFlow; the backends differ in what the notebooks do.
    only = arguments.notebooks or backend != Backend.TENSORFLOW
    workers = min(2, os.cpu_count() or 1)  # a kernel each: memory, not cores, limits
    return _pytest(
        arguments,
        [
            f"--numprocesses={workers}",
            "--dist=loadfile",  # a notebook's cells stay together
            f"--nbval-kernel-name={kernels.name(Pace.QUICK, backend)}",
            f"--nbval-cell-timeout={CELL_TIMEOUT[Pace.QUICK]}",
        ],
        [] if only else ["tests"],
    )


def _verify(arguments) -> int:
    from course import shards
    from course.check import passed

    shard = shards.Shard.parse(arguments.shard) if arguments.shard else None
    due = shards.chosen(arguments.notebooks, shard)
    if not arguments.afresh:
        due, known = passed.split(due)
        if told := passed.table(known):
            print(told, flush=True)
    if not due:
        print("nothing to execute")
        return 0
    arguments.notebooks = [notebook.name for notebook in due]
    options = ["--nbval-kernel-name=python3"]
    options += [f"--nbval-cell-timeout={CELL_TIMEOUT[Pace.FULL]}"]
    # A measure outside its band is an error.
    return _pytest(arguments, options, DLI_VERIFY="1")


def _merge(arguments) -> int:
    from pathlib import Path

    from course import catalogue, merge
    from course.run import results

    folders = [Path(folder) for folder in arguments.folders]
    found = merge.merge(folders, catalogue.notebooks())
    print(f"{results.table(found)}\n\nPages: runs/full/index.html")
    return _status(found)


def _drills(arguments) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        report = os.path.join(scratch, "figures.jsonl")
        settings = {"DLI_DRILLS": "1", "DLI_DRILLS_REPORT": report}
        status = _pytest(
            arguments, [], ["tests/drills"], with_notebooks=False, **settings
        )
        figures = [sys.executable, "-m", "tests.support.drills.figures", report]
        subprocess.check_call(figures, cwd=ROOT)
    return status


def _pytest(arguments, options, paths=(), *, with_notebooks=True, **settings) -> int:
    from course import catalogue
    from course.run.execution import kernel_environment

    paths = list(paths)
    if with_notebooks:
        _say_unlisted()
        # Relative: pytest reads what stands in brackets as a parameter.
        chosen = catalogue.select(arguments.notebooks)
        paths += [n.path.relative_to(ROOT).as_posix() for n in chosen]
    # Nothing that was recorded belongs to a reader's own pictures.
    env = kernel_environment() | settings
    env.pop("DLI_HOT_DOGS", None)
    command = [sys.executable, "-m", "pytest", "--nbval", "--color=no", *options]
    return subprocess.call([*command, *arguments.options, *paths], cwd=ROOT, env=env)


def _bench(arguments) -> int:
    command = [sys.executable, "-m", "benchmarks", *arguments.parts]
    return subprocess.call([*command, *arguments.options], cwd=ROOT)


def _data(arguments) -> int:
    from dli.datasets import _command

    if not {"status", "digest"} & set(arguments.rest[:1]) and arguments.rest:
        bootstrap.ensure()  # what fetches may set up too
    return _command.main([*arguments.rest, *arguments.options])


def _doctor(arguments) -> int:
    from course import doctor

    try:
        bootstrap.ensure(may_install=False)
    except bootstrap.SetupError as error:
        return doctor.report_without_environment(error)
    return doctor.report(need_gpu=arguments.gpu)


def _add_backend(arguments) -> int:
    bootstrap.install_backend(arguments.backend)
    return 0


def _readme(arguments) -> int:
    from course.publish import readme

    readme.write()
    return 0


def _kernels(arguments) -> int:
    for path in bootstrap.install_kernels():
        print(path)
    return 0


def _lock(arguments) -> int:
    from course import lock

    return lock.compile_all()
