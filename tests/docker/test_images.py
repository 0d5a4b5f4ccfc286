"""The Dockerfile, the locks, Compose and the dev container."""

import json
import re
import subprocess

import pytest
import yaml

from course import cli, lock
from course.bootstrap import ROOT
from tests.support.images import dockerfile, load


def pins(name: str) -> dict[str, str]:
    """Package to its version in one of the files that `make lock` writes."""
    text = (ROOT / name).read_text("utf-8")
    found = re.findall(
        r"^([\w.-]+)==(\S+)(?: ;[^\\]*)? \\\n {4}--hash=sha256:", text, re.M
    )
    assert len(found) == len(re.findall(r"^[\w.-]+==", text, re.M)), "without a hash"
    return dict(found)


def yaml_files():
    folders = [ROOT / "docker", ROOT / ".github"]
    return sorted(
        p for f in folders for p in f.rglob("*") if p.suffix in (".yaml", ".yml")
    )


@pytest.mark.parametrize(
    "path", yaml_files(), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_yaml_is_read_and_names_no_latest(path):
    text = path.read_text("utf-8")
    assert list(yaml.safe_load_all(text))
    assert not re.search(r":latest\b", text)


# The image


def test_base_is_a_full_version_tag():
    base = re.search(r"^ARG BASE_IMAGE=(.*)$", dockerfile(), re.M)[1]
    assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base)


@pytest.mark.parametrize("extra", ["gpu", "hub", "classroom"])
def test_extra_wheels_add_to_the_lock_and_change_nothing_in_it(extra):
    added, locked = pins(f"docker/requirements-{extra}.txt"), pins("requirements.txt")
    assert added
    assert not set(added) & set(locked)


def test_extras_are_those_of_tensorflow_and_of_the_chart():
    assert {"nvidia-cudnn-cu12", "nvidia-cublas-cu12"} <= set(
        pins("docker/requirements-gpu.txt")
    )
    assert pins("docker/requirements-hub.txt")["jupyterhub"].startswith("5.5.")
    assert "--version 4.4.0" in (ROOT / "docker/classroom/README.md").read_text("utf-8")


def test_notebooks_are_copied_after_every_package_is_installed():
    text = dockerfile()
    order = [
        "requirements.txt /opt",
        "requirements-gpu.txt docker",
        "COPY --chown",
        "CMD",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert re.search(r"^ARG GPU=0$", text, re.M)
    assert re.search(r"^ARG HUB=0$", text, re.M)


def test_lock_writes_the_extras_too(monkeypatch):
    commands = []

    def note(command, **options):
        commands.append((command, options.get("input")))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(lock.shutil, "which", lambda name: name)
    monkeypatch.setattr(lock.subprocess, "call", lambda c, **o: note(c, **o).returncode)
    monkeypatch.setattr(lock.subprocess, "run", note)
    assert cli.main(["lock"]) == 0
    written = {command[command.index("-o") + 1]: given for command, given in commands}
    assert written == {
        "requirements.txt": None,
        "docker/requirements-gpu.txt": "tensorflow[and-cuda]",
        "docker/requirements-hub.txt": "jupyterhub==5.5.*",
        "docker/requirements-classroom.txt": lock._ADDED["classroom"],
    }
    for command, given in commands:
        assert "--generate-hashes" in command
        if given:
            assert "--constraints=requirements.txt" in command
            assert "--no-emit-package=tensorflow" in command


# Compose and the dev container


@pytest.fixture
def services():
    return load("docker/compose.yaml")["services"]


def test_profiles(services):
    profiles = {name: service["profiles"] for name, service in services.items()}
    assert profiles == {
        "notebooks": ["cpu"],
        "notebooks-gpu": ["gpu"],
        "tensorboard": ["cpu", "gpu"],
        "test": ["test"],
    }


def test_only_the_gpu_service_reserves_a_gpu(services):
    for name, service in services.items():
        wanted = name == "notebooks-gpu"
        assert ("deploy" in service) == wanted, name
        assert (service["build"].get("args") == {"GPU": "1"}) == wanted, name
        assert service["image"].endswith("-gpu" if wanted else "-cpu"), name
    reserved = services["notebooks-gpu"]["deploy"]["resources"]["reservations"]
    assert reserved["devices"] == [
        {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}
    ]


def test_services_are_of_this_version_and_reached_from_this_machine_only(services):
    version = re.search(
        r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.M
    )[1]
    for name, service in services.items():
        assert f":{version}-" in service["image"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service, name
        for port in service.get("ports", []):
            assert port.startswith("${DLI_BIND:-127.0.0.1}:"), name


def test_the_token_is_asked_for(services):
    # An empty JUPYTER_TOKEN lets the entry point make one; no option turns it off.
    assert services["notebooks"]["environment"]["JUPYTER_TOKEN"] == "${JUPYTER_TOKEN:-}"
    everything = json.dumps(services) + (ROOT / "docker/entrypoint").read_text("utf-8")
    assert "token=''" not in everything
    assert "IdentityProvider" not in everything
    assert 'if [ -z "${JUPYTER_TOKEN:-}" ]; then' in everything.replace('\\"', '"')


def test_tensorboard_listens_where_its_port_leads(services):
    service = services["tensorboard"]
    assert service["command"][-2:] == ["--port", "6006"]
    assert service["ports"][0].endswith(":6006")
    assert ":6006" in service["healthcheck"]["test"][-1], "not that of JupyterLab"


def test_the_test_service_runs_the_verb(services):
    assert services["test"]["command"] == ["test"]
    assert "test" in cli._parser().format_help()


def test_dev_container_is_the_service_of_compose(services):
    path = ROOT / ".devcontainer" / "devcontainer.json"
    if not path.exists():
        pytest.skip(".devcontainer is not part of this copy")
    made = json.loads(path.read_text("utf-8"))
    assert (path.parent / made["dockerComposeFile"]).resolve() == (
        ROOT / "docker" / "compose.yaml"
    )
    assert made["service"] in made["runServices"]
    assert set(made["runServices"]) <= set(services)
    assert made["remoteUser"] == "reader"
