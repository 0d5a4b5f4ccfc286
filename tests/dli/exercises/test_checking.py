"""What a check of an exercise prints, accepts and refuses; readers never see errors."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from dli import exercises
from dli.exercises import checking
from dli.exercises.checking import (
    RIGHT,
    UNANSWERED,
    WRONG,
    Wrong,
    choice,
    exercise,
    expect,
    verdict,
)


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    """A notebook with four exercises, and no others."""
    monkeypatch.setattr(checking, "_load", lambda: None)
    monkeypatch.setattr(checking, "_exercises", {})

    @exercise("made_up", 1, hint="Turn it by half a turn.")
    def _(prediction):
        return choice(
            prediction,
            {"fewer": "It repeats.", "more": "It is never more."},
            right="fewer",
        )

    @exercise("made_up", 2, hint="Multiply.")
    def _(double):
        for value in (3, 0.5):
            expect(double(value), 2 * value, f"double({value})")
        return "Twice as much."

    @exercise("made_up", 3)
    def _(weights, biases):
        expect(weights, 122, "weights")
        expect(biases, 23, "biases")
        return "145 in all."

    @exercise("made_up", 4)
    def _(total):
        values = np.arange(3.0)
        expect(total(values), 3, "total(values)")
        expect(values, [0, 1, 2], "values")


def lines(capsys):
    return capsys.readouterr().out.splitlines()


# What is printed


def test_an_untouched_stub_is_not_answered_yet(capsys):
    exercises.check("made_up", 1, ...)
    assert lines(capsys) == ["Exercise 1: not answered yet."]


def test_a_right_answer_is_explained(capsys):
    exercises.check("made_up", 1, "fewer")
    exercises.check("made_up", 2, lambda value: 2 * value)
    assert lines(capsys) == [
        "Exercise 1: right. It repeats.",
        "Exercise 2: right. Twice as much.",
    ]


def test_a_wrong_choice_is_explained_and_the_hint_is_offered(capsys):
    exercises.check("made_up", 1, "more")
    assert lines(capsys) == [
        'Exercise 1: not yet. For a hint: exercises.hint("made_up", 1)',
        'You chose "more". It is never more.',
    ]


def test_a_wrong_value_comes_with_input_and_what_was_expected(capsys):
    exercises.check("made_up", 2, lambda value: value + 3)
    assert lines(capsys) == [
        'Exercise 2: not yet. For a hint: exercises.hint("made_up", 2)',
        "double(0.5) should be 1.0",
        "but is 3.5",
    ]


def test_no_hint_is_offered_where_there_is_none(capsys):
    exercises.check("made_up", 3, 122, 22)
    assert lines(capsys)[0] == "Exercise 3: not yet."
    exercises.hint("made_up", 3)
    assert lines(capsys) == ["Exercise 3: there is no hint."]


def test_the_hint(capsys):
    exercises.hint("made_up", 1)
    assert lines(capsys) == ["Exercise 1: Turn it by half a turn."]


# The reader's mistakes


def test_an_error_in_the_readers_function_is_reported_with_its_input():
    def double(value):
        return value / 0

    found = verdict("made_up", 2, double)
    assert found.state == WRONG
    assert found.text.splitlines()[1:] == [
        "double(3) fails:",
        "ZeroDivisionError: division by zero",
    ]


def test_however_long_an_error_is_there_are_three_lines():
    def double(value):
        raise ValueError("line\n" * 100)

    text = verdict("made_up", 2, double).text
    assert len(text.splitlines()) == 3
    assert max(map(len, text.splitlines())) < 160


def test_a_forgotten_return_is_named():
    def double(value):
        value * 2

    assert verdict("made_up", 2, double).text.endswith(
        "but is None: is a return missing?"
    )


@pytest.mark.parametrize(
    "answer", [None, 3, "double", [1, 2], lambda: 1, lambda a, b: a, object(), print]
)
def test_whatever_comes_in_place_of_a_function_nothing_is_raised(answer):
    found = verdict("made_up", 2, answer)
    assert found.state == WRONG and len(found.text.splitlines()) <= 3


def test_too_few_answers_raise_nothing():
    assert verdict("made_up", 3, 122).state == WRONG


def test_a_function_that_changes_its_input_does_not_change_the_check():
    def total(values):
        values *= 2
        return values.sum() / 2

    assert verdict("made_up", 4, total).state == RIGHT


# Not answered yet


def returns_dots(value):
    return ...


def counts_with_dots(value):
    factor = ...
    return factor * value


@pytest.mark.parametrize(
    "answers",
    [
        (2, (...,)),
        (2, (returns_dots,)),
        (2, (counts_with_dots,)),
        (2, (lambda value: [value, ...],)),
        (3, (122, ...)),
        (3, ([1, [2, ...]], 23)),
        (3, ({"a": ...}, 23)),
        (3, (np.array([1, ...]), 23)),
    ],
)
def test_dots_anywhere_are_not_answered_yet(answers):
    number, answers = answers
    assert verdict("made_up", number, *answers).state == UNANSWERED


# The caller's mistakes


@pytest.mark.parametrize("called", [exercises.check, exercises.hint])
def test_unknown_ids_and_numbers_raise_with_a_suggestion(called):
    with pytest.raises(KeyError, match="did you mean made_up"):
        called("made_upp", 1)
    with pytest.raises(KeyError, match="did you mean one of 1, 2, 3, 4"):
        called("made_up", 5)


def test_two_modules_cannot_register_the_same_exercise():
    def elsewhere(answer): ...

    elsewhere.__module__ = "dli.exercises.ch99"
    with pytest.raises(ValueError, match="ch99"):
        exercise("made_up", 1)(elsewhere)


# choice


@pytest.mark.parametrize("answer", ["fewer", "Fewer", "  FEWER ", np.str_("fewer")])
def test_capitals_and_spaces_do_not_matter(answer):
    assert choice(answer, {"fewer": "Yes.", "more": "No."}, "fewer") == "Yes."


def test_numbers_can_be_options():
    assert choice(3, {"3": "Yes.", "4": "No."}, "3") == "Yes."


@pytest.mark.parametrize("answer", ["less", "", None, 3, ["fewer"], np.zeros(3)])
def test_an_answer_that_is_no_option_names_the_options(answer):
    with pytest.raises(Wrong, match='"fewer", "as many" or "more"'):
        choice(answer, {"fewer": "", "as many": "", "more": ""}, "fewer")


def test_the_right_option_has_to_be_there():
    with pytest.raises(ValueError):
        choice("a", {"a": "", "b": ""}, "c")


# expect

NAN = float("nan")


@pytest.mark.parametrize(
    "came, wanted",
    [
        (122, 122),
        (122.0, 122),
        (np.int64(122), 122),
        (np.array(122), 122),
        (Fraction(1, 4), 0.25),
        (10**40, 10**40),
        (0.1 + 0.2, 0.3),
        (1e-9, 0.0),
        (1e9 + 1e-3, 1e9),
        (np.float32(1 / 3), 1 / 3),
        (NAN, NAN),
        (float("inf"), np.inf),
        ([1, 2], (1, 2)),
        ((1, 2), np.array([1.0, 2.0])),
        (np.array([[1, NAN]]), [[1.0, NAN]]),
        (True, True),
        (np.bool_(False), False),
        (np.array([True, False]), [True, False]),
        ("cat", "cat"),
        (np.str_("cat"), "cat"),
        (["a", "b"], ("a", "b")),
        (np.array(["a", "b"]), ["a", "b"]),
        (["a", 1], np.array(["a", 1], dtype=object)),
        ([[1], [2, 3]], [[1], [2, 3]]),
        ({"a": 1.0, "b": [2]}, {"a": 1, "b": np.array([2])}),
        (None, None),
        ([], []),
    ],
)
def test_equal(came, wanted):
    expect(came, wanted, "it")


@pytest.mark.parametrize(
    "came, wanted, says",
    [
        (121, 122, "but is 121"),
        (10**40 + 1, 10**40, "but is 1000"),
        (1_000_001, 1_000_000, "but is 1000001"),
        (1_000_000.5, 1_000_000, "but is 1000000.5"),
        (2**60 + 1, np.int64(2**60), "but is"),
        (0.3001, 0.3, "should be 0.3"),
        (NAN, 0.3, "but is nan"),
        (0.3, NAN, "should be nan"),
        (1, True, "should be True"),
        (True, 1, "but is True"),
        ([1, True], [1, 1], "but is [1, True]"),
        (np.array([1, 0]), [True, False], "should be [True, False]"),
        ("cat ", "cat", "but is 'cat '"),
        ("1", 1, "but is '1'"),
        (1, "1", "but is 1"),
        (np.zeros(2), "1", "but is [0., 0.]"),
        (None, 1, "is a return missing?"),
        (0, None, "should be None"),
        ([1, 2, 3], [1, 2], "it should have shape (2,)\nbut has shape (3,)"),
        (1, [1], "but has no dimension (a single number)"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "but has shape (2, 3)"),
        (["a", "c"], ["a", "b"], "it[1] should be 'b'"),
        (["a"], ["a", "b"], "len(it) should be 2"),
        ("ab", ["a", "b"], "but is 'ab'"),
        ({"a": 1}, {"b": 1}, "list(it) should be ['b']"),
        ({"a": 2}, {"a": 1}, "it['a'] should be 1"),
        (3, {"a": 1}, "but is 3"),
        (np.arange(100), np.arange(100) + (np.arange(100) == 7), "it[7] should be 8"),
        (object(), 1, "but is <object"),
        ({1, 2}, [1, 2], "but is {1, 2}"),
    ],
)
def test_different(came, wanted, says):
    with pytest.raises(Wrong) as refused:
        expect(came, wanted, "it")
    assert says in str(refused.value)
    assert len(str(refused.value).splitlines()) == 2


def test_the_tolerance_is_the_callers():
    expect(0.34, 1 / 3, "it", tolerance=0.01)
    expect(21, 20, "it", tolerance=1)
    with pytest.raises(Wrong):
        expect(0.36, 1 / 3, "it", tolerance=0.01)
    with pytest.raises(Wrong):
        expect(22, 20, "it", tolerance=1)


def test_tensors_are_welcome():
    class Tensor:  # as PyTorch's: with a gradient it is no array before detach()
        def detach(self):
            return self

        def cpu(self):
            return np.array([1.0, 2.0])

    expect(Tensor(), [1, 2], "it")


def test_what_cannot_be_compared_is_the_writers_mistake():
    with pytest.raises(TypeError):
        expect(1, object(), "it")


# The modules of the chapters


def test_every_module_is_loaded_without_keras():
    code = (
        "import sys; from dli.exercises import checking; checking._load();"
        "print(sorted({'keras', 'tensorflow', 'torch', 'matplotlib'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
