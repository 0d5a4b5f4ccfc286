"""`python -m course VERB`, the one command line; `make VERB` calls it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from course import bootstrap, verbs
from course.bootstrap import NOTEBOOKS, ROOT
from course.kernels import EXTRAS, Backend, Pace

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
    subparsers = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(group, name, call, text, *, environment="current", hands_on=False):
        """Add a verb; `environment` is current, reporting (as it is) or any."""
        group.append((name, text))
        sub = subparsers.add_parser(name, description=text)
        sub.set_defaults(call=call, environment=environment, hands_on=hands_on)
        return sub

    def notebooks(sub):
        sub.add_argument(
            "notebooks",
            nargs="*",
            metavar="NB",
            help="part of a notebook's name, such as ch08 or lenet (default: all)",
        )

    def into(sub, name):
        """Where it writes; a relative folder counts from here."""
        sub.add_argument(
            "--into",
            type=lambda folder: Path(folder).absolute(),
            default=ROOT / "build" / name,
            metavar="FOLDER",
            help=f"default: build/{name}",
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
        verbs.setup,
        "make .venv with the locked packages and the kernels",
        environment="any",
    )
    text = "open JupyterLab on the notebooks (takes its options too)"
    verb(readers, "lab", verbs.lab, text, hands_on=True)
    text = "execute notebooks into runs/, with a table at the end"
    sub = verb(readers, "run", verbs.run, text)
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
    text = "put a clean copy of a notebook back; yours is kept beside it"
    sub = verb(readers, "reset", verbs.reset, text)
    sub.add_argument("notebooks", nargs="+", metavar="NB", help="part of its name")
    sub.add_argument("--undo", action="store_true", help="put yours back")
    text = "bring the newer version; what you have changed is kept beside it"
    verb(readers, "update", verbs.update, text)
    text = "which exercises are right, from the files alone"
    sub = verb(readers, "progress", verbs.progress, text)
    text = "notebooks, or folders of them, such as one a student (default: notebooks)"
    sub.add_argument("places", nargs="*", type=Path, metavar="PLACE", help=text)
    sub.add_argument("--csv", action="store_true", help="for a spreadsheet")
    text = "the data sets: status, fetch, export, digest"
    sub = verb(
        readers, "data", verbs.data, text, environment="reporting", hands_on=True
    )
    sub.add_argument("rest", nargs=argparse.REMAINDER)
    text = "data for a room without a network; with --classroom all that a class needs"
    sub = verb(readers, "export", verbs.export, text)
    text = "on the stick, empty"
    sub.add_argument("folder", type=_folder, metavar="FOLDER", help=text)
    text = "packages, kept weights, students' notebooks, slides and the site, too"
    sub.add_argument("--classroom", action="store_true", help=text)
    text = "for these systems: linux, macos, windows, or windows-3.12 (default: this)"
    sub.add_argument("--platforms", nargs="+", default=[], metavar="NAME", help=text)
    text = "one Linux server for a class, with JupyterHub; needs root"
    _classroom(verb(readers, "classroom", verbs.classroom, text))
    text = "one screen on this machine, for a bug report"
    sub = verb(readers, "doctor", verbs.doctor, text, environment="any")
    sub.add_argument("--gpu", action="store_true", help="fail where no GPU is seen")
    for found, extra in EXTRAS.items():
        text = f"add {found.title} to .venv, and kernels with Keras on it"
        verb(readers, extra.verb, verbs.add_backend, text).set_defaults(backend=found)

    text = "unit tests, notebook rules, every notebook quickly"
    sub = verb(makers, "test", verbs.test, text, hands_on=True)
    notebooks(sub)
    backend(sub, "only the notebooks, with Keras on this backend")
    text = "every notebook at full pace against its recording"
    sub = verb(makers, "verify", verbs.verify, text, hands_on=True)
    notebooks(sub)
    text = "only this part of them: 2/6 is the second of six, about equally long"
    sub.add_argument("--shard", metavar="N/M", help=text)
    text = "also what has passed before, and depends on nothing that has changed"
    sub.add_argument("--afresh", action="store_true", help=text)
    text = "bring what shards executed into runs/full/, with one table"
    sub = verb(makers, "merge", verbs.merge, text)
    sub.add_argument(
        "folders", nargs="+", type=Path, metavar="FOLDER", help="of their results"
    )
    text = "execute at full pace and store the outputs"
    notebooks(verb(makers, "record", verbs.record, text))
    text = "repeat a notebook over seeds; the values go into chapter.toml"
    sub = verb(makers, "seeds", verbs.seeds, text)
    sub.add_argument("notebooks", nargs=1, metavar="NB", help="part of its name")
    sub.add_argument("--n", type=int, default=10, help="how many seeds (default: 10)")
    text = "the first of them; machines that share the work begin at different ones"
    sub.add_argument("--first", type=int, default=43, help=text)
    text = "keep the seeds that are noted: another machine has run them"
    sub.add_argument("--add", action="store_true", help=text)
    text = "write the band that follows too (then record the notebook again)"
    sub.add_argument("--band", action="store_true", help=text)
    sub = verb(
        makers, "new", verbs.new, "write a notebook with the anatomy, and its entry"
    )
    sub.add_argument("chapter", help="its folder, or part of the name: ch08")
    sub.add_argument("id", help="its name without a number: gradient_descent")
    sub.add_argument("--title", help="default: made of the name")
    text = "list the notebooks"
    sub = verb(makers, "list", verbs.listed, text, environment="any")
    notebooks(sub)
    sub.add_argument("--json", action="store_true", help="with all that is known")
    text = "the parts that `verify --shard` would take, as JSON"
    sub.add_argument("--shards", type=int, metavar="M", help=text)
    text = "faults and hostile input, in full; the figures are kept"
    verb(makers, "drills", verbs.drills, text, hands_on=True)
    text = "our trainings beside the book's way of writing them"
    sub = verb(makers, "bench", verbs.bench, text, hands_on=True)
    sub.add_argument("parts", nargs="*", help="see benchmarks/parts.py; default: all")
    text = "the notebooks as a static site, from their recordings"
    sub = verb(makers, "site", verbs.site, text)
    into(sub, "site")
    text = "a talk for each chapter, from the recordings"
    into(verb(makers, "slides", verbs.slides, text), "slides")
    text = "what notebooks took at trained pace, into the lesson plans"
    verb(makers, "lessons", verbs.lessons, text)
    text = "for a class: without solutions, with them, and for nbgrader"
    sub = verb(makers, "editions", verbs.editions, text)
    into(sub, "editions")
    text = "without the recorded outputs in the students' edition"
    sub.add_argument("--clear", action="store_true", help=text)
    text = "copies for Colab and Kaggle, and a page of badges"
    sub = verb(makers, "launch", verbs.launch, text)
    sub.add_argument("--repo", required=True, metavar="OWNER/NAME", help="on GitHub")
    into(sub, "launch")
    text = "notebooks among the packages that other places have (tests/environments)"
    sub = verb(makers, "environments", verbs.environments, text)
    sub.add_argument("names", nargs="*", metavar="NAME", help="default: all lists")
    text = "only these notebooks, part of a name each"
    sub.add_argument("--only", nargs="+", metavar="NB", help=text)
    text = "where they are made (default: a folder of your cache)"
    sub.add_argument("--into", type=lambda f: Path(f).absolute(), help=text)
    verb(makers, "readme", verbs.readme, "bring the README and the pages up to date")
    text = "install the Jupyter kernels into this environment"
    verb(makers, "kernels", verbs.kernels, text, environment="any")
    text = "compile the files of pinned packages (needs uv)"
    verb(makers, "lock", verbs.lock, text, environment="any")

    parser.epilog = f"""for readers:
{_listed(readers)}

for makers:
{_listed(makers)}

{_EPILOG}"""
    return parser


def _classroom(sub) -> None:
    """What is not given stays as it was, or is as docker/classroom/values.yaml says."""

    def option(name, text, **kinds):
        sub.add_argument(f"--{name}", help=text, **kinds)

    sub.add_argument("folder", type=_folder, metavar="FOLDER", help="for all of it")
    option("collect", "copy all students' notebooks of a chapter", metavar="CHAPTER")
    option("port", "default: 8000; the two above it are taken too", type=int)
    option("ip", "default: 127.0.0.1, this computer alone; 0.0.0.0: all may come")
    option("teacher", "who lets students in (default: teacher)", metavar="NAME")
    option("memory", "for each student, such as 2G")
    option("idle", "seconds after which an idle server stops", type=int)
    text = "student, blank (without recorded outputs) or solutions"
    option("edition", f"{text} (default: student)")
    file = {"type": lambda name: str(Path(name).absolute()), "metavar": "FILE"}
    option("ssl-cert", "a certificate, for https", **file)
    option("ssl-key", "its key", **file)


def _folder(name: str) -> Path:
    if not name.strip():  # `make export` without FOLDER
        raise argparse.ArgumentTypeError("name a folder")
    return Path(name).expanduser().absolute()


def _listed(group: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in group)
    return "\n".join(f"  {name:<{width}} {text}" for name, text in group)
