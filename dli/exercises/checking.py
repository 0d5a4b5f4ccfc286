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
import difflib
import functools
import importlib
import numbers
import pkgutil
import types
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

RIGHT, WRONG, UNANSWERED = "right", "not yet", "not answered yet"

_WIDTH = 72  # characters of a value in a message
_FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    functools.partial,
    np.ufunc,
)


class Wrong(Exception):
    """The answer is not right; the message says what was expected and what came."""


class Unanswered(Exception):
    """Some part of the answer still is `...`."""


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
        if any(_unanswered(answer) for answer in answers):
            raise Unanswered
        sentence = found.checks(*(_guarded(answer) for answer in answers))
    except Unanswered:
        return Verdict(UNANSWERED, f"{start} not answered yet.")
    except Wrong as wrong:
        why = str(wrong)
    except Exception as error:
        why = f"The answer could not be checked: {_described(error)}"
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


def choice(answer, options: dict[str, str], right: str) -> str:
    """Take one of several options for the answer; capitals and outer spaces are free.

    Args:
        answer: what the reader chose.
        options: each option, and why it is right or wrong.
        right: the right option.

    Returns:
        Why the right option is right.

    Raises:
        Wrong: the answer is another option, or none of them.
    """
    if _unanswered(answer):
        raise Unanswered
    if right not in options:
        raise ValueError(f"{right!r} is not among the options {list(options)}")
    known = {option.strip().casefold(): option for option in options}
    chosen = known.get(str(answer).strip().casefold())
    if chosen is None:
        names = [f'"{option}"' for option in options]
        raise Wrong(
            f"Choose {', '.join(names[:-1])} or {names[-1]}; your answer is "
            f"{_shown(answer)}."
        )
    if chosen != right:
        raise Wrong(f'You chose "{chosen}". {_one_line(options[chosen])}')
    return options[right]


def expect(came, wanted, what: str, tolerance: float = 1e-6) -> None:
    """Compare what came with what was wanted.

    Python's numbers, NumPy's, lists, tuples, arrays and tensors are all welcome.
    Numbers count as equal if they differ by no more than `tolerance`, or by this
    share of the wanted value where that is no whole number. NaN equals NaN, `True`
    is no 1, strings have to be the same.

    Args:
        came: what the reader's answer gave.
        wanted: what it should be: number, string, None, or list, tuple, array or
            dict of those.
        what: what is compared, as in `"response(30)"`.
        tolerance: absolute and relative.

    Raises:
        Wrong: it differs; says what, what it should be, and what it is.
    """
    if _unanswered(came):
        raise Unanswered
    if isinstance(wanted, np.ndarray) and _array(wanted) is None:
        wanted = wanted.tolist()
    if wanted is None or isinstance(wanted, str):
        kind = type(None) if wanted is None else str
        if not isinstance(came, kind) or came != wanted:
            raise _wrong(what, wanted, came)
    elif isinstance(wanted, dict):
        _expect_dict(came, wanted, what, tolerance)
    elif isinstance(wanted, (list, tuple)) and _array(wanted) is None:
        _expect_items(came, wanted, what, tolerance)
    else:
        _expect_numbers(came, wanted, what, tolerance)


# Comparisons


def _expect_dict(came, wanted, what, tolerance):
    if not isinstance(came, dict):
        raise _wrong(what, wanted, came)
    if came.keys() != wanted.keys():
        raise _wrong(f"list({what})", list(wanted), list(came))
    for key, value in wanted.items():
        expect(came[key], value, f"{what}[{key!r}]", tolerance)


def _expect_items(came, wanted, what, tolerance):
    if isinstance(came, np.ndarray):
        came = came.tolist()
    if not isinstance(came, (list, tuple)):
        raise _wrong(what, wanted, came)
    if len(came) != len(wanted):
        raise _wrong(f"len({what})", len(wanted), len(came))
    for place, value in enumerate(wanted):
        expect(came[place], value, f"{what}[{place}]", tolerance)


def _expect_numbers(came, wanted, what, tolerance):
    if _is_whole(came) and _is_whole(wanted):  # of any length, so without NumPy
        if abs(int(came) - int(wanted)) > tolerance:
            raise _wrong(what, wanted, came)
        return
    right, given = _array(wanted), _array(came)
    if right is None:
        raise TypeError(f"expect() can't compare with {_shown(wanted)}")
    if given is None:
        raise _wrong(what, wanted, came)
    if given.shape != right.shape:
        raise Wrong(f"{what} should have {_shape(right)}\nbut has {_shape(given)}")
    if _has_bool(came, given) != _has_bool(wanted, right):
        raise _wrong(what, wanted, came)
    whole = right.dtype.kind in "biu"
    with np.errstate(invalid="ignore"):
        close = np.isclose(
            given, right, rtol=0 if whole else tolerance, atol=tolerance, equal_nan=True
        )
    if whole and given.dtype.kind in "biu":  # too long for the floats of isclose
        close = (given == right) | (close & (tolerance >= 1))
    if np.all(close):
        return
    if right.size <= 8:
        raise _wrong(what, wanted, came)
    place = tuple(int(i) for i in np.argwhere(~close)[0])
    where = ", ".join(map(str, place))
    raise _wrong(f"{what}[{where}]", right[place], given[place])


def _is_whole(value) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _has_bool(value, array) -> bool:
    """Whether it is a bool, or a list with a bool among its numbers."""
    if isinstance(value, (list, tuple)):
        return any(_has_bool(item, np.asarray(item)) for item in value)
    return array.dtype.kind == "b"


def _array(value) -> np.ndarray | None:
    """The value as an array of numbers; None if it is no such thing."""
    if hasattr(value, "detach"):  # a tensor of PyTorch
        value = value.detach().cpu()
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":
            if any(not isinstance(item, numbers.Number) for item in array.flat):
                return None
            array = array.astype(float)
    except Exception:  # a ragged list, or an object with ideas of its own
        return None
    return array if array.dtype.kind in "biufc" else None


# The reader's functions


def _guarded(answer):
    """A reader's function that ends the check by itself where it fails."""
    if not isinstance(answer, _FUNCTIONS):
        return answer
    name = getattr(answer, "__name__", "your function")
    if name == "<lambda>":
        name = "your function"

    def call(*args, **kwargs):
        shown = [_shown(value) for value in args]
        shown += [f"{key}={_shown(value)}" for key, value in kwargs.items()]
        try:
            # copies: a function that changes its input must not change the check
            result = answer(*map(_copied, args), **kwargs)
        except Exception as error:
            if "ellipsis" in str(error):  # the reader calculates with a `...`
                raise Unanswered from None
            raise Wrong(
                f"{name}({', '.join(shown)}) fails:\n{_described(error)}"
            ) from error
        if _unanswered(result):
            raise Unanswered
        return result

    call.__name__ = name
    return call


def _copied(value):
    if isinstance(value, (np.ndarray, list, dict)):
        return copy.deepcopy(value)
    return value


def _unanswered(value) -> bool:
    """Whether it is `...`, or holds a `...` somewhere."""
    if isinstance(value, dict):
        return any(_unanswered(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_unanswered(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return any(_unanswered(item) for item in value.flat)
    return value is ...


# Messages


def _wrong(what, wanted, came) -> Wrong:
    end = ": is a return missing?" if came is None else ""
    return Wrong(f"{what} should be {_shown(wanted)}\nbut is {_shown(came)}{end}")


def _shape(array) -> str:
    if array.ndim == 0:
        return "no dimension (a single number)"
    return f"shape {array.shape}"


def _shown(value) -> str:
    """The value in one line, shortened where it is long."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=6, threshold=8, separator=", ")
    elif isinstance(value, np.generic):
        return _shown(value.item())
    elif isinstance(value, (list, tuple)):
        items = ", ".join(_shown(item) for item in value[:20])
        items += ", ..." if len(value) > 20 else ""
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        text = f"[{items}]" if isinstance(value, list) else f"({items}{comma})"
    elif isinstance(value, _FUNCTIONS):
        text = f"the function {getattr(value, '__name__', '')}".strip()
    elif isinstance(value, float):
        text = f"{value:.10g}"
        text += "" if set(text) & set(".enai") else ".0"
    else:
        text = repr(value)
    text = _one_line(text)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 4]} ..."


def _described(error) -> str:
    text = _one_line(f"{type(error).__name__}: {error}")
    return text if len(text) <= 2 * _WIDTH else f"{text[: 2 * _WIDTH - 4]} ..."


def _one_line(text) -> str:
    return " ".join(str(text).split())


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
        close = difflib.get_close_matches(str(notebook), _exercises, n=1)
        meant = f"; did you mean {close[0]!r}?" if close else ""
        raise KeyError(f"no notebook {notebook!r} has exercises{meant}")
    known = _exercises[notebook]
    if number not in known:
        there = ", ".join(map(str, sorted(known)))
        raise KeyError(
            f"{notebook!r} has no exercise {number!r}; did you mean one of {there}?"
        )
    return known[number]
