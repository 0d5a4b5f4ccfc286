"""What the tests of a chapter's exercises share.

`WRONG` and `RIGHT` map (notebook, number) to lists of answers, each a tuple of what the
reader fills in.
"""

import pytest

from dli.exercises import checking


def cases(table):
    """Parameters `notebook`, `number` and `answers` of a parametrized test."""
    return [
        pytest.param(*exercise, answers, id=f"{exercise[0]}-{exercise[1]}-{number}")
        for exercise, all_answers in table.items()
        for number, answers in enumerate(all_answers)
    ]


def refuses(notebook, number, answers) -> bool:
    """Whether wrong answers are refused, in at most three lines."""
    found = checking.verdict(notebook, number, *answers)
    return found.state == checking.WRONG and len(found.text.splitlines()) <= 3


def takes(notebook, number, answers) -> bool:
    """Whether right answers pass."""
    return checking.verdict(notebook, number, *answers).state == checking.RIGHT


def waits(notebook, number, answers) -> bool:
    """Whether stubs of such answers are not answered yet."""
    stubs = [[... for _ in answers]]
    if callable(answers[0]):
        stubs.append([lambda *arguments: ...])
    found = [checking.verdict(notebook, number, *stub).state for stub in stubs]
    return set(found) == {checking.UNANSWERED}
