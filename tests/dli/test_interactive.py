"""Bokeh plots in one output: complete, and left out of a recording."""

import base64
import gzip
import re
from html import unescape

import nbformat
import pytest
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure
from nbformat import v4

from dli import interactive


@pytest.fixture
def plot():
    made = figure(width=300, height=200, tooltips=[("word", "@text")])
    made.text([1, 2], [1, 2], ["coat", "hat"])
    return made


@pytest.fixture
def shown(plot, monkeypatch):
    """What `show` hands to the notebook: data and metadata."""
    outputs = []

    def display(data, raw, metadata):
        assert raw
        outputs.append((data, metadata))

    monkeypatch.setattr("IPython.display.display", display)
    interactive.show(plot, alt="coats  &\n hats")
    ((data, metadata),) = outputs
    return data, metadata


def test_the_page_asks_for_nothing(plot):
    page = interactive.page(plot, "clothes")
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert "coat" in page and "Bokeh" in page


def test_the_frame_holds_the_packed_page(shown):
    data, _ = shown
    assert data["text/plain"] == "Interactive plot: coats & hats"
    frame = data["text/html"]
    assert 'title="coats &amp; hats"' in frame
    assert 'width="320" height="220"' in frame
    inner = unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])
    packed = re.search(r'atob\("([^"]*)"\)', inner)[1]
    page = gzip.decompress(base64.b64decode(packed)).decode()
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "coat" in page
    assert "coats &amp; hats" in inner  # shown where scripts don't run
    assert len(frame) < 600_000


def test_a_recording_leaves_it_out(shown):
    data, metadata = shown
    cell = v4.new_code_cell("interactive.show(plot, alt=alt)")
    cell.outputs = [
        v4.new_output("display_data", data, metadata=metadata),
        v4.new_output("display_data", {"text/html": "<b>other</b>"}),
    ]
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# A plot"), cell])
    interactive.without_plots(notebook)
    left, other = cell.outputs
    assert "coats &amp; hats" in left.data["text/html"]
    assert "iframe" not in left.data["text/html"]
    assert other.data == {"text/html": "<b>other</b>"}
    nbformat.validate(notebook)


def test_alt_text_is_required(plot):
    with pytest.raises(ValueError, match="alt text"):
        interactive.show(plot, alt=" ")


def test_sliders_run_a_script_with_their_values():
    source = ColumnDataSource({"x": [1, 2], "y": [1, 2]})
    made = figure(width=300, height=200)
    made.line("x", "y", source=source)
    whole = interactive.with_sliders(
        made,
        source,
        {"weight": (-5, 5, 1, 0.1), "bias": (0, 1, 0, 1)},
        "data.y = data.x",
    )
    assert (whole.width, whole.height) == (300, 300)
    _, weight, bias = whole.children
    assert (weight.start, weight.end, weight.value, bias.title) == (-5, 5, 1, "bias")
    (script,) = weight.js_property_callbacks["change:value"]
    assert script in bias.js_property_callbacks["change:value"]
    assert "const bias = bias_slider.value" in script.code
    assert script.args["weight_slider"] is weight and script.args["source"] is source
    assert "weight_slider" in interactive.page(whole, "neuron")
