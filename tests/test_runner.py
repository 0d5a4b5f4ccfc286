"""The runner: choosing, executing, recording only what ran to its end."""

import nbformat
import pytest
from nbformat import v4

from dli import page, runner


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An empty repository with two notebooks, one of which fails."""
    monkeypatch.setattr(runner, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(runner, "RUNS", tmp_path / "runs")

    def write(name, *sources):
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [v4.new_markdown_cell("# T"), *map(v4.new_code_cell, sources)]
        notebook = v4.new_notebook(cells=cells)
        nbformat.write(notebook, path)
        return path

    write("appendix_c/01_last", "1")
    write(
        "ch10_later/01_good", "print('pace:', __import__('os').environ.get('DLI_PACE'))"
    )
    write("ch05_first/02_bad", "print('before')", "1 / 0", "print('after')")
    return tmp_path


def test_book_order(house):
    names = [runner.name_of(path) for path in runner.discover()]
    assert names == ["ch05_first/02_bad", "ch10_later/01_good", "appendix_c/01_last"]


def test_select(house):
    def names(*words):
        return [runner.name_of(path) for path in runner.select(list(words))]

    assert names("ch10") == ["ch10_later/01_good"]
    assert names("last", "bad") == ["ch05_first/02_bad", "appendix_c/01_last"]
    assert names("notebooks/ch10_later/01_good.ipynb") == ["ch10_later/01_good"]
    assert len(names()) == 3
    with pytest.raises(LookupError, match="did you mean good"):
        runner.select(["goood"])


def test_run_goes_on_after_a_failure_and_writes_pages(house):
    before = {path: path.read_bytes() for path in runner.discover()}
    results = runner.run(runner.discover(), "quick")
    assert [result.ok for result in results] == [False, True, True]
    assert results[0].error.startswith("ZeroDivisionError")
    table = runner.table(results)
    assert "FAILED: ZeroDivisionError" in table and len(table.splitlines()) == 4
    page_text = (house / "runs/ch10_later/01_good.html").read_text()
    assert "pace: quick" in page_text
    partly = (house / "runs/ch05_first/02_bad.html").read_text()
    assert "ZeroDivisionError" in partly
    index = (house / "runs/index.html").read_text()
    assert "ch05_first/02_bad.html" in index
    assert {path: path.read_bytes() for path in before} == before, "notebooks unchanged"


def test_record_writes_outputs_at_full_pace_and_repeats_to_the_letter(house):
    (path,) = runner.select(["good"])
    (result,) = runner.record([path])
    assert result.ok
    first = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[1].outputs[0].text == "pace: None\n"
    assert notebook.metadata.dli.code_sha256 == runner.code_hash(notebook)
    runner.record([path])
    assert path.read_bytes() == first


def test_record_leaves_a_failing_notebook_alone(house):
    (path,) = runner.select(["bad"])
    before = path.read_bytes()
    (result,) = runner.record([path])
    assert not result.ok and path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["02_bad.ipynb"]


def test_record_refuses_results_on_other_data(house):
    path = house / "notebooks/ch10_later/03_sample.ipynb"
    row = {"name": "a", "value": 1, "verdict": "not comparable: a sample of the data"}
    shown = {runner.book.MIME: {"rows": [row]}}
    source = f"from IPython.display import display; display({shown!r}, raw=True)"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])
    nbformat.write(notebook, path)
    before = path.read_bytes()
    (result,) = runner.record([path])
    assert "a sample of the data" in result.error
    assert path.read_bytes() == before


def test_a_dead_kernel_is_reported(house):
    path = house / "notebooks/ch10_later/02_dies.ipynb"
    cell = v4.new_code_cell("import os\nos.write(2, b'Killed')\nos._exit(1)")
    nbformat.write(v4.new_notebook(cells=[cell]), path)
    (result,) = runner.run([path], "quick")
    assert "kernel died" in result.error and "Killed" in result.error


def test_a_full_disk_keeps_the_old_file(house, monkeypatch):
    (path,) = runner.select(["good"])
    before = path.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runner.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        runner.record([path])
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_page_needs_no_network_and_keeps_dollars_in_code():
    cells = [
        v4.new_markdown_cell(
            "# T\n$z = w x + b$ and `$HOME` cost $5 and $6\n\n$$x^2$$"
        ),
        v4.new_code_cell("1", metadata={"jupyter": {"source_hidden": True}}),
        v4.new_code_cell("2"),
    ]
    png = v4.new_output(
        "display_data",
        {"image/png": "iVBORw0KGgo="},
        metadata={"image/png": {"alt": "a <curve>"}},
    )
    cells[2].outputs = [png]
    html = page.render(v4.new_notebook(cells=cells), "01_t")
    assert html.count("<math") == 2 and 'display="block"' in html
    assert "$HOME" in html and "cost $5 and $6" in html
    assert 'alt="a &lt;curve&gt;"' in html
    assert html.count("<summary>") == 1
    for remote in ("cdnjs", "https://cdn", "unpkg", "jsdelivr"):
        assert remote not in html
