"""`steps_per_execution` on PyTorch: one step, as that backend can do no more.

It changes how fast TensorFlow and JAX train small networks, never what they learn, but
Keras refuses it on PyTorch with an error. Notebooks that use it should run there too.
"""

from __future__ import annotations

import functools
import os


def activate() -> None:
    """See to it when Keras is imported, if this process runs it on PyTorch."""
    if os.environ.get("KERAS_BACKEND") != "torch":
        return
    try:
        import wrapt
    except ImportError:  # a bare Python before `dli setup`: no Keras either
        return
    wrapt.register_post_import_hook(_one_step, "keras")


def _one_step(keras) -> None:
    compile_ = keras.Model.compile
    if getattr(compile_, "_dli_one_step", False):  # `importlib.reload(dli)`
        return

    @functools.wraps(compile_)
    def one_step(*args, **kwargs):
        kwargs.pop("steps_per_execution", None)  # the default is 1
        return compile_(*args, **kwargs)

    one_step._dli_one_step = True
    keras.Model.compile = one_step
