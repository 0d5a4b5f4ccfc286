"""A Bokeh plot inside a notebook that needs no server and no network, also when saved.

Bokeh's own `output_notebook` fetches its scripts from the internet or keeps them in
another cell. Here the plot, its data and BokehJS go into one output as a compressed
page of its own, which the browser unpacks: half a megabyte in place of one and a half.
That is still too much for a recorded notebook, so recording leaves it out
(`without_plots`): draw a static picture beside it.
"""

from __future__ import annotations

import base64
import gzip
from html import escape

_MARK = "dli_interactive"  # in the metadata of an output

# The page inside the frame: it unpacks the real page and puts that in its place.
_UNPACKER = """<!doctype html><meta charset="utf-8"><p id="note">{note}</p><script>
const packed = Uint8Array.from(atob("{packed}"), c => c.charCodeAt(0));
const page = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
new Response(page).text().then(html => {{
  document.open(); document.write(html); document.close();
}}).catch(error => {{ document.getElementById("note").textContent = error; }});
</script>"""

_FRAME = (
    '<iframe title="{alt}" srcdoc="{page}" width="{width}" height="{height}" '
    'style="border:0;max-width:100%"></iframe>'
)

_LEFT_OUT = (
    "<p><em>Interactive plot, left out of the recorded notebook: run this cell to "
    "get it.</em> {alt}</p>"
)


def show(plot, alt: str) -> None:
    """Show a Bokeh plot under a cell, with all it needs inside.

    Args:
        plot: a Bokeh figure with a width and a height in pixels.
        alt: what a listener needs to know; also the text where scripts don't run.

    Raises:
        ValueError: the alternative text is empty.
    """
    if not alt.strip():
        raise ValueError("a plot needs alt text: say what it shows, in a sentence")
    from IPython.display import display

    alt = " ".join(alt.split())
    data = {
        "text/plain": f"Interactive plot: {alt}",
        "text/html": _FRAME.format(
            alt=escape(alt),
            page=escape(_packed(page(plot, alt), alt)),
            width=plot.width + 20,
            height=plot.height + 20,
        ),
    }
    display(data, raw=True, metadata={_MARK: {"alt": alt}})


def with_sliders(plot, source, sliders: dict[str, tuple], script: str):
    """A Bokeh plot above sliders that change what it shows, without Python behind them.

    Args:
        plot: a Bokeh figure with a width and a height in pixels.
        source: the `ColumnDataSource` that it draws.
        sliders: name to lowest, highest and first value and step. The name is a word
            that JavaScript takes for a variable.
        script: JavaScript that sets columns anew, as in
            `data.y = data.x.map(x => weight * x)`; `data` holds the columns, and each
            slider's value is at hand by its name.

    Returns:
        Plot and sliders as one, for `show`. Every movement runs the script; the first
        picture is what `source` holds.
    """
    from bokeh.layouts import column
    from bokeh.models import CustomJS, Slider

    below = {
        name: Slider(
            title=name, start=low, end=high, value=first, step=step, width=plot.width
        )
        for name, (low, high, first, step) in sliders.items()
    }
    values = "".join(f"const {name} = {name}_slider.value;\n" for name in below)
    moved = CustomJS(
        args={"source": source, **{f"{name}_slider": s for name, s in below.items()}},
        code=f"const data = source.data;\n{values}{script};\nsource.change.emit();",
    )
    for slider in below.values():
        slider.js_on_change("value", moved)
    plot.toolbar.logo = None
    height = plot.height + 50 * len(below)
    return column(plot, *below.values(), width=plot.width, height=height)


def page(plot, title: str) -> str:
    """A Bokeh plot as a web page with BokehJS inside it."""
    from bokeh.embed import file_html
    from bokeh.resources import INLINE

    return file_html(plot, resources=INLINE, title=title)


def without_plots(notebook):
    """A notebook in place: interactive plots reduced to their text, for recording."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            mark = output.get("metadata", {}).get(_MARK)
            if mark:
                left = _LEFT_OUT.format(alt=escape(mark["alt"]))
                output["data"]["text/html"] = left
    return notebook


def _packed(html: str, note: str) -> str:
    packed = gzip.compress(html.encode(), compresslevel=9, mtime=0)
    return _UNPACKER.format(note=escape(note), packed=base64.b64encode(packed).decode())
