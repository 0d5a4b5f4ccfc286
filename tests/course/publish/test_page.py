"""Pages need no network, and one formula never stops a run."""

import re

import pytest
from nbformat import v4

from course.publish import page


def test_page_needs_no_network_and_keeps_dollars_in_code():
    cells = [
        v4.new_markdown_cell(
            "# T\n$z = w x + b$ and `$HOME` cost $5 and $6\n\n$$x^2$$"
        ),
        v4.new_code_cell("1", metadata={"tags": ["solution"]}),
        v4.new_code_cell("draw()", metadata={"jupyter": {"source_hidden": True}}),
        v4.new_code_cell("2"),
    ]
    png = v4.new_output(
        "display_data",
        {"image/png": "iVBORw0KGgo="},
        metadata={"image/png": {"alt": "a <curve>", "width": 320}},
    )
    jpeg = v4.new_output(
        "display_data",
        {"image/jpeg": "/9j/"},
        metadata={"image/jpeg": {"alt": "a dog"}},
    )
    cells[2].outputs = [png, jpeg]
    html = page.render(v4.new_notebook(cells=cells), "01_t")
    assert html.count("<math") == 2 and 'display="block"' in html
    assert "$HOME" in html and "cost $5 and $6" in html
    png, jpeg = re.findall("<img[^>]*>", html)
    assert 'alt="a &lt;curve&gt;"' in png and 'width="320"' in png
    assert 'alt="a dog"' in jpeg and 'src="data:image/jpeg;base64,/9j/"' in jpeg
    assert html.count("<summary>Solution") == html.count("<summary>Code") == 1
    picture, code = html.index("<img"), html.index("<summary>Code")
    assert "</details>" in html[code:picture], "the picture of a folded cell is open"
    for remote in ("cdnjs", "https://cdn", "unpkg", "jsdelivr"):
        assert remote not in html


@pytest.mark.parametrize("formula", ["w_i_j", "x^", r"\sqrt[3", r"\frac{1}"])
def test_a_formula_that_cannot_be_read_stays_as_its_source(formula):
    cell = v4.new_markdown_cell(f"here: ${formula}$ and $x$")
    html = page.render(v4.new_notebook(cells=[cell]), "01_t")
    assert "<math" in html
    shown = f"<code>{formula}</code> (this formula" in html
    assert shown or html.count("<math") == 2, "converted all the same, or shown"
