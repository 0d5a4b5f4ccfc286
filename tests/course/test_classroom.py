"""One server for a class: what is refused, written, limited and collected.

The hub itself is started by a drill (`tests/drills/test_classroom_server.py`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from course import cli, progress
from course.bootstrap import ROOT, SetupError
from course.classroom import accounts, checks, collect, memory, settings, shared, start
from course.classroom.settings import MARK, Settings
from tests.support.images import load

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a server on Linux")
needs_root = pytest.mark.skipif(
    sys.platform == "linux" and os.geteuid() != 0, reason="needs root"
)
GB = 1024**3


@pytest.fixture
def open_folder():
    """A folder that other accounts may enter; pytest closes its own."""
    folder = Path(tempfile.mkdtemp(prefix="dli-class-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def of(open_folder):
    """Settings of a folder that is not there yet, with others given by name."""
    load("docker/classroom/values.yaml")  # skips where it is not part of this copy
    return lambda **given: Settings.of(open_folder / "class", given)


# Settings


def test_settings_agree_with_those_of_the_cluster(of):
    values = load("docker/classroom/values.yaml")
    config, found = values["hub"]["config"], of()
    assert [found.teacher] == config["Authenticator"]["admin_users"]
    assert found.memory == values["singleuser"]["memory"]["limit"]
    assert found.idle == values["cull"]["timeout"]
    native = config["NativeAuthenticator"]
    assert found.password == native["minimum_password_length"]
    text = (ROOT / "docker/classroom/README.md").read_text("utf-8")
    assert f"port-forward service/proxy-public {found.port}:http" in text
    hub = (ROOT / "course/classroom/jupyterhub_config.py").read_text("utf-8")
    for name in ("allow_all", "open_signup"):
        said = re.search(rf"\.{name} = (\w+)", hub)[1]
        assert said == str((config["Authenticator"] | native)[name])
    assert config["JupyterHub"]["authenticator_class"] in hub
    assert values["singleuser"]["defaultUrl"] in hub


def test_both_ways_have_the_same_hub():
    pin = re.compile(r"^jupyterhub==(\S+)", re.M)
    alone, image = (
        pin.findall((ROOT / f"docker/requirements-{name}.txt").read_text("utf-8"))
        for name in ("classroom", "hub")
    )
    assert len(alone) == 1 and alone == image


def test_the_proxy_is_pinned_and_no_host_of_a_registry_is_named():
    folder = ROOT / "docker/classroom/proxy"
    wanted = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in wanted.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    for name, package in lock.items():
        assert "resolved" not in package
        assert not name or package["integrity"].startswith("sha512-")


def test_what_was_given_before_stays(of):
    first = of(memory="3G", teacher="grace")
    first.folder.mkdir()
    first.save()
    again = of(idle=60)
    assert (again.memory, again.teacher, again.idle) == ("3G", "grace", 60)
    assert Settings.load(first.folder) == first
    (first.folder / MARK).write_text('{"what": 1}')
    with pytest.raises(ValueError, match=MARK):
        of()


@pytest.mark.parametrize(
    "given, told",
    [
        ({"memory": "2"}, "such as 2G"),
        ({"memory": "0G"}, "such as 2G"),
        ({"teacher": "Ada Lovelace"}, "no name of an account"),
        ({"teacher": "../x"}, "no name of an account"),
        ({"edition": "none"}, "student, blank, solutions"),
        ({"port": 0}, "no port"),
        ({"idle": 0}, "more than none"),
        ({"ssl_key": "key.pem"}, "belong together"),
    ],
)
def test_values_that_can_not_be(of, given, told):
    with pytest.raises(ValueError, match=told):
        of(**given)


def test_sizes_are_those_of_jupyterhub():
    assert settings.size("2G") == 2 * GB
    assert settings.size("1.5G") == 1.5 * GB
    assert settings.size("512M") == GB // 2


# Refusals: nothing is changed


def test_not_root(monkeypatch):
    monkeypatch.setattr(checks.os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="needs root"):
        checks.root()


def test_a_folder_of_something_else(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(ValueError, match="something else"):
        checks.folder(tmp_path)
    with pytest.raises(ValueError, match="is a file"):
        checks.folder(tmp_path / "holiday.jpg")
    checks.folder(tmp_path / "new")
    (tmp_path / MARK).touch()
    checks.folder(tmp_path)


def test_a_port_that_is_taken(of):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ValueError, match=rf"port {port}: .*--port"):
            checks.ports(of(port=min(port, 65000)))


def test_node_missing_or_too_old(monkeypatch):
    monkeypatch.setattr(checks.shutil, "which", lambda name: name)
    old = SimpleNamespace(stdout="v12.22.0\n")
    monkeypatch.setattr(checks.subprocess, "run", lambda *a, **k: old)
    with pytest.raises(SetupError, match=r"Node\.js v12.*18 or newer"):
        checks.tools()
    monkeypatch.setattr(checks.shutil, "which", lambda name: name != "npm" and name)
    with pytest.raises(SetupError, match="apt install nodejs npm"):
        checks.tools()


def test_a_hub_that_runs_already(of):
    found = of()
    found.hub.mkdir(parents=True)
    (found.hub / "hub.pid").write_text("1\n")  # another program has its number now
    checks.not_running(found)
    sleep = "import time; time.sleep(60)  # jupyterhub"
    with subprocess.Popen([sys.executable, "-c", sleep]) as running:
        (found.hub / "hub.pid").write_text(str(running.pid))
        try:
            with pytest.raises(ValueError, match=f"runs already, as .* {running.pid}"):
                checks.not_running(found)
        finally:
            running.kill()


@needs_root
def test_solutions_that_all_could_read(open_folder, monkeypatch):
    notebooks = open_folder / "notebooks"
    notebooks.mkdir()
    notebooks.chmod(0o755)
    monkeypatch.setattr(checks, "ROOT", open_folder)
    with pytest.raises(SetupError, match=r"chmod o= \S+/notebooks"):
        checks.hidden_solutions()
    notebooks.chmod(0o750)
    checks.hidden_solutions()


def test_refusals_are_answered_before_anything_is_written(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(cli.bootstrap, "ensure", lambda **_: None)
    monkeypatch.setattr(checks, "root", lambda: None)
    prepared = []
    monkeypatch.setattr(start, "prepare", prepared.append)
    (tmp_path / "holiday.jpg").touch()
    assert cli.main(["classroom", str(tmp_path)]) == 2
    assert "something else" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
    assert not prepared


# The folder


@pytest.fixture
def classroom(tmp_path, house, monkeypatch, of):
    """A classroom in which nothing is installed, of a repository with three notebooks.

    Its start is `start.prepare(classroom)`.
    """
    solved = house.notebooks / "ch10_later" / "01_good.ipynb"
    content = json.loads(solved.read_text())
    content["cells"].append(
        {
            "cell_type": "code",
            "id": "solution-1",
            "metadata": {"tags": ["solution"]},
            "source": "the_answer = 42",
            "execution_count": None,
            "outputs": [],
        }
    )
    solved.write_text(json.dumps(content))
    for name in ("README.md", "LICENSE", "pyproject.toml", "requirements.txt"):
        (house.root / name).write_text(name)
    (house.root / ".gitignore").write_text("*.yours.*\n")
    for name in ("dli", "course", "site"):
        (house.root / name).mkdir()
        (house.root / name / "__init__.py").write_text("")
    weights = house.notebooks / "ch10_later" / "weights"
    weights.mkdir()
    (weights / "good.npz").write_bytes(b"weights")
    monkeypatch.setattr(shared, "ROOT", house.root)
    monkeypatch.setattr(shared, "NOTEBOOKS", house.notebooks)
    for name in ("_install_packages", "_install_proxy", "_fetch_data"):
        monkeypatch.setattr(start, name, lambda *_: None)
    monkeypatch.setattr(checks, "usable_by_students", lambda *_: None)
    return of()


def test_the_folder_that_is_prepared(classroom):
    start.prepare(classroom)
    modes = {
        path.name: path.stat().st_mode & 0o777
        for path in classroom.folder.iterdir()
        if path.is_dir()
    }
    assert modes == {"hub": 0o700, "homes": 0o711, "notes": 0o711, "shared": 0o755}
    notebook = classroom.shared / "notebooks/ch10_later/01_good.ipynb"
    assert "pace" in notebook.read_text() and "the_answer" not in notebook.read_text()
    assert notebook.stat().st_mode & 0o004
    weights = "notebooks/ch10_later/weights/good.npz"
    assert (classroom.shared / weights).read_bytes() == b"weights"
    tracked = shared._git(classroom.shared, "ls-files").split()
    assert weights not in tracked
    assert "notebooks/ch10_later/01_good.ipynb" in tracked
    history = shared._git(classroom.shared, "log", "--all", "--patch")
    assert "the_answer" not in history


def test_a_second_start_goes_on(classroom):
    start.prepare(classroom)
    (classroom.homes / "ada").mkdir()
    (classroom.homes / "ada" / "hers").write_text("hers")
    (classroom.hub / "jupyterhub.sqlite").write_text("accounts")
    start.prepare(classroom)
    assert (classroom.homes / "ada" / "hers").read_text() == "hers"
    assert (classroom.hub / "jupyterhub.sqlite").read_text() == "accounts"
    count = shared._git(classroom.shared, "rev-list", "--count", "HEAD")
    assert count.strip() == "1", "nothing was new"


def test_a_newer_version_is_a_commit_that_students_can_fetch(classroom, house):
    start.prepare(classroom)
    house.add("ch10_later/02_new", "1")
    (house.notebooks / "ch05_first" / "02_bad.ipynb").unlink()
    toml = house.notebooks / "ch05_first" / "chapter.toml"
    toml.write_text('chapter = "5"\ntitle = "A chapter"\n')
    shared.catalogue.facts._chapters.cache_clear()
    assert shared.write(classroom)
    tracked = shared._git(classroom.shared, "ls-files").split()
    assert "notebooks/ch10_later/02_new.ipynb" in tracked
    assert "notebooks/ch05_first/02_bad.ipynb" not in tracked
    assert not (classroom.shared / "notebooks/ch05_first/02_bad.ipynb").exists()


@pytest.mark.parametrize("edition", settings.EDITIONS)
def test_editions(classroom, of, edition):
    start.prepare(of(edition=edition))
    notebook = classroom.shared / "notebooks/ch10_later/01_good.ipynb"
    assert ("the_answer" in notebook.read_text()) == (edition == "solutions")


# Accounts: the commands are noted, not run


@pytest.fixture
def commands(monkeypatch):
    """What would be run, as whom; a clone is made as far as the tests look at it."""
    noted = []

    def run(command, account=None):
        noted.append(" ".join(command))
        if command[0] == "mv":
            Path(command[-1]).mkdir()

    monkeypatch.setattr(accounts, "_run", run)
    return noted


@pytest.fixture
def ada(classroom, monkeypatch):
    """An account of a student whose home is missing."""
    home = str(classroom.homes / "ada")
    found = SimpleNamespace(
        pw_name="ada", pw_uid=os.getuid() or 4242, pw_gid=os.getgid(), pw_dir=home
    )
    monkeypatch.setattr(accounts.pwd, "getpwnam", lambda name: found)
    monkeypatch.setattr(accounts.os, "chown", lambda *_: None)
    stat = Path.stat
    monkeypatch.setattr(
        accounts.Path,
        "stat",
        lambda self, **kinds: (
            SimpleNamespace(st_uid=found.pw_uid, st_mode=stat(self).st_mode)
            if self.name == "ada"
            else stat(self, **kinds)
        ),
    )
    start.prepare(classroom)
    return found


def test_a_student_gets_a_home_and_a_copy_once(classroom, ada, commands):
    accounts.ensure(classroom, "ada")
    home = classroom.homes / "ada"
    assert home.stat().st_mode & 0o777 == 0o700
    assert any(command.startswith("git clone") for command in commands)
    (home / accounts.COPY / "hers").write_text("hers")
    commands.clear()
    accounts.ensure(classroom, "ada")
    assert not commands
    assert (home / accounts.COPY / "hers").read_text() == "hers"


def test_only_the_teacher_gets_the_solutions(classroom, ada, commands):
    accounts.ensure(classroom, "ada")
    assert not (classroom.homes / "ada" / accounts.SOLUTIONS).exists()


@pytest.mark.parametrize("name", ["root", "daemon", "nobody"])
def test_no_account_of_the_computer_is_taken(classroom, commands, name):
    start.prepare(classroom)
    with pytest.raises(accounts.AccountError, match="another name"):
        accounts.ensure(classroom, name)
    assert not commands and not list(classroom.homes.iterdir())


@pytest.mark.parametrize("name", ["", "-rf", "../ada", "Ada", "a b", "a/b", "a" * 40])
def test_names_that_are_none(classroom, commands, name):
    with pytest.raises(accounts.AccountError, match="no name"):
        accounts.ensure(classroom, name)
    assert not commands


# Memory


def test_a_cgroup_of_version_2(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("cpu memory")
    for folder in (tmp_path, tmp_path / memory.PARENT):
        folder.mkdir(exist_ok=True)
        (folder / "cgroup.subtree_control").write_text("cpu")
    group = memory.cgroup("ada", 2 * GB, tmp_path)
    assert group.folder == tmp_path / memory.PARENT / "ada"
    assert (group.folder / "memory.max").read_text() == str(2 * GB)
    assert group.ended() == 0
    (group.folder / "memory.events").write_text("low 0\noom 3\noom_kill 2\n")
    assert group.ended() == 2
    group.enter()
    assert (group.folder / "cgroup.procs").read_text() == str(os.getpid())


def test_no_cgroup_where_none_can_be_made(tmp_path, monkeypatch):
    (tmp_path / "memory").write_text("a file in the way")
    assert memory.cgroup("ada", GB, tmp_path) is None
    monkeypatch.setattr(memory, "cgroup", lambda *_: None)
    assert "the hub" in memory.held_by()


def proc(folder, pid, uid, kilobytes):
    (folder / str(pid)).mkdir(parents=True)
    (folder / str(pid) / "status").write_text(
        f"Name:\tpython\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nVmRSS:\t9999999 kB\n"
        f"RssAnon:\t{kilobytes} kB\nRssFile:\t999999 kB\nRssShmem:\t0 kB\n"
    )


def test_the_hub_ends_the_largest_of_a_student_alone(tmp_path, monkeypatch):
    proc(tmp_path, 10, 1001, 100_000)  # the server
    proc(tmp_path, 11, 1001, 900_000)
    proc(tmp_path, 12, 1001, 500_000)
    proc(tmp_path, 13, 1002, 9_000_000)  # another student's
    ended = []
    monkeypatch.setattr(memory.os, "kill", lambda pid, sig: ended.append(pid))
    look = memory.Look(tmp_path)
    assert not memory.enforce(1001, 2 * GB, 10, look)
    assert memory.enforce(1001, GB, 10, look)
    assert ended == [11]
    assert not memory.enforce(0, 1, 10, look), "never root's"
    alone = memory.Look(tmp_path / "alone")
    proc(tmp_path / "alone", 10, 1001, 3_000_000)
    assert memory.enforce(1001, GB, 10, alone)
    assert ended == [11, 10]


def test_a_note_reaches_the_student(tmp_path, monkeypatch, capsys):
    from dli.kernel import notes

    note = tmp_path / "ada"
    monkeypatch.setenv("DLI_NOTE", str(note))
    assert notes.unread() == ""
    note.write_text("too much")
    calls = []
    shell = SimpleNamespace(
        events=SimpleNamespace(unregister=lambda *what: calls.append(what))
    )
    notes.once(shell, notes.unread())(None)
    assert "too much" in capsys.readouterr().out and len(calls) == 1
    os.utime(note, (0, 0))
    assert notes.unread() == "", "of a kernel long ago"


# Collecting

SAID = "Exercise 1: right\n"


def answered(text):
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {"tags": ["exercise"]},
        "source": 'exercises.check("good", 1, answer)',
        "execution_count": 1,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": text}],
    }
    return json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def homes(classroom, monkeypatch):
    """Ada has answered, Bob has nothing of the chapter, the teacher is none of them."""
    start.prepare(classroom)
    for name in ("ada", "bob", classroom.teacher):
        chapter = classroom.homes / name / accounts.COPY / "notebooks/ch10_later"
        (chapter if name != "bob" else chapter.parent).mkdir(parents=True)
        if name != "bob":
            (chapter / "01_good.ipynb").write_text(answered(SAID))
    hidden = classroom.homes / "ada" / accounts.COPY / "notebooks/ch10_later"
    (hidden / ".ipynb_checkpoints").mkdir()
    (hidden / ".ipynb_checkpoints" / "01_good.ipynb").write_text(answered(SAID))
    if os.geteuid() == 0:  # as a student, in a folder of pytest's
        for path in (classroom.homes, *classroom.homes.rglob("*")):
            os.chown(path, 54321, 54321)
    else:
        monkeypatch.setattr(
            collect,
            "as_account",
            lambda uid, gid, home: {"cwd": home},
        )
    return classroom


def test_collecting_gives_what_progress_and_nbgrader_read(homes):
    found = collect.collect(homes, "ch10")
    assert found.notebooks == {"ada": 1, "bob": 0}
    assert [line for line in found.left if "bob" in line]
    file = found.folder / "submitted/ada/ch10_later/01_good.ipynb"
    assert file.read_text() == answered(SAID)
    [done] = progress.look([found.folder / "submitted"])
    assert (done.who, done.notebook, done.states) == ("ada", "good", {1: "right"})
    assert "1 notebooks of 1 students" in collect.told(found)


def test_no_collection_overwrites_another(homes, monkeypatch):
    monkeypatch.setattr(collect.time, "strftime", lambda _: "now")
    first = collect.collect(homes, "ch10").folder
    mine = homes.homes / "ada" / accounts.COPY / "notebooks/ch10_later/01_good.ipynb"
    mine.write_text(answered("later"))
    second = collect.collect(homes, "ch10").folder
    assert first != second
    texts = [
        (folder / "submitted/ada/ch10_later/01_good.ipynb").read_text()
        for folder in (first, second)
    ]
    assert texts == [answered(SAID), answered("later")]
    assert mine.read_text() == answered("later"), "only copied"


@needs_root
def test_no_link_leads_out_of_a_home(homes, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("of the teacher")
    secret.chmod(0o600)
    chapter = homes.homes / "ada" / accounts.COPY / "notebooks/ch10_later"
    (chapter / "02_link.ipynb").symlink_to(secret)
    os.mkfifo(chapter / "03_pipe.ipynb")
    other = homes.homes / "bob" / accounts.COPY / "notebooks/ch10_later"
    other.symlink_to(homes.homes / homes.teacher / accounts.COPY / "notebooks")
    found = collect.collect(homes, "ch10")
    assert found.notebooks == {"ada": 1, "bob": 0}
    assert len(found.left) >= 3
    taken = [p for p in found.folder.rglob("*") if p.is_file()]
    assert [p.name for p in taken] == ["01_good.ipynb"]


@pytest.mark.parametrize("word", ["ch99", "ch"])
def test_no_chapter_or_several(homes, word):
    with pytest.raises(LookupError, match="ch10_later"):
        collect.collect(homes, word)
    assert not (homes.folder / "collected").exists()
