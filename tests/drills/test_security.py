"""JupyterLab keeps its door shut, names stay in their folders, nothing is a shell's."""

from __future__ import annotations

import ast
import json
import os
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from packaging.requirements import Requirement

from course import cli, runner
from course.bootstrap import ROOT
from dli import datasets
from dli.datasets import nltk_data, quickdraw
from dli.datasets._fetch import cache, loader, sources
from tests.support.datasets import (
    COMPLETE,
    MIRROR,
    clean,
    npz,
    publisher,
    same,
    serving_files,
    table_text,
    use,
    zipped,
)
from tests.support.drills.figures import times

SEED = 23
posix = pytest.mark.skipif(os.name != "posix", reason="sh scripts and links: POSIX")

# --- JupyterLab -----------------------------------------------------------------------

CLOSED = [
    *("/api/contents", "/api/contents/ch05_first_network", "/api/kernels"),
    *("/api/sessions", "/api/terminals", "/api/kernelspecs", "/lab/api/settings"),
    "/files/ch05_first_network/01_mnist_digit_pixel_by_pixel.ipynb",
]
OUTSIDE = [
    "../README.md",
    "..%2fREADME.md",
    "..%2f..%2fetc%2fpasswd",
    "%2fetc%2fpasswd",
]


@contextmanager
def lab(folder: Path, *options: str, **settings: str):
    """`python -m course lab` as a reader starts it, with a configuration of its own.

    Yields:
        Its process, and the note that a running server leaves (port, token, …).
    """
    runtime = folder / "runtime"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
    env = {
        **kept,
        "DLI_ENV": "current",
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        **settings,
    }
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = [sys.executable, "-m", "course", "lab", "--no-browser", f"--port={port}"]
    if getattr(os, "geteuid", lambda: 1)() == 0:  # as in a container that tests
        command.append("--allow-root")
    with open(folder / "log", "w+") as log:
        process = subprocess.Popen(
            [*command, "--ServerApp.port_retries=0", *options],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield process, _note(process, runtime, folder / "log")
        finally:
            if process.poll() is None:
                family = psutil.Process(process.pid).children(recursive=True)
                for member in [*family, process]:
                    member.terminate()
                psutil.wait_procs(family, 20)
                process.wait(20)


def _note(process, runtime: Path, log: Path) -> dict:
    """What the server says of itself once it answers."""
    for _ in range(1200):
        notes = list(runtime.glob("jpserver-*.json"))
        if notes and notes[0].read_text():
            note = json.loads(notes[0].read_text())
            try:
                _get(f"http://127.0.0.1:{note['port']}/api")
                return note
            except OSError:
                pass
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start: {log.read_text()}")


def _get(address: str, token: str = "", method: str = "GET") -> int:
    """The status of an answer, redirections not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
    request = urllib.request.Request(address, method=method)
    if token:
        request.add_header("Authorization", f"token {token}")
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def knocks(note: dict, own: str) -> list[tuple[str, bool]]:
    """Tries the door of a server: what was asked, and whether it ended as it must."""
    base, token = f"http://127.0.0.1:{note['port']}", note["token"]
    wrong = secrets.token_hex(24)
    found = [("the token is long", len(token) >= 40 or token == own)]
    for path in CLOSED:
        for key in ("", wrong):
            status = _get(base + path, key)  # 302: to the page that asks for the token
            found.append((f"{path} with {key or 'nothing'}", status in (302, 403)))
    found.append(("/lab", _get(f"{base}/lab") == 302))
    for path in ("/api/kernels", "/api/terminals", "/api/shutdown"):
        found.append((f"POST {path}", _get(base + path, method="POST") == 403))
    found.append(("the token opens", _get(f"{base}/api/contents", token) == 200))
    for path in OUTSIDE:
        for kind in ("api/contents", "files"):
            status = _get(f"{base}/{kind}/{path}", token)
            found.append((f"{kind}/{path}", status in (400, 403, 404)))
    return found


@pytest.mark.parametrize(
    ("settings", "options"),
    [
        pytest.param({"JUPYTER_TOKEN": ""}, [], id="an empty token"),
        pytest.param({}, [], id="as it is", marks=pytest.mark.drill),
        pytest.param(
            {"JUPYTER_TOKEN": "a-readers-own"},
            ["--ServerApp.ip=localhost"],
            id="a token of the reader's",
            marks=pytest.mark.drill,
        ),
    ],
)
def test_jupyterlab_asks_for_a_token_and_listens_here_only(
    figures, tmp_path, settings, options
):
    """`course lab`, started for real: requests without a token and with a wrong one,
    paths that lead out of notebooks/, the addresses it listens on, its command line.
    """
    own = settings.get("JUPYTER_TOKEN", "")
    with lab(tmp_path, *options, **settings) as (process, note):
        found = knocks(note, own)
        family = [psutil.Process(process.pid)]
        family += family[0].children(recursive=True)
        heard = {
            listening.laddr.ip
            for member in family
            for listening in member.net_connections(kind="inet")
            if listening.status == psutil.CONN_LISTEN
        }
        told = " ".join(part for member in family for part in member.cmdline())
    found.append(
        (f"it listens on {sorted(heard)}", heard and heard <= {"127.0.0.1", "::1"})
    )
    found.append(("no token on the command line", note["token"] not in told))
    root = Path(note["root_dir"]).resolve()
    found.append((f"it shows {root.name}/", root == (ROOT / "notebooks").resolve()))
    missed = [what for what, right in found if not right]
    figures.all_caught("knocks on JupyterLab's door", tries=len(found), missed=missed)


OPTIONS = [
    *("--ip=0.0.0.0", "--ServerApp.token=mine", "--no-browser", "--port=8889"),
    *("--ServerApp.allow_origin=*", "--debug", "--collaborative", "--port", "8889"),
]


def test_what_a_reader_passes_on_purpose_is_handed_on(figures, monkeypatch):
    """Options of JupyterLab's, in random number and order: each arrives as it was, and
    nothing else that opens a door.
    """
    monkeypatch.setenv("DLI_ENV", "current")
    commands = []
    monkeypatch.setattr(cli.subprocess, "call", lambda c, **o: commands.append(c) or 0)
    chance = random.Random(SEED)
    missed, tries = [], times(20, 300)
    usual = [sys.executable, "-m", "jupyterlab", "--notebook-dir=notebooks"]
    for _ in range(tries):
        options = chance.sample(OPTIONS[:-2], chance.randint(0, 5))
        options += OPTIONS[-2:] * chance.randint(0, 1)
        cli.main(["lab", *options])
        if commands.pop() != [*usual, *options]:
            missed.append(" ".join(options))
    figures.all_caught("options handed on", tries=tries, missed=missed)


@posix
@pytest.mark.parametrize("given", [None, "", "an-own-token"])
def test_the_image_never_starts_without_a_token(figures, tmp_path, given):
    """The image's entry point, with a stand-in for `jupyter`: with no token, an empty
    one and one of the reader's, with options of theirs.
    """
    entrypoint = ROOT / "docker" / "entrypoint"
    if not entrypoint.exists():
        pytest.skip("docker/ is not part of this copy")
    here, there = tmp_path / "opt", tmp_path / "workspace"
    (there / "dli").mkdir(parents=True)
    (there / "dli" / "__init__.py").touch()
    (tmp_path / "bin").mkdir()
    here.mkdir()
    script = entrypoint.read_text("utf-8")
    script = script.replace("/opt/dli", str(here)).replace("/workspace", str(there))
    scripts = {
        tmp_path / "entrypoint": script,
        tmp_path / "bin" / "id": "#!/bin/sh\necho 1000\n",
        tmp_path / "bin" / "jupyter": "#!/bin/sh\n"
        'printf "%s\\n" "$JUPYTER_TOKEN" "$@" >"$SAID"\n',
        here / "healthcheck": "#!/bin/sh\nexit 0\n",
    }
    for path, text in scripts.items():
        path.write_text(text)
        path.chmod(0o755)
    env = {k: v for k, v in os.environ.items() if k != "JUPYTER_TOKEN"}
    env |= {"PATH": f"{tmp_path / 'bin'}:{Path(sys.executable).parent}:{env['PATH']}"}
    env |= {"SAID": str(tmp_path / "said"), "DLI_DATA_DIR": str(tmp_path)}
    env |= {} if given is None else {"JUPYTER_TOKEN": given}
    tokens, missed = [], []
    for options in ([], ["--ServerApp.shutdown_no_activity_timeout=60"]):
        command = [str(tmp_path / "entrypoint"), "lab", *options]
        done = subprocess.run(
            command, env=env, check=True, capture_output=True, text=True, timeout=60
        )
        token, *arguments = (tmp_path / "said").read_text().splitlines()
        tokens.append(token)
        if f"/lab?token={token}\n" not in done.stderr:
            missed.append("the reader is not told the token")
        if arguments[-len(options) :] != options and options:
            missed.append(f"{options} were not handed on")
        opens = (
            "token",
            "password",
            "IdentityProvider",
            "allow_origin",
            "xsrf",
            "root=",
        )
        if any(word in part for part in arguments for word in opens):
            missed.append(f"the command line opens a door: {arguments}")
    if given:
        right = set(tokens) == {given}
    else:  # a new one at every start
        right = len(set(tokens)) == 2 and all(len(token) >= 48 for token in tokens)
    if not right:
        missed.append(f"tokens {tokens}")
    figures.all_caught("starts of the image's entry point", tries=2, missed=missed)


WIDE = re.compile(
    r"0\.0\.0\.0|bind_all|allow_origin|disable_check_xsrf|allow_root|token=''"
)
MAY = {"docker/entrypoint", "docker/compose.yaml", "docker/README.md"}


def test_only_the_container_listens_on_all_interfaces():
    """Our code, its scripts and the notebooks, searched for what opens a server."""
    texts = [*ROOT.glob("dli/**/*.py"), ROOT / "Makefile", ROOT / "Dockerfile"]
    texts += [p for p in ROOT.glob("docker/**/*") if p.is_file()]
    found = {p.relative_to(ROOT).as_posix() for p in texts if p.exists()}
    found = {name for name in found if WIDE.search((ROOT / name).read_text("utf-8"))}
    assert found <= MAY
    for path in runner.discover():
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                assert not WIDE.search("".join(cell["source"])), path.name


# --- no shell -------------------------------------------------------------------------

_RUNNERS = {"run", "call", "check_call", "check_output", "Popen"}
_NEVER = {
    *("os.system", "os.popen", "os.spawnl", "os.spawnlp", "subprocess.getoutput"),
    *("subprocess.getstatusoutput", "pickle.load", "pickle.loads", "tempfile.mktemp"),
    *("eval", "exec", "marshal.loads", "shelve.open", "yaml.load"),
    *("asyncio.create_subprocess_shell", "pandas.read_pickle", "joblib.load"),
}
# Unpickles Keras's own file, under its hash (test_data_pickles.py tries others).
_UNPICKLES = {("dli/datasets/imdb.py", "_from_keras")}


def risks(source: str, name: str = "") -> list[str]:
    """What in Python code could run text from outside as code or as a command."""
    found = []
    tree = ast.parse(source)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = ast.unparse(call.func)
        settings = {k.arg: ast.unparse(k.value) for k in call.keywords}
        if called in _NEVER:
            found.append(called)
        if settings.get("shell", "False") != "False":
            found.append("shell=")
        if settings.get("verify") == "False":
            found.append("verify=False")
        if settings.get("allow_pickle") == "True":
            inside = {f.name for f in functions if call in ast.walk(f)}
            if not any((name, function) in _UNPICKLES for function in inside):
                found.append("allow_pickle=True")
        head, _, last = called.rpartition(".")
        command = call.args[:1]
        if head == "subprocess" and last in _RUNNERS and command:
            text = (ast.Constant, ast.JoinedStr, ast.BinOp)
            formatted = ast.unparse(command[0]).endswith((".format()", "%"))
            if isinstance(command[0], text) or formatted:
                found.append(f"{called} of a string")
    return found


def python_files() -> list[Path]:
    found = [*ROOT.glob("dli/**/*.py"), *ROOT.glob("docker/*")]
    return [
        path
        for path in found
        if path.is_file()
        and (
            path.suffix == ".py" or "python3" in path.read_text("utf-8").split("\n")[0]
        )
    ]


def test_no_text_becomes_a_command():
    """The syntax tree of all our Python code, searched for shells, `eval`, pickles."""
    files = python_files()
    assert len(files) > 30
    found = {
        path.relative_to(ROOT).as_posix(): risks(
            path.read_text("utf-8"), path.relative_to(ROOT).as_posix()
        )
        for path in files
    }
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "code",
    [
        "subprocess.run(f'rm {name}')",
        "subprocess.run('rm ' + name)",
        "subprocess.run(command, shell=True)",
        "subprocess.Popen(command, shell=flag)",
        "os.system(command)",
        "os.popen(command)",
        "subprocess.getoutput(command)",
        "np.load(file, allow_pickle=True)",
        "pickle.load(opened)",
        "eval(text)",
        "requests.get(url, verify=False)",
    ],
)
def test_the_check_for_commands_catches(figures, code):
    """Lines of code that run text from outside, shown to the check of our own code."""
    figures.note("risky lines of code", tries=1, caught=len(risks(code)), missed=())
    assert len(risks(code)) == 1


@posix
@pytest.mark.skipif(
    not shutil.which("shellcheck"), reason="shellcheck is not installed"
)
def test_shell_scripts_quote_what_they_are_given():
    """The shell scripts, shown to shellcheck."""
    scripts = [
        path
        for path in ROOT.glob("docker/*")
        if path.is_file()
        and path.read_text("utf-8").startswith(("#!/bin/sh", "#!/bin/b"))
    ]
    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def unquoted(script: str) -> list[str]:
    """Variables of a shell script that stand outside of quotes where words are split.

    Here documents, comments, assignments and `case` words are left out.
    """
    found = []
    for line in script.splitlines():
        bare = re.sub(r"(^|\s)#.*", "", line)
        bare = re.sub(r"'[^']*'", "", bare)
        bare = re.sub(r'"(\\.|\$\([^)]*\)|[^"\\])*"', '""', bare)
        bare = re.sub(r"\bcase \S+ in|(^|\s)\w+=\S*|\$\(\(.*?\)\)", "", bare)
        found += [f"{name}: {line.strip()}" for name in re.findall(r"\$\{?\w+", bare)]
    return found


@pytest.mark.parametrize("name", ["entrypoint"])
def test_the_entry_point_quotes_every_variable(name):
    """The image's entry point, searched for variables outside of quotes."""
    path = ROOT / "docker" / name
    if not path.exists():
        pytest.skip("docker/ is not part of this copy")
    assert unquoted(path.read_text("utf-8")) == []
    assert unquoted("rm -rf $1/x") == ["$1: rm -rf $1/x"]
    assert unquoted('chown "$uid" ${folder}') == ['${folder: chown "$uid" ${folder}']


# --- names ----------------------------------------------------------------------------

HOSTILE = [
    *("../../etc/passwd", "/etc/passwd", "..", ".", "~", "~root", "*", "[!a]", "?"),
    *(";rm -rf /", "$(id)", "`id`", "| cat", "&& id", "a\nb", "\r\n", "\0", "apple\0"),
    *("../apple", "apple/../../x", "\\\\host\\share", "C:\\x", "CON", "nul", "-rf"),
    *("--help", "%2e%2e%2f", "\u202eelppa", "ａｐｐｌｅ", "a" * 5000, " ", "\x1b[2J"),
    *("{}", "{0.__class__}", "%s", "apple.npy", "apple ", "mnist/../imdb", "__init__"),
]


def names(count: int) -> list[str]:
    """Hostile names, and as many more put together of their pieces."""
    chance = random.Random(SEED)
    pieces = [*HOSTILE, "apple", "mnist", "ch08", "lenet", "/", ":"]
    made = ["".join(chance.sample(pieces, chance.randint(2, 4))) for _ in range(count)]
    return [*HOSTILE, *made]


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """A cache, an empty `quickdraw_data/`, no network; returns what may not change."""
    clean(monkeypatch, tmp_path)
    monkeypatch.setenv("DLI_ENV", "current")
    monkeypatch.setattr(quickdraw, "FOLDER", tmp_path / "quickdraw_data")
    (tmp_path / "quickdraw_data").mkdir()

    def asked(source, into):
        raise AssertionError(f"{source} was asked")

    monkeypatch.setattr(sources, "deliver", asked)
    return lambda: sorted(str(p) for p in tmp_path.rglob("*"))


REFUSING = {
    "quickdraw.load_data": lambda name: quickdraw.load_data(name),
    "datasets.fetch": lambda name: datasets.fetch([name]),
    "datasets.export": lambda name: datasets.export("stick", [name]),
    "loader.arrays": lambda name: loader.arrays(name),
    "loader.file": lambda name: loader.file(name),
    "loader.folder": lambda name: loader.folder(name),
    "nltk_data.ensure": lambda name: nltk_data.ensure(name),
}


@pytest.mark.parametrize("call", REFUSING)
def test_names_of_data_stay_in_their_folders(figures, closed, call):
    """Names of data sets, categories and resources that lead out of a folder, hold glob
    and shell signs, newlines, NUL, escapes, thousands of letters: refused as unknown,
    no file touched, no source asked.
    """
    before, missed = closed(), []
    tried = names(times(100, 2000))
    for name in tried:
        try:
            REFUSING[call](name)
            missed.append(f"{name[:60]!r} was taken")
        except ValueError as error:
            if any(sign in str(error) for sign in ("\n", "\r", "\0", "\x1b")):
                missed.append(f"{name[:60]!r} is printed raw")
        except Exception as error:
            missed.append(f"{name[:60]!r}: {type(error).__name__}")
    if closed() != before:
        missed.append("files were made")
    figures.all_caught(
        "hostile names of data",
        tries=len(tried),
        missed=missed,
    )


def test_names_of_notebooks_stay_in_their_folder(figures):
    """The same as part of a notebook's name: notebooks of ours, or an error."""
    inside = set(runner.discover())
    missed, tried = [], names(times(200, 4000))
    for name in tried:
        try:
            if not set(runner.select([name])) <= inside:
                missed.append(repr(name[:60]))
        except LookupError as error:
            if any(sign in str(error.args[0]) for sign in ("\n", "\0", "\x1b")):
                missed.append(f"{name[:60]!r} is printed raw")
    figures.all_caught("hostile names of notebooks", tries=len(tried), missed=missed)


@pytest.mark.parametrize("verb", ["run", "test", "verify", "record", "data"])
def test_hostile_names_end_a_command_line(figures, monkeypatch, closed, capsys, verb):
    """The same on the command line: no program is started, exit status 2."""

    def started(command, *_, **__):
        raise AssertionError(f"{command} was started")

    for name in ("run", "call", "check_call", "Popen"):
        monkeypatch.setattr(cli.subprocess, name, started)
    monkeypatch.setattr(runner, "run", started)
    monkeypatch.setattr(runner, "record", started)
    head = ["data", "fetch"] if verb == "data" else [verb]
    missed, tried = [], [n for n in HOSTILE if not n.startswith("-")]
    known = {name: hits for name in tried if (hits := _hits(name)) and verb != "data"}
    tried = [name for name in tried if name not in known]
    for name in tried:
        if cli.main([*head, name]) != 2:
            missed.append(repr(name[:60]))
        said = capsys.readouterr().err
        if "\x1b" in said or "\0" in said:
            missed.append(f"{name[:60]!r} is printed raw")
    figures.all_caught(
        "hostile names on the command line", tries=len(tried), missed=missed
    )
    assert len(tried) > 25


def _hits(name: str) -> list[Path]:
    try:
        return runner.select([name])
    except LookupError:
        return []


# --- links ----------------------------------------------------------------------------


def _victim(folder: Path) -> Path:
    made = folder / "victim"
    made.write_bytes(b"a reader's own")
    return made


@posix
@pytest.mark.parametrize("what", ["a file", "itself", "a device", "a pipe", "a folder"])
def test_links_in_a_mirror_lead_nowhere(figures, monkeypatch, tmp_path, what):
    """A mirror in which the data set is a link to another file, to itself, to an
    endless device, to a pipe nobody writes to, to a folder: passed over at once.
    """
    clean(monkeypatch, tmp_path)
    mirror, pipe = tmp_path / "mirror", tmp_path / "pipe"
    mirror.mkdir()
    os.mkfifo(pipe)
    link = mirror / "tiny.npz"
    victim = _victim(tmp_path)
    targets = {"a file": victim, "itself": link, "a device": Path("/dev/zero")}
    targets |= {"a pipe": pipe, "a folder": tmp_path}
    link.symlink_to(targets[what])
    monkeypatch.setenv("DLI_MIRROR", str(mirror))
    began = time.monotonic()
    with serving_files({"tiny.npz": npz(COMPLETE)}) as (address, _):
        use(monkeypatch, table_text(MIRROR, publisher(f"{address}/tiny.npz")))
        came = loader.arrays("tiny")
    fine = same(came, COMPLETE) and victim.read_bytes() == b"a reader's own"
    fine = fine and time.monotonic() - began < 5 and link.is_symlink()
    figures.note("links in a mirror", tries=1, caught=int(fine))
    assert fine


@posix
def test_links_in_a_cache_are_replaced_not_followed(figures, monkeypatch, tmp_path):
    """A cache in which the artefact, its record, and the unpacked folder are links to a
    reader's own: what they lead to stays as it is.
    """
    clean(monkeypatch, tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    victim = _victim(own)
    body = zipped({"a": b"1", "b": b"2"})
    (cache.folder()).mkdir()
    for name, target in (
        ("tiny.zip", victim),
        ("tiny.zip.json", victim),
        ("tiny", own),
    ):
        (cache.folder() / name).symlink_to(target)
    with serving_files({"tiny.zip": body}) as (address, _):
        line = f'kind = "publisher"\nlocator = "{address}/tiny.zip"'
        (tmp_path / "came").write_bytes(body)
        complete = sources.file_hash(tmp_path / "came")
        text = table_text(line, kind="archive", artefact="tiny.zip", complete=complete)
        use(monkeypatch, text)
        folder = loader.folder("tiny")
    fine = [
        (folder / "a").read_bytes() == b"1" and not folder.is_symlink(),
        not cache.path(sources.table()["tiny"], "complete").is_symlink(),
        victim.read_bytes() == b"a reader's own" and os.listdir(own) == ["victim"],
    ]
    figures.note("links in a cache", tries=len(fine), caught=sum(fine))
    assert all(fine)


# --- packages -------------------------------------------------------------------------

LOCKS = [
    "requirements.txt",
    "docker/requirements-gpu.txt",
    "docker/requirements-hub.txt",
]


def pins(text: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Each package of a lock, with its hashes.

    Raises:
        ValueError: a line is something else than a pin with its hashes.
    """
    found = {}
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n?", "", text))
    for line in filter(str.strip, joined.splitlines()):
        pin, *hashes = re.split(r"\s+--hash=", line.strip())
        if pin.startswith("-") or " --" in pin:
            raise ValueError(f"an option: {line}")
        requirement = Requirement(pin)
        if requirement.name in found:
            raise ValueError(f"{requirement.name} is there twice")
        found[requirement.name] = (requirement, hashes)
    return found


def wrong_with(requirement: Requirement, hashes: list[str]) -> str:
    """Why a pin of the lock is not one to rely on; empty if it is."""
    from packaging.version import Version

    if requirement.url:
        return "comes from an address, not from an index"
    [*specifiers] = requirement.specifier
    if len(specifiers) != 1 or specifiers[0].operator != "==":
        return "is not pinned"
    version = Version(specifiers[0].version)
    if version.is_prerelease or version.is_devrelease or version.local:
        return f"{version} is no final release"
    if not hashes:
        return "has no hash"
    if not all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes):
        return "has a hash that is no SHA-256"
    return ""


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_a_final_release_with_hashes(figures, lock):
    """Every package of the three locks: pinned to one version, a final release, from an
    index, with SHA-256 hashes.
    """
    if not (ROOT / lock).exists():
        pytest.skip(f"{lock} is not part of this copy")
    found = pins((ROOT / lock).read_text("utf-8"))
    bad = {name: why for name, pin in found.items() if (why := wrong_with(*pin))}
    missed = [f"{name} {why}" for name, why in bad.items()]
    figures.all_caught(
        "packages of the locks",
        tries=len(found),
        missed=missed,
    )
    assert len(found) > (100 if lock == "requirements.txt" else 5)


GOOD_HASH = f"--hash=sha256:{'0a' * 32}"


@pytest.mark.parametrize(
    "line",
    [
        f"a==1.0rc1 {GOOD_HASH}",
        f"a==1.0.dev3 {GOOD_HASH}",
        f"a==1.0+local {GOOD_HASH}",
        f"a>=1.0 {GOOD_HASH}",
        f"a==1.* {GOOD_HASH}",
        "a==1.0",
        "a==1.0 --hash=md5:0a0a",
        f"a @ https://example.org/a.whl {GOOD_HASH}",
        f"a @ git+https://example.org/a {GOOD_HASH}",
        "--extra-index-url https://example.org/simple",
        "-e .",
        "--trusted-host example.org",
        f"a==1.0 {GOOD_HASH}\na==1.1 {GOOD_HASH}",
    ],
)
def test_the_check_of_the_locks_catches(figures, line):
    """Lines that have no place in a lock, shown to the check of the locks."""
    try:
        found = [why for pin in pins(f"{line}\n").values() if (why := wrong_with(*pin))]
    except ValueError as error:
        found = [str(error)]
    figures.note("bad lines of a lock", tries=1, caught=int(bool(found)))
    assert found


@pytest.mark.network
@pytest.mark.drill
def test_no_locked_package_was_withdrawn(figures, tmp_path):
    """The packages that this machine would install from the lock, asked of the index:
    there, as wheels (no `setup.py` is run), with the hashes of the lock, not withdrawn.
    """
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps"]
    command += ["--ignore-installed", "--require-hashes", "--only-binary=:all:"]
    command += ["--quiet", "--no-input", f"--report={report}", "-r", "requirements.txt"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=540
        )
    except subprocess.TimeoutExpired:
        pytest.skip("the index is too slow")
    if done.returncode:
        offline = "Retrying" in done.stderr or "Temporary failure" in done.stderr
        if "HASHES" in done.stderr or not offline:
            raise AssertionError(done.stderr)
        pytest.skip("no index can be reached")
    found = json.loads(report.read_text("utf-8"))["install"]
    missed = [p["metadata"]["name"] for p in found if p.get("is_yanked")]
    figures.all_caught(
        "locked packages asked of the index",
        tries=len(found),
        missed=missed,
    )
    assert len(found) > 100
