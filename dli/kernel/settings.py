"""What the notebooks depend on, set whatever a reader's configuration files say.

`~/.keras/keras.json` can put the channels of a picture first or compute in 16 bits, and
a `matplotlibrc` can draw quite other figures: notebooks would stop, or show something
else than was recorded.

On a GPU, TensorFlow and JAX would take nearly all memory for the first kernel; here
each kernel takes what it needs, unless a reader has set otherwise.
"""

from __future__ import annotations

import os

_GROWTH = {
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
}


def activate() -> None:
    """Let memory grow, and set Keras and matplotlib to their own defaults."""
    for name, value in _GROWTH.items():
        os.environ.setdefault(name, value)
    try:
        import wrapt
    except ImportError:  # a bare Python before it is set up
        return
    wrapt.register_post_import_hook(_keras, "keras")
    wrapt.register_post_import_hook(_matplotlib, "matplotlib")


def _keras(keras) -> None:
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)


def _matplotlib(matplotlib) -> None:
    matplotlib.rcdefaults()  # all but the backend
