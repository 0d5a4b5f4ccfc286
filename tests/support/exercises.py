"""What the tests of a chapter's exercises share."""

import pytest

from dli.exercises import checking


def cases(table):
    """Parameters `notebook`, `number` and `answers` of a parametrized test."""
    return [
        pytest.param(*exercise, answers, id=f"{exercise[0]}-{exercise[1]}-{number}")
        for exercise, all_answers in table.items()
        for number, answers in enumerate(all_answers)
    ]


def one_each(table):
    """A table of exercises that ask for one thing, its answers as tuples."""
    return {key: [(answer,) for answer in given] for key, given in table.items()}


def answers(wrong, right):
    """The tests of a chapter's exercises, as a class for its module to name.

    `wrong` and `right` map (notebook, number) to lists of answers, each a tuple of what
    the reader fills in.
    """
    answered = ("notebook", "number", "answers")

    class Answers:
        @pytest.mark.parametrize(answered, cases(wrong))
        def test_wrong_ones_are_refused_in_three_lines(self, notebook, number, answers):
            found = checking.verdict(notebook, number, *answers)
            assert found.state == checking.WRONG, found.text
            assert len(found.text.splitlines()) <= 3

        @pytest.mark.parametrize(answered, cases(right))
        def test_right_ones_are_taken_in_one_line(self, notebook, number, answers):
            found = checking.verdict(notebook, number, *answers)
            assert found.state == checking.RIGHT, found.text
            assert len(found.text.splitlines()) == 1

        @pytest.mark.parametrize(("notebook", "number"), wrong)
        def test_stubs_are_not_answered(self, notebook, number):
            filled = right[notebook, number][0]
            stubs = [[... for _ in filled]]
            if callable(filled[0]):
                stubs.append([lambda *arguments: ... for _ in filled])
            for stub in stubs:
                found = checking.verdict(notebook, number, *stub)
                assert found.state == checking.UNANSWERED, found.text

        def test_every_exercise_has_right_and_at_least_three_wrong_ones(self):
            assert right.keys() == wrong.keys()
            assert [key for key, given in wrong.items() if len(given) < 3] == []

    return Answers
