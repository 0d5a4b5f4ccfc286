"""Notebooks that fail, hang, or are interrupted: what was recorded stays as it was.

`course`'s own code runs a small house of notebooks in another process; signals are sent
to that process.
"""

import json
import os
import random
import signal
import subprocess
import time

import nbformat
import pytest

try:
    import resource
except ImportError:  # Windows, where all of this is skipped
    resource = None
from filelock import FileLock

from tests.support.drills.figures import times
from tests.support.drills.house import (
    ENDLESS,
    SHORT,
    contents,
    has_survivors,
    index_rows,
    is_whole,
    processes,
    run,
    start,
    table_rows,
    wait_until,
    write,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

SEED = 42
# The tests of the runner also try what `run` does beyond `record`.
QUICK = "--pace=quick"
VERBS = ["record", pytest.param("run", marks=pytest.mark.drill)]


@pytest.fixture
def house(tmp_path):
    """A folder for notebooks; every process that works in it is known by its name."""
    yield tmp_path
    for process in processes(tmp_path):  # of a drill that failed
        process.kill()


def _faults(house, verb, number, moment) -> list[str]:
    """Interrupt `verb` some seconds after its start, and say what went wrong."""
    names = [f"ch05_x/0{n}_s{n}" for n in (1, 2, 3)]
    for name in names:
        write(house, name, SHORT)
    names.append("ch06_x/01_endless")
    write(house, names[-1], ENDLESS)
    before = contents(house)
    lock = house / "runs" / ("quick/.lock" if verb == "run" else ".recording.lock")
    jobs = [QUICK, "--jobs=2"] if verb == "run" else []
    process = start(house, verb, *jobs)
    # Signals are handled once the lock is held; before that nothing has begun.
    wait_until(lock.with_name(f"{lock.name}.holder").exists)
    time.sleep(0.05 + moment)
    # As a terminal does, to all of the group: kernels have groups of their own.
    os.killpg(process.pid, number)
    printed = process.communicate(timeout=60)[0]
    killed = number == signal.SIGKILL
    faults = []
    if process.returncode != (-number if killed else 130):
        faults.append(f"exit status {process.returncode}")
    if has_survivors(house, 15 if killed else 0):  # ipykernel looks once a second
        faults.append("a kernel survived")
    for name, content in contents(house).items():
        if name not in before:
            if not (killed and name.rpartition("/")[2].startswith(".")):
                faults.append(f"{name} was left")
        elif content != before[name] and not (verb == "record" and is_whole(content)):
            faults.append(f"{name} is half-made")
    if not killed:
        rows = table_rows(printed, names)
        if list(rows) != names:
            faults.append(f"the table has {list(rows)}")
        elif rows[names[-1]] != "not run: interrupted":
            faults.append(f"the last row is {rows[names[-1]]}")
        if not all(row.endswith((" ran", "interrupted")) for row in rows.values()):
            faults.append(f"the rows are {rows}")
    index = house / "runs/quick/index.html"
    # Killed in its first moments, a runner has not written it yet.
    if verb == "run" and (index.exists() or not killed) and index_rows(house) != 4:
        faults.append("the index is not complete")
    for page in (house / "runs").rglob("*.ipynb"):
        if not page.name.startswith("."):
            nbformat.validate(nbformat.read(page, as_version=4))
    for result in (house / "runs").rglob("*.json"):
        json.loads(result.read_text("utf-8"))
    held = FileLock(lock)
    held.acquire(timeout=0)  # raises if the dead hold it
    held.release()
    return faults


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_interruptions(tmp_path_factory, name, figures):
    """`run` and `record` interrupted at random moments (Ctrl-C, SIGTERM, a closed
    terminal, SIGKILL): recorded notebooks untouched or wholly recorded, table complete,
    status 130, no kernel left"""
    moments, tries, missed = random.Random(f"{SEED} {name}"), times(1, 12), []
    for number in range(tries):
        verb = ("run", "record")[(number + (name == "SIGTERM")) % 2]
        moment = moments.uniform(0, 3)
        house = tmp_path_factory.mktemp("house")
        try:
            faults = _faults(house, verb, getattr(signal, name), moment)
        finally:
            for process in processes(house):
                process.kill()
        if faults:
            missed.append(f"{verb}, {name} {number}, {moment:.2f} s: {faults}")
    figures.all_caught("`run` and `record` interrupted", tries=tries, missed=missed)


@pytest.mark.parametrize("verb", VERBS)
def test_errors_hangs_and_dead_kernels(house, verb, figures):
    """A notebook raises, hangs, is killed as if out of memory, asks for more memory
    than there is, or ends its kernel: only it fails, and nothing of it is recorded"""
    bad = {
        "ch05_x/01_raises": (["1 / 0"], "ZeroDivisionError"),
        "ch05_x/02_hangs": (ENDLESS, "a cell ran for more than 2 s"),
        "ch05_x/03_killed": (["import os", "os.kill(os.getpid(), 9)"], "kernel died"),
        "ch05_x/04_memory": (
            [
                "import resource\n"
                "resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))",
                "held = b'x' * 2**32",
            ],
            "MemoryError",
        ),
        "ch05_x/05_exits": (["import os", "os._exit(0)"], "kernel died"),
    }
    for name, (sources, _) in bad.items():
        write(house, name, sources)
    write(house, "ch06_x/01_good", SHORT)
    before = contents(house)
    status, printed = run(house, verb, "--hang")
    names = [*bad, "ch06_x/01_good"]
    rows = table_rows(printed, names)
    after = contents(house)
    good = "ch06_x/01_good.ipynb"
    recorded = after.pop(good)
    untouched = recorded == before.pop(good)
    missed = [name for name, (_, why) in bad.items() if why not in rows.get(name, "")]
    if status != 1:
        missed.append(f"exit status {status}")
    if after != before:
        missed.append("a notebook that failed was touched")
    if untouched if verb == "record" else not untouched:
        missed.append("the good one")
    if has_survivors(house, 0):
        missed.append("a kernel survived")
    figures.all_caught("errors, hangs, dead kernels", tries=len(names), missed=missed)
    assert list(rows) == names and rows[names[-1]].endswith("ran")
    assert verb == "run" or is_whole(recorded)


def test_a_second_runner_waits_and_names_the_first(house, figures):
    """Two runners on the same notebooks: the second names the first and waits; one that
    is interrupted while it waits does not disturb the first"""
    wait = "import os, time\nwhile not os.path.exists('go'):\n    time.sleep(0.1)"
    name = "ch05_x/01_waits"
    path = write(house, name, [wait])
    first = start(house, "run", QUICK)
    wait_until((house / "runs/quick/.lock.holder").exists)
    second, third = start(house, "run", QUICK), start(house, "run", QUICK)
    for process in (second, third):
        line = ""
        while "waiting" not in line:
            line = process.stdout.readline()
            assert line, "it did not wait"
        assert f"process {first.pid} (since " in line
    third.send_signal(signal.SIGINT)
    gave_up = third.communicate(timeout=30)[0]
    assert first.poll() is None, "it is not done yet"
    (path.parent / "go").touch()
    outputs = [first.communicate(timeout=60)[0], second.communicate(timeout=60)[0]]
    statuses = [process.returncode for process in (first, second, third)]
    figures.note("two runners at once", tries=3, caught=3 * (statuses == [0, 0, 130]))
    assert statuses == [0, 0, 130]
    assert table_rows(gave_up, [name]) == {name: "not run: interrupted"}
    assert all(
        table_rows(printed, [name])[name].endswith(" ran") for printed in outputs
    )
    assert index_rows(house) == 1 and not has_survivors(house, 0)


@pytest.mark.drill  # the tests of the runner also try what is resumed
def test_a_run_goes_on_after_an_interruption(house, figures):
    """`run` after one that was interrupted or killed: what was done is not done again,
    and what a killed one left half-written is removed"""
    names = [*(f"ch05_x/0{n}_s{n}" for n in (1, 2)), "ch06_x/01_endless"]
    for name in names[:2]:
        write(house, name, SHORT)
    write(house, names[2], ENDLESS)

    def has_done_two():
        return all((house / f"runs/quick/{name}.json").exists() for name in names[:2])

    process = start(house, "run", QUICK, "--jobs=1")
    wait_until(has_done_two)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    left = house / "runs/quick/ch05_x/.01_s1.ipynb-abcd1234"
    left.write_text("half")
    pages = [house / "runs/quick" / f"{name}.ipynb" for name in names[:2]]
    times_before = [page.stat().st_mtime_ns for page in pages]
    process = start(house, "run", QUICK)  # and this one is interrupted too
    line = ""
    while "2 done before the interruption" not in line:
        line = process.stdout.readline()
        assert line, "it started over"
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=60) and process.returncode == 130
    write(house, "ch06_x/01_endless", SHORT)  # mended
    status, printed = run(house, "run", QUICK)
    kept = [page.stat().st_mtime_ns for page in pages] == times_before
    figures.note("resumed", tries=2, caught=2 * (status == 0 and kept))
    assert status == 0 and kept and "2 done before the interruption" in printed
    assert list(table_rows(printed, names)) == names
    assert not left.exists()


@pytest.fixture
def full_disk(house):
    """A house that 400 kB do not fit into, and options for the process in it.

    A file system of 256 kB where one can be mounted, else a limit on a file's size.
    """
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(house)]
    try:
        mounted = not subprocess.run(mount, capture_output=True).returncode
    except FileNotFoundError:
        mounted = False
    if mounted:
        yield house, {}, "No space left on device"
        subprocess.run(["umount", str(house)], check=True)
    else:
        yield house, {"before": _limit_files}, "File too large"


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


@pytest.mark.parametrize("verb", VERBS)
def test_a_full_disk(full_disk, verb, figures):
    """The disk is full when outputs are written: the old file stays, the table says
    why, nothing half-written is left"""
    house, options, why = full_disk
    names = ["ch05_x/01_big", "ch05_x/02_small"]
    write(house, names[0], ["print('x' * 400_000)"])
    write(house, names[1], SHORT)
    before = contents(house)
    status, printed = run(house, verb, **options)
    rows = table_rows(printed, names)
    right = status == 1 and contents(house) == before
    right &= list(rows) == names and all(why in row for row in rows.values())
    right &= not [*house.rglob(".0*")]
    figures.note("disk full", tries=1, caught=int(right), detail=why)
    assert right, printed
