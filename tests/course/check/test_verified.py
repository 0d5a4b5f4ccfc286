"""A page says when its recording was last compared, and never of another recording."""

import json

from course import catalogue
from course.check import passed, verified
from course.kernels import Pace
from course.run import results, runner
from course.run.results import Outcome, State


def _passed(notebook, state=State.RAN):
    outcome = Outcome(notebook, state, seconds=2.0)
    return runner.keep(results.folder(Pace.FULL), outcome, passed.key(notebook))


def test_what_has_passed_is_noted_with_day_device_and_versions(house):
    first, second, third = catalogue.notebooks()
    assert verified.of(first) == ""
    verified.note([_passed(first), _passed(second, State.FAILED)])
    told = verified.of(first)
    assert passed.device() in told and "Python 3." in told and told[:2] == "20"
    assert verified.of(second) == verified.of(third) == ""


def test_a_second_run_keeps_what_the_first_has_noted(house):
    first, _, third = catalogue.notebooks()
    verified.note([_passed(first)])
    verified.note([_passed(third)])
    assert verified.of(first) and verified.of(third)


def test_a_new_recording_has_not_been_verified(house):
    notebook = catalogue.notebooks()[0]
    verified.note([_passed(notebook)])
    content = json.loads(notebook.path.read_text())
    code = next(c for c in content["cells"] if c["cell_type"] == "code")
    text = {"output_type": "stream", "name": "stdout", "text": "something else"}
    code["outputs"] = [text]
    notebook.path.write_text(json.dumps(content))
    assert verified.of(catalogue.notebooks()[0]) == ""
