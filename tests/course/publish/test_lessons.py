"""The lesson plans fit the notebooks and what was measured; wrong ones are refused."""

import json
import re

import pytest

from course import catalogue
from course.publish import lessons
from course.run import results
from course.run.results import Result, State

FILES = lessons.files()
SECONDS = lessons.measured()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_page_is_right(file):
    assert lessons.errors(file, file.read_text("utf-8"), SECONDS) == []


def test_every_chapter_has_a_plan():
    stems = {file.stem for file in FILES}
    assert stems >= {f"ch{n:02}" for n in range(1, 15)} | {"appendices", "courses"}


@pytest.mark.parametrize(
    "file", [f for f in FILES if f.stem.startswith("ch")], ids=lambda file: file.stem
)
def test_a_chapter_s_plan_has_all_its_parts(file):
    text = file.read_text("utf-8")
    for heading in ("Where to pause", "A question to discuss", "When time runs out"):
        assert f"\n## {heading}\n" in text
    groups = text.partition("## The exercise for groups\n")[2].partition("##")[0]
    assert lessons._EXERCISE_OF.search(groups)
    aims = text.partition("Afterwards students can\n")[2].partition("\n|")[0]
    assert 1 <= aims.count("\n- ") <= 3
    assert "Usually: " in text or "Usually, " in text
    slides = re.search(r"build/slides/(\w+)\.html", text)[1]
    assert slides in {n.entry.folder for n in catalogue.notebooks()}
    assert len(text) < 7000, "a page, not a chapter"


@pytest.fixture
def class_room(house, tmp_path, monkeypatch):
    """A notebook with two headings and an exercise, and a folder of plans."""
    check = 'exercises.check("good", 1, ...)'
    good = house.add("ch10_later/01_good", "x = 1", check)
    content = json.loads(good.path.read_text())
    content["cells"][0]["source"] = "# Good\n\n## The *first* part\n\n## The second"
    content["cells"][2]["metadata"]["tags"] = ["exercise"]
    content["cells"][1]["id"] = "look"
    good.path.write_text(json.dumps(content))
    lessons._parts_of.cache_clear()
    folder = tmp_path / "teaching"
    folder.mkdir()
    monkeypatch.setattr(lessons, "FOLDER", folder)
    monkeypatch.setattr(lessons, "SECONDS", folder / "seconds.json")
    return folder


LINK = "[Good](../notebooks/ch10_later/01_good.ipynb)"
PLAN = f"""# A plan

**10 minutes**, short.

| minutes | what | run | seconds |
|---:|---|---|---:|
| 4 | look | {LINK}: *The first part* to *The second*, `look` | 100 |
| 6 | try | exercise 1 | |

Groups: exercise 1 of {LINK}.
"""


def wrong(folder, text, seconds=None):
    file = folder / "ch10.md"
    file.write_text(text)
    found = lessons.errors(file, text, {"good": 100.0} if seconds is None else seconds)
    return [error.removeprefix("ch10.md: ") for error in found]


def test_a_right_plan_is_right(class_room):
    assert wrong(class_room, PLAN) == []
    assert wrong(class_room, PLAN.replace("| 100 |", "| 114 |")) == []
    assert wrong(class_room, PLAN.replace("| 100 |", "| – |"), {}) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("| 6 |", "| 7 |", "its steps take 11 minutes, not 10"),
        ("| 6 |", "| six |", "no minutes"),
        ("01_good.ipynb): *", "01_god.ipynb): *", "no notebook of ours"),
        ("The second*", "The third*", "good has no 'The third'"),
        ("`look`", "`lock`", "good has no 'lock'"),
        ("| exercise 1", "| exercises 1 and 2", "good has no 'exercise 2'"),
        ("Groups: exercise 1", "Groups: exercise 3", "good has no exercise 3"),
        ("| 100 |", "| 116 |", "good takes 100 seconds, not 116"),
        ("| 100 |", "| 84 |", "good takes 100 seconds, not 84"),
        ("| 100 |", "| – |", "good was measured"),
        ("| |", "| 9 |", "seconds of no notebook: 9"),
        ("| 4 |", "| 1 |", "good takes 100 s, and gets 1 minutes"),
        ("**10 minutes**", "**10 minutes**\n\n", None),
        ("| minutes |", "| time |", "lacks minutes"),
        ("Groups", "[x](nowhere.md) groups", "there is no nowhere.md"),
    ],
)
def test_a_wrong_plan_is_refused(class_room, old, new, told):
    assert old in PLAN
    found = wrong(class_room, PLAN.replace(old, new, 1))
    assert (found == []) if told is None else any(told in error for error in found)


def test_seconds_of_what_was_not_measured_are_refused(class_room):
    assert wrong(class_room, PLAN, {}) == ["good was not measured: 100"]


def test_a_few_seconds_do_not_matter(class_room):
    """Below 20 seconds a share of 15 % would be less than a start of Python."""
    text = PLAN.replace("| 100 |", "| 7 |")
    assert wrong(class_room, text, {"good": 9.9}) == []
    assert wrong(class_room, text, {"good": 10.1}) != []


def test_a_course_takes_what_its_plans_take(class_room):
    wrong(class_room, PLAN)
    course = "**{0} minutes**\n\n| minutes | what |\n|---:|---|\n| {0} | [x](ch10.md) |"
    file = class_room / "courses.md"
    assert lessons.errors(file, course.format(10), {}) == []
    (found,) = lessons.errors(file, course.format(12), {})
    assert "ch10.md take 10 minutes, not 12" in found
    (found, *_) = lessons.errors(file, course.format(10).replace("10.md", "11.md"), {})
    assert "no plan ch11.md" in found


def test_a_part_of_no_notebook(class_room):
    text = PLAN.replace(f"{LINK}: ", "").replace("| 100 |", "| |")
    assert any("a part of no notebook" in error for error in wrong(class_room, text))


def test_one_command_brings_seconds_and_plans_up_to_date(class_room, house):
    wrong(class_room, PLAN)
    notebook = catalogue.find("good")
    inside = results.folder(results.Pace.TRAINED)
    code = results.code_hash(notebook.content)
    done = Result(notebook.name, State.RAN, seconds=61.4, code_sha256=code)
    results.save(inside, done)
    assert lessons.write() == {"good": 61.4}
    told = json.loads(lessons.SECONDS.read_text())
    assert told["pace"] == "trained" and "cores" in told["machine"]
    text = (class_room / "ch10.md").read_text()
    assert text == PLAN.replace("| 100 |", "| 61 |") and lessons.all_errors() == []
    before = lessons.SECONDS.read_bytes()
    lessons.write()
    assert lessons.SECONDS.read_bytes() == before
    assert (class_room / "ch10.md").read_text() == text


@pytest.mark.parametrize("changed", [{"state": State.FAILED}, {"code_sha256": "old"}])
def test_what_failed_or_is_of_older_code_does_not_count(class_room, house, changed):
    notebook = catalogue.find("good")
    kept = {"state": State.RAN, "code_sha256": results.code_hash(notebook.content)}
    result = Result(notebook.name, seconds=5.0, **(kept | changed))
    results.save(results.folder(results.Pace.TRAINED), result)
    assert lessons.measure()["notebooks"] == {}


def test_another_machine_begins_anew(class_room, house):
    old = {"machine": "another", "notebooks": {"good": {"seconds": 1, "date": "x"}}}
    lessons.SECONDS.write_text(json.dumps(old))
    assert lessons.measure()["notebooks"] == {}
    old["machine"] = lessons.measure()["machine"]
    lessons.SECONDS.write_text(json.dumps(old))
    assert list(lessons.measure()["notebooks"]) == ["good"]
