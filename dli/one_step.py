"""What speeds TensorFlow and JAX up is left out on PyTorch, which can't do with it.

`steps_per_execution` changes how fast small networks train, never what they learn, but
Keras refuses it on PyTorch with an error. `jit_compile=True` needs a C++ compiler
there, which many machines lack. Notebooks that use them should run there too.
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
        for name in ("steps_per_execution", "jit_compile"):
            kwargs.pop(name, None)  # the defaults: 1, and "auto", which is off
        return compile_(*args, **kwargs)

    one_step._dli_one_step = True
    keras.Model.compile = one_step
