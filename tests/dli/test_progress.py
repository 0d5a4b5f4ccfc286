"""Progress: all items at full pace, few at quick pace, a record without timings."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import v4

from dli import progress
from dli.kernel import pace


def executed(code):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    return notebook.cells[0].outputs


def test_track_yields_everything(monkeypatch, capsys):
    monkeypatch.delenv("DLI_PACE", raising=False)
    assert list(progress.track(range(7), "rounds")) == list(range(7))
    assert "7 of 7 rounds" in capsys.readouterr().out


def test_track_is_cut_at_quick_pace(monkeypatch, capsys):
    monkeypatch.setenv("DLI_PACE", "quick")
    monkeypatch.setattr(pace, "_announced", False)
    assert list(progress.track(range(100), "episodes")) == [0, 1, 2]
    out = capsys.readouterr().out
    assert "quick pace" in out and "3 of 100 episodes" in out


def test_track_takes_an_iterator_with_a_total(monkeypatch):
    monkeypatch.delenv("DLI_PACE", raising=False)
    assert list(progress.track(iter("abc"), "letters", total=3)) == ["a", "b", "c"]
    with pytest.raises(TypeError):
        list(progress.track(iter("abc"), "letters"))


def test_track_leaves_one_line_without_timings_even_when_left_early():
    outputs = executed(
        "from dli.progress import track\n"
        "for i in track(range(50), 'rounds'):\n"
        "    if i == 30: break"
    )
    assert [o.output_type for o in outputs] == ["display_data"]
    assert outputs[0].data["text/plain"] == "30 of 50 rounds"


def test_fit_progress_leaves_one_table_without_timings():
    code = (
        "import keras, numpy as np\n"
        "from dli.progress import fit_progress\n"
        "keras.utils.set_random_seed(1)\n"
        "m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
        "m.compile(loss='mse')\n"
        "x, y = np.ones((64, 2)), np.ones((64, 1))\n"
        "_ = m.fit(x, y, epochs=3, verbose=0, validation_data=(x, y),\n"
        "          callbacks=[fit_progress()])"
    )
    first, second = executed(code), executed(code)
    assert first == second, "a rerun leaves the same record"
    assert len(first) == 1
    table = first[0].data["text/plain"].splitlines()
    assert table[0].split() == ["epoch", "loss", "val_loss", "note"]
    assert [line.split()[0] for line in table[1:]] == ["1", "3"]
    assert "lowest validation loss" in table[-1]
    html = first[0].data["text/html"]
    assert "<summary>All 3 epochs</summary>" in html
    assert [html.count(f">{n}</td>") for n in (1, 2, 3)] == [2, 1, 2]
    nbformat.validate(v4.new_notebook(cells=[v4.new_code_cell(outputs=first)]))


def test_first_best_and_last_epoch_are_in_view_and_long_trainings_thinned_out():
    epochs = [(n, {"loss": 1 / n, "val_loss": abs(n - 137.0)}) for n in range(1, 201)]
    text, html = progress._epoch_table(epochs)
    shown = [int(line.split()[0]) for line in text.splitlines()[1:]]
    assert shown == [1, 137, 200]
    open_table, folded = html.split("<details>")
    assert open_table.count("<tr>") == 4 and 10 < folded.count("<tr>") < 21
    assert "of the 200 epochs</summary>" in folded


def test_a_short_training_has_no_fold():
    _, html = progress._epoch_table([(1, {"loss": 1.0}), (2, {"loss": 0.5})])
    assert "<details>" not in html and "note" not in html


def test_the_columns_are_in_the_books_order():
    logs = {"accuracy": 1, "loss": 2, "val_accuracy": 3, "val_loss": 4}
    head = progress._epoch_table([(1, logs)])[0].splitlines()[0]
    names = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "note"]
    assert head.split() == names


def test_what_is_not_a_number_is_never_the_best_epoch():
    nan = float("nan")
    assert progress.best_epoch([nan, 0.5, 0.3, nan]) == 2
    assert progress.best_epoch([nan, float("inf")]) is None
    assert progress.best_epoch([]) is None


def test_a_training_that_diverged_is_called_so():
    losses = [(1, 0.9), (2, 0.7), (3, float("nan")), (4, float("nan"))]
    epochs = [(epoch, {"loss": loss, "val_loss": loss}) for epoch, loss in losses]
    text, _ = progress._epoch_table(epochs)
    lines = text.splitlines()
    assert lines[2].endswith("lowest validation loss") and "diverged" in lines[3]
    assert "diverged" not in lines[4]
    none, _ = progress._epoch_table(epochs[2:])
    assert "lowest" not in none and "diverged" in none
