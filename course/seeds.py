"""`course seeds`: repeat a notebook over seeds, and note its results in the facts.

One recorded run says what happened once. A band is evidence only where it says how far
runs lie apart: here a notebook is executed with other seeds (`DLI_SEED`, which
`dli.seed` follows), and the values of its trained measures are written into
`chapter.toml`, with a band for one more run on request.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence

from course.catalogue import Notebook
from course.files import write_whole
from course.kernels import Backend, Pace
from course.run import crew, results
from course.run.results import State
from dli import facts, tables
from dli.facts import Measure

#: How sure a band is of the next honest run.
CONFIDENCE = 0.99


def run(notebook: Notebook, seeds: Sequence[int]) -> dict[str, dict[int, float]]:
    """Execute a notebook at full pace once for each seed.

    Returns:
        Measure to seed to value, for the measures that depend on training. A run that
        failed, or is not comparable with the book, is told and left out.

    Raises:
        LookupError: it has no such measure.
    """
    trained = [m.name for m in notebook.entry.measures if not m.exact]
    if not trained:
        raise LookupError(f"{notebook.id} has no measure that depends on training")
    found: dict[str, dict[int, float]] = {name: {} for name in trained}
    with crew.interruptible() as stop:
        for seed in seeds:
            settings = {"DLI_SEED": str(seed)}
            for outcome in crew.outcomes(
                [notebook],
                Pace.FULL,
                Backend.TENSORFLOW,
                stop,
                settings=lambda _, settings=settings: settings,
            ):
                result = results.of_outcome(outcome)
                why = result.reason if result.state != State.RAN else _unfit(result)
                print(f"seed {seed}: {why or 'done'}", flush=True)
                for row in () if why else result.rows:
                    if row.name in found:
                        found[row.name][seed] = float(row.value)
            if stop.asked:
                break
    return found


def _unfit(result) -> str:
    """Why a run can't be compared; empty if it can."""
    told = (r.verdict for r in result.rows if r.verdict.startswith("not comparable"))
    return next(told, "")


def band(values: Iterable[float]) -> tuple[float, float]:
    """Where one more run falls, as surely as `CONFIDENCE` says.

    The prediction interval of a normal distribution from n values: mean ± t·s·√(1+1/n),
    with Student's t of n − 1 degrees of freedom.

    Raises:
        ValueError: fewer than three values.
    """
    from scipy.stats import t

    values = list(values)
    n = len(values)
    if n < 3:
        raise ValueError(f"a band needs three runs at least, not {n}")
    reach = t.ppf((1 + CONFIDENCE) / 2, n - 1) * statistics.stdev(values)
    reach *= (1 + 1 / n) ** 0.5
    return statistics.mean(values) - reach, statistics.mean(values) + reach


def table(notebook: Notebook, found: Mapping[str, Mapping[int, float]]) -> str:
    """Measure · seeds · lowest · median · highest · band here · band by these."""
    lines = [("measure", "seeds", "lowest", "median", "highest", "band", "by these")]
    for name, values in found.items():
        if not values:
            continue
        measure = notebook.entry.measure(name)
        told = list(values.values())
        spread = (min(told), statistics.median(told), max(told))
        by_these = _ends(measure, band(told)) if len(told) > 2 else ""
        lines.append(
            (
                measure.label,
                str(len(told)),
                *(measure.text(value) for value in spread),
                _ends(measure, measure.band),
                by_these,
            )
        )
    return tables.text(lines)


def _ends(measure: Measure, ends: tuple[float, float]) -> str:
    return " to ".join(measure.text(end) for end in ends)


def write(
    notebook: Notebook,
    found: Mapping[str, Mapping[int, float]],
    *,
    bands: bool = False,
    add: bool = False,
    where: str = "on a CPU",
) -> None:
    """Note the values in `chapter.toml`, in place of older ones of the same measure.

    Args:
        notebook: which.
        found: measure to seed to value.
        bands: write the band that follows from them too, and its reason. The notebook
            has to be recorded again then, since its scoreboard shows the band.
        add: to the seeds that are noted there, which another machine has run.
        where: what they were trained on, for the reason.

    Raises:
        ValueError: the file would no longer hold facts; it is left as it was.
    """
    path = notebook.path.parent / facts.CHAPTER
    text = path.read_text(encoding="utf-8")
    for name, values in found.items():
        if not values:
            continue
        known = dict(notebook.entry.measure(name).seeds) if add else {}
        known |= {seed: float(f"{value:.6g}") for seed, value in values.items()}
        noted = ", ".join(f"{seed} = {value}" for seed, value in sorted(known.items()))
        text = _with(text, notebook.id, name, "seeds", f"{{ {noted} }}")
        if bands and len(known) > 2:
            low, high = (float(f"{end:.4g}") for end in band(known.values()))
            sure = f"the {CONFIDENCE:.0%} prediction interval of one more run"
            why = f'"{len(known)} seeds {where}: {sure}"'
            text = _with(text, notebook.id, name, "band", f"[{low}, {high}]")
            text = _with(text, notebook.id, name, "why", why)
    facts.parse(text, notebook.path.parent.name)
    write_whole(path, text)


def _with(text: str, id: str, measure: str, key: str, value: str) -> str:
    """A `chapter.toml` with one field of a measure set; comments and order stay."""
    blocks = re.split(r"(?m)^(?=\[)", text)
    for number, block in enumerate(blocks):
        head, _, body = block.partition("\n")
        if head != f"[[{id}.measure]]" or f'\nname = "{measure}"\n' not in f"\n{body}":
            continue
        line = f"{key} = {value}"
        old = re.search(rf"(?m)^{key} = .*$", block)
        if old:
            blocks[number] = block[: old.start()] + line + block[old.end() :]
        else:
            blocks[number] = block.rstrip("\n") + f"\n{line}\n\n"
        return "".join(blocks)
    raise ValueError(f"{id} has no measure {measure!r} in its {facts.CHAPTER}")
