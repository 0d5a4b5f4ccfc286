"""Comparing an answer with what is right, and saying in three lines how it differs."""

from __future__ import annotations

import functools
import numbers
import types

import numpy as np

_WIDTH = 72  # characters of a value in a message
FUNCTIONS = (
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
    if is_unanswered(answer):
        raise Unanswered
    if right not in options:
        raise ValueError(f"{right!r} is not among the options {list(options)}")
    known = {option.strip().casefold(): option for option in options}
    chosen = known.get(str(answer).strip().casefold())
    if chosen is None:
        names = [f'"{option}"' for option in options]
        raise Wrong(
            f"Choose {', '.join(names[:-1])} or {names[-1]}; your answer is "
            f"{shown(answer)}."
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
    if is_unanswered(came):
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
        raise TypeError(f"expect() can't compare with {shown(wanted)}")
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


def is_unanswered(value) -> bool:
    """Whether it is `...`, or holds a `...` somewhere."""
    if isinstance(value, dict):
        return any(is_unanswered(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(is_unanswered(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return any(is_unanswered(item) for item in value.flat)
    return value is ...


# Messages


def _wrong(what, wanted, came) -> Wrong:
    end = ": is a return missing?" if came is None else ""
    return Wrong(f"{what} should be {shown(wanted)}\nbut is {shown(came)}{end}")


def _shape(array) -> str:
    if array.ndim == 0:
        return "no dimension (a single number)"
    return f"shape {array.shape}"


def shown(value) -> str:
    """The value in one line, shortened where it is long."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=6, threshold=8, separator=", ")
    elif isinstance(value, np.generic):
        return shown(value.item())
    elif isinstance(value, (list, tuple)):
        items = ", ".join(shown(item) for item in value[:20])
        items += ", ..." if len(value) > 20 else ""
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        text = f"[{items}]" if isinstance(value, list) else f"({items}{comma})"
    elif isinstance(value, FUNCTIONS):
        text = f"the function {getattr(value, '__name__', '')}".strip()
    elif isinstance(value, float):
        text = f"{value:.10g}"
        text += "" if set(text) & set(".enai") else ".0"
    else:
        text = repr(value)
    text = _one_line(text)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 4]} ..."


def described(error) -> str:
    text = _one_line(f"{type(error).__name__}: {error}")
    return text if len(text) <= 2 * _WIDTH else f"{text[: 2 * _WIDTH - 4]} ..."


def _one_line(text) -> str:
    return " ".join(str(text).split())
