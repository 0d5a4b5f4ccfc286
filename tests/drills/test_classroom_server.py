"""A real hub on the loopback, three students, and what may go wrong in a class."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import pytest

from tests.support.drills import classroom as rooms
from tests.support.drills.hub import Person

pytestmark = pytest.mark.drill

#: Needs no data and no Keras, so that it takes seconds.
NOTEBOOK = "notebooks/ch07_artificial_neural_networks/01_softmax_demo.ipynb"
ADA, BOB, CAROL = rooms.STUDENTS


@pytest.fixture(scope="module")
def room():
    """A hub that runs, in which nobody has signed up yet."""
    if reason := rooms.may_not():
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="dli-class-"))
    folder.chmod(0o711)
    (folder / "data").mkdir()
    made = rooms.Classroom(folder, memory="1G", data=folder / "data")
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def class_(room) -> dict[str, Person]:
    """Teacher and students, signed in, with a server each."""
    people = {name: room.person(name) for name in (rooms.TEACHER, *rooms.STUDENTS)}
    teacher = people[rooms.TEACHER]
    teacher.sign_up()
    assert teacher.sign_in()
    teacher.start()
    for name in rooms.STUDENTS:
        person = people[name]
        person.sign_up()
        assert not person.sign_in(), "before the teacher has let them in"
        teacher.let_in(name)
        assert person.sign_in()
        person.start()
    return people


def python(person: Person, *cells: str, kernel: str = ""):
    """Run cells in a kernel of a person's; what came of each."""
    return person.execute(kernel or person.kernel("dli-quick"), list(cells))


def test_students_sign_up_and_run_a_notebook(class_, figures):
    """Three students sign up, are let in by the teacher and not before, and run a
    notebook at trained pace through their servers.
    """
    missed, slowest = [], 0.0
    for name in rooms.STUDENTS:
        person, began = class_[name], time.monotonic()
        content, cells = rooms.notebook_of(person, NOTEBOOK)
        done = person.execute(person.kernel("dli-trained", NOTEBOOK), cells)
        slowest = max(slowest, time.monotonic() - began)
        failed = [cell.error for cell in done if cell.error]
        said = "".join(cell.text for cell in done)
        if failed or len(done) < len(cells) or "within" not in said:
            missed.append(f"{name}: {failed or said[-200:]}")
        if "solution" in str(content["cells"]):
            missed.append(f"{name}: there is a solution")
    detail = f"slowest {slowest:.0f} s"
    figures.all_caught("a class signs up", tries=3, missed=missed, detail=detail)


def test_nobody_reads_what_is_another_s(room, class_, figures):
    """A student tries to read another's files and the teacher's, the hub's secrets,
    the solutions in the clone, and to write what all share; and asks another's server.
    """
    homes, copy = room.folder / "homes", "deep-learning-illustrated"
    solutions = homes / rooms.TEACHER / "solutions"
    assert list(solutions.rglob("*.ipynb")), "there is something to read"
    reads = [
        homes / BOB / copy / NOTEBOOK,
        homes / BOB / ".gitconfig",
        solutions / NOTEBOOK.removeprefix("notebooks/"),
        room.folder / "hub" / "jupyterhub.sqlite",
        room.folder / "hub" / "cookie_secret",
        room.clone / NOTEBOOK,
    ]
    writes = [
        room.folder / "shared" / NOTEBOOK,
        room.folder / "shared" / "dli" / "__init__.py",
        room.data / "new",
        room.folder / "notes" / ADA,
        homes / "new",
    ]
    cell = "try:\n    open({!r}, {!r}); print('opened')\nexcept OSError as error:\n"
    cell += "    print(type(error).__name__)"
    cells = [cell.format(str(p), "rb") for p in reads]
    cells += [cell.format(str(p), "ab") for p in writes]
    said = [done.text.strip() for done in python(class_[ADA], *cells)]
    missed = [str(p) for p, s in zip([*reads, *writes], said) if s != "PermissionError"]
    stolen = Person(room.address, BOB, token=class_[ADA].token)
    asked = [stolen.ask("GET", stolen.file(NOTEBOOK))]
    asked.append(stolen.ask("GET", f"/hub/api/users/{BOB}"))
    asked.append(stolen.ask("DELETE", f"/hub/api/users/{BOB}/server"))
    missed += [f"{a.url}: {a.status_code}" for a in asked if a.status_code < 400]
    figures.all_caught(
        "nobody reads what is another's", tries=len(cells) + len(asked), missed=missed
    )


def test_the_limit_on_memory_holds(class_, figures):
    """A student's cell takes three times the memory that is theirs: only that kernel
    is ended, and its successor says why.
    """
    ada, bob = class_[ADA], class_[BOB]
    other = bob.kernel("dli-quick")
    python(bob, "kept = 6 * 7", kernel=other)
    kernel = ada.kernel("dli-quick")
    greedy = "hold = []\nwhile len(hold) < 30:\n    hold.append(b'x' * 10**8)"
    [ended] = python(ada, greedy, kernel=kernel)
    time.sleep(8)  # the kernel is started again by its server, and the note is there
    [again] = python(ada, "print('alive')", kernel=kernel)
    [others] = python(bob, "print(kept)", kernel=other)
    missed = []
    if not ended.error:
        missed.append(f"the cell ran: {ended}")
    if "1 GB of memory" not in again.text or "alive" not in again.text:
        missed.append(f"the note: {again}")
    if others.text.strip() != "42":
        missed.append(f"another's kernel: {others}")
    figures.all_caught("a greedy kernel", tries=3, missed=missed)


def test_a_killed_hub_loses_nothing(room, class_, figures):
    """The hub is killed and started again: servers, kernels and what they hold are
    still there, and so are saved files and accounts.
    """
    ada = class_[ADA]
    kernel = ada.kernel("dli-quick")
    python(ada, "kept = 6 * 7", kernel=kernel)
    content = ada.read(NOTEBOOK)
    content["cells"][0]["source"] = "saved before"
    assert ada.save(NOTEBOOK, content) == 200
    before = room.server(ADA).pid
    room.kill_hub()
    room.start()
    missed = []
    if room.server(ADA).pid != before:
        missed.append("the server is another one")
    if not ada.sign_in():
        missed.append("she can't sign in")
    ada.start()
    [said] = python(ada, "print(kept)", kernel=kernel)
    if said.text.strip() != "42":
        missed.append(f"her kernel: {said}")
    if ada.read(NOTEBOOK)["cells"][0]["source"] != "saved before":
        missed.append("what she saved")
    figures.all_caught("the hub is killed", tries=4, missed=missed)


def test_a_killed_server_loses_nothing_saved(room, class_, figures):
    """A student's server is killed: it starts again, and saved work is there."""
    bob = class_[BOB]
    content = bob.read(NOTEBOOK)
    content["cells"][0]["source"] = "saved before"
    assert bob.save(NOTEBOOK, content) == 200
    room.server(BOB).kill()
    time.sleep(5)  # the hub looks every two seconds
    bob.start()
    found = bob.read(NOTEBOOK)["cells"][0]["source"]
    missed = [] if found == "saved before" else [found]
    figures.all_caught("a student's server is killed", tries=1, missed=missed)


def test_a_full_disk_loses_nothing_saved(class_, figures):
    """A student's disk is full: saving fails and says so, what was saved before is
    whole, and once there is room again saving works.
    """
    carol = class_[CAROL]
    content = carol.read(NOTEBOOK)
    content["cells"][0]["source"] = "saved before"
    assert carol.save(NOTEBOOK, content) == 200
    fill = "import os\nwith open(os.path.expanduser('~/full'), 'wb') as f:\n"
    fill += "    try:\n        while True: f.write(bytes(10**6)); f.flush()\n"
    fill += "    except OSError as error: print(error.strerror)"
    kernel = carol.kernel("dli-quick")
    [full] = python(carol, fill, kernel=kernel)
    missed = [] if "No space" in full.text else [f"not full: {full}"]
    content["cells"][0]["source"] = "saved while full " + "x" * 10**6
    if (status := carol.save(NOTEBOOK, content)) < 500:
        missed.append(f"saving said {status}")
    if carol.read(NOTEBOOK)["cells"][0]["source"] != "saved before":
        missed.append("what was saved before is gone")
    python(carol, "os.remove(os.path.expanduser('~/full'))", kernel=kernel)
    content["cells"][0]["source"] = "saved after"
    if (status := carol.save(NOTEBOOK, content)) != 200:
        missed.append(f"with room again: {status}")
    figures.all_caught("a student's disk is full", tries=4, missed=missed)
