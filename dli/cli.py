"""`python -m dli VERB`, the one command line; `make VERB` calls it."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from dli import environment
from dli.environment import ROOT

# Build arguments of the Dockerfile, and what they add. JupyterHub is the one of the
# chart in docker/classroom/README.md.
_IMAGE_EXTRAS = {"gpu": "tensorflow[and-cuda]", "hub": "jupyterhub==5.5.*"}


def main(argv: list[str] | None = None) -> int:
    """Run one verb; the exit status is 0 if all of it went well."""
    parser = _parser()
    # JupyterLab and pytest have options of their own: those are handed on.
    arguments, arguments.options = parser.parse_known_args(argv)
    if arguments.options and arguments.verb not in ("lab", "test", "verify"):
        parser.error(f"unknown: {' '.join(arguments.options)}")
    if arguments.verb == "setup":
        arguments.ready = True  # it makes what the others need
    # Kernels start in other folders.
    for name in ("DLI_MIRROR", "DLI_DATA_DIR", "DLI_HOT_DOGS"):
        if os.environ.get(name):
            os.environ[name] = os.path.abspath(os.environ[name])
    try:
        if not arguments.ready:
            environment.ensure()
        return arguments.call(arguments) or 0
    except (environment.SetupError, LookupError, ValueError, OSError) as error:
        print(f"dli {arguments.verb}: {_text(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def _text(error: Exception) -> str:
    return str(error.args[0] if isinstance(error, KeyError) else error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dli",
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

    verb("setup", _setup, "make .venv with the locked packages and the kernels")
    verb("lab", _lab, "open JupyterLab on the notebooks (takes its options too)")
    sub = verb("run", _run, "execute notebooks into runs/, with a table at the end")
    notebooks(sub)
    sub.add_argument("--pace", choices=["quick", "full"], default="quick")
    sub = verb("test", _test, "unit tests, notebook rules, every notebook quickly")
    notebooks(sub)
    sub = verb("verify", _verify, "every notebook at full pace against its record")
    notebooks(sub)
    sub = verb("record", _record, "execute at full pace and store the outputs")
    notebooks(sub)
    sub = verb("data", _data, "the data sets: what is cached, fetch, export")
    sub.add_argument("action", choices=["status", "fetch", "export"], nargs="?")
    sub.add_argument("names", nargs="*", help="data sets; for export first the folder")
    sub.add_argument("--refresh", action="store_true", help="fetch also what is cached")
    sub = verb("doctor", _doctor, "one screen on this machine, for a bug report")
    sub.add_argument("--gpu", action="store_true", help="fail where no GPU is seen")
    verb("pytorch", _pytorch, "add PyTorch to .venv, for the notebook of appendix C")
    verb("readme", _readme, "write the results table into README.md")
    verb("kernels", _kernels, "install the Jupyter kernels into this environment", True)
    verb("lock", _lock, "compile the files of pinned packages (needs uv)", True)
    return parser


def _setup(arguments) -> int:
    environment.install()
    return 0


def _lab(arguments) -> int:
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir=notebooks"]
    return subprocess.call([*command, *arguments.options], cwd=ROOT)


def _run(arguments) -> int:
    from dli import runner

    paths = runner.select(arguments.notebooks)
    print(f"{len(paths)} notebooks at {arguments.pace} pace, into runs/")
    results = runner.run(paths, arguments.pace)
    print(f"\n{runner.table(results)}\n\nPages: runs/index.html")
    return _status(results)


def _record(arguments) -> int:
    from dli import readme, runner

    results = runner.record(runner.select(arguments.notebooks))
    print(f"\n{runner.table(results)}")
    for result in results:
        if result.error or result.lacking:
            print(f"{result.name} was left as it was", file=sys.stderr)
    readme.write()
    # What was not run was not recorded either: here that is no success.
    return 1 if any(result.lacking for result in results) else _status(results)


def _status(results) -> int:
    return 0 if all(result.ok for result in results) else 1


def _test(arguments) -> int:
    from dli import runner

    tests = [] if arguments.notebooks else ["tests"]
    workers = min(2, os.cpu_count() or 1)  # a kernel each: memory, not cores, limits
    return _pytest(
        [
            "--numprocesses",
            str(workers),
            "--dist=loadfile",  # a notebook's cells stay together
            "--nbval-kernel-name=dli-quick",
            f"--nbval-cell-timeout={runner.CELL_TIMEOUT['quick']}",
            *arguments.options,
            *tests,
            *map(str, runner.select(arguments.notebooks)),
        ]
    )


def _verify(arguments) -> int:
    from dli import runner

    os.environ["DLI_VERIFY"] = "1"  # a measure outside its band is an error
    return _pytest(
        [
            "--nbval-kernel-name=python3",
            f"--nbval-cell-timeout={runner.CELL_TIMEOUT['full']}",
            *arguments.options,
            *map(str, runner.select(arguments.notebooks)),
        ]
    )


def _pytest(options: list[str]) -> int:
    # A pace left in the environment would reach the kernels; each names its own. And
    # nothing that was recorded belongs to a reader's own pictures.
    left = ("DLI_PACE", "DLI_HOT_DOGS")
    env = {k: v for k, v in os.environ.items() if k not in left}
    command = [sys.executable, "-m", "pytest", "--nbval", "--color=no", *options]
    return subprocess.call(command, cwd=ROOT, env=env)


def _data(arguments) -> int:
    from dli import datasets, tables
    from dli.datasets import sources

    names = arguments.names
    if arguments.action == "export":
        if not names:
            raise ValueError("say where to: python -m dli data export FOLDER [NAME …]")
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
    from dli import doctor

    return doctor.report(need_gpu=arguments.gpu)


def _pytorch(arguments) -> int:
    environment.install_pytorch()
    return 0


def _readme(arguments) -> int:
    from dli import readme

    readme.write()
    return 0


def _kernels(arguments) -> int:
    for path in environment.install_kernels():
        print(path)
    return 0


def _lock(arguments) -> int:
    uv = shutil.which("uv")
    if not uv:
        raise environment.SetupError("`lock` needs uv: pip install uv")
    compile_ = [uv, "pip", "compile", "--universal", "--fork-strategy=fewest"]
    compile_ += ["--python-version=3.11", "--generate-hashes", "--quiet"]
    command = [*compile_, "--all-extras", "pyproject.toml", "-o", "requirements.txt"]
    if failed := subprocess.call(command, cwd=ROOT):
        return failed
    # What some images add: only the packages that requirements.txt does not hold.
    held = [f"--no-emit-package={pin.split('==')[0]}" for pin in environment.pins()]
    for name, wanted in _IMAGE_EXTRAS.items():
        command = [*compile_, "--constraints=requirements.txt", *held, "--no-annotate"]
        command += ["--custom-compile-command=python -m dli lock", "-"]
        command += ["-o", f"docker/requirements-{name}.txt"]
        done = subprocess.run(command, cwd=ROOT, input=wanted, text=True)
        if done.returncode:
            return done.returncode
    return 0
