"""Does the GAN of chapter 12 draw apples from other seeds too? Writes gan_seeds.md.

    python benchmarks/gan_seeds.py [ITERATIONS]     (400)

Networks, half-steps and quality measure are the notebook's own cells, those tagged
`definitions`. About 20 minutes for 400 iterations of five seeds on 2 CPU cores.
"""

import platform
import sys
from pathlib import Path

import keras
import numpy as np
import sklearn
from PIL import Image
from sklearn.decomposition import PCA

from course import runner
from dli.datasets import quickdraw

SEEDS = (1, 2, 3, 4, 5)
EVERY = 100  # iterations between two measurements
CONVERGED = 0.25  # of the Fréchet distance before training, as in book.toml


def run(seed: int, sketches: np.ndarray, iterations: int) -> tuple[dict, np.ndarray]:
    """One training.

    Returns:
        By iteration: Fréchet distance, accuracy of telling apart, mean accuracy of the
        discriminator; and sixteen sketches of the last iteration, side by side.
    """
    net: dict = {}
    (path,) = runner.select(["generative_adversarial_network"])
    code = runner.tagged_code(path, "definitions").replace(
        "set_random_seed(42)", f"set_random_seed({seed})"
    )
    exec(code.replace("default_rng(42)", f"default_rng({seed})"), net)
    real, held_out = sketches[500:], sketches[:500]
    pca = PCA(50, random_state=0).fit(real.reshape(len(real), -1))
    noise, rng = net["draw_noise"](500), net["rng"]
    measured = {0: (*net["quality"](net["generate"](noise), held_out, pca), np.nan)}
    accuracies = []
    for iteration in range(1, iterations + 1):
        batch = real[rng.integers(len(real), size=net["batch_size"])]
        accuracies.append(net["discriminator_half_step"](batch)[1])
        net["generator_half_step"](net["batch_size"])
        if iteration % EVERY == 0:
            sketched = net["generate"](noise)
            found = net["quality"](sketched, held_out, pca)
            measured[iteration] = (*found, np.mean(accuracies[-EVERY:]))
            print(seed, iteration, measured[iteration], flush=True)
    return measured, np.hstack(sketched[:16])


def main() -> None:
    iterations = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    sketches = quickdraw.load_data("apple").reshape(-1, 28, 28, 1).astype("float32")
    runs, rows = {}, []
    for seed in SEEDS:
        runs[seed], row = run(seed, sketches / 255, iterations)
        rows.append(row)
    picture = 255 * (1 - np.vstack(rows)[..., 0])
    target = Path(__file__).with_suffix(".md")
    Image.fromarray(picture.astype("uint8")).resize((896, 280)).save(
        target.with_suffix(".png"), optimize=True
    )
    shares = {seed: run[iterations][0] / run[0][0] for seed, run in runs.items()}
    good = sum(share <= CONVERGED for share in shares.values())
    lines = [
        "# The GAN of chapter 12 from five other seeds",
        "",
        f"Written by `benchmarks/gan_seeds.py`: {len(sketches):,} sketches, "
        f"{iterations} iterations. Keras {keras.__version__} on "
        f"{keras.backend.backend()}, scikit-learn {sklearn.__version__}, Python "
        f"{platform.python_version()}, {platform.machine()}.",
        "",
        f"**{good} of {len(runs)} converged**: the Fréchet distance between generated "
        f"and held-out sketches fell to {CONVERGED:.0%} or less of what it was before "
        "training. Told apart: accuracy of a logistic regression at telling them "
        "apart (50% is guessing).",
        "",
        "| seed | iteration | Fréchet distance | of the first | told apart "
        "| discriminator accuracy |",
        "|---|---|---|---|---|---|",
    ]
    for seed, measured in runs.items():
        for iteration, (distance, told, accuracy) in measured.items():
            own = "" if np.isnan(accuracy) else f"{accuracy:.0%}"
            lines.append(
                f"| {seed} | {iteration} | {distance:.1f} "
                f"| {distance / measured[0][0]:.0%} | {told:.0%} | {own} |"
            )
    lines += ["", f"A row for each seed, after {iterations} iterations:", ""]
    lines += [f"![Sixteen generated apples a seed]({target.stem}.png)"]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
