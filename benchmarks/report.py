"""`README.md` and the headline from what was measured; `templates/` has the words."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from benchmarks import compare, pages
from benchmarks.compare import Pair
from benchmarks.parts import DATA_SETS, TRAININGS

CURRICULUM_HOURS, QUICK_MINUTES = 2.5, 10
IMPORT_SECONDS, LOAD_SECONDS = 0.1, 2.0
PEAK_GB = 6.0
ROUNDING = 1e-3  # of the distance that weights move

ABSENT = "not measured"
TEMPLATES = Path(__file__).with_name("templates")

#: What is measured, the target, what was found, and whether it meets the target.
Target = tuple[str, str, str, bool | None]


def page(results: dict) -> str:
    """The whole of README.md."""
    pairs = compare.pairs(results)
    parts = results["parts"].values()
    dates = sorted({part["date"] for part in parts})
    dqn, words = pairs.get("dqn"), pairs.get("preprocessing")
    return pages.render(
        TEMPLATES / "report.md.j2",
        machine=results["machine"],
        measured=" to ".join(dict.fromkeys((dates[0], dates[-1])))
        if dates
        else "never",
        minutes=sum(part["seconds"] for part in parts) / 60,
        targets=targets(results, pairs),
        pairs=pairs.values(),
        peak_gflops=results["peak_gflops"],
        backends=backends(results),
        episode=compare.episode_parts(dqn) if dqn else [],
        replays=results["parts"]["dqn"]["replays"] if dqn else {},
        rounding=ROUNDING,
        word2vec=compare.word2vec(words) if words else None,
        words=words,
        scaling=scaling(results),
        loading=loading(results),
        full=results["runs"].get("full"),
        failed=[
            (name, error)
            for name, part in results["parts"].items()
            for error in part["failed"]
        ],
        **{
            function.__name__: function
            for function in (compare.seconds, compare.same_network, quality, peak_mb)
        },
    )


def headline(results: dict) -> str:
    """For the project's README: the largest ratios, and the whole curriculum."""
    pairs = sorted(compare.pairs(results).values(), key=lambda pair: -pair.ratio())
    ended = {pace: run for pace, run in results["runs"].items() if not run["not_ended"]}
    return pages.render(
        TEMPLATES / "headline.md.j2",
        machine=results["machine"],
        best=pairs[:4],
        trainings=len(pairs),
        slower=sum(pair.is_slower for pair in pairs),
        full=ended.get("full"),
        quick=ended.get("quick"),
    )


def targets(results: dict, pairs: dict[str, Pair]) -> list[Target]:
    """All targets, with what was found of each."""
    return [
        *(
            _ratio_target(title, target, pairs.get(name))
            for name, (title, target) in compare.titles().items()
            if target > 1
        ),
        _none_slower(pairs.values()),
        _import_target(results),
        _load_target(results),
        *_run_targets(results["runs"]),
    ]


def _ratio_target(title: str, target: float, pair: Pair | None) -> Target:
    wanted = f"at least {target:g}×"
    if pair is None:
        return title, wanted, ABSENT, None
    ratio = pair.ratio()
    found = pages.times(ratio)
    if ratio < target and pair.limit and pair.limit < target:
        found += f" (bare products: {pages.times(pair.limit)})"
    return title, wanted, found, ratio >= target


def _none_slower(pairs) -> Target:
    what = "nothing slower than the printed way"
    wanted = f"none by more than {compare.NOISE:.0%}, in medians and quickest laps"
    if not pairs:
        return what, wanted, ABSENT, None
    slower = [pair.title for pair in pairs if pair.is_slower]
    return what, wanted, ", ".join(slower) or f"none of {len(pairs)}", not slower


def _import_target(results: dict) -> Target:
    what, wanted = "`import dli`", f"under {IMPORT_SECONDS} s, without Keras"
    runs = compare.runs_of(results, "imports").get("dli")
    if not runs:
        return what, wanted, ABSENT, None
    found, keras = compare.seconds(runs), any(run["keras"] for run in runs)
    text = f"{pages.seconds(found)}, {'with' if keras else 'without'} Keras"
    return what, wanted, text, found < IMPORT_SECONDS and not keras


def _load_target(results: dict) -> Target:
    what, wanted = "second load of any data set", f"under {LOAD_SECONDS:g} s"
    runs = compare.runs_of(results, "data_loads")
    times = {name: compare.seconds(of) for name, of in runs.items() if of}
    if not times:
        return what, wanted, ABSENT, None
    slowest = max(times, key=times.get)
    found = times[slowest]
    text = f"{pages.seconds(found)} ({slowest}, the slowest of {len(times)})"
    return what, wanted, text, found < LOAD_SECONDS


def _run_targets(runs: dict) -> list[Target]:
    full, quick = runs.get("full"), runs.get("quick")
    hours = minutes = peak = (f"{ABSENT} in this run", None)
    if full:
        took, ended = full["seconds_without_vggnet"] / 3600, not full["not_ended"]
        text = f"{took:.2f} h, {full['notebooks']} notebooks"
        hours = text, ended and took < CURRICULUM_HOURS
        name = max(full["peak_gb"], key=full["peak_gb"].get)
        held = full["peak_gb"][name]
        peak = f"{held:.2f} GB ({name})", ended and held < PEAK_GB
    if quick:
        took = quick["seconds"] / 60
        text = f"{took:.1f} minutes, {quick['notebooks']} notebooks"
        minutes = text, not quick["not_ended"] and took < QUICK_MINUTES
    whole = "whole curriculum at"
    return [
        (f"{whole} full pace, without VGGNet", f"under {CURRICULUM_HOURS} h", *hours),
        (f"{whole} quick pace", f"under {QUICK_MINUTES} minutes", *minutes),
        ("peak memory of any notebook at full pace", f"under {PEAK_GB:g} GB", *peak),
    ]


def quality(runs: list[dict]) -> str:
    """What one side has reached, as medians over its runs."""
    shown = []
    for name in runs[0]["quality"]:
        value = median(r["quality"][name] for r in runs if name in r["quality"])
        number = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
        shown.append(f"{name} {number}")
    return ", ".join(shown)


def peak_mb(runs: list[dict]) -> str:
    """The most memory that one side has held."""
    return f"{max(run['peak_mb'] for run in runs):,.0f}"


def backends(results: dict) -> list[tuple[str, str, list[dict], bool]]:
    """Title, side, runs, and whether it is the fastest of ours."""
    return [
        (part.title, label, side, label == compare.fastest(runs))
        for name, part in TRAININGS.items()
        if part.backends and compare.fastest(runs := compare.runs_of(results, name))
        for label, side in runs.items()
    ]


def scaling(results: dict) -> list[tuple[str, list[tuple[int, float]], float]]:
    """Title, (samples, seconds) by share of the data, seconds of all over the least."""
    return [
        (TRAININGS[name].title, points, points[-1][1] / points[0][1])
        for name, runs in compare.runs_of(results, "scaling").items()
        for points in [runs[0]["points"]]
    ]


def loading(results: dict) -> list[tuple[str, float]]:
    """Imports and loads of data sets, with their seconds."""
    imports = compare.runs_of(results, "imports")
    loads = compare.runs_of(results, "data_loads")
    found = [(f"`import {module}`", runs) for module, runs in imports.items()]
    found += [
        (f"`{name}.{DATA_SETS[name]}`, cached", runs)
        for name, runs in loads.items()
        if runs
    ]
    return [(what, compare.seconds(runs)) for what, runs in found]
