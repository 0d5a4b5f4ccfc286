"""What exercises are written with (`exercise`, `choice`, `expect`), and what runs them.

    @exercise("simple_cells", 1, hint="Turn the bar by 180 degrees.")
    def _(prediction):
        choice(prediction, {"fewer": "Why.", "more": "Why not."}, right="fewer")
        return "The sentence that is shown when the answer is right."

A reader's function arrives wrapped: an error in it, or a `...` that it returns, ends
the check with a message for the reader and not with a traceback.
"""

from __future__ import annotations

import copy
import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dli.exercises.answers import (
    FUNCTIONS,
    Unanswered,
    Wrong,
    choice,
    described,
    expect,
    is_unanswered,
    shown,
)
from dli.words import did_you_mean

__all__ = [
    "RIGHT",
    "UNANSWERED",
    "WRONG",
    "Verdict",
    "check",
    "choice",
    "exercise",
    "expect",
    "grade",
    "hint",
    "verdict",
]

RIGHT, WRONG, UNANSWERED = "right", "not yet", "not answered yet"


@dataclass(frozen=True)
class Verdict:
    """What a check found: `state` is RIGHT, WRONG or UNANSWERED."""

    state: str
    text: str


@dataclass(frozen=True)
class _Exercise:
    checks: Callable[..., str]
    hint: str


_exercises: dict[str, dict[int, _Exercise]] = {}


# For the reader


def check(notebook: str, number: int, *answers) -> None:
    """Print whether the answers to an exercise are right.

    Args:
        notebook: the notebook's id, as in `"simple_cells"`.
        number: the exercise's number in this notebook.
        answers: what the exercise asks for: values or functions.

    Raises:
        KeyError: there is no such notebook, or no exercise of this number in it.
    """
    print(verdict(notebook, number, *answers).text)


def grade(notebook: str, number: int, *answers) -> None:
    """Print what `check` prints, and fail unless the answers are right: for graders.

    Raises:
        AssertionError: an answer is wrong, or not there yet.
        KeyError: there is no such notebook, or no exercise of this number in it.
    """
    found = verdict(notebook, number, *answers)
    if found.state != RIGHT:
        raise AssertionError(found.text)
    print(found.text)


def hint(notebook: str, number: int) -> None:
    """Print the hint to an exercise.

    Raises:
        KeyError: there is no such notebook, or no exercise of this number in it.
    """
    told = _find(notebook, number).hint
    print(f"Exercise {number}: {told or 'there is no hint.'}")


def verdict(notebook: str, number: int, *answers) -> Verdict:
    """What `check` prints, as a value: for tests and for graders.

    Raises:
        KeyError: there is no such notebook, or no exercise of this number in it.
    """
    found = _find(notebook, number)
    start = f"Exercise {number}:"
    try:
        if any(is_unanswered(answer) for answer in answers):
            raise Unanswered
        sentence = found.checks(*(_guarded(answer) for answer in answers))
    except Unanswered:
        return Verdict(UNANSWERED, f"{start} not answered yet.")
    except Wrong as wrong:
        why = str(wrong)
    except Exception as error:
        why = f"The answer could not be checked: {described(error)}"
    else:
        return Verdict(RIGHT, f"{start} right. {sentence or ''}".rstrip())
    head = f"{start} not yet."
    if found.hint:
        head += f' For a hint: exercises.hint("{notebook}", {number})'
    return Verdict(WRONG, "\n".join([head, *why.splitlines()[:2]]))


# For whoever writes exercises


def exercise(notebook: str, number: int, hint: str = "") -> Callable:
    """Register the decorated function as the check of an exercise.

    The function gets the reader's answers. It raises `Wrong` (mostly by `choice` or
    `expect`), or returns the sentence to be shown when all is right.

    Args:
        notebook: the notebook's id.
        number: the exercise's number in this notebook.
        hint: what helps without giving the answer away.

    Raises:
        ValueError: another module has registered this exercise.
    """

    def register(checks):
        known = _exercises.setdefault(notebook, {})
        earlier = known.get(number)
        if earlier and earlier.checks.__module__ != checks.__module__:
            raise ValueError(
                f"exercise {number} of {notebook!r} is in {earlier.checks.__module__} "
                f"and in {checks.__module__}"
            )
        known[number] = _Exercise(checks, hint)
        return checks

    return register


# The reader's functions


def _guarded(answer):
    """A reader's function that ends the check by itself where it fails."""
    if not isinstance(answer, FUNCTIONS):
        return answer
    name = getattr(answer, "__name__", "your function")
    if name == "<lambda>":
        name = "your function"

    def call(*args, **kwargs):
        given = [shown(value) for value in args]
        given += [f"{key}={shown(value)}" for key, value in kwargs.items()]
        try:
            # copies: a function that changes its input must not change the check
            result = answer(*map(_copied, args), **kwargs)
        except Exception as error:
            if "ellipsis" in str(error):  # the reader calculates with a `...`
                raise Unanswered from None
            raise Wrong(
                f"{name}({', '.join(given)}) fails:\n{described(error)}"
            ) from error
        if is_unanswered(result):
            raise Unanswered
        return result

    call.__name__ = name
    return call


def _copied(value):
    if isinstance(value, (np.ndarray, list, dict)):
        return copy.deepcopy(value)
    return value


# Finding an exercise


@functools.cache
def _load() -> None:
    """Import the chapters' modules, each of which registers its exercises."""
    package = importlib.import_module("dli.exercises")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"dli.exercises.{module.name}")


def _find(notebook, number) -> _Exercise:
    _load()
    if notebook not in _exercises:
        hint = did_you_mean(str(notebook), _exercises)
        raise KeyError(f"no notebook {notebook!r} has exercises; {hint}")
    known = _exercises[notebook]
    if number not in known:
        there = ", ".join(map(str, sorted(known)))
        raise KeyError(
            f"{notebook!r} has no exercise {number!r}; did you mean one of {there}?"
        )
    return known[number]
