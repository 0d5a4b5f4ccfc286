"""Does the GAN of chapter 12 draw apples from other seeds too? Writes gan_seeds.md.

    python -m benchmarks.gan_seeds [ITERATIONS]     (400)

Networks, half-steps and quality measure are the notebook's own cells, those tagged
`definitions`. About 20 minutes for 400 iterations of five seeds on 2 CPU cores.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from PIL import Image
from sklearn.decomposition import PCA

from benchmarks import notebook, pages
from course import machine
from dli.datasets import quickdraw

SEEDS = (1, 2, 3, 4, 5)
EVERY = 100  # iterations between two measurements
CONVERGED = 0.25  # of the Fréchet distance before training; the notebook's own band
PAGE = Path(__file__).with_suffix(".md")
TEMPLATE = PAGE.parent / "templates" / "gan_seeds.md.j2"


@dataclass(frozen=True)
class Point:
    """What was measured at one iteration of a training.

    Attributes:
        seed, iteration: of the training.
        distance: the Fréchet distance between generated and held-out sketches.
        told_apart: accuracy of a logistic regression at telling them apart.
        accuracy: the discriminator's mean since the point before; None at the start.
        share: of the distance before training.
    """

    seed: int
    iteration: int
    distance: float
    told_apart: float
    accuracy: float | None
    share: float


def run(seed: int, sketches: np.ndarray, iterations: int):
    """One training.

    Args:
        seed: of the weights and of all that is drawn.
        sketches: float32 (n, 28, 28, 1) from 0 to 1; the first 500 are held out.
        iterations: each a half-step of both networks.

    Returns:
        Its points, and sixteen sketches of the last iteration side by side, float32
        (28, 448, 1).
    """
    net = notebook.definitions("generative_adversarial_network", seed)
    real, held_out = sketches[500:], sketches[:500]
    pca = PCA(50, random_state=0).fit(real.reshape(len(real), -1))
    noise, rng = net["draw_noise"](500), net["rng"]
    points: list[Point] = []
    accuracies: list[float] = []
    for iteration in range(iterations + 1):
        if iteration:
            batch = real[rng.integers(len(real), size=net["batch_size"])]
            accuracies.append(net["discriminator_half_step"](batch)[1])
            net["generator_half_step"](net["batch_size"])
        if iteration % EVERY == 0:
            sketched = net["generate"](noise)
            distance, told_apart = net["quality"](sketched, held_out, pca)
            accuracy = np.mean(accuracies[-EVERY:]) if accuracies else None
            share = distance / points[0].distance if points else 1.0
            points.append(Point(seed, iteration, distance, told_apart, accuracy, share))
            print(points[-1], flush=True)
    return points, np.hstack(sketched[:16])


def page(runs: list[list[Point]], sketches: int, measured_on: dict) -> str:
    """The report.

    Args:
        runs: the points of each training.
        sketches: how many there were.
        measured_on: `machine.description` with the versions of Keras and scikit-learn.
    """
    last = [points[-1] for points in runs]
    return pages.render(
        TEMPLATE,
        points=[point for points in runs for point in points],
        iterations=last[0].iteration,
        sketches=sketches,
        runs=len(runs),
        good=sum(point.share <= CONVERGED for point in last),
        converged=CONVERGED,
        machine=measured_on,
        backend=keras.backend.backend(),
        picture=PAGE.with_suffix(".png").name,
    )


def main() -> None:
    """Train from every seed, and write the page and its picture."""
    iterations = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    sketches = quickdraw.load_data("apple").reshape(-1, 28, 28, 1).astype("float32")
    runs, rows = zip(*(run(seed, sketches / 255, iterations) for seed in SEEDS))
    picture = Image.fromarray((255 * (1 - np.vstack(rows)[..., 0])).astype("uint8"))
    picture.resize((896, 280)).save(PAGE.with_suffix(".png"), optimize=True)
    here = machine.description(["keras", "scikit-learn"])
    PAGE.write_text(page(runs, len(sketches), here), encoding="utf-8")


if __name__ == "__main__":
    main()
