"""The talks: what is on a slide, that it fits, and that nothing is fetched."""

import json
import re
import shutil
import subprocess

import pytest

from course import catalogue
from course.publish import slides

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")

#: Goes to each slide in turn and notes those that reach beyond 1280 × 720.
MEASURE = """
<script>
Reveal.on("ready", () => setTimeout(() => {
  const beyond = []; let count = 0;
  document.querySelectorAll(".slides > section").forEach(stack => {
    const below = [...stack.querySelectorAll(":scope > section")];
    (below.length ? below : [stack]).forEach(slide => {
      const at = Reveal.getIndices(slide); Reveal.slide(at.h, at.v); count += 1;
      const scale = Reveal.getScale(), box = slide.getBoundingClientRect();
      let right = 0, bottom = 0;
      slide.querySelectorAll("*:not(.notes, .notes *)").forEach(part => {
        const place = part.getBoundingClientRect();
        if (!place.width) return;
        bottom = Math.max(bottom, (place.bottom - box.top) / scale);
        right = Math.max(right, (place.left - box.left) / scale + part.scrollWidth);
      });
      if (bottom > 720.5 || right > 1280.5)
        beyond.push(`${at.h}/${at.v || 0} ${bottom | 0} ${right | 0}`);
    });
  });
  document.body.innerHTML = `<pre id="found">${JSON.stringify({count, beyond})}</pre>`;
}, 200));
</script>
"""


@pytest.fixture(scope="module")
def talks(tmp_path_factory):
    into = tmp_path_factory.mktemp("slides")
    return slides.write(into)


def test_a_talk_for_each_chapter(talks):
    folders = {notebook.name.split("/")[0] for notebook in catalogue.notebooks()}
    assert {page.stem for page in talks} == folders


def test_twice_gives_the_same(talks, tmp_path):
    again = slides.write(tmp_path)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in talks]


def test_every_notebook_has_a_title_and_its_questions():
    for notebook in catalogue.notebooks():
        kinds = [slide.kind for slide in slides.of(notebook.content)]
        exercises = sum(
            "exercise" in cell["metadata"].get("tags", ())
            for cell in notebook.content["cells"]
        )
        assert kinds[0] == "title", notebook.name
        assert kinds.count("question") == exercises, notebook.name


def test_no_slide_gives_an_answer_away():
    for notebook in catalogue.notebooks():
        shown = "".join(slide.html for slide in slides.of(notebook.content))
        assert "exercises.check" not in shown, notebook.name


def test_pictures_have_their_words_and_nothing_is_fetched(talks):
    for page in talks:
        text = page.read_text("utf-8")
        for image in re.findall(r"<img [^>]*>", text):
            assert re.search(r'alt="[^"]{20,}"', image), (page.name, image[-300:])
        addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
        assert all(a.startswith(("data:", "reveal/", "#")) for a in addresses)
        for address in addresses:
            if address.startswith("reveal/"):
                assert (page.parent / address).exists()


def test_what_does_not_fit_is_in_the_notes():
    code = "\n".join(f"line_{number} = {number}" for number in range(40))
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Title"},
        {"cell_type": "markdown", "metadata": {}, "source": "## Long code"},
        {"cell_type": "code", "metadata": {}, "source": code, "outputs": []},
        {"cell_type": "code", "metadata": {}, "source": "1 + 1", "outputs": []},
    ]
    picture = {"image/png": "iVBORw0KGgo=", "text/plain": "words"}
    about = {"image/png": {"alt": "A picture of something"}}
    shown = {"output_type": "display_data", "data": picture, "metadata": about}
    cells[2]["outputs"] = [shown]
    made = slides.of({"cells": cells})
    assert [slide.kind for slide in made] == ["title", "picture with-words", "code"]
    assert "line_39" not in made[1].html
    assert made[1].notes == [
        "The code stands in the notebook, under “Long code”.",
        "A picture of something",
    ]


@needs_chromium
def test_no_slide_reaches_beyond_its_edges(talks, tmp_path):
    shutil.copytree(talks[0].parent / "reveal", tmp_path / "reveal")
    for page in talks:
        measured = tmp_path / page.name
        text = page.read_text("utf-8")
        measured.write_text(text.replace("</body>", f"{MEASURE}</body>"), "utf-8")
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu"]
        command += ["--window-size=1280,720", "--virtual-time-budget=30000"]
        command += ["--dump-dom", measured.as_uri()]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(re.search(r'id="found">(.*?)</pre>', told.stdout)[1])
        assert found["count"] > 5
        assert found["beyond"] == [], page.name
