"""Networks trained on ImageNet, without their top, to build on: `load_base()`.

Their files come through `dli.datasets.pretrained`. The networks are built here and not
there, because the data layer knows nothing of Keras.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

from dli.datasets import pretrained
from dli.datasets._fetch import loader
from dli.datasets._fetch.errors import DataUnavailable

SHAPE = (224, 224, 3)  # height, width, red-green-blue

# EfficientNet-Lite0's blocks: repeats, kernel, stride of the first, expansion, filters.
# Tan and Le (2019), Table 1; the lite variant has neither squeeze-and-excitation nor
# swish.
_BLOCKS = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


@dataclass(frozen=True)
class Base:
    """A network trained on ImageNet, without its top.

    Attributes:
        name: "VGG19" or "EfficientNet-Lite0".
        model: takes what `preprocess` gives, float32 of shape (n, 224, 224, 3);
            returns float32 of shape (n, 7, 7, channels).
        preprocess: turns images, red-green-blue from 0 to 255, into what the network
            was trained on; works on arrays, tensors and inside a Keras model.
        source: where the weights came from, in words.
    """

    name: str
    model: keras.Model
    preprocess: Callable
    source: str


def load_base(name: str | None = None) -> Base:
    """The book's VGG19 or, where its weights can't be had, EfficientNet-Lite0.

    Args:
        name: "vgg19" or "efficientnet_lite0"; None for the first that can be had. A
            line says so if it is not the book's.

    Raises:
        ValueError: another name.
        DataUnavailable: no source has the weights.
    """
    if name is not None:
        if name not in _BASES:
            raise ValueError(f"no base {name!r}; there are: {', '.join(_BASES)}")
        return _BASES[name]()
    try:
        return _BASES["vgg19"]()
    except DataUnavailable as missing:
        try:
            base = _BASES["efficientnet_lite0"]()
        except DataUnavailable as error:
            raise DataUnavailable(f"{missing}\n\n{error}") from error
        why = "; ".join(t.reason for t in missing.tried if t.kind == "publisher")
        print(f"{base.name} in place of VGG19, whose weights can't be had ({why})")
        return base


def _vgg19() -> Base:
    file = pretrained.vgg19_file()
    return Base(
        name="VGG19",
        model=keras.applications.VGG19(
            weights=str(file), include_top=False, input_shape=SHAPE
        ),
        preprocess=keras.applications.vgg19.preprocess_input,
        source=loader.provenance()["vgg19"].source,
    )


def _efficientnet_lite0() -> Base:
    weights = pretrained.efficientnet_lite0_weights()
    return Base(
        name="EfficientNet-Lite0",
        model=efficientnet_lite0(weights),
        preprocess=_from_minus_one_to_one,
        source=loader.provenance()["efficientnet_lite0"].source,
    )


_BASES = {"vgg19": _vgg19, "efficientnet_lite0": _efficientnet_lite0}


def _from_minus_one_to_one(images):
    """What EfficientNet-Lite was trained on: from -127/128 to 1."""
    return (images - 127.0) / 128.0


def efficientnet_lite0(
    weights: Mapping[str, np.ndarray] | None = None, *, top: bool = False
) -> keras.Model:
    """EfficientNet-Lite0: a stem, 16 blocks in seven stages, a head.

    Args:
        weights: as `dli.datasets.pretrained.efficientnet_lite0_weights` gives them;
            None leaves them random.
        top: with the classifier of ImageNet's 1,000 classes, which gives logits.

    Returns:
        A functional model of float32 images of shape (n, 224, 224, 3); it gives shape
        (n, 7, 7, 1280), or (n, 1000) with the top.
    """
    inputs = keras.Input(SHAPE)
    x = _normalised(layers.Conv2D, inputs, "_conv_stem", "_bn0", 32, 3, strides=2)
    number = 0
    for repeats, kernel, stride, expansion, filters in _BLOCKS:
        for repeat in range(repeats):
            name = f"_blocks-{number}-"
            strides = stride if repeat == 0 else 1
            x = _block(x, name, kernel, strides, expansion, filters)
            number += 1
    x = _normalised(layers.Conv2D, x, "_conv_head", "_bn1", 1280, 1)
    if top:
        x = layers.GlobalAveragePooling2D()(x)
        x = layers.Dense(1000, name="_fc")(x)
    model = keras.Model(inputs, x, name="efficientnet_lite0")
    if weights is not None:
        for layer in model.layers:
            layer.set_weights(_of_layer(layer, weights))
    return model


def _block(x, name: str, kernel: int, strides: int, expansion: int, filters: int):
    """An inverted bottleneck: widen, filter each channel by itself, narrow again."""
    before, channels = x, x.shape[-1]
    if expansion != 1:
        wide = channels * expansion
        x = _normalised(layers.Conv2D, x, f"{name}_expand_conv", f"{name}_bn0", wide, 1)
    x = _normalised(
        layers.DepthwiseConv2D,
        x,
        f"{name}_depthwise_conv",
        f"{name}_bn1",
        kernel,
        strides=strides,
    )
    x = _normalised(
        layers.Conv2D,
        x,
        f"{name}_project_conv",
        f"{name}_bn2",
        filters,
        1,
        activated=False,
    )
    return layers.Add()([x, before]) if x.shape == before.shape else x


def _normalised(kind, x, name: str, norm: str, *sizes, activated=True, **options):
    """A convolution without bias, batch normalisation, and mostly ReLU up to 6."""
    x = kind(*sizes, padding="same", use_bias=False, name=name, **options)(x)
    x = layers.BatchNormalization(epsilon=1e-3, name=norm)(x)
    return layers.ReLU(max_value=6)(x) if activated else x


def _of_layer(layer: keras.Layer, weights: Mapping[str, np.ndarray]) -> list:
    """A layer's weights in Keras's order of axes.

    The layers bear PyTorch's names, with hyphens: its backend takes no points in them.
    """
    name = layer.name.replace("-", ".")
    if isinstance(layer, layers.BatchNormalization):
        parts = ("weight", "bias", "running_mean", "running_var")
        return [weights[f"{name}.{part}"] for part in parts]
    if isinstance(layer, layers.DepthwiseConv2D):
        return [weights[f"{name}.weight"].transpose(2, 3, 0, 1)]
    if isinstance(layer, layers.Conv2D):
        return [weights[f"{name}.weight"].transpose(2, 3, 1, 0)]
    if isinstance(layer, layers.Dense):
        return [weights[f"{name}.weight"].T, weights[f"{name}.bias"]]
    return []
