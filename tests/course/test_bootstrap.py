"""Set-up and command line, without installing anything."""

import json
import subprocess
import sys

import pytest

from course import bootstrap, cli


@pytest.fixture
def venv(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    return tmp_path / ".venv"


def make_current(venv):
    bootstrap._python().parent.mkdir(parents=True)
    bootstrap._python().write_text("")
    bootstrap._stamp().write_text(bootstrap._fingerprint())


def test_environment_is_current_until_the_lock_changes(venv, tmp_path, monkeypatch):
    assert not bootstrap._is_current()
    make_current(venv)
    assert bootstrap._is_current()
    lock = tmp_path / "requirements.txt"
    lock.write_text(bootstrap.REQUIREMENTS.read_text() + "# newer\n")
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", lock)
    assert not bootstrap._is_current()


def test_only_its_own_interpreter_is_ready(venv, monkeypatch):
    monkeypatch.delenv("DLI_ENV", raising=False)
    make_current(venv)
    assert not bootstrap.is_ready(), "this interpreter is another one"
    monkeypatch.setattr(bootstrap.sys, "prefix", str(venv))
    assert bootstrap.is_ready()
    monkeypatch.setattr(bootstrap.sys, "prefix", "/elsewhere")
    monkeypatch.setenv("DLI_ENV", "current")
    assert bootstrap.is_ready()


def test_an_old_python_is_refused_with_advice(monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 10, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(bootstrap.SetupError, match=r"3\.11, 3\.12 or 3\.13"):
        bootstrap._base()
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/bin/{name}")
    assert bootstrap._base() == "/bin/python3.13"


def test_a_failed_installation_says_what_and_leaves_no_stamp(venv, monkeypatch):
    make_current(venv)
    bad = "import sys; sys.exit('no network')"
    monkeypatch.setattr(bootstrap, "_base", lambda: sys.executable)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    calls = []

    def call(command):
        calls.append(command)
        if "--require-hashes" in command:
            real([sys.executable, "-c", bad])

    real = bootstrap._call
    monkeypatch.setattr(bootstrap, "_call", call)
    with pytest.raises(bootstrap.SetupError, match="no network") as error:
        bootstrap.install()
    assert "python -m course setup" in str(error.value)
    assert not bootstrap._stamp().exists()


def test_kernels(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "prefix", str(tmp_path))
    there = {"jax"}
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: name in there or None)
    written = bootstrap.install_kernels()
    specs = {path.parent.name: json.loads(path.read_text()) for path in written}
    assert set(specs) == {"python3", "dli-quick", "dli-jax", "dli-jax-quick"}
    assert specs["dli-quick"]["env"] == {"DLI_PACE": "quick"}
    assert specs["python3"]["env"] == {}
    assert specs["dli-jax"]["env"] == {"KERAS_BACKEND": "jax"}
    both = {"KERAS_BACKEND": "jax", "DLI_PACE": "quick"}
    assert specs["dli-jax-quick"]["env"] == both
    assert specs["dli-quick"]["display_name"] == "Deep Learning Illustrated (quick)"
    assert specs["dli-jax"]["display_name"] == "Deep Learning Illustrated (JAX)"
    there.clear()
    bootstrap.install_kernels()
    left = sorted(path.name for path in written[0].parents[1].iterdir())
    assert left == ["dli-quick", "python3"], "JAX is gone, and so are its kernels"


def test_a_backend_that_is_not_installed_is_asked_for_by_name(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "ensure", lambda: None)
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None)
    bootstrap.need_backend("tensorflow")
    assert cli.main(["test", "--backend", "jax"]) == 2
    assert "JAX is not installed: `make jax`" in capsys.readouterr().err
    with pytest.raises(bootstrap.SetupError, match="`make pytorch`"):
        bootstrap.need_backend("torch")


def test_bootstrap_needs_only_the_standard_library():
    code = (
        "import sys; import course.cli, course.bootstrap; "
        "names = ('numpy', 'keras', 'wrapt', 'nbformat'); "
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


def test_wrong_words_are_answered_not_traced(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "ensure", lambda: None)
    assert cli.main(["run", "ch99"]) == 2
    assert "no notebook matches 'ch99'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["frobnicate"])
    assert cli.main(["data", "export"]) == 2
    assert "FOLDER" in capsys.readouterr().err


def test_lock_pins_every_package_with_hashes():
    lines = bootstrap.REQUIREMENTS.read_text().splitlines()
    pins = [line for line in lines if line and line[0] not in " #"]
    assert len(pins) > 100
    for number, line in enumerate(lines):
        if line and line[0] not in " #":
            assert "==" in line and lines[number + 1].strip().startswith(
                "--hash=sha256:"
            )


def test_no_verb_leaves_its_settings_behind(monkeypatch):
    """They would reach whatever runs next in this process."""
    monkeypatch.setattr(bootstrap, "ensure", lambda: None)
    monkeypatch.delenv("DLI_VERIFY", raising=False)
    given = []

    def call(command, cwd, env):
        given.append(env)
        return 0

    monkeypatch.setattr(cli.subprocess, "call", call)
    assert cli.main(["verify", "softmax"]) == 0
    assert given[0]["DLI_VERIFY"] == "1"
    assert "DLI_VERIFY" not in cli.os.environ
