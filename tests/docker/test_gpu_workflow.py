"""The workflow that runs the notebooks on a GPU every night."""

import re

from tests.support.images import load


def test_gpu_workflow_runs_nightly_and_by_hand_on_our_own_machines():
    workflow = load(".github/workflows/gpu.yml")
    when = workflow[True]  # YAML 1.1 takes the key `on` for a truth value
    assert set(when) == {"schedule", "workflow_dispatch"}, "never for pull requests"
    [job] = workflow["jobs"].values()
    assert {"self-hosted", "gpu"} <= set(job["runs-on"])
    assert workflow["permissions"] == {"contents": "read"}


def test_gpu_workflow_fails_without_a_gpu_and_keeps_what_ran():
    [job] = load(".github/workflows/gpu.yml")["jobs"].values()
    commands = [step.get("run", "") for step in job["steps"]]
    verbs = [re.search(r"run --rm (\S+) (.*)$", c) for c in commands]
    ran = [(found[1], found[2]) for found in verbs if found]
    assert ran == [
        ("notebooks-gpu", "doctor --gpu"),
        ("notebooks-gpu", "verify --afresh"),
    ]
    assert "notebooks-gpu" in load("docker/compose.yaml")["services"]
    [upload] = [s for s in job["steps"] if "upload-artifact" in s.get("uses", "")]
    assert upload["with"]["path"] == "runs/"
    assert upload["if"] == "always()"
