"""The engines that take a shard each: Kubernetes, Slurm, a GitHub matrix."""

import os
import re
import subprocess

import pytest

from course.bootstrap import ROOT
from course.shards import Shard
from tests.support.images import load, needs_sh


def _shards(text, **variables):
    """The shard that a command line of the shell asks for."""
    [asked] = re.findall(r'--shard\s+("[^"]+")', text)
    command = ["sh", "-c", f"echo {asked}"]
    env = {**os.environ, **variables}
    told = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return Shard.parse(told.stdout)


@needs_sh
def test_the_indexed_job_takes_every_shard_once():
    _, job = load("docker/cluster/job.yaml")
    spec = job["spec"]
    assert spec["completionMode"] == "Indexed"
    [container] = spec["template"]["spec"]["containers"]
    command = container["args"][-1]
    count = spec["completions"]
    asked = [_shards(command, JOB_COMPLETION_INDEX=str(i)) for i in range(count)]
    assert asked == [Shard(i, count) for i in range(1, count + 1)]
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    assert mounts["mirror"]["mountPath"] == container["env"][-1]["value"]
    names = {entry["name"] for entry in container["env"]}
    used = re.findall(r"\$\((\w+)\)", mounts["runs"]["subPathExpr"])
    assert set(used) <= names, "each pod writes into a folder of its own"


def test_the_job_is_what_kubernetes_takes():
    validate = pytest.importorskip("kubernetes_validate")
    for name in ("docker/cluster/job.yaml", "docker/classroom/mirror.yaml"):
        for document in load(name):
            validate.validate(document, "1.33", strict=True)


@needs_sh
def test_the_array_takes_every_shard_once():
    text = (ROOT / "docker/cluster/verify.sbatch").read_text("utf-8")
    first, last = map(int, re.search(r"#SBATCH --array=(\d+)-(\d+)", text).groups())
    count = str(last - first + 1)
    asked = [
        _shards(text, SLURM_ARRAY_TASK_ID=str(i), SLURM_ARRAY_TASK_COUNT=count)
        for i in range(first, last + 1)
    ]
    assert asked == [Shard(i, int(count)) for i in range(1, int(count) + 1)]
    subprocess.run(["sh", "-n"], input=text, text=True, check=True)
    shebang, *lines = text.splitlines()
    options = [line for line in lines if line.startswith("#SBATCH")]
    assert shebang == "#!/bin/sh" and lines[: len(options)] == options, "Slurm stops"


def test_the_workflow_takes_the_shards_that_the_list_prints():
    jobs = load(".github/workflows/verify.yml")["jobs"]
    [listed] = [s["run"] for s in jobs["plan"]["steps"] if "list" in s.get("run", "")]
    assert "python -m course list --shards 6" in listed
    part = jobs["verify"]["strategy"]["matrix"]["part"]
    assert part == "${{ fromJSON(needs.plan.outputs.shards) }}"
    [run] = [s for s in jobs["verify"]["steps"] if "verify" in s.get("run", "")]
    assert run["env"]["SHARD"] == "${{ matrix.part.shard }}"
    assert '--shard "$SHARD"' in run["run"] and "--afresh" in run["run"]
    assert jobs["merge"]["if"] == "always()", "a failed shard is told, too"
