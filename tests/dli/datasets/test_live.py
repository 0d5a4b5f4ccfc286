"""Progress: seen by a reader, and never in a recording."""

import os
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from dli.datasets._fetch import live
from tests.support.datasets import COMPLETE, npz, publisher, serving_files, table_text

LOAD = """
from dli.datasets._fetch import loader, sources
parsed = sources.parse(open({table!r}).read())
sources.table = lambda: parsed
print(len(loader.arrays("tiny")["x"]))
"""


def outputs(table, folder, **settings):
    """What a notebook that loads a data set leaves as outputs of its cell."""
    cell = nbformat.v4.new_code_cell(LOAD.format(table=str(table)))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    env = {**os.environ, "DLI_DATA_DIR": str(folder), **settings}
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute(env=env)
    return cell.outputs


def test_a_recording_while_data_are_fetched_equals_one_with_a_full_cache(tmp_path):
    table = tmp_path / "table.toml"
    with serving_files({"tiny.npz": npz(COMPLETE)}) as (address, asked):
        table.write_text(table_text(publisher(f"{address}/tiny.npz")))
        first = outputs(table, tmp_path / "cache", DLI_PROGRESS="0")
        again = outputs(table, tmp_path / "cache", DLI_PROGRESS="0")
        assert asked == ["/tiny.npz"]
        assert first == again
        assert [output.output_type for output in first] == ["stream"]
        seen = outputs(table, tmp_path / "another", DLI_PROGRESS="1")
        kinds = {output.output_type for output in seen}
        assert kinds == {"stream", "display_data"}, "a reader sees the download"


class Terminal:
    def isatty(self):
        return True


@pytest.mark.parametrize(("setting", "shown"), [("0", False), ("1", True), ("", True)])
def test_the_switch_decides(monkeypatch, setting, shown):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("DLI_PROGRESS", setting)
    assert (live._output() is not None) == shown
