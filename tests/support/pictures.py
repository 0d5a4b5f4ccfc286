"""Makes the pictures of the networks in the page: their twins, and README's moving one.

    python -m tests.support.pictures [NAME ...]

builds the site, does in a real Chromium what a reader would do, and writes what is seen
to `course/publish/static/twins/NAME.png` and `site/draw_a_digit.gif`. A picture is made
again when its box looks otherwise; what `live.toml` says below it (`seen`) must fit.
"""

from __future__ import annotations

import base64
import io
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from PIL import Image

from course.bootstrap import ROOT
from course.publish import live, site
from tests.support.browser import Browser

TWINS = ROOT / "course" / "publish" / "static" / "twins"
MOVING = ROOT / "site" / "draw_a_digit.gif"
WIDTH = 900  # of the window, in pixels


def seven() -> list[tuple[float, float]]:
    """A handwritten seven, as shares of the pad's width and height."""
    across = [(0.28 + 0.44 * k / 8, 0.18) for k in range(9)]
    return across + [(0.72 - 0.24 * k / 10, 0.18 + 0.68 * k / 10) for k in range(1, 11)]


def _act(tab: Browser, name: str) -> None:
    """What a reader does before the picture is taken."""
    if name == "digit":
        tab.drag(".live canvas", seven())
    elif name == "review":
        tab.ask("document.querySelector('textarea').select()")
        words = "A wonderful film with a superb cast, though the end is boring."
        tab.send("Input.insertText", text=words)
    elif name == "pole":
        choice = "document.querySelector('.live select')"
        tab.ask(
            f"{choice}.value = 'agent'; {choice}.dispatchEvent(new Event('change'))"
        )
        tab.click("Start")
        time.sleep(1)
        tab.click("Pause")
    elif name == "four":
        tab.ask("document.querySelector('.live canvas').focus()")
        tab.key("Enter")
        time.sleep(4)
    elif name == "descent":
        tab.click("Race")
        time.sleep(4)
    elif name == "playground":
        box = "document.querySelector('[data-live=playground] .filled').dataset"
        tab.epochs_until(f"Number({box}.loss) < 0.05", 2000)
    elif name == "ganline":
        tab.click("Train")
        time.sleep(10)
        tab.click("Pause")
    time.sleep(1)


def _seen(tab: Browser) -> Image.Image:
    """The box as a picture."""
    x, y, width, height = tab.ask(
        "(() => { document.documentElement.style.scrollbarWidth = 'none';"
        " const b = document.querySelector('.live .stage')"
        ".getBoundingClientRect(); return [b.x + scrollX, b.y + scrollY, b.width,"
        " b.height]; })()"
    )
    clip = {"x": x - 6, "y": y - 6, "width": width + 12, "height": height + 12}
    clip["scale"] = 1
    taken = tab.send("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
    return Image.open(io.BytesIO(base64.b64decode(taken["data"]))).convert("RGB")


def _twin(tab: Browser, built: Path, name: str) -> None:
    tab.open(built / "live" / f"{name}.html")
    tab.ready(name)
    _act(tab, name)
    TWINS.mkdir(exist_ok=True)
    few = _seen(tab).quantize(64, dither=Image.Dither.NONE)
    few.save(TWINS / f"{name}.png", optimize=True)


def _moving(tab: Browser, built: Path) -> None:
    """Draw a seven, a stroke a picture, and let it stand for a while."""
    tab.open(built / "live" / "digit.html")
    tab.ready("digit")
    frames, stroke = [], seven()
    steps = [1, 4, 7, 9, 11, 13, 15, 17, 19]
    for start, stop in pairwise(steps):
        tab.drag(".live canvas", stroke[start - 1 : stop])
        time.sleep(0.4)
        frames.append(_seen(tab))
    width, height = frames[-1].size
    height = min(height, *(frame.height for frame in frames))
    small = [
        f.crop((0, 0, width, height)).resize((640, 640 * height // width))
        for f in frames
    ]
    palette = small[-1].quantize(48, dither=Image.Dither.NONE)
    drawn = [f.quantize(palette=palette, dither=Image.Dither.NONE) for f in small]
    waits = [350] * (len(drawn) - 1) + [3000]
    drawn[0].save(
        MOVING, save_all=True, append_images=drawn[1:], duration=waits, loop=0
    )


def main(names: list[str]) -> int:
    """Make these pictures, or all."""
    with tempfile.TemporaryDirectory() as scratch:
        built = Path(scratch) / "site"
        site.build(built)
        tab = Browser()
        try:
            tab.size(WIDTH)
            for one in live.all_of_them():
                if not names or one.name in names:
                    _twin(tab, built, one.name)
                    print(TWINS / f"{one.name}.png")
            if not names or "moving" in names:
                _moving(tab, built)
                print(MOVING)
        finally:
            tab.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
