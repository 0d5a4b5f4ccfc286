"""Seeded mutations of a `chapter.toml` and of the tables of the pages.

Each takes the text and a random generator, and returns the changed text.
"""

from __future__ import annotations

import re

_DIGIT = re.compile(r"\d")


def _line(key: str, pattern: str, new):
    """A mutation of one line `key = …` of a TOML text."""
    line = re.compile(rf"^{key} = {pattern}$", re.M)

    def mutate(text, rng):
        match = rng.choice(list(line.finditer(text)))
        changed = new(match[0], rng)
        return text[: match.start()] + changed + text[match.end() :]

    return mutate


def _one_digit(line, rng):
    start = line.index("=")
    match = rng.choice([m for m in _DIGIT.finditer(line) if m.start() > start])
    # TOML allows no leading zero.
    digits = [digit for digit in "123456789" if digit != match[0]]
    return line[: match.start()] + rng.choice(digits) + line[match.end() :]


def _moved_band(line, rng):
    low, high = (float(end) for end in line.split("[")[1].rstrip("]").split(","))
    shift = 2 * (high - low) + abs(high) + 1
    return f"band = [{low + shift}, {high + shift}]"


def _misspelt(line, rng):
    start = line.index("=")
    letters = [m for m in re.finditer(r"[A-Za-z]", line) if m.start() > start]
    match = rng.choice(letters)
    others = [letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter != match[0]]
    return line[: match.start()] + rng.choice(others) + line[match.end() :]


FACTS = {
    "band moved": _line("band", r"\[.*\]", _moved_band),
    "digit of a band": _line("band", r"\[.*\]", _one_digit),
    "digit of a printed value": _line("book", r".*", _one_digit),
    "file of a notebook": _line("file", r'".*"', _misspelt),
    "title": _line("title", r'".*"', _misspelt),
    "label": _line("label", r'".*"', _misspelt),
    "name of a measure": _line("name", r'".*"', _misspelt),
    "headline": _line("headline", r'".*"', _misspelt),
}


def _in_a_table(pattern: str, new):
    """A mutation of one of the tables that `make readme` writes."""
    table = re.compile(r"<!-- \w+: written by `make readme` -->(.*?)<!-- end of", re.S)
    found = re.compile(pattern, re.M)

    def mutate(text, rng):
        places = [
            (m.start(1) + inside.start(), m.start(1) + inside.end())
            for m in table.finditer(text)
            for inside in found.finditer(m[1])
        ]
        start, end = rng.choice(places)
        return text[:start] + new(text[start:end], rng) + text[end:]

    return mutate


README = {
    "digit": _in_a_table(r"\d", lambda old, rng: str((int(old) + 1) % 10)),
    "row deleted": _in_a_table(r"^\| .*\n", lambda old, rng: ""),
    "row repeated": _in_a_table(r"^\| .*\n", lambda old, rng: old + old),
    "cell emptied": _in_a_table(
        r"(?<=\| )[^|\n]*\w[^|\n]*(?= \|)", lambda old, rng: ""
    ),
    "letter": _in_a_table(r"[a-y]", lambda old, rng: chr(ord(old) + 1)),
}
