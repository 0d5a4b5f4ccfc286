"""`python -m course VERB`, the one command line; `make VERB` calls it."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

from course import bootstrap
from course.bootstrap import ROOT

# Build arguments of the Dockerfile, and what they add. JupyterHub is the one of the
# chart in docker/classroom/README.md.
_IMAGE_EXTRAS = {"gpu": "tensorflow[and-cuda]", "hub": "jupyterhub==5.5.*"}

_HANDING_ON = ("lab", "test", "verify", "drills", "bench")


def main(argv: list[str] | None = None) -> int:
    """Run one verb; the exit status is 0 if all of it went well."""
    parser = _parser()
    # What these verbs start has options of its own: those are handed on.
    arguments, arguments.options = parser.parse_known_args(argv)
    if arguments.options and arguments.verb not in _HANDING_ON:
        parser.error(f"unknown: {' '.join(arguments.options)}")
    if arguments.verb == "setup":
        arguments.ready = True  # it makes what the others need
    # Kernels start in other folders.
    for name in ("DLI_MIRROR", "DLI_DATA_DIR", "DLI_HOT_DOGS"):
        if os.environ.get(name):
            os.environ[name] = os.path.abspath(os.environ[name])
    try:
        if not arguments.ready:
            bootstrap.ensure()
        return arguments.call(arguments) or 0
    except (bootstrap.SetupError, LookupError, ValueError, OSError) as error:
        print(f"dli {arguments.verb}: {_text(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def _text(error: Exception) -> str:
    return str(error.args[0] if isinstance(error, KeyError) else error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m course",
        description="The companion notebooks to Deep Learning Illustrated.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name, call, text, ready=False):
        sub = verbs.add_parser(name, help=text, description=text)
        sub.set_defaults(call=call, ready=ready)
        return sub

    def notebooks(sub):
        sub.add_argument(
            "notebooks",
            nargs="*",
            metavar="NB",
            help="part of a notebook's name, such as ch08 or lenet (default: all)",
        )

    def backend(sub, text):
        choices = ["tensorflow", *bootstrap.BACKENDS]
        sub.add_argument("--backend", choices=choices, default="tensorflow", help=text)

    verb("setup", _setup, "make .venv with the locked packages and the kernels")
    verb("lab", _lab, "open JupyterLab on the notebooks (takes its options too)")
    sub = verb("run", _run, "execute notebooks into runs/, with a table at the end")
    notebooks(sub)
    sub.add_argument("--pace", choices=["quick", "full"], default="quick")
    backend(sub, "run them with Keras on this backend, into runs/BACKEND/")
    text = "notebooks at once (default: 2 at quick pace, if cores and memory allow)"
    sub.add_argument("--jobs", type=int, metavar="N", help=text)
    text = "run again also what an interrupted run of the same notebooks has done"
    sub.add_argument("--afresh", action="store_true", help=text)
    sub = verb("test", _test, "unit tests, notebook rules, every notebook quickly")
    notebooks(sub)
    backend(sub, "only the notebooks, with Keras on this backend")
    sub = verb("verify", _verify, "every notebook at full pace against its record")
    notebooks(sub)
    verb("drills", _drills, "faults and hostile input, in full; the figures are kept")
    sub = verb("bench", _bench, "our trainings beside the book's way of writing them")
    sub.add_argument("parts", nargs="*", help="see benchmarks/parts.py; default: all")
    sub = verb("record", _record, "execute at full pace and store the outputs")
    notebooks(sub)
    sub = verb("data", _data, "the data sets: what is cached, fetch, export")
    sub.add_argument("action", choices=["status", "fetch", "export"], nargs="?")
    sub.add_argument("names", nargs="*", help="data sets; for export first the folder")
    sub.add_argument("--refresh", action="store_true", help="fetch also what is cached")
    sub = verb("doctor", _doctor, "one screen on this machine, for a bug report")
    sub.add_argument("--gpu", action="store_true", help="fail where no GPU is seen")
    for name, found in bootstrap.BACKENDS.items():
        text = f"add {found.title} to .venv, and kernels with Keras on it"
        verb(found.verb, _add_backend, text).set_defaults(backend=name)
    verb("readme", _readme, "write the results table into README.md")
    verb("kernels", _kernels, "install the Jupyter kernels into this environment", True)
    verb("lock", _lock, "compile the files of pinned packages (needs uv)", True)
    return parser


def _setup(arguments) -> int:
    bootstrap.install()
    return 0


def _lab(arguments) -> int:
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir=notebooks"]
    return subprocess.call([*command, *arguments.options], cwd=ROOT)


def _run(arguments) -> int:
    from course import runner

    bootstrap.need_backend(arguments.backend)
    paths = runner.select(arguments.notebooks)
    folder = runner.runs_folder(arguments.backend)
    into = folder.relative_to(runner.RUNS.parent).as_posix()
    pace, jobs = arguments.pace, arguments.jobs
    if jobs is None:
        jobs = runner.default_jobs(pace)
    at_once = f", {jobs} at a time" if jobs > 1 else ""
    print(f"{len(paths)} notebooks at {pace} pace{at_once}, into {into}/", flush=True)
    results = runner.run(
        paths, pace, arguments.backend, jobs=jobs, afresh=arguments.afresh
    )
    print(f"\n{runner.table(results)}\n\nPages: {into}/index.html")
    return _status(results)


def _record(arguments) -> int:
    from course import runner
    from course.publish import readme

    results = runner.record(runner.select(arguments.notebooks))
    print(f"\n{runner.table(results)}", flush=True)
    for result in results:
        if result.error or result.lacking or result.not_run:
            print(f"{result.name} was left as it was", file=sys.stderr)
    readme.write()
    # What was not run was not recorded either: here that is no success.
    return _status(results) or int(any(result.lacking for result in results))


def _status(results) -> int:
    from course import runner

    if any(result.not_run == runner.INTERRUPTED for result in results):
        return 130  # as a shell says of what Ctrl-C has ended
    return 0 if all(result.ok for result in results) else 1


def _test(arguments) -> int:
    from course import runner

    bootstrap.need_backend(arguments.backend)
    # The unit tests ask TensorFlow; the backends differ in what the notebooks do.
    only = arguments.notebooks or arguments.backend != "tensorflow"
    tests = [] if only else ["tests"]
    workers = min(2, os.cpu_count() or 1)  # a kernel each: memory, not cores, limits
    return _pytest(
        [
            "--numprocesses",
            str(workers),
            "--dist=loadfile",  # a notebook's cells stay together
            f"--nbval-kernel-name={runner.kernel_name('quick', arguments.backend)}",
            f"--nbval-cell-timeout={runner.CELL_TIMEOUT['quick']}",
            *arguments.options,
            *tests,
            *map(str, runner.select(arguments.notebooks)),
        ]
    )


def _verify(arguments) -> int:
    from course import runner

    return _pytest(
        [
            "--nbval-kernel-name=python3",
            f"--nbval-cell-timeout={runner.CELL_TIMEOUT['full']}",
            *arguments.options,
            *map(str, runner.select(arguments.notebooks)),
        ],
        DLI_VERIFY="1",  # a measure outside its band is an error
    )


def _drills(arguments) -> int:
    folder = ROOT / "tests" / "drills"
    with tempfile.TemporaryDirectory() as scratch:
        report = os.path.join(scratch, "figures.jsonl")
        options = [str(folder), *arguments.options]
        status = _pytest(options, DLI_DRILLS="1", DLI_DRILLS_REPORT=report)
        page = [sys.executable, "-m", "tests.support.drills.figures", report]
        subprocess.check_call(page, cwd=ROOT)
    return status


def _bench(arguments) -> int:
    command = [sys.executable, "-m", "benchmarks", *arguments.parts]
    return subprocess.call([*command, *arguments.options], cwd=ROOT)


def _pytest(options: list[str], **settings: str) -> int:
    # A pace left in the environment would reach the kernels; each names its own. And
    # nothing that was recorded belongs to a reader's own pictures.
    left = ("DLI_PACE", "DLI_HOT_DOGS")
    env = {k: v for k, v in os.environ.items() if k not in left} | settings
    command = [sys.executable, "-m", "pytest", "--nbval", "--color=no", *options]
    return subprocess.call(command, cwd=ROOT, env=env)


def _data(arguments) -> int:
    from dli import datasets, tables
    from dli.datasets._fetch import sources

    names = arguments.names
    if arguments.action == "export":
        if not names:
            raise ValueError(
                "say where to: python -m course data export FOLDER [NAME …]"
            )
        try:
            datasets.export(names[0], names[1:])
        except datasets.DataUnavailable as error:
            print(f"dli data: {error}", file=sys.stderr)
            return 1
        print(f"Set DLI_MIRROR to that folder ({names[0]}) where there is no network.")
        return 0
    missing = 0
    if arguments.action == "fetch":
        fetched = datasets.fetch(names, refresh=arguments.refresh)
        for name, came in fetched.items():
            if came.reason:
                print(f"{name}: {came.extent}; {came.reason}", file=sys.stderr)
            if came.extent == "unavailable":  # what nobody can fetch only if named
                missing += bool(names) or sources.table()[name].on_network
    lines = [("data set", "extent", "MB", "source", "licence")]
    for row in datasets.status():
        size = f"{row.size / 1e6:.1f}"
        source = row.source or "not fetched yet"
        lines.append((row.name, row.extent or "none", size, source, row.licence))
    print(tables.text(lines))
    return 1 if missing else 0


def _doctor(arguments) -> int:
    from course import doctor

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
    uv = shutil.which("uv")
    if not uv:
        raise bootstrap.SetupError("`lock` needs uv: pip install uv")
    compile_ = [uv, "pip", "compile", "--universal", "--fork-strategy=fewest"]
    compile_ += ["--python-version=3.11", "--generate-hashes", "--quiet"]
    command = [*compile_, "--all-extras", "pyproject.toml", "-o", "requirements.txt"]
    if failed := subprocess.call(command, cwd=ROOT):
        return failed
    # What some images add: only the packages that requirements.txt does not hold.
    held = [f"--no-emit-package={pin.split('==')[0]}" for pin in bootstrap.pins()]
    for name, wanted in _IMAGE_EXTRAS.items():
        command = [*compile_, "--constraints=requirements.txt", *held, "--no-annotate"]
        command += ["--custom-compile-command=python -m course lock", "-"]
        command += ["-o", f"docker/requirements-{name}.txt"]
        done = subprocess.run(command, cwd=ROOT, input=wanted, text=True)
        if done.returncode:
            return done.returncode
    return 0
