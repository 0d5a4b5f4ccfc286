"""In what a training differs from the recorded one, in words.

Both are described by `dli.kept.description`. What changes neither what is learned nor
how (the number of steps that are executed at a time, the backend) does not count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

# Of `compile`: how fast it is computed, not what.
_SPEED = {"steps_per_execution", "jit_compile", "run_eagerly", "auto_scale_loss"}
# What a layer was built for, and where a backend keeps its classes.
_FORM = {"build_config", "module", "registered_name"}
_LISTED = ("input_layers", "output_layers", "keras_history")


def between(recorded: Mapping, now: Mapping) -> list[str]:
    """What is different now, each in words; empty if nothing is.

    Args:
        recorded: description of the recorded training.
        now: description of this one.
    """
    found = [*_versions(recorded, now), *_data(recorded, now)]
    found += _plain("seed", recorded.get("seed"), now.get("seed"))
    for name in _names("values", recorded, now):
        before, after = (d.get("values", {}).get(name) for d in (recorded, now))
        found += _plain(name, before, after)
    for name in _read("networks", recorded, now):
        before, after = (d.get("networks", {}).get(name) for d in (recorded, now))
        found += _network(before, after)
    if "network" in recorded:
        found += _network(recorded["network"], now.get("network"))
    for name, before in recorded.get("fit", {}).items():
        found += _plain(name, before, now.get("fit", {}).get(name))
    if recorded.get("callbacks") != now.get("callbacks"):
        found.append("other callbacks")
    found += _code(recorded, now)
    return list(dict.fromkeys(found))


def _read(part: str, recorded: Mapping, now: Mapping) -> list[str]:
    """Names in a part of what was recorded that the code really reads, sorted.

    Older recordings noted also what had the name of a function's own variable.
    """
    before = set(recorded.get(part, {}))
    is_argument = part == "data" and "fit" in now  # x, y: of `fit`, not of the notebook
    if "used" in now and not is_argument:
        before &= set(now["used"])
    return sorted(before)


def _names(part: str, recorded: Mapping, now: Mapping) -> list[str]:
    """Names whose values, or data, are compared, sorted.

    Older recordings noted no dictionaries: what only this run has noted is passed over.
    """
    before, after = set(_read(part, recorded, now)), set(now.get(part, {}))
    if "fit" not in now and "used" in now and "used" not in recorded:
        after &= before
    return sorted(before | after)


def _versions(recorded, now) -> Iterator[str]:
    titles = {"keras": "Keras", "gensim": "gensim", "torch": "PyTorch"}
    for name, before in recorded["versions"].items():
        after = now["versions"].get(name)
        if before and after and before != after:
            yield f"{titles[name]} is {after}, recorded with {before}"


def _data(recorded, now) -> Iterator[str]:
    for name, extent in now["provenance"].items():
        if recorded["provenance"].get(name, extent) != extent:
            yield f"the data ({name}) are not the original ones ({extent})"
            return
    before, after = recorded.get("data", {}), now.get("data", {})
    for name in _names("data", recorded, now):
        if name not in before or name not in after:
            yield f"other data: {name}"
            return
        pairs = list(zip(before[name], after[name]))
        if len(before[name]) != len(after[name]) or not all(
            map(_is_same, *zip(*pairs))
        ):
            yield f"other data: {name}"
            return


def _is_same(recorded: Mapping, now: Mapping) -> bool:
    """Whether two arrays are the same, up to the last bits of floats."""
    if "sha256" not in recorded or recorded.get("sha256") == now.get("sha256"):
        same = ("class", "stream", "batches", "shape", "dtype")
        return all(recorded.get(name) == now.get(name) for name in same)
    if recorded["shape"] != now.get("shape") or recorded["dtype"] != now.get("dtype"):
        return False
    if "projections" not in recorded:
        return False
    size = math.prod(recorded["shape"])
    slack = 1e-6 * recorded["rms"] * math.sqrt(size)
    return all(
        abs(before - after) <= slack
        for before, after in zip(recorded["projections"], now["projections"])
    )


def _network(recorded: Mapping, now: Mapping | None) -> Iterator[str]:
    if now is None:
        yield "a network is missing"
        return
    if recorded["shapes"] != now["shapes"]:
        yield "the network has other layers"
        return
    if recorded.get("classes", {}) != now.get("classes", {}):
        yield "the network's own layers are other ones"
    before, after = (_leaves(_unnamed(n["config"])) for n in (recorded, now))
    for place in before.keys() | after.keys():
        if before.get(place) != after.get(place):
            yield from _plain(
                place.rpartition(".")[2], before.get(place), after.get(place)
            )
            return


def _leaves(config, place: str = "") -> dict:
    """Every plain value of a configuration by its place."""
    if isinstance(config, dict):
        pairs = config.items()
    elif isinstance(config, list):
        pairs = enumerate(config)
    else:
        return {place: config}
    found = {}
    for name, part in pairs:
        if name not in _SPEED | _FORM:
            found |= _leaves(part, f"{place}.{name}")
    return found


def _unnamed(config):
    """A configuration with the names of layers counted: a second `dense_1` is new."""
    names: dict[str, str] = {}

    def look(part):
        if isinstance(part, dict):
            if isinstance(part.get("name"), str):
                names.setdefault(part["name"], f"#{len(names)}")
            part = list(part.values())
        if isinstance(part, list):
            for inner in part:
                look(inner)

    def renamed(part, inside=False):
        if isinstance(part, dict):
            return {
                key: renamed(value, key == "name" or key in _LISTED)
                for key, value in part.items()
            }
        if isinstance(part, list):
            return [renamed(inner, inside) for inner in part]
        return names.get(part, part) if inside and isinstance(part, str) else part

    look(config)
    return renamed(config)


def _code(recorded, now) -> Iterator[str]:
    if recorded["cell"].strip() != now["cell"].strip():
        yield "the code of this cell is another"
    before, after = recorded["definitions"], now["definitions"]
    for name in sorted({*_read("definitions", recorded, now), *after}):
        if before.get(name) != after.get(name):
            yield f"the code of {name} is another"


def _plain(name: str, recorded, now) -> Iterator[str]:
    if recorded == now or _is_close(recorded, now):
        return
    if any(isinstance(value, dict) for value in (recorded, now)):
        yield f"another {name}"
    elif now is None or recorded is None:
        yield f"{name} is {'not ' if now is None else ''}given"
    else:
        yield f"{name} is {_short(now)}, recorded with {_short(recorded)}"


def _is_close(recorded, now) -> bool:
    numbers = (int, float)
    return (
        isinstance(recorded, numbers)
        and isinstance(now, numbers)
        and not isinstance(recorded, bool)
        and math.isclose(recorded, now, rel_tol=1e-6)
    )


def _short(value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)[:60]
