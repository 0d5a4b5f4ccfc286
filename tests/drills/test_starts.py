"""JupyterLab is started with a token and the given options, and with no others."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from course import cli, verbs
from course.bootstrap import ROOT
from tests.support.drills.figures import times

SEED = 23
OPTIONS = [
    *("--ip=0.0.0.0", "--ServerApp.token=mine", "--no-browser", "--port=8889"),
    *("--ServerApp.allow_origin=*", "--debug", "--collaborative", "--port", "8889"),
]


def test_what_a_reader_passes_on_purpose_is_handed_on(figures, monkeypatch):
    """JupyterLab's options, in random number and order: each is passed on unchanged,
    and no other is added.
    """
    monkeypatch.setenv("DLI_ENV", "current")
    commands = []
    noted = lambda command, **_: commands.append(command) or 0  # noqa: E731
    monkeypatch.setattr(verbs.subprocess, "call", noted)
    chance = random.Random(SEED)
    missed, tries = [], times(20, 300)
    usual = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=."]
    usual.append("--ServerApp.preferred_dir=notebooks")
    for _ in range(tries):
        options = chance.sample(OPTIONS[:-2], chance.randint(0, 5))
        options += OPTIONS[-2:] * chance.randint(0, 1)
        cli.main(["lab", *options])
        if commands.pop() != [*usual, *options]:
            missed.append(" ".join(options))
    figures.all_caught("options handed on", tries=tries, missed=missed)


OPENS = ("token", "password", "IdentityProvider", "allow_origin", "xsrf", "root=")


@pytest.mark.skipif(os.name != "posix", reason="the entry point is a sh script")
@pytest.mark.parametrize("given", [None, "", "an-own-token"])
def test_the_image_never_starts_without_a_token(figures, tmp_path, given):
    """The image's entry point, with a stand-in for `jupyter`: with no token, an empty
    one and the reader's own, and with further options.
    """
    entrypoint = ROOT / "docker" / "entrypoint"
    if not entrypoint.exists():
        pytest.skip("docker/ is not part of this copy")
    here, there = tmp_path / "opt", tmp_path / "workspace"
    (there / "course").mkdir(parents=True)
    (there / "course" / "__init__.py").touch()
    (tmp_path / "bin").mkdir()
    here.mkdir()
    script = entrypoint.read_text("utf-8")
    script = script.replace("/opt/dli", str(here)).replace("/workspace", str(there))
    scripts = {
        tmp_path / "entrypoint": script,
        tmp_path / "bin" / "id": "#!/bin/sh\necho 1000\n",
        tmp_path / "bin" / "jupyter": "#!/bin/sh\n"
        'printf "%s\\n" "$JUPYTER_TOKEN" "$@" >"$HEARD"\n',
        here / "healthcheck": "#!/bin/sh\nexit 0\n",
    }
    for path, text in scripts.items():
        path.write_text(text)
        path.chmod(0o755)
    env = {k: v for k, v in os.environ.items() if k != "JUPYTER_TOKEN"}
    env |= {"PATH": f"{tmp_path / 'bin'}:{Path(sys.executable).parent}:{env['PATH']}"}
    env |= {"HEARD": str(tmp_path / "heard"), "DLI_DATA_DIR": str(tmp_path)}
    env |= {} if given is None else {"JUPYTER_TOKEN": given}
    tokens, missed = [], []
    for options in ([], ["--ServerApp.shutdown_no_activity_timeout=60"]):
        command = [str(tmp_path / "entrypoint"), "lab", *options]
        done = subprocess.run(
            command, env=env, check=True, capture_output=True, text=True, timeout=60
        )
        token, *arguments = (tmp_path / "heard").read_text().splitlines()
        tokens.append(token)
        if f"/lab?token={token}\n" not in done.stderr:
            missed.append("the token is not printed")
        if arguments[-len(options) :] != options and options:
            missed.append(f"{options} were not handed on")
        if any(word in part for part in arguments for word in OPENS):
            missed.append(f"the command line lets others in: {arguments}")
    if given:
        right = set(tokens) == {given}
    else:  # a new one at every start
        right = len(set(tokens)) == 2 and all(len(token) >= 48 for token in tokens)
    if not right:
        missed.append(f"tokens {tokens}")
    figures.all_caught("starts of the image's entry point", tries=2, missed=missed)
