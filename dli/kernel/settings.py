"""What the notebooks depend on, set whatever a reader's configuration files say.

`~/.keras/keras.json` can put the channels of a picture first or compute in 16 bits, and
a `matplotlibrc` can draw quite other figures: notebooks would stop, or show something
else than was recorded.
"""

from __future__ import annotations


def activate() -> None:
    """Set Keras and matplotlib to their own defaults when they are imported."""
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
