"""What of a recorded notebook's trainings goes into the repository.

While a notebook whose entry says `keep = true` is recorded, `dli.kept.recorder` notes
what each training leaves, in whole 32-bit numbers, in `runs/kept/`. Here those of cells
tagged `training` become two files beside the notebook, `weights/ID.npz` and
`weights/ID.json`, whose hashes are noted in `recorded.json`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course.catalogue import Notebook
from course.files import write_whole
from course.run import results
from dli.files import sha256
from dli.kept import files
from dli.kept.results import weights_in


@dataclass(frozen=True)
class Kept:
    """The two files of a notebook, not written yet.

    Attributes:
        described: the JSON.
        arrays: the archive; no bytes where all weights are too large.
    """

    described: str
    arrays: bytes


def raw_folder(notebook: Notebook) -> Path:
    """Where a recording of a notebook notes its trainings."""
    return results.RUNS / "kept" / notebook.id


def settings(notebook: Notebook) -> dict[str, str]:
    """What the kernel that records a notebook is to find in its environment."""
    if not notebook.entry.keep:
        return {}
    raw = raw_folder(notebook)
    shutil.rmtree(raw, ignore_errors=True)
    return {"DLI_KEEP": str(raw)}


def code_hashes(content) -> list[str]:
    """SHA-256 of each code cell of a notebook (nbformat 4), in order."""
    return [
        hashlib.sha256("".join(cell["source"]).encode()).hexdigest()
        for cell in content["cells"]
        if cell["cell_type"] == "code"
    ]


def packed(notebook: Notebook, content) -> Kept | None:
    """What a recording leaves for the repository.

    Args:
        notebook: that was recorded.
        content: as it was executed.

    Returns:
        None where nothing is to be kept.

    Raises:
        ValueError: its entry says `keep = true`, and no cell tagged `training` trained.
    """
    if not notebook.entry.keep:
        return None
    tagged = {
        "".join(cell["source"])
        for cell in content["cells"]
        if "training" in cell["metadata"].get("tags", ())
    }
    trainings: list[dict] = []
    arrays: dict[str, np.ndarray] = {}
    for file in sorted(raw_folder(notebook).glob("*.json")):
        training = json.loads(file.read_text(encoding="utf-8"))
        if training["needs"]["cell"] in tagged:
            found = files.unpack(file.with_suffix(".npz"))
            chosen = _chosen(training, found)
            noted = chosen.keys() - _weights_in(training, chosen)
            for name, array in sorted(chosen.items()):
                # What a loop has noted is measured with: only much of it is rounded.
                if name in noted and array.size < files.NOTED:
                    stored = array
                else:
                    stored = files.rounded(array)
                arrays[f"{len(trainings)}/{name}"] = stored
            trainings.append(training)
    if not trainings:
        raise ValueError("keep = true, but no cell tagged `training` has trained")
    described = {
        "notebook": notebook.id,
        "cells": code_hashes(content),
        "trainings": files.without_repeats(trainings),
    }
    nothing = not arrays and any("left_out" in training for training in trainings)
    return Kept(files.text(described), b"" if nothing else files.pack(arrays))


def _weights_in(training: dict, arrays) -> set[str]:
    """Which arrays of a training are weights of networks."""
    if training["kind"] == "fit":
        return set(arrays)
    stored = training["results"].values()
    return {name for result in stored for name in weights_in(result)}


def _chosen(training: dict, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Which arrays of a training are kept; what is left out is said in `training`.

    A notebook that loads files which its training wrote goes on with the weights in the
    first of them: these files are kept, and the weights after the last epoch are not.
    """
    wrote = training.get("files", {})
    if wrote:
        names = {name for file in wrote.values() for name in file["arrays"]}
        arrays = {name: arrays[name] for name in names}
    count = sum(array.size for array in arrays.values())
    if count > files.MOST:
        training["left_out"] = f"{count:,} numbers, more than the {files.MOST:,} kept"
        return {}
    return arrays


def write(notebook: Notebook, kept: Kept | None) -> None:
    """Write the files of a notebook, or remove those it had.

    Raises:
        OSError: they can't be written.
    """
    contents = {} if kept is None else {".json": kept.described, ".npz": kept.arrays}
    for target in kept_files(notebook):
        if contents.get(target.suffix):
            target.parent.mkdir(exist_ok=True)
            write_whole(target, contents[target.suffix])
        else:
            target.unlink(missing_ok=True)


def hashes(notebook: Notebook) -> dict[str, str]:
    """File name to SHA-256 of the files of a notebook that there are."""
    return {file.name: sha256(file) for file in kept_files(notebook) if file.is_file()}


def described(notebook: Notebook) -> dict | None:
    """The JSON of a notebook; None where nothing is kept."""
    file, _ = kept_files(notebook)
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def kept_files(notebook: Notebook) -> tuple[Path, Path]:
    """Where its description and its arrays lie, whether there are any or not."""
    folder = notebook.path.parent / files.FOLDER
    return folder / f"{notebook.id}.json", folder / f"{notebook.id}.npz"
