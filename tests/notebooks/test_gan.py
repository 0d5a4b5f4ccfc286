"""The GAN's half-steps train what they should, on the notebook's own cells."""

import base64
import io
import re

import keras
import nbformat
import numpy as np
import pytest
from PIL import Image

from course import catalogue
from course.bootstrap import ROOT

NOTEBOOK = catalogue.find("generative_adversarial_network")


@pytest.fixture
def source():
    """The notebook's cells tagged `definitions`, with small networks."""
    joined = NOTEBOOK.code("definitions")
    assert joined.count("depth = 64") == 1
    return joined.replace("depth = 64", "depth = 8")


@pytest.fixture
def gan(source):
    """What these cells define, by name."""
    return defined_by(source)


def defined_by(source):
    names: dict = {}
    exec(source, names)
    return names


def weights(model):
    """The trainable weights, whatever `trainable` says now."""
    kernels = [w for layer in model.layers for w in layer.weights]
    moving = ("moving_mean", "moving_variance", "seed")
    kept = [w for w in kernels if not any(m in w.path for m in moving)]
    return [keras.ops.convert_to_numpy(keras.ops.copy(w)) for w in kept]


def changed(before, after):
    return [not np.array_equal(b, a) for b, a in zip(before, after)]


def real(n=6):
    return np.random.default_rng(0).random((n, 28, 28, 1)).astype("float32")


def test_each_half_step_trains_its_own_network_only(gan):
    discriminator, generator = gan["discriminator"], gan["generator"]
    discriminator.trainable = False  # so the notebook leaves it before the loop
    for _ in range(3):  # the compiled steps must hold what the first one traced
        judge, artist = weights(discriminator), weights(generator)
        loss, accuracy = gan["discriminator_half_step"](real())
        assert all(changed(judge, weights(discriminator)))
        assert not any(changed(artist, weights(generator)))
        assert loss > 0 and 0 <= accuracy <= 1

        judge = weights(discriminator)
        gan["generator_half_step"](6)
        assert not any(changed(judge, weights(discriminator)))
        # A bias before a normalization has no gradient: not every weight moves.
        assert np.mean(changed(artist, weights(generator))) > 0.6


@pytest.mark.filterwarnings("ignore:.*any trainable weights")
def test_the_order_of_the_book_trains_no_discriminator(source):
    """Compile, freeze, build the adversarial network, train: no weight ever moves."""
    switch = re.compile(r"^    discriminator\.trainable = \w+\n", re.M)
    printed, removed = switch.subn("", source)
    assert removed == 2
    build = "adversarial = keras.Sequential("
    assert printed.count(build) == 1
    gan = defined_by(
        printed.replace(build, f"discriminator.trainable = False\n{build}")
    )

    judge = weights(gan["discriminator"])
    for _ in range(3):
        gan["discriminator_half_step"](real())
        gan["generator_half_step"](6)
    assert not any(changed(judge, weights(gan["discriminator"])))


def test_gradients_are_clipped_and_labels_are_right(gan):
    assert gan["discriminator"].optimizer.clipvalue == 1.0
    assert gan["adversarial"].optimizer.clipvalue == 1.0
    seen = {}
    gan["discriminator"].train_on_batch = lambda x, y: seen.update(x=x, y=y)
    gan["discriminator_half_step"](real())
    assert np.array_equal(seen["x"][:6], real())
    assert seen["y"].ravel().tolist() == [1] * 6 + [0] * 6
    gan["adversarial"].train_on_batch = lambda x, y: seen.update(x=x, y=y)
    gan["generator_half_step"](500)
    assert seen["x"].min() < -0.9 and seen["x"].max() > 0.9
    assert seen["y"].tolist() == [[1]] * 500


def test_frechet_distance(gan):
    """Two Gaussian clouds with known means and spreads (Dowson and Landau 1982)."""
    rng = np.random.default_rng(0)
    cloud = rng.normal(size=(200_000, 2))
    distance = gan["frechet_distance"]
    assert distance(cloud, cloud) == pytest.approx(0, abs=1e-6)
    assert distance(cloud, cloud + np.array([3, 4])) == pytest.approx(25, rel=1e-6)
    assert distance(cloud, 3 * cloud) == pytest.approx(8, rel=0.02)  # 2 · (3 − 1)²


def test_the_seeds_shown_are_those_of_the_benchmark():
    """The notebook carries the picture with it: links out of its folder don't open."""
    content = nbformat.read(NOTEBOOK.path, as_version=4)
    (cell,) = [c for c in content.cells if c.get("attachments")]
    stored = base64.b64decode(cell.attachments["gan_seeds.png"]["image/png"])
    shown = np.asarray(Image.open(io.BytesIO(stored)).convert("L"), dtype=int)
    with Image.open(ROOT / "benchmarks" / "gan_seeds.png") as measured:
        made = np.asarray(measured.convert("L"), dtype=int)
    assert shown.shape == made.shape
    assert np.abs(shown - made).mean() < 4  # of 255: fewer shades of grey


def test_clipped_gradients_stay_within_one():
    """The effect of `clipvalue`: a step as if every gradient lay between −1 and 1."""
    moved = []
    for clipvalue, gradient in ((1.0, [5.0, -3.0, 0.5]), (None, [1.0, -1.0, 0.5])):
        weights = keras.Variable([0.0, 0.0, 0.0])
        step = keras.optimizers.SGD(1.0, clipvalue=clipvalue)
        step.apply([keras.ops.convert_to_tensor(gradient)], [weights])
        moved.append(keras.ops.convert_to_numpy(weights).tolist())
    assert moved[0] == moved[1] == [-1.0, 1.0, -0.5]
