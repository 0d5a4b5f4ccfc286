"""The page on other seeds of the GAN."""

import re

from benchmarks import gan_seeds

HERE = {
    "processor": "x86_64",
    "versions": {"python": "3.11.7", "keras": "3.15.1", "scikit-learn": "1.9.1"},
}


def test_committed_page_is_what_its_numbers_give():
    text = gan_seeds.PAGE.read_text("utf-8")
    runs: dict[str, list] = {}
    for line in re.findall(r"^\| (\d.*) \|$", text, re.M):
        seed, iteration, distance, *shares = line.split(" | ")
        share, told, own = (float(s.rstrip("%") or "nan") / 100 for s in shares)
        accuracy = None if iteration == "0" else own
        numbers = (float(distance), told, accuracy, share)
        point = gan_seeds.Point(int(seed), int(iteration), *numbers)
        runs.setdefault(seed, []).append(point)
    assert len(runs) == len(gan_seeds.SEEDS)
    assert gan_seeds.page(list(runs.values()), 3000, HERE) == text
