"""How many students one server carries: all open the deep net at the same moment.

    make classroom FOLDER=/srv/class      # in one terminal; nobody has signed up yet
    python -m tests.support.drills.crowd /srv/class 4 8 12

signs up as many students as it needs, and for each number: all of them sign in, start
their server, open the notebook and run it at trained pace, at once. As root, which sees
what each student's processes hold. Prints a row of a table for each number.
"""

from __future__ import annotations

import os
import pwd
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

from course.classroom.memory import Look
from course.classroom.settings import Settings
from tests.support.drills.hub import Person

NOTEBOOK = "notebooks/ch09_improving_deep_networks/02_deep_net_in_keras.ipynb"
PATIENCE = 1500  # seconds
HEAD = """\
| students | server there | first result | all of it | memory each | machine | failed |
|--:|--:|--:|--:|--:|--:|---|"""


@dataclass
class Lesson:
    """Seconds since one student pressed "Sign in"; and what failed."""

    server: float = 0.0
    first: float = 0.0
    done: float = 0.0
    failed: str = ""


def attend(person: Person) -> Lesson:
    """One student, from the sign-in to the notebook's last cell."""
    lesson, began = Lesson(), time.monotonic()
    try:
        if not person.sign_in():
            lesson.failed = "not let in"
            return lesson
        person.start(PATIENCE)
        lesson.server = time.monotonic() - began
        cells = person.read(NOTEBOOK)["cells"]
        code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        kernel = person.kernel("dli-trained", NOTEBOOK)
        at = time.monotonic() - began
        done = person.execute(kernel, code, PATIENCE)
        for cell in done:
            at += cell.seconds
            if cell.text and not lesson.first:
                lesson.first = at
            lesson.failed = lesson.failed or cell.error
        lesson.done = time.monotonic() - began
        if "within" not in "".join(cell.text for cell in done):
            lesson.failed = lesson.failed or "no scoreboard"
    except Exception as error:  # a crowd's row names it, whatever it was
        lesson.failed = f"{type(error).__name__}: {error}"
    return lesson


def together(people: list[Person]) -> tuple[list[Lesson], list[float], float]:
    """All at once; their lessons, the most that each held, and that the machine did."""
    uids: dict[str, int] = {}
    most: dict[str, int] = {}
    machine, ended = [0], threading.Event()

    def watch() -> None:
        look = Look()
        while not ended.wait(1):
            machine[0] = max(machine[0], psutil.virtual_memory().used)
            for person in people:
                try:
                    uid = uids.setdefault(person.name, pwd.getpwnam(person.name).pw_uid)
                except KeyError:
                    continue
                held = sum(size for size, _ in look.processes(uid))
                most[person.name] = max(most.get(person.name, 0), held)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(len(people)) as pool:
        lessons = list(pool.map(attend, people))
    ended.set()
    watcher.join()
    return lessons, [held / 1e9 for held in most.values()], machine[0] / 1e9


def row(lessons: list[Lesson], held: list[float], machine: float) -> str:
    """A row of the table: medians, and the slowest."""

    def seconds(name: str) -> str:
        found = [getattr(lesson, name) for lesson in lessons if getattr(lesson, name)]
        if not found:
            return "none"
        return f"{statistics.median(found):.0f} ({max(found):.0f})"

    failed = [lesson.failed for lesson in lessons if lesson.failed]
    told = (
        "nobody" if not failed else f"{len(failed)}: {'; '.join(sorted(set(failed)))}"
    )
    columns = [f"{len(lessons)}", seconds("server"), seconds("first"), seconds("done")]
    columns += [f"{max(held, default=0):.1f} GB", f"{machine:.1f} GB", told]
    return f"| {' | '.join(columns)} |"


def main(folder: Path, counts: list[int]) -> None:
    """Measure for each number of students."""
    settings = Settings.load(folder)
    address = f"http://127.0.0.1:{settings.port}"
    teacher = Person(address, settings.teacher)
    teacher.sign_up()
    if not teacher.sign_in():
        raise SystemExit("the teacher of this classroom has another password")
    teacher.start()
    teacher.ask("DELETE", f"/hub/api/users/{teacher.name}/server")
    people = [Person(address, f"crowd-{n:02}") for n in range(max(counts))]
    for person in people:
        if "has been sent" in person.sign_up():
            teacher.let_in(person.name)
    print(HEAD, flush=True)
    for count in counts:
        load = os.getloadavg()[0]
        print(row(*together(people[:count])), f" load before: {load:.1f}", flush=True)
        for person in people[:count]:
            person.ask("DELETE", f"/hub/api/users/{person.name}/server")
        time.sleep(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]])
