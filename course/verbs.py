"""What each verb of the command line does; `course.cli` says what it takes.

Every function gets the parsed arguments and returns the exit status.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from course import bootstrap
from course.bootstrap import ROOT
from course.kernels import CELL_TIMEOUT, Backend, Pace


def setup(arguments) -> int:
    if bootstrap.state() != bootstrap.Venv.CURRENT:
        bootstrap.install()
    else:
        print("Set up already.")
    return 0


def lab(arguments) -> int:
    # The whole clone, so that links out of notebooks/ open too; the browser of files
    # begins among the notebooks.
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=."]
    command += ["--ServerApp.preferred_dir=notebooks", *arguments.options]
    return subprocess.call(command, cwd=ROOT)


def run(arguments) -> int:
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


def record(arguments) -> int:
    from course import catalogue, record
    from course.publish import readme
    from course.run import results
    from course.run.results import State

    found = record.record(catalogue.select(arguments.notebooks))
    print(f"\n{results.table(found)}", flush=True)
    left = [result for result in found if result.state != State.RAN]
    for result in left:
        print(f"{result.name} was left as it was", file=sys.stderr)
        if (rejected := record.rejected(result.name)).exists():
            print(f"what came out of it: {rejected}", file=sys.stderr)
    readme.write()
    return _status(found) or int(bool(left))


def _status(found) -> int:
    from course.run.results import State

    if any(result.state == State.INTERRUPTED for result in found):
        return 130  # as a shell says of what Ctrl-C has ended
    return 0 if all(result.is_ok for result in found) else 1


def seeds(arguments) -> int:
    from course import catalogue, seeds

    notebook, *more = catalogue.select(arguments.notebooks)
    if more:
        names = ", ".join(other.id for other in (notebook, *more))
        raise LookupError(f"one notebook at a time, not {names}")
    found = seeds.run(notebook, range(arguments.first, arguments.first + arguments.n))
    print(f"\n{seeds.table(notebook, found)}")
    seeds.write(notebook, found, bands=arguments.band, add=arguments.add)
    return 0 if all(len(v) == arguments.n for v in found.values()) else 1


def new(arguments) -> int:
    from course import new

    print(new.write(arguments.chapter, arguments.id, arguments.title))
    return 0


def listed(arguments) -> int:
    from course import catalogue, listing, shards

    found = catalogue.select(arguments.notebooks)
    if arguments.shards is None:
        print(listing.text(found, arguments.json))
    else:
        print(shards.listing(found, arguments.shards))
    return 0


def test(arguments) -> int:
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


def verify(arguments) -> int:
    from course import catalogue, shards
    from course.check import passed, verified

    due = catalogue.select(arguments.notebooks)
    if arguments.shard:
        due = shards.Shard.parse(arguments.shard).of(due)
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
    status = _pytest(arguments, options, DLI_VERIFY="1")
    verified.note(passed.split(due)[1])
    return status


def merge(arguments) -> int:
    from course import catalogue, merge
    from course.run import results

    found = merge.merge(arguments.folders, catalogue.notebooks())
    print(f"{results.table(found)}\n\nPages: runs/full/index.html")
    return _status(found)


def drills(arguments) -> int:
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


def bench(arguments) -> int:
    command = [sys.executable, "-m", "benchmarks", *arguments.parts]
    return subprocess.call([*command, *arguments.options], cwd=ROOT)


def data(arguments) -> int:
    from dli.datasets import _command

    if not {"status", "digest"} & set(arguments.rest[:1]) and arguments.rest:
        bootstrap.ensure()  # what fetches may set up too
    return _command.main([*arguments.rest, *arguments.options])


def export(arguments) -> int:
    if not arguments.classroom:
        arguments.rest, arguments.options = ["export", str(arguments.folder)], []
        return data(arguments)
    from course import stick

    systems = [stick.System.parse(word) for word in arguments.platforms]
    left = stick.write(arguments.folder, systems)
    print("\n".join(f"left out: {line}" for line in left), end="\n" if left else "")
    told = f"{stick.size(arguments.folder) / 1e9:.1f} GB in {arguments.folder}"
    print(f"{told}; README.txt there says how to set up from it")
    return 0


def reset(arguments) -> int:
    from course import catalogue, copies

    for notebook in catalogue.select(arguments.notebooks):
        print((copies.undo if arguments.undo else copies.reset)(notebook))
    return 0


def update(arguments) -> int:
    from course import copies

    print("\n".join(copies.update()) or "the newer version is here")
    if not bootstrap.is_ready():
        print("Its packages have changed, too: the next verb brings them.")
    return 0


def progress(arguments) -> int:
    from course import progress

    found = progress.look(arguments.places or [bootstrap.NOTEBOOKS])
    print(progress.as_csv(found) if arguments.csv else progress.table(found))
    return 0


def classroom(arguments) -> int:
    from course.classroom import start

    return start.run(arguments)


def doctor(arguments) -> int:
    from course import doctor

    try:
        bootstrap.ensure(may_install=False)
    except bootstrap.SetupError as error:
        return doctor.report_without_environment(error)
    return doctor.report(need_gpu=arguments.gpu)


def add_backend(arguments) -> int:
    bootstrap.install_backend(arguments.backend)
    return 0


def readme(arguments) -> int:
    from course.publish import readme

    readme.write()
    return 0


def site(arguments) -> int:
    from course.publish import site

    print(site.build(arguments.into))
    return 0


def slides(arguments) -> int:
    from course.publish import slides

    print("\n".join(map(str, slides.write(arguments.into))))
    return 0


def lessons(arguments) -> int:
    from course import catalogue
    from course.publish import lessons

    seconds = lessons.write()
    count = len(catalogue.notebooks())
    print(f"seconds of {len(seconds)} of {count} notebooks, in teaching/")
    wrong = lessons.all_errors()
    print("\n".join(wrong), end="\n" if wrong else "")
    return int(bool(wrong))


def editions(arguments) -> int:
    from course.publish import editions

    written = editions.write(arguments.into, outputs=not arguments.clear)
    print(f"{len(written)} files in {arguments.into}")
    return 0


def launch(arguments) -> int:
    from course.publish import launch

    repository = launch.Repository.parse(arguments.repo)
    *_, page = launch.write(repository, arguments.into)
    print(page)
    return 0


def environments(arguments) -> int:
    from course import catalogue, environments
    from course.environments import place, results
    from course.files import write_whole
    from course.publish import readme

    notebooks = catalogue.select(arguments.only or ())
    into = arguments.into or environments.folder()
    found = []
    for name in arguments.names or place.names():
        found.append(environments.check(name, notebooks, into))
        results.note(found[-1])
        said = results.text(found[-1])
        write_whole(into / f"{name}.md", said)
        print(said, flush=True)
    print(results.table(found))
    readme.write()
    return 0 if all(one.is_ok for one in found) else 1


def kernels(arguments) -> int:
    for path in bootstrap.install_kernels():
        print(path)
    return 0


def lock(arguments) -> int:
    from course import lock

    return lock.compile_all()
