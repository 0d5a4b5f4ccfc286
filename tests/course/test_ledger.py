"""The ledger: every pointer leads to something that shows the book's number."""

import collections
import json

import pytest

from course import ledger
from course.ledger import STATEMENTS, Check, Statement
from dli import book, facts
from tests.support.house import House

FOUND = ledger.statements()


@pytest.mark.parametrize("statement", FOUND, ids=lambda statement: statement.id)
def test_the_pointer_holds(statement):
    assert ledger.problems(statement) == []


def test_ids_are_unique_and_no_chapter_has_too_many():
    ids = [statement.id for statement in FOUND]
    assert len(ids) == len(set(ids))
    counts = collections.Counter(statement.chapter for statement in FOUND)
    assert all(count <= STATEMENTS[chapter] for chapter, count in counts.items())


def test_chapters_in_order():
    order = list(STATEMENTS)
    places = [order.index(statement.chapter) for statement in FOUND]
    assert places == sorted(places)


MORE = """
headline = "hits"

[[net.measure]]
name = "hits"
label = "hits"
book = 0.5
format = ".0%"
where = "here"
band = [0, 1]
why = "tried"
"""


@pytest.fixture
def net(tmp_path, monkeypatch):
    """A notebook with a measure and a cell that says 42."""
    house = House(tmp_path, monkeypatch)
    notebook = house.add("ch99_test/01_net", "print(42)", more=MORE)
    content = json.loads(notebook.path.read_text())
    cell = content["cells"][1]
    cell["id"] = "answer"
    shown = {"text/html": "<td>4</td><td>2</td>", "text/plain": "a picture of 43"}
    cell["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["it is 42\\n"]},
        {"output_type": "display_data", "data": shown, "metadata": {}},
    ]
    notebook.path.write_text(json.dumps(content))
    (house.notebooks / facts.RECORDED).write_text('{"net": {"hits": 0.5}}')
    return notebook


def statement(check, **fields):
    given = {"id": "1.01", "statement": "s", "printed": (), "kind": "measured"}
    return Statement(check=check, **given | fields)


GOOD = [
    statement(Check.MEASURE, notebook="net", measure="hits", printed=(0.5,)),
    statement(Check.MEASURE, notebook="net", measure="hits", printed=(50,)),
    statement(Check.MEASURE, notebook="net", measure="hits", printed=("half",)),
    statement(Check.MEASURE, notebook="net, net", measure="hits", printed=(0.5, 50)),
    statement(Check.OUTPUT, notebook="net", cell="answer, answer", shows="it  is\n42"),
    statement(Check.OUTPUT, notebook="net", cell="answer", shows="it is 42"),
    statement(Check.OUTPUT, notebook="net", cell="answer", shows="picture of 43"),
    statement(
        Check.SLIP,
        notebook="net",
        cell="answer",
        shows="42",
        because="it is 42, not 41",
    ),
    statement(Check.TEST, test="tests/course/test_ledger.py::test_chapters_in_order"),
    statement(Check.NONE, because="no source carries the data"),
]
BROKEN = [
    statement(Check.MEASURE, notebook="nett", measure="hits"),
    statement(Check.MEASURE, notebook="net", measure="misses"),
    statement(Check.MEASURE, notebook="net", measure="hits", printed=(0.6,)),
    statement(Check.OUTPUT, notebook="nett", cell="answer", shows="42"),
    statement(Check.OUTPUT, notebook="net", cell="question", shows="42"),
    statement(Check.OUTPUT, notebook="net", cell="answer", shows="it is 41"),
    statement(Check.OUTPUT, notebook="net", cell="answer", shows=""),
    statement(Check.OUTPUT, notebook="net", cell="answer", shows="<td>"),
    statement(Check.OUTPUT, notebook="net", cell="answer", shows="it is 42\nor 41"),
    statement(Check.OUTPUT, notebook="net", cell="answer, question", shows="it is 42"),
    statement(Check.MEASURE, notebook="net, net", measure="hits", printed=(0.5, 0.6)),
    statement(
        Check.OUTPUT, notebook="net, net", cell="answer, answer, answer", shows="42"
    ),
    statement(Check.SLIP, notebook="net", cell="answer", shows="42"),
    statement(Check.TEST, test="tests/course/test_ledger.py::test_that_is_gone"),
    statement(Check.TEST, test="README.md::test_chapters_in_order"),
    statement(Check.TEST, test="tests/course/test_ledger.py::net"),
    statement(Check.NONE),
]


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.check)
def test_a_good_pointer(net, good):
    assert ledger.problems(good) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.check)
def test_a_broken_pointer_is_found(net, broken):
    assert ledger.problems(broken) != []


def test_what_is_not_recorded_is_found(net):
    (facts.folder() / facts.RECORDED).write_text("{}")
    assert ledger.problems(GOOD[0]) == ["hits is not recorded"]
    assert book.recorded("net") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["1.01"]\nstatement = "s"', "check"),
        ('["1.01"]\ncheck = "guess"\nprinted = []', "guess"),
        ('["1.01"]\ncheck = "none"\nprinted = []\nkind = "a"\nnumber = 1', "number"),
    ],
)
def test_a_wrong_row_is_named(text, said):
    with pytest.raises(ValueError, match=rf"ch01_x/ledger.toml, 1.01: .*{said}"):
        ledger.parse(text, "ch01_x")
