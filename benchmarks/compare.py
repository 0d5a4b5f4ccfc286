"""What the measurements of both sides come to: ratios, work, and what they agree in.

A *run* is the result of one process, a dict that `benchmarks.child` wrote; `seconds` in
it are its laps. The runs of a part lie by side: `printed`, `ours, tensorflow`, …
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from benchmarks.parts import LOOPS, TRAININGS
from course.run.results import Result, State

BFLOAT16 = 2e-2  # its relative precision, over some layers; float32: 1e-4
NOISE = 0.05  # two medians this close count as equal
MEAN_STEPS = 116  # of the authors' 1,000 episodes of Cart-Pole


def seconds(runs: list[dict]) -> float:
    """Median over all laps of all runs."""
    return median(lap for run in runs for lap in run["seconds"])


def quickest(runs: list[dict]) -> float:
    """The quickest lap of all runs: what else the machine does only adds to it."""
    return min((lap for run in runs for lap in run["seconds"]), default=math.inf)


def fastest(runs: dict) -> str | None:
    """The label of our side with the quickest lap; None if there is no result of ours.

    A backend that was not repeated, since others are faster, has few laps to judge by.
    """
    ours = [label for label in runs if label.startswith("ours")]
    return min(ours, key=lambda label: quickest(runs[label]), default=None)


def titles() -> dict[str, tuple[str, float]]:
    """Title and target of every part that has two sides, by its name."""
    nets = {name: (part.title, part.target) for name, part in TRAININGS.items()}
    return nets | LOOPS


def runs_of(results: dict, name: str) -> dict:
    """The runs of a part by side; empty if it was not measured."""
    return results["parts"].get(name, {}).get("runs", {})


@dataclass(frozen=True)
class Pair:
    """A part of which both sides were measured; ours on the fastest backend.

    Attributes:
        name, title: of the part.
        printed, ours: runs of each side.
        products: GFLOP/s of the training's bare products. Those in the training's own
            sizes where they were measured, else of large matrices: the machine's peak.
    """

    name: str
    title: str
    printed: list[dict]
    ours: list[dict]
    products: float

    @property
    def sides(self) -> tuple[list[dict], list[dict]]:
        return self.printed, self.ours

    def ratio(self, of: Callable = seconds) -> float:
        """How many times as long the printed side takes."""
        return of(self.printed) / of(self.ours)

    @property
    def of_quickest(self) -> float:
        return self.ratio(quickest)

    @property
    def is_slower(self) -> bool:
        """By the medians and by the quickest laps: a single one may be chance."""
        return max(self.ratio(), self.of_quickest) < 1 - NOISE

    @cached_property
    def gflop(self) -> float | None:
        """10⁹ floating-point operations of a lap; None if they are not counted."""
        return self.ours[0]["flops"] / 1e9 if "flops" in self.ours[0] else None

    @property
    def limit(self) -> float | None:
        """The ratio of a side that does the bare products only; None if unknown."""
        if self.gflop is None or not self.products:
            return None
        return seconds(self.printed) * self.products / self.gflop

    def median(self, key: str) -> list[float]:
        """Of both sides, the median of a value that each run has."""
        return [median(run[key] for run in side) for side in self.sides]

    @property
    def work(self) -> str:
        """What one lap is."""
        if self.name == "dqn":
            return f"an episode of {self.printed[0]['steps']} steps, and its replay"
        if self.name == "gan":
            return "an iteration"
        if self.name == "preprocessing":
            return "from books to clean sentences"
        train, valid = self.printed[0]["rows"]
        validated = f", and {valid:,} to validate" if valid else ""
        return f"an epoch of {train:,}{validated}"


def pairs(results: dict) -> dict[str, Pair]:
    """All parts of which both sides were measured, by name."""
    found = {}
    for name, (title, _) in titles().items():
        runs = runs_of(results, name)
        ours = fastest(runs)
        if ours and runs.get("printed"):
            products = results["own_gflops"].get(name, results["peak_gflops"])
            found[name] = Pair(name, title, runs["printed"], runs[ours], products)
    return found


def same_network(printed: list[dict], ours: list[dict]) -> str:
    """Whether both sides are one network with one loss, or how they differ."""
    one, other = printed[0], ours[0]
    if "identity" not in one:
        return ""
    if one["parameters"] != other["parameters"]:
        return f"**no**: {one['parameters']:,} and {other['parameters']:,} parameters"
    kinds = {side.get("arithmetic", "float32") for side in (one, other)}
    precision = 1e-4 if kinds == {"float32"} else BFLOAT16
    for name, value in one["identity"].items():
        found = other["identity"][name]
        if isinstance(value, str):
            equal = value == found
        else:
            equal = math.isclose(value, found, rel_tol=precision)
        if not equal:
            return f"**no**: {name} {value} and {found}"
    apart = f", ours in {other['arithmetic']}" if kinds != {"float32"} else ""
    return f"yes ({one['parameters']:,} parameters{apart})"


def replays(printed: dict, ours: dict) -> dict[str, float]:
    """How far the weights of both sides are apart after the same replay.

    Returns:
        By the number of memories, a share of the distance that the printed side's
        weights moved.
    """
    found = {}
    for count in ("1", "32"):
        before, one = (printed[f"replay of {count}"][k] for k in ("before", "after"))
        other = ours[f"replay of {count}"]["after"]
        found[count] = math.dist(one, other) / math.dist(one, before)
    return found


def episode_parts(dqn: Pair) -> list[tuple[str, float, float]]:
    """Seconds of both sides, by part of an episode of Cart-Pole.

    The last is an episode as long as the mean of the authors' training.
    """
    acting, replaying = dqn.median("acting"), dqn.median("replaying")
    steps = MEAN_STEPS / dqn.printed[0]["steps"]
    whole = [a * steps + r for a, r in zip(acting, replaying)]
    mean = f"an episode of {MEAN_STEPS} steps, the mean of the authors' training"
    return [("acting", *acting), ("replaying", *replaying), (mean, *whole)]


def word2vec(preprocessing: Pair) -> list[float] | None:
    """Seconds of word2vec on both sides; None if a side has not measured it."""
    times = [
        [r["word2vec"] for r in side if "word2vec" in r] for side in preprocessing.sides
    ]
    return [median(values) for values in times] if all(times) else None


def whole_run(results: Sequence[Result], seconds: float = 0) -> dict:
    """What a run of the curriculum took.

    Args:
        results: one a notebook.
        seconds: of the whole run, if it was not interrupted: notebooks may have run
            side by side.
    """
    rows = [result for result in results if result.state != State.LACKS]
    vggnet = sum(row.seconds for row in rows if "vggnet" in row.name)
    total = seconds or sum(row.seconds for row in rows)
    return {
        "notebooks": len(rows),
        "not_ended": [row.name for row in rows if row.state != State.RAN],
        "seconds": total,
        "seconds_without_vggnet": total - vggnet,
        "seconds_of": {row.name: row.seconds for row in rows},
        "peak_gb": {row.name: row.memory / 1e9 for row in rows},
    }
