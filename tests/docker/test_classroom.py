"""The classroom on Kubernetes."""

import re
import subprocess

from tests.support.images import dockerfile, load, needs_sh


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
