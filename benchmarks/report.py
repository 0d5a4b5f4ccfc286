"""`README.md` from what was measured: tables, and which targets are met."""

from __future__ import annotations

import math
from statistics import median

from benchmarks.parts import DATA_SETS, LOOPS, TRAININGS

BFLOAT16 = 2e-2  # its relative precision, over some layers; float32: 1e-4
NOISE = 0.05  # two medians this close are taken for equal
CURRICULUM_HOURS, QUICK_MINUTES = 2.5, 10
IMPORT_SECONDS, LOAD_SECONDS = 0.1, 2.0
PEAK_GB = 6.0
ROUNDING = 1e-3  # of the way that weights move
MEAN_STEPS = 116  # of the authors' 1,000 episodes of Cart-Pole

ABSENT = "not measured"


def seconds(runs: list[dict]) -> float:
    """Median over all laps of all repeats."""
    return median(lap for run in runs for lap in run["seconds"])


def quickest(runs: list[dict]) -> float:
    """The quickest lap of all repeats: what else the machine does only adds to it."""
    return min((lap for run in runs for lap in run["seconds"]), default=math.inf)


def fastest(runs: dict) -> str | None:
    """The label of our side with the quickest lap; None if there is no result of ours.

    A backend that was not repeated, since others are faster, has few laps to judge by.
    """
    ours = [label for label in runs if label.startswith("ours")]
    return min(ours, key=lambda label: quickest(runs[label]), default=None)


def ratio(runs: dict, seconds=seconds) -> float | None:
    """Printed seconds over ours; None if one of them is missing."""
    ours = fastest(runs)
    if ours is None or not runs.get("printed"):
        return None
    return seconds(runs["printed"]) / seconds(runs[ours])


def bare(results: dict, name: str) -> tuple[float, float] | None:
    """GFLOP/s of a training's bare products, and how often they go into the printed.

    Products in the training's own sizes where those were measured, else of large
    matrices: the machine's peak. None if unknown.
    """
    runs = _runs(results, name)
    ours, best = fastest(runs), results["own_gflops"].get(name, results["peak_gflops"])
    if not best or ours is None or "flops" not in runs[ours][0]:
        return None
    return best, seconds(runs["printed"]) * best / (runs[ours][0]["flops"] / 1e9)


def whole_run(state: dict) -> dict:
    """What a run of the curriculum took, from what the runner noted of it.

    Args:
        state: `results`, each with `name`, `seconds`, `memory` in bytes and `error`;
            `seconds` of the whole run if notebooks ran side by side.
    """
    rows = [row for row in state["results"] if not row.get("lacking")]
    vggnet = sum(row["seconds"] for row in rows if "vggnet" in row["name"])
    total = state.get("seconds") or sum(row["seconds"] for row in rows)
    return {
        "notebooks": len(rows),
        "not_ended": [r["name"] for r in rows if r.get("error") or r.get("not_run")],
        "seconds": total,
        "seconds_without_vggnet": total - vggnet,
        "seconds_of": {row["name"]: row["seconds"] for row in rows},
        "peak_gb": {row["name"]: row.get("memory", 0) / 1e9 for row in rows},
    }


def titles() -> dict[str, tuple[str, float]]:
    """Title and target of every part that has two sides."""
    nets = {name: (part.title, part.target) for name, part in TRAININGS.items()}
    return nets | LOOPS


def page(results: dict) -> str:
    """The whole of README.md."""
    sections = [
        _head(results),
        _targets(results),
        _side_by_side(results),
        _quality(results),
        _arithmetic(results),
        _backends(results),
        _loops(results),
        _scaling(results),
        _small(results),
        _memory(results),
        _failed(results),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _head(results: dict) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{k} {v}" for k, v in machine["versions"].items())
    dates = sorted({part["date"] for part in results["parts"].values()})
    minutes = sum(part["seconds"] for part in results["parts"].values()) / 60
    when = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "never"
    return f"""# Our notebooks beside the code as the book prints it

Written by `make bench`, not by hand. Measured {when} in {minutes:.0f} minutes on
{machine["processor"]}, {machine["cores"]} cores, {machine["memory_gb"]} GB of memory,
{machine["system"]}. Versions: {versions}.

*Printed* is the book's way on these same versions (`benchmarks/printed.py`); *ours* is
the code of the notebook itself, cell by cell. Each measurement is a process of its own;
the two sides take turns. Data are loaded and graphs are built before the clock starts:
of a training the first epoch does not count, of a loop the first round. Given is the
median over all epochs of all repeats, and beside its ratio that of the quickest epochs,
since other work on the machine only ever adds. `steps_per_execution`, `jit_compile`,
larger batches to validate with, and another backend change the speed, not what is
computed; *Quality* below shows it.

Not compared are transfer learning (the printed way needs other weights, so that the two
sides would be two networks) and PyTorch's own loop (which the book writes as we do)."""


def headline(results: dict) -> str:
    """For the project's README: the largest ratios, and the whole curriculum."""
    ratios, slower = {}, 0
    for name, (title, _) in titles().items():
        if (factor := ratio(_runs(results, name))) is not None:
            ratios[title] = factor
            slower += _slower(_runs(results, name))
    best = sorted(ratios, key=ratios.get, reverse=True)[:4]
    machine = results["machine"]
    text = f"On {machine['processor']}, {machine['cores']} cores, "
    text += "against the code as the book prints it: "
    text += ", ".join(f"{title} {_times(ratios[title])}" for title in best)
    text += f"; {len(ratios) - slower} of {len(ratios)} trainings no slower."
    if (full := results["runs"].get("full")) and not full["not_ended"]:
        hours = full["seconds_without_vggnet"] / 3600
        text += f" All notebooks at full pace, without VGGNet: {hours:.1f} hours."
    if (quick := results["runs"].get("quick")) and not quick["not_ended"]:
        text += f" At quick pace, all: {quick['seconds'] / 60:.1f} minutes."
    return text


def _table(head: list[str], rows: list[list]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _time(value: float) -> str:
    """Seconds, or milliseconds of what is shorter."""
    if value < 0.1:
        return f"{1000 * value:.3g} ms"
    return f"{value:.3g} s"


def _times(factor: float) -> str:
    return f"{factor:.0f}×" if factor >= 10 else f"{factor:.2f}×"


def _met(condition: bool | None) -> str:
    return {True: "yes", False: "**no**", None: ABSENT}[condition]


def _runs(results: dict, name: str) -> dict:
    return results["parts"].get(name, {}).get("runs", {})


def _targets(results: dict) -> str:
    rows, slower = [], []
    for name, (title, target) in titles().items():
        factor = ratio(_runs(results, name))
        if factor is not None and _slower(_runs(results, name)):
            slower.append(title)
        if target > 1:
            found = ABSENT if factor is None else _times(factor)
            met = None if factor is None else factor >= target
            most = bare(results, name)
            if met is False and most and most[1] < target:
                found += f" (bare products: {_times(most[1])})"
            rows.append([title, f"at least {target:g}×", found, _met(met)])
    measured = [name for name in titles() if ratio(_runs(results, name)) is not None]
    rows.append(
        [
            "nothing slower than the printed way",
            f"none by more than {NOISE:.0%}, in medians and quickest laps",
            (", ".join(slower) or f"none of {len(measured)}") if measured else ABSENT,
            _met(not slower if measured else None),
        ]
    )
    rows += [_import_target(results), _load_target(results), *_run_targets(results)]
    return "## Targets\n\n" + _table(["what", "target", "measured", "met"], rows)


def _slower(runs: dict) -> bool:
    """By the medians and by the quickest laps: one of them alone may be chance."""
    return max(ratio(runs), ratio(runs, quickest)) < 1 - NOISE


def _import_target(results: dict) -> list:
    runs = _runs(results, "imports").get("dli")
    target = f"under {IMPORT_SECONDS} s, without Keras"
    if not runs:
        return ["`import dli`", target, ABSENT, _met(None)]
    found, keras = seconds(runs), any(run["keras"] for run in runs)
    text = _time(found) + (", with Keras" if keras else ", without Keras")
    return ["`import dli`", target, text, _met(found < IMPORT_SECONDS and not keras)]


def _load_target(results: dict) -> list:
    runs = {name: r for name, r in _runs(results, "data_loads").items() if r}
    target = f"under {LOAD_SECONDS:g} s"
    if not runs:
        return ["second load of any data set", target, ABSENT, _met(None)]
    slowest = max(runs, key=lambda name: seconds(runs[name]))
    found = seconds(runs[slowest])
    text = f"{_time(found)} ({slowest}, the slowest of {len(runs)})"
    return ["second load of any data set", target, text, _met(found < LOAD_SECONDS)]


def _run_targets(results: dict) -> list[list]:
    full, quick = results["runs"].get("full"), results["runs"].get("quick")
    what = [
        (
            "whole curriculum at full pace, without VGGNet",
            f"under {CURRICULUM_HOURS} h",
        ),
        ("whole curriculum at quick pace", f"under {QUICK_MINUTES} minutes"),
        ("peak memory of any notebook at full pace", f"under {PEAK_GB:g} GB"),
    ]
    found: list[tuple[str, bool | None]] = [(f"{ABSENT} in this run", None)] * 3
    if full:
        hours = full["seconds_without_vggnet"] / 3600
        ended = not full["not_ended"]
        text = f"{hours:.2f} h, {full['notebooks']} notebooks"
        found[0] = text, ended and hours < CURRICULUM_HOURS
        name = max(full["peak_gb"], key=full["peak_gb"].get)
        peak = full["peak_gb"][name]
        found[2] = f"{peak:.2f} GB ({name})", ended and peak < PEAK_GB
    if quick:
        minutes = quick["seconds"] / 60
        text = f"{minutes:.1f} minutes, {quick['notebooks']} notebooks"
        found[1] = text, not quick["not_ended"] and minutes < QUICK_MINUTES
    return [[*row, text, _met(met)] for row, (text, met) in zip(what, found)]


def _work(name: str, run: dict) -> str:
    """What one lap is."""
    if name == "dqn":
        return f"an episode of {run['steps']} steps, and its replay"
    if name == "gan":
        return "an iteration"
    if name == "preprocessing":
        return "from books to clean sentences"
    train, valid = run["rows"]
    return f"an epoch of {train:,}" + (f", and {valid:,} to validate" if valid else "")


def _side_by_side(results: dict) -> str:
    rows = []
    for name, (title, _) in titles().items():
        runs = _runs(results, name)
        ours = fastest(runs)
        if ours is None or not runs.get("printed"):
            continue
        sides = runs["printed"], runs[ours]
        memory = [f"{max(run['peak_mb'] for run in side):,.0f}" for side in sides]
        rows.append(
            [
                title,
                _work(name, sides[0][0]),
                *[_time(seconds(side)) for side in sides],
                _times(ratio(runs)),
                _times(ratio(runs, quickest)),
                sides[1][0].get("backend", ""),
                *memory,
            ]
        )
    if not rows:
        return ""
    head = ["training", "timed", "printed", "ours", "ratio", "of quickest", "ours on"]
    head += ["peak MB, printed", "peak MB, ours"]
    return "## Side by side\n\n" + _table(head, rows)


def _quality(results: dict) -> str:
    rows = []
    for name, (title, _) in titles().items():
        runs = _runs(results, name)
        ours = fastest(runs)
        if ours is None or not runs.get("printed") or name == "dqn":
            continue
        sides = [runs["printed"], runs[ours]]
        rows.append([title, *map(_reached, sides), same_network(*sides)])
    if not rows:
        return ""
    return (
        "## Quality\n\n"
        "Reached at the end of what was timed, by equal work on the same data "
        "(medians). It is little work, so the numbers are far from a notebook's "
        "results; they are to be compared with each other. *Same network*: with the "
        "same fixed weights both sides have the same loss on the same data, and the "
        "same number of parameters, optimizer and learning rate.\n\n"
        + _table(["training", "printed", "ours", "same network"], rows)
    )


def _reached(runs: list[dict]) -> str:
    shown = []
    for name in runs[0]["quality"]:
        values = [run["quality"][name] for run in runs if name in run["quality"]]
        value = median(values)
        number = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
        shown.append(f"{name} {number}")
    return ", ".join(shown)


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
    ours = other.get("arithmetic", "float32")
    apart = f", ours in {ours}" if kinds != {"float32"} else ""
    return f"yes ({one['parameters']:,} parameters{apart})"


def _arithmetic(results: dict) -> str:
    rows, peak = [], results["peak_gflops"]
    for name, (title, _) in titles().items():
        runs = _runs(results, name)
        ours = fastest(runs)
        if ours is None or "flops" not in runs[ours][0] or not runs.get("printed"):
            continue
        work = runs[ours][0]["flops"] / 1e9
        speeds = [work / seconds(runs[side]) for side in ("printed", ours)]
        best, most = bare(results, name) or (math.nan, math.nan)
        speeds = [f"{speed:.3g}" for speed in (work, *speeds, best)]
        rows.append([title, *speeds, _times(most)])
    if not rows:
        return ""
    return (
        "## Arithmetic\n\n"
        f"The machine's peak, the best product of large float32 matrices: {peak:.0f} "
        "GFLOP/s. Counted are multiplications and additions of weights with inputs, "
        "from the shapes of the layers (`benchmarks/flops.py`). *Bare products*: what "
        "TensorFlow reaches with such products alone, in the training's own sizes "
        "(recurrent nets and GAN), else the peak. The last column is how much faster "
        "than printed a training would be that did nothing else, in float32.\n\n"
        + _table(
            [
                *("training", "GFLOP", "GFLOP/s, printed", "GFLOP/s, ours"),
                *("GFLOP/s, bare products", "bare products : printed"),
            ],
            rows,
        )
    )


def _backends(results: dict) -> str:
    rows = []
    for name, part in TRAININGS.items():
        runs = _runs(results, name)
        if not part.backends or not fastest(runs):
            continue
        for label, side in runs.items():
            fast = "fastest of ours" if label == fastest(runs) else ""
            rows.append([part.title, label, _time(seconds(side)), fast])
    if not rows:
        return ""
    return "## Recurrent nets by backend\n\n" + _table(
        ["training", "side", "an epoch", ""], rows
    )


def _loops(results: dict) -> str:
    parts = []
    runs = _runs(results, "dqn")
    ours = fastest(runs)
    if ours and runs.get("printed"):
        sides = [runs["printed"], runs[ours]]
        rows = []
        for what in ("acting", "replaying"):
            times = [median(run[what] for run in side) for side in sides]
            rows.append([what, *map(_time, times), _times(times[0] / times[1])])
        rows.append(_mean_episode(sides))
        parts.append(
            "## Cart-Pole by its parts\n\n"
            + _table(["of an episode", "printed", "ours", "ratio"], rows)
            + "\n\n"
            + replay_text(results["parts"]["dqn"]["replays"])
        )
    runs = _runs(results, "preprocessing")
    ours = fastest(runs)
    if ours and runs.get("printed"):
        both = [runs["printed"], runs[ours]]
        times = [[r["word2vec"] for r in side if "word2vec" in r] for side in both]
        if all(times):
            first, second = (median(values) for values in times)
            parts.append(
                "## Preprocessing and word2vec\n\n"
                "The ratio above is that of the preprocessing. word2vec has four "
                "workers in the book and one in our notebook, so that it can be "
                f"repeated to the digit: {_time(first)} printed, {_time(second)} ours. "
                f"With it the ratio is {_times(_with_word2vec(both, first, second))}. "
                "t-SNE is the same call on both sides and was left out."
            )
    return "\n\n".join(parts)


def _with_word2vec(sides, first: float, second: float) -> float:
    return (seconds(sides[0]) + first) / (seconds(sides[1]) + second)


def _mean_episode(sides) -> list:
    """An episode as long as the mean of the authors' training."""
    times = []
    for side in sides:
        acting = median(run["acting"] for run in side) / side[0]["steps"]
        times.append(acting * MEAN_STEPS + median(run["replaying"] for run in side))
    label = f"an episode of {MEAN_STEPS} steps, the mean of the authors' training"
    return [label, *map(_time, times), _times(times[0] / times[1])]


def replays(printed: dict, ours: dict) -> dict[str, float]:
    """How far the weights of both sides are apart after the same replay.

    Returns:
        By the number of memories, a share of the way that the printed side's moved.
    """
    found = {}
    for count in (1, 32):
        before, one = (printed[f"replay of {count}"][k] for k in ("before", "after"))
        other = ours[f"replay of {count}"]["after"]
        found[str(count)] = math.dist(one, other) / math.dist(one, before)
    return found


def replay_text(found: dict[str, float]) -> str:
    """What `replays` has found, in words."""
    lines = []
    for count, apart in found.items():
        same = "the same up to rounding" if apart < ROUNDING else "not the same"
        plural = "memory" if count == "1" else "memories"
        lines.append(
            f"- One replay of {count} {plural} from the same weights: {apart:.1e} of "
            f"the way that the weights move lies between both sides ({same})."
        )
    if max(found.values()) >= ROUNDING:
        lines.append(
            "\nThe printed loop works out each target with the weights that the memory "
            "before it has left. What differs comes from working out targets earlier, "
            "with the weights at the start of the replay."
        )
    return "\n".join(lines)


def _scaling(results: dict) -> str:
    rows = []
    for name, runs in _runs(results, "scaling").items():
        points = runs[0]["points"]
        cells = [f"{_time(time)} ({count:,})" for count, time in points]
        growth = points[-1][1] / points[0][1]
        rows.append([TRAININGS[name].title, *cells, f"{growth:.2f}×"])
    if not rows:
        return ""
    return (
        "## How cost grows\n\nAn epoch of ours, without validation, on shares of the "
        "data that were timed above (number of samples). Four times the data should "
        "cost four times as much, or less where starting an epoch costs most.\n\n"
        + _table(["training", "a quarter", "half", "all", "all : quarter"], rows)
    )


def _small(results: dict) -> str:
    rows = []
    for module, runs in _runs(results, "imports").items():
        rows.append([f"`import {module}`", _time(seconds(runs))])
    for name, runs in _runs(results, "data_loads").items():
        if runs:
            call = DATA_SETS[name].replace("|", "")
            rows.append([f"`{name}.{call}`, cached", _time(seconds(runs))])
    if not rows:
        return ""
    head = "## Starting and loading\n\nEach in a new process.\n\n"
    return head + _table(["what", "seconds"], rows)


def _memory(results: dict) -> str:
    full = results["runs"].get("full")
    if not full:
        return (
            "## Whole notebooks\n\nNot measured in this run. "
            "Run `make run PACE=full` before `make bench`."
        )
    rows = [
        [name, f"{full['seconds_of'][name]:,.0f}", f"{peak:.2f}"]
        for name, peak in full["peak_gb"].items()
    ]
    head = ["notebook, full pace", "seconds", "peak GB"]
    return "## Whole notebooks\n\n" + _table(head, rows)


def _failed(results: dict) -> str:
    lines = [
        f"- {name}: {error}"
        for name, part in results["parts"].items()
        for error in part["failed"]
    ]
    return "## Could not be measured\n\n" + "\n".join(lines) if lines else ""
