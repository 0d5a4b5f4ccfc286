"""A student's account on this computer, their home, and their copy of the notebooks.

All that is written into a home is written as its owner: whoever owns a folder may put a
link there, and root would follow it.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import threading
from pathlib import Path

from course.classroom import shared
from course.classroom.settings import NAME, Settings

COPY = "deep-learning-illustrated"
SOLUTIONS = "solutions"


# `useradd` locks the list of accounts, and gives up where it is locked.
_ONE_AT_A_TIME = threading.Lock()


class AccountError(RuntimeError):
    """A server can't be started for this name; the message says why."""

    @property
    def jupyterhub_message(self) -> str:
        """What JupyterHub shows to the student."""
        return str(self)


def ensure(settings: Settings, name: str) -> pwd.struct_passwd:
    """Make what a student lacks; what is there stays as it is.

    Args:
        settings: of the classroom.
        name: as they signed up.

    Returns:
        Their account.

    Raises:
        AccountError: the name is another's account, or something can't be made.
    """
    if not re.fullmatch(NAME, name):
        raise AccountError(f"{name!r} is no name for an account: {NAME}")
    home = settings.homes / name
    try:
        with _ONE_AT_A_TIME:
            account = _account(name, home)
        if not home.exists():
            home.mkdir(mode=0o700)
            os.chown(home, account.pw_uid, account.pw_gid)
        if home.is_symlink() or home.stat().st_uid != account.pw_uid:
            raise AccountError(f"{home} is not {name}'s")
        if not (home / COPY).exists():
            _clone(settings, account)
        if name == settings.teacher and not (home / SOLUTIONS).exists():
            _solutions(home, account)
    except OSError as error:
        raise AccountError(f"{name}: {error}") from error
    return account


def _account(name: str, home: Path) -> pwd.struct_passwd:
    """The account, made if need be; never another's."""
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        command = ["useradd", "--no-create-home", "--home-dir", str(home)]
        command += ["--user-group", "--shell", "/bin/bash"]
        if home.exists():  # of a server that was set up anew: the files' owner again
            command += ["--uid", str(home.stat().st_uid)]
        _run([*command, name])
        return pwd.getpwnam(name)
    if not account.pw_uid or Path(account.pw_dir) != home:
        raise AccountError(
            f"{name} is an account of this computer already, and none of this "
            "classroom: sign up under another name"
        )
    return account


def _clone(settings: Settings, account: pwd.struct_passwd) -> None:
    """Their copy, whole or not at all; objects stay in the shared repository."""
    home, source = Path(account.pw_dir), settings.shared
    part = home / f".{COPY}.part"
    known = ["git", "config", "--global", "--replace-all"]
    for command in (
        ["rm", "-rf", str(part)],  # of one that was killed
        [*known, "safe.directory", str(source / ".git")],
        ["git", "config", "--global", "--add", "safe.directory", str(source)],
        [*known, "user.name", account.pw_name],
        [*known, "user.email", f"{account.pw_name}@localhost"],
        ["git", "clone", "--quiet", "--shared", str(source), str(part)],
        ["mv", str(part), str(home / COPY)],
    ):
        _run(command, account)


def _solutions(home: Path, account: pwd.struct_passwd) -> None:
    part = home / f".{SOLUTIONS}.part"
    shutil.rmtree(part, ignore_errors=True)
    shared.solutions(part)
    for path in (part, *part.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)
    part.rename(home / SOLUTIONS)


def as_account(uid: int, gid: int, home: str) -> dict:
    """Options of `subprocess` with which a command runs as an account."""
    path = os.environ.get("PATH", os.defpath)
    env = {"HOME": home, "PATH": path, "LANG": "C.UTF-8"}
    return {
        "user": uid,
        "group": gid,
        "extra_groups": [],
        "umask": 0o077,
        "cwd": home,
        "env": env,
    }


def _run(command: list[str], account: pwd.struct_passwd | None = None) -> None:
    """Run a command, as root or as an account.

    Raises:
        AccountError: it fails; in its words.
    """
    options = {}
    if account is not None:
        options = as_account(account.pw_uid, account.pw_gid, account.pw_dir)
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise AccountError(f"{command[0]}: {done.stderr.strip() or 'it refused'}")
