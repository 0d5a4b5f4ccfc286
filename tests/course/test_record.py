"""Recording: only what ran to its end on the original data replaces a recording."""

import re

from nbformat import v4

from course import catalogue, cli, files, record, recording
from course.publish import readme, site
from course.run.results import State
from dli import book


def test_outputs_are_written_at_full_pace_and_repeat_to_the_letter(house):
    notebook = catalogue.find("good")
    (result,) = record.record([notebook])
    assert result.is_ok
    first = notebook.path.read_bytes()
    content = record.nbformat.read(notebook.path, as_version=4)
    assert content.cells[1].outputs[0].text == "pace: full\n"
    assert not recording.is_stale(content) and not recording.is_edited(content)
    record.record([notebook])
    assert notebook.path.read_bytes() == first


def test_a_failing_notebook_is_left_alone(house):
    notebook = catalogue.find("bad")
    before = notebook.path.read_bytes()
    (result,) = record.record([notebook])
    assert not result.is_ok and notebook.path.read_bytes() == before
    assert sorted(p.name for p in notebook.path.parent.iterdir()) == [
        "02_bad.ipynb",
        "chapter.toml",
    ]
    came = record.nbformat.read(record.rejected(notebook.name), as_version=4)
    assert any(
        output.output_type == "error"
        for cell in came.cells[1:]
        for output in cell.outputs
    )
    house.write(notebook, "print('mended')")
    (result,) = record.record([catalogue.find("bad")])
    assert result.is_ok and not record.rejected(notebook.name).exists()


MEASURED = """
headline = "a"

[[measured.measure]]
name = "a"
label = "a"
band = [0, 2]
why = "tried"
"""


def test_results_on_other_data_are_refused(house):
    row = {"name": "a", "book": None, "value": 1}
    row["verdict"] = "not comparable: a sample of the data"
    shown = {book.MIME: {"rows": [row]}}
    source = f"from IPython.display import display; display({shown!r}, raw=True)"
    notebook = house.add("ch10_later/03_measured", source, more=MEASURED)
    before = notebook.path.read_bytes()
    (result,) = record.record([notebook])
    assert "a sample of the data" in result.reason
    assert notebook.path.read_bytes() == before
    assert house.recorded() == {}


def test_measures_are_noted_for_the_other_notebooks(house):
    source = "from dli import book\nbook.compare('measured', a=1.5)"
    notebook = house.add("ch10_later/03_measured", source, more=MEASURED)
    (result,) = record.record([notebook])
    assert result.is_ok, result.reason
    assert house.recorded() == {"measured": {"a": 1.5}}
    assert book.recorded("measured") == {"a": 1.5}


def test_a_full_disk_keeps_the_old_recording(house, monkeypatch):
    notebook = catalogue.find("good")
    before = notebook.path.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    found = record.record([notebook, catalogue.find("last")])
    assert all("No space left" in result.reason for result in found)
    assert not any(result.is_ok for result in found)
    assert notebook.path.read_bytes() == before
    assert sorted(p.name for p in notebook.path.parent.iterdir()) == [
        "01_good.ipynb",
        "chapter.toml",
    ]


def test_a_download_leaves_no_trace_in_a_recording(house):
    """Recorded with an empty cache equals recorded with a full one."""
    source = """
from pathlib import Path
from dli.datasets._fetch import live
cache = Path("../cache")
if not cache.exists():
    with live.bar("data.npz", total=10) as bar:
        bar.update(5)
    with live.line("npm pack data"):
        pass
    cache.touch()
print("loaded")
"""
    notebook = house.write(catalogue.find("good"), source)
    record.record([notebook])
    with_empty_cache = notebook.path.read_bytes()
    assert (house.notebooks / "cache").exists()
    record.record([notebook])
    assert notebook.path.read_bytes() == with_empty_cache
    (cell,) = record.nbformat.read(notebook.path, as_version=4).cells[1:]
    assert [output.output_type for output in cell.outputs] == ["stream"]


def test_where_a_stream_was_cut_leaves_no_trace():
    def cell(*texts, name="stdout"):
        pieces = [v4.new_output("stream", name=name, text=text) for text in texts]
        return v4.new_code_cell("say()", outputs=pieces, execution_count=1)

    cut = v4.new_notebook(cells=[cell("a", "b\n", "c\n"), cell("d", "e")])
    cut.cells[1].outputs.insert(1, v4.new_output("display_data", {"text/plain": "x"}))
    cut.cells.append(cell("on", name="stderr"))
    cut.cells[2].outputs += cell("out").outputs
    whole = [
        [o.get("text", "shown") for o in c.outputs]
        for c in recording.canonical(cut).cells
    ]
    assert whole == [["ab\nc\n"], ["d", "shown", "e"], ["on", "out"]]


def test_the_verb_says_what_was_left_as_it_was(house, monkeypatch, capsys):
    hint = "PyTorch is not installed: `make pytorch`"
    monkeypatch.setattr(cli, "NOTEBOOKS", house.notebooks)
    monkeypatch.setattr(cli.bootstrap, "ensure", lambda **_: None)
    monkeypatch.setattr(readme, "write", lambda: None)
    monkeypatch.setattr(catalogue, "_OPTIONAL", {"torch_that_nobody_has": hint})
    notebook = house.write(catalogue.find("last"), "import torch_that_nobody_has")
    before = notebook.path.read_bytes()
    assert cli.main(["record", "last"]) == 1
    said = capsys.readouterr()
    assert f"not run: {hint}" in said.out
    assert "appendix_c/01_last was left as it was" in said.err
    assert notebook.path.read_bytes() == before


def test_the_readme_of_a_house_of_its_own_is_not_written(house):
    assert record.record([])[:1] == []
    assert State.PENDING == "not reached yet"


def test_a_recording_notes_versions_and_device(house, monkeypatch):
    """The same ones every time, so that files repeat; nothing of this very machine."""
    monkeypatch.setattr(record.gpu, "device", lambda: "CPU")
    plain = catalogue.find("good")
    networks = house.write(catalogue.find("last"), "if False:\n    import keras\n1")
    record.record([plain, networks])
    noted = [
        recording.made_with(record.nbformat.read(n.path, as_version=4))
        for n in (plain, networks)
    ]
    assert set(noted[0]) == {"python", "numpy"}
    assert set(noted[1]) == {
        *("python", "numpy", "keras", "tensorflow"),
        *("backend", "device"),
    }
    assert all(re.fullmatch(r"[\w. ()-]+", v) for v in noted[1].values())
    first = networks.path.read_bytes()
    record.record([networks])
    assert networks.path.read_bytes() == first


def test_recordings_that_tell_nothing_of_versions_are_recordings():
    assert recording.made_with(recording.canonical(v4.new_notebook())) == {}


def test_versions_and_device_in_words():
    assert site.made_with({}) == ""
    told = {"python": "3.11.7", "numpy": "2.4.6", "keras": "3.15.1"}
    assert site.made_with(told) == "Python 3.11.7, NumPy 2.4.6, Keras 3.15.1"
    told |= {"backend": "tensorflow", "device": "CPU"}
    assert site.made_with(told).endswith("Keras 3.15.1 on a CPU")
    told["device"] = "NVIDIA H100"
    assert site.made_with(told).endswith("on a GPU: NVIDIA H100")
