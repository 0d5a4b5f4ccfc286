"""Dockerfile, Compose, dev container, classroom and the workflows that use them."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from course import cli, doctor
from course.bootstrap import ROOT

DIGEST = "sha256:" + "0123456789abcdef" * 4


def load(name: str):
    path = ROOT / name
    if not path.exists():  # .dockerignore keeps some of them out of the image
        pytest.skip(f"{name} is not part of this copy")
    documents = list(yaml.safe_load_all(path.read_text("utf-8")))
    return documents[0] if len(documents) == 1 else documents


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text("utf-8")


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


@pytest.mark.parametrize("extra", ["gpu", "hub"])
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

    monkeypatch.setattr(cli.shutil, "which", lambda name: name)
    monkeypatch.setattr(cli.subprocess, "call", lambda c, **o: note(c, **o).returncode)
    monkeypatch.setattr(cli.subprocess, "run", note)
    assert cli.main(["lock"]) == 0
    written = {command[command.index("-o") + 1]: given for command, given in commands}
    assert written == {
        "requirements.txt": None,
        "docker/requirements-gpu.txt": "tensorflow[and-cuda]",
        "docker/requirements-hub.txt": "jupyterhub==5.5.*",
    }
    for command, given in commands:
        assert "--generate-hashes" in command
        if given:
            assert "--constraints=requirements.txt" in command
            assert "--no-emit-package=tensorflow" in command


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A Dockerfile with image-pin beside it, and no client of a registry."""
    (tmp_path / "docker").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "docker" / "image-pin", tmp_path / "docker")
    (tmp_path / "Dockerfile").write_text(dockerfile(), encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def client(clone, name, script):
    path = clone / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def pin(clone):
    command = [sys.executable, str(clone / "docker" / "image-pin")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    base = re.search(
        r"^ARG BASE_IMAGE=(.*)$", (clone / "Dockerfile").read_text("utf-8"), re.M
    )[1]
    return done, base


needs_sh = pytest.mark.skipif(
    os.name == "nt", reason="the stand-in clients are sh scripts"
)


@needs_sh
def test_image_pin_writes_what_a_registry_tells(clone):
    client(clone, "docker", f'[ "$2" = imagetools ] && echo {DIGEST}')
    done, base = pin(clone)
    assert done.returncode == 0, done.stderr
    tag, digest = base.split("@")
    assert (tag.split(":")[0], digest) == ("python", DIGEST)
    # Another digest replaces the first; all else stays.
    client(clone, "docker", "echo cannot connect >&2; exit 1")
    newer = DIGEST.replace("0", "f")
    client(clone, "skopeo", f"echo {newer}")
    done, base = pin(clone)
    assert done.returncode == 0
    assert base == f"{tag}@{newer}"
    restored = (clone / "Dockerfile").read_text("utf-8").replace(base, tag)
    assert restored == re.sub(r"(ARG BASE_IMAGE=[^\s@]+)@\S+", r"\1", dockerfile())
    assert "already" in pin(clone)[0].stdout


@needs_sh
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo no route to host >&2; exit 1", "docker: no route to host"),
        ("echo sha256:short", "docker: sha256:short"),
        (f"echo {DIGEST}; exit 1", "docker:"),
        (None, "docker: not installed"),
    ],
)
def test_image_pin_invents_nothing(clone, script, said):
    if script:
        client(clone, "docker", script)
    done, _ = pin(clone)
    assert done.returncode == 1
    assert said in done.stderr
    assert "skopeo: not installed" in done.stderr
    assert (clone / "Dockerfile").read_text("utf-8") == dockerfile()


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


# The classroom


def test_classroom_runs_without_root_and_with_a_read_only_mirror():
    single = load("docker/classroom/values.yaml")["singleuser"]
    reader = int(re.search(r"^ARG READER_ID=(\d+)$", dockerfile(), re.M)[1])
    assert single["uid"] == single["fsGid"] == reader
    for container in single["initContainers"]:
        context = container["securityContext"]
        assert context["runAsUser"] == context["runAsGroup"] == reader
        assert context["allowPrivilegeEscalation"] is False
    storage = single["storage"]
    [volume], [mount] = storage["extraVolumes"], storage["extraVolumeMounts"]
    assert volume["persistentVolumeClaim"]["readOnly"] is mount["readOnly"] is True
    assert mount["mountPath"] == single["extraEnv"]["DLI_MIRROR"]


def test_classroom_claims_the_volume_that_the_job_fills():
    claim, job = load("docker/classroom/mirror.yaml")
    values = load("docker/classroom/values.yaml")["singleuser"]
    name = claim["metadata"]["name"]
    [volume] = values["storage"]["extraVolumes"]
    assert volume["persistentVolumeClaim"]["claimName"] == name
    pod = job["spec"]["template"]["spec"]
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == name
    assert pod["securityContext"]["runAsNonRoot"] is True
    [container] = pod["containers"]
    assert container["args"] == [
        "data",
        "export",
        container["volumeMounts"][0]["mountPath"],
    ]
    image = values["image"]
    assert container["image"] == f"{image['name']}:{image['tag']}"


def test_classroom_copies_the_clone_into_the_students_own_volume():
    single = load("docker/classroom/values.yaml")["singleuser"]
    [first] = single["initContainers"]
    [mount] = first["volumeMounts"]
    assert mount["name"] == single["storage"]["dynamic"]["volumeNameTemplate"]
    assert single["storage"]["homeMountPath"] == "/workspace"
    assert first["image"] == f"{single['image']['name']}:{single['image']['tag']}"


@needs_sh
def test_classroom_overwrites_nothing_of_a_student(tmp_path):
    [first] = load("docker/classroom/values.yaml")["singleuser"]["initContainers"]
    image, student = tmp_path / "workspace", tmp_path / "clone"
    (image / "dli").mkdir(parents=True)
    (image / "notebook").write_text("the image's")
    student.mkdir()
    command = [
        part.replace("/workspace", str(image)).replace("/clone", str(student))
        for part in first["command"]
    ]
    subprocess.run(command, check=True)
    assert (student / "notebook").read_text() == "the image's"
    (student / "notebook").write_text("a student's")
    subprocess.run(command, check=True)
    assert (student / "notebook").read_text() == "a student's"


def test_classroom_has_a_login_a_gpu_profile_and_no_open_door():
    values = load("docker/classroom/values.yaml")
    assert values["proxy"]["service"]["type"] == "ClusterIP"
    config = values["hub"]["config"]
    assert config["JupyterHub"]["authenticator_class"].endswith(".NativeAuthenticator")
    assert config["NativeAuthenticator"]["open_signup"] is False
    cpu, gpu = values["singleuser"]["profileList"]
    assert cpu["default"] is True
    assert "kubespawner_override" not in cpu
    override = gpu["kubespawner_override"]
    assert override["extra_resource_limits"] == {"nvidia.com/gpu": "1"}
    assert override["image"].endswith("-gpu-hub")


# The workflow on a GPU


def test_gpu_workflow_runs_nightly_and_by_hand_on_our_own_machines():
    workflow = load(".github/workflows/gpu.yml")
    when = workflow[True]  # YAML 1.1 takes the key `on` for a truth value
    assert set(when) == {"schedule", "workflow_dispatch"}, "never for pull requests"
    [job] = workflow["jobs"].values()
    assert {"self-hosted", "gpu"} <= set(job["runs-on"])
    assert workflow["permissions"] == {"contents": "read"}


def test_gpu_workflow_fails_without_a_gpu_and_keeps_what_ran(services):
    [job] = load(".github/workflows/gpu.yml")["jobs"].values()
    commands = [step.get("run", "") for step in job["steps"]]
    verbs = [re.search(r"run --rm (\S+) (.*)$", c) for c in commands]
    ran = [(found[1], found[2]) for found in verbs if found]
    assert ran == [("notebooks-gpu", "doctor --gpu"), ("notebooks-gpu", "verify")]
    assert "notebooks-gpu" in services
    [upload] = [s for s in job["steps"] if "upload-artifact" in s.get("uses", "")]
    assert upload["with"]["path"] == "runs/"
    assert upload["if"] == "always()"


@pytest.fixture
def machine(monkeypatch):
    """A machine without trouble; the GPU is for the test to say."""

    def with_gpu(seen):
        text = "seen: GPU:0" if seen else "none: no NVIDIA driver"
        answer = (("Keras on a backend", False), text, seen)
        monkeypatch.setattr(doctor, "_backend", lambda: answer)

    fine = ("fine", False)
    for name in ("_packages", "_memory", "_disk"):
        monkeypatch.setattr(doctor, name, lambda: fine)
    monkeypatch.setattr(doctor.datasets, "status", list)
    monkeypatch.setenv("DLI_ENV", "current")
    return with_gpu


@pytest.mark.parametrize(
    ("options", "seen", "status"),
    [([], False, 0), ([], True, 0), (["--gpu"], True, 0), (["--gpu"], False, 1)],
)
def test_doctor_fails_for_want_of_a_gpu_only_where_asked(
    machine, capsys, options, seen, status
):
    machine(seen)
    assert cli.main(["doctor", *options]) == status
    printed = capsys.readouterr().out
    assert ("! gpu" in printed) == bool(status)
    assert ("--gpu" in printed) == bool(status)


def test_doctor_says_what_the_backend_sees(monkeypatch):
    def answer(gpus):
        line = json.dumps(["3.15.1", "tensorflow", "2.21.0", gpus, True])
        done = subprocess.CompletedProcess([], 0, stdout=line, stderr="")
        monkeypatch.setattr(doctor.subprocess, "run", lambda *a, **k: done)
        return doctor._backend()

    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert answer(["/physical_device:GPU:0"])[1:] == (
        "seen: /physical_device:GPU:0",
        True,
    )
    assert answer([])[2] is False
