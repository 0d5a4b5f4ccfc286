"""The lists of other places' packages, and what is made of a run among them."""

import json
import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement

from course import bootstrap, catalogue, environments
from course.environments import place, results
from course.environments.place import Listed, Took
from course.environments.results import Found

ROOT = bootstrap.ROOT


def promised():
    """The requirements of `dli` and of the notebooks, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["notebooks"]
    return {found.name: found for found in map(Requirement, wanted)}


def listed(name):
    return {r.name: r for r in map(Requirement, Listed.read(name).packages)}


def test_the_oldest_list_is_what_pyproject_promises():
    for name, found in promised().items():
        lowest = [s.version for s in found.specifier if s.operator == ">="]
        (pin,) = listed("oldest")[name].specifier
        assert pin.operator == "=="
        assert re.sub(r"(\.0)+$", "", pin.version) == lowest[0], name
    assert listed("oldest").keys() == promised().keys()


def test_the_newest_list_asks_for_no_version():
    assert listed("newest").keys() == promised().keys()
    assert not any(found.specifier for found in listed("newest").values())


def test_what_colab_has_is_in_our_ranges():
    """Or the launcher could not keep its promise to replace nothing."""
    for name, found in listed("colab").items():
        for pin in found.specifier:
            assert promised()[name].specifier.contains(pin.version), name
    assert "gensim" not in listed("colab")


def test_every_list_names_a_python_that_is_supported():
    for name in place.names():
        minor = int(Listed.read(name).python.split(".")[1])
        assert bootstrap._OLDEST[1] <= minor <= bootstrap._NEWEST[1]
    assert Listed.read("oldest").python == "3.11"


def test_the_lock_is_tried_on_every_other_python():
    lock = ("-r", str(bootstrap.REQUIREMENTS))
    found = [Listed.read(name) for name in place.names()]
    assert {one.python for one in found if one.packages == lock} == {"3.12", "3.13"}


def test_an_unknown_list_is_answered():
    with pytest.raises(LookupError, match="colab, newest, oldest"):
        Listed.read("kaggle")


def test_the_workflow_runs_every_list():
    text = (ROOT / ".github/workflows/environments.yml").read_text("utf-8")
    job = yaml.safe_load(text)["jobs"]["environment"]
    assert sorted(job["strategy"]["matrix"]["list"]) == place.names()
    pythons = job["steps"][1]["with"]["python-version"].split()
    assert {Listed.read(name).python for name in place.names()} <= set(pythons)


def test_what_was_replaced_and_added_is_told_apart():
    before = {"numpy": "2.1.3", "keras": "3.13.2", "six": "1.17"}
    after = {"numpy": "2.4.6", "keras": "3.13.2", "bokeh": "3.9.2"}
    assert results.differences(before, after) == (
        {"numpy": "2.1.3 → 2.4.6", "six": "1.17 → gone"},
        ["bokeh 3.9.2"],
    )


JUNIT = """<testsuites><testsuite>
<testcase classname="notebooks.ch05_a.01_x.ipynb" name="ipynb::Cell 0"/>
<testcase classname="notebooks.ch05_a.01_x.ipynb" name="ipynb::Cell 1">
<failure message="">E  ValueError
  File venv/lib/python3.13/site-packages/keras/src/layer.py, line 1
ValueError: no such layer</failure></testcase>
<testcase classname="notebooks.ch05_a.01_x.ipynb" name="ipynb::Cell 2">
<failure message="">NameError: name 'model' is not defined</failure></testcase>
<testcase classname="notebooks.ch06_b.02_y.ipynb" name="ipynb::Cell 0"/>
<testcase classname="notebooks.appendix_c.01_z.ipynb" name="ipynb::Cell 0">
<skipped/></testcase></testsuite></testsuites>"""


def test_a_report_names_notebook_cell_and_package(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(JUNIT)
    ran, failed = results.outcomes(report)
    assert ran == ["ch05_a/01_x", "ch06_b/02_y"]
    assert failed == {
        "ch05_a/01_x": "ipynb::Cell 1: ValueError: no such layer (in keras)"
    }


DEPRECATED = """
import warnings
warnings.warn("this ends", DeprecationWarning)
warnings.warn("this ends", DeprecationWarning)
warnings.warn("look", UserWarning)
"""


def test_deprecations_of_a_kernel_are_noted_and_shown_as_ever(tmp_path):
    notes = tmp_path / "notes.jsonl"
    for notebook in ("ch05_a/01_x", "ch06_b/02_y"):
        env = os.environ | {"PYTHONPATH": str(place.NOTING), "DLI_NOTEBOOK": notebook}
        env["DLI_DEPRECATIONS"] = str(notes)
        command = [sys.executable, "-c", DEPRECATED]
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        assert "UserWarning: look" in done.stderr
        hidden = [sys.executable, "-W", "ignore", "-c", DEPRECATED]
        done = subprocess.run(hidden, env=env, capture_output=True, text=True)
        assert done.stderr == "", "what Python hides stays hidden"
    found = results.deprecations(notes)
    assert found == {"Python, DeprecationWarning: this ends": 2}


def test_without_a_target_nothing_is_noted():
    env = os.environ | {"PYTHONPATH": str(place.NOTING)}
    env.pop("DLI_DEPRECATIONS", None)
    command = [sys.executable, "-W", "default", "-c", DEPRECATED]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert "this ends" in done.stderr


def test_results_of_the_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "_JSON", tmp_path / "results.json")
    monkeypatch.setattr(results, "_PAGE", tmp_path / "results.md")
    first = Found(
        "colab",
        "3.13",
        {"numpy": "2.1.3"},
        "2026-11-27",
        ran=["ch05_a/01"],
        took=[90, 9],
        there=9,
    )
    results.note(first)
    results.note(Found("oldest", "3.11", {}, "2026-11-27", trouble="no wheel"))
    assert results.load()["colab"] == first and not results.load()["oldest"].is_ok
    page = (tmp_path / "results.md").read_text("utf-8")
    assert "| colab | 3.13 | numpy 2.1.3 | nothing |" in page
    assert "1 of 1 tried (9 there are) in 90 s (9 s)" in page
    assert "ch05 01" in page and "no wheel" in page
    assert page == results.page(results.load().values())


def test_the_page_is_made_from_the_results():
    if results.load():
        page = results._PAGE.read_text("utf-8")
        assert page == results.page(results.load().values())


def test_only_what_dli_is_built_from_is_copied(tmp_path):
    made = place.Place(Listed("x", "3.13", ()), tmp_path)
    source = made._from_here(f'"dli @ {place._THERE}"')
    assert source == f'"dli @ {(tmp_path / "dli").as_uri()}"'
    copied = {p.relative_to(tmp_path / "dli").parts[0] for p in tmp_path.rglob("*.*")}
    assert copied >= {"pyproject.toml", "README.md", "dli", "notebooks"}
    assert not list(tmp_path.rglob("*.ipynb"))
    project = tomllib.loads((tmp_path / "dli" / "pyproject.toml").read_text("utf-8"))
    for package in project["tool"]["setuptools"]["packages"][:-1]:
        assert (tmp_path / "dli" / package.replace(".", "/") / "__init__.py").exists()


def test_the_kernel_notes_and_loads_the_extension(tmp_path):
    made = place.Place(Listed("x", "3.13", ()), tmp_path)
    name = made.add_kernel()
    spec = json.loads(
        (made.jupyter_path / "kernels" / name / "kernel.json").read_text()
    )
    assert spec["env"]["DLI_PACE"] == "quick"
    assert spec["env"]["DLI_DEPRECATIONS"] == str(made.deprecations)
    assert "--ext=dli.kernel" in spec["argv"]
    assert spec["argv"][0].startswith(str(tmp_path))


class Made:
    """A `Place` that makes nothing: `numpy` is replaced by what is installed."""

    error = ""

    def __init__(self, listed, folder):
        self.deprecations = folder / "none.jsonl"
        self._numpy = "2.1.3"

    def make(self):
        pass

    def versions(self):
        return {"python": "3.13.0", "numpy": self._numpy}

    def first_figure(self, notebook):
        return Took(61.4, 9.6), self.error

    def install(self, notebooks):
        self._numpy = "2.4.6"


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(environments, "Place", Made)
    outcome = (["ch07_a/01_softmax_demo"], {})
    monkeypatch.setattr(environments, "_run", lambda *a: outcome)
    return Made


def test_a_replaced_package_is_a_failure(made, tmp_path):
    found = environments.check("colab", [catalogue.find("softmax_demo")], tmp_path)
    assert found.replaced == {"numpy": "2.1.3 → 2.4.6"} and not found.is_ok
    assert (found.python, found.first_figure) == ("3.13.0", [61, 10])
    assert found.ran == ["ch07_a/01_softmax_demo"]


def test_what_keeps_a_list_from_being_tried_is_said(made, tmp_path, monkeypatch):
    monkeypatch.setattr(made, "error", "SystemExit: dli could not be installed")
    found = environments.check("colab", [], tmp_path)
    assert "could not be installed" in found.trouble and not found.is_ok
    assert "could not be installed" in results.text(found)
