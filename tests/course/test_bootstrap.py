"""The virtual environment: made, kept, refused; without installing anything."""

import os
import subprocess
import sys

import pytest

from course import bootstrap
from course.bootstrap import SetupError, Venv


@pytest.fixture
def venv(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "_base", lambda: sys.executable)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    return tmp_path / ".venv"


def make(venv, fingerprint=None):
    """A complete .venv of ours, with a note of the reader's in it."""
    bootstrap._python().parent.mkdir(parents=True)
    bootstrap._python().write_text("")
    (venv / "dli-made").write_text("")
    (venv / "dli-installed").write_text(fingerprint or bootstrap._fingerprint())
    (venv / "notes.txt").write_text("mine")


@pytest.fixture
def installing(monkeypatch):
    """Commands in place of their execution; those that hold `fails` fail."""
    calls = []

    def call(command, advice="", env=None):
        calls.append([str(part) for part in command])
        if call.fails and call.fails in calls[-1]:
            raise SetupError("no network")
        if "venv" in calls[-1]:
            bootstrap._python().parent.mkdir(parents=True, exist_ok=True)
            bootstrap._python().write_text("")

    call.fails, call.calls = None, calls
    monkeypatch.setattr(bootstrap, "_call", call)
    return call


def test_it_is_current_until_the_lock_changes(venv, tmp_path, monkeypatch):
    assert bootstrap.state() == Venv.MISSING
    make(venv)
    assert bootstrap.state() == Venv.CURRENT
    lock = tmp_path / "requirements.txt"
    lock.write_text(bootstrap.REQUIREMENTS.read_text() + "# newer\n")
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", lock)
    assert bootstrap.state() == Venv.OUTDATED


def test_only_its_own_interpreter_is_ready(venv, monkeypatch):
    monkeypatch.delenv("DLI_ENV", raising=False)
    make(venv)
    assert not bootstrap.is_ready(), "this interpreter is another one"
    monkeypatch.setattr(bootstrap.sys, "prefix", str(venv))
    assert bootstrap.is_ready()
    monkeypatch.setattr(bootstrap.sys, "prefix", "/elsewhere")
    monkeypatch.setenv("DLI_ENV", "current")
    assert bootstrap.is_ready()


def test_set_up_from_nothing(venv, installing):
    bootstrap.install()
    assert bootstrap.state() == Venv.CURRENT
    assert any("--require-hashes" in command for command in installing.calls)


@pytest.mark.parametrize("kind", ["folder", "link to a folder", "link to nowhere"])
def test_a_foreign_venv_is_refused_and_left_as_it_is(venv, installing, tmp_path, kind):
    elsewhere = tmp_path / "elsewhere" / "env"
    elsewhere.mkdir(parents=True)
    (elsewhere / "notes.txt").write_text("mine")
    if kind == "folder":
        os.replace(elsewhere, venv)
    else:
        target = elsewhere if kind == "link to a folder" else tmp_path / "nowhere"
        venv.symlink_to(target, target_is_directory=True)
    with pytest.raises(SetupError, match=r"not made by this project") as error:
        bootstrap.install()
    assert "DLI_ENV=current" in str(error.value) and "Move it away" in str(error.value)
    assert installing.calls == []
    if kind == "link to nowhere":
        assert venv.is_symlink()
    else:
        assert (venv / "notes.txt").read_text() == "mine"


def test_a_link_is_never_cleared_even_if_it_leads_to_one_of_ours(
    venv, installing, tmp_path, monkeypatch
):
    make(venv, "of another lock")
    os.replace(venv, tmp_path / "shared")
    venv.symlink_to(tmp_path / "shared", target_is_directory=True)
    with pytest.raises(SetupError, match="a link"):
        bootstrap.install()
    assert (tmp_path / "shared" / "notes.txt").exists()


def test_a_failed_set_up_leaves_the_old_one_working(venv, installing, capsys):
    make(venv, "of another lock")
    installing.fails = "--require-hashes"
    with pytest.raises(SetupError, match="no network"):
        bootstrap.install()
    assert bootstrap.state() == Venv.OUTDATED
    assert (venv / "notes.txt").exists()
    assert "as it was before" in capsys.readouterr().err
    installing.fails = None
    bootstrap.install()
    assert bootstrap.state() == Venv.CURRENT and not (venv / "notes.txt").exists()
    assert [path.name for path in venv.parent.iterdir()] == [".venv"]


def test_a_killed_set_up_is_undone_by_the_next_verb(venv, installing):
    make(venv, "of another lock")
    os.replace(venv, venv.with_name(".venv.before"))
    venv.mkdir()
    (venv / "dli-made").write_text("")
    assert bootstrap.state() == Venv.UNFINISHED
    bootstrap._restore_if_interrupted()
    assert bootstrap.state() == Venv.OUTDATED and (venv / "notes.txt").exists()


def test_a_first_set_up_that_failed_is_tried_again(venv, installing):
    installing.fails = "--require-hashes"
    with pytest.raises(SetupError):
        bootstrap.install()
    assert bootstrap.state() in (Venv.UNFINISHED, Venv.MISSING)
    installing.fails = None
    bootstrap.install()
    assert bootstrap.state() == Venv.CURRENT


def test_the_list_needs_no_environment(venv, installing, monkeypatch, capsys):
    from course import cli

    monkeypatch.delenv("DLI_ENV", raising=False)
    assert cli.main(["list", "softmax"]) == 0
    assert "Softmax Demo" in capsys.readouterr().out and installing.calls == []


@pytest.mark.parametrize("verb", ["doctor", "data"])
def test_verbs_that_report_never_install(venv, installing, monkeypatch, capsys, verb):
    from course import cli

    monkeypatch.delenv("DLI_ENV", raising=False)
    venv.mkdir()
    (venv / "notes.txt").write_text("mine")
    assert cli.main([verb]) in (1, 2)
    said = "".join(capsys.readouterr())
    assert "not made by this project" in said
    assert installing.calls == [] and (venv / "notes.txt").exists()


def test_an_old_python_is_refused_with_advice(monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 10, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(SetupError, match=r"3\.11, 3\.12 or 3\.13"):
        bootstrap._base()
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(bootstrap, "_starts", lambda python: "3.13" not in python)
    assert bootstrap._base() == "/bin/python3.12", "3.13 is there in name only"


def test_a_python_that_does_not_start_is_passed_over(tmp_path):
    assert bootstrap._starts(sys.executable)
    assert not bootstrap._starts(str(tmp_path / "python3.13"))


@pytest.mark.parametrize(
    ("system", "machine", "libc", "named"),
    [
        ("darwin", "x86_64", "", "Macs with an Intel processor"),
        ("linux", "x86_64", "", "Alpine"),
        ("linux", "x86_64", "glibc", ""),
        ("darwin", "arm64", "", ""),
    ],
)
def test_a_machine_without_tensorflow_is_named_before_anything_changes(
    venv, installing, monkeypatch, system, machine, libc, named
):
    monkeypatch.setattr(bootstrap.sys, "platform", system)
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: machine)
    monkeypatch.setattr(bootstrap.platform, "libc_ver", lambda: (libc, "2"))
    if not named:
        bootstrap.check_machine()
        return
    with pytest.raises(SetupError, match=named):
        bootstrap.install()
    assert not venv.exists() and installing.calls == []


def test_a_separator_in_the_path_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path / f"a{os.pathsep}b")
    with pytest.raises(SetupError, match="Move the folder"):
        bootstrap.check_machine()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "free some space"),
        (
            "ERROR: No matching distribution found for tensorflow==2.21.0",
            "this machine",
        ),
        ("Temporary failure in name resolution", "check the network"),
        (
            "SSLError(SSLCertVerificationError(1, 'certificate verify failed'))",
            "PIP_CERT",
        ),
        ("ProxyError('Cannot connect to proxy.')", "HTTPS_PROXY"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "another network"),
        ("PermissionError: [Errno 13] Permission denied", "can't be written"),
    ],
)
def test_each_failure_gets_its_own_advice(said, advice):
    code = f"import sys; sys.exit({said!r})"
    with pytest.raises(SetupError) as error:
        bootstrap._call([sys.executable, "-c", code])
    assert said in str(error.value) and advice in str(error.value)
    assert "python -m course setup" in str(error.value)


def test_it_needs_only_the_standard_library_and_begins_in_an_old_python():
    code = (
        "import sys; import course.cli, course.bootstrap; "
        "names = ('numpy', 'keras', 'wrapt', 'nbformat', 'filelock'); "
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"DLI_PACE": "", "PATH": ""},
        cwd=bootstrap.ROOT,
    )
    assert done.stdout.strip() == "[]", done.stderr
    for name in ("cli", "bootstrap", "kernels"):
        text = (bootstrap.ROOT / "course" / f"{name}.py").read_text("utf-8")
        assert "StrEnum" not in text.replace("(StrEnum came", ""), (
            "Python 3.10 has none"
        )


def test_lock_pins_every_package_with_hashes():
    lines = bootstrap.REQUIREMENTS.read_text().splitlines()
    pins = [line for line in lines if line and line[0] not in " #"]
    assert len(pins) > 100
    for number, line in enumerate(lines):
        if line and line[0] not in " #":
            after = lines[number + 1].strip()
            assert "==" in line and after.startswith("--hash=sha256:")


def test_a_current_environment_without_the_packages_is_named(monkeypatch):
    monkeypatch.setenv("DLI_ENV", "current")
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="unset it, or install them"):
        bootstrap.ensure()
