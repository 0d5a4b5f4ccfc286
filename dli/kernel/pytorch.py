"""What Keras on PyTorch needs to train what is written for the others.

`steps_per_execution` changes how fast small networks train, never what they learn, but
Keras refuses it on PyTorch with an error. `jit_compile=True` needs a C++ compiler
there, which many machines lack. Both are left out.

An LSTM on a CPU is read step by step in Python by Keras 3.15, and the gradient of each
step fills an array as large as all steps together. PyTorch's own LSTM takes its place:
the same numbers up to rounding, in a tenth of the time.
"""

from __future__ import annotations

import functools
import os
import sys

_RNN = "keras.src.backend.torch.rnn"


def activate() -> None:
    """See to it when Keras is imported, if this process runs it on PyTorch."""
    if os.environ.get("KERAS_BACKEND") != "torch":
        return
    try:
        import wrapt
    except ImportError:  # a bare Python before it is set up: no Keras either
        return
    wrapt.register_post_import_hook(_prepare, "keras")


def _prepare(keras) -> None:
    if getattr(keras.Model.compile, "_dli_one_step", False):  # done already
        return
    _one_step(keras)
    if hasattr(sys.modules.get(_RNN), "_fallback_lstm"):  # else a Keras we don't know
        import wrapt

        wrapt.wrap_function_wrapper(_RNN, "_fallback_lstm", _own_lstm)


def _one_step(keras) -> None:
    compile_ = keras.Model.compile

    @functools.wraps(compile_)
    def one_step(*args, **kwargs):
        for name in ("steps_per_execution", "jit_compile"):
            kwargs.pop(name, None)  # the defaults: 1, and "auto", which is off
        return compile_(*args, **kwargs)

    one_step._dli_one_step = True
    keras.Model.compile = one_step


def _own_lstm(step_by_step, _, args, kwargs):
    """In the place of Keras's `_fallback_lstm`, where PyTorch's LSTM does the same."""
    import torch
    from keras import activations

    *arrays, activation, recurrent_activation, return_sequences, batch_first = args
    inputs, bias = arrays[0], arrays[-1]
    if (
        inputs.device.type == "cpu"
        and inputs.dtype == torch.float32
        and bias is not None
        and activation is activations.tanh
        and recurrent_activation is activations.sigmoid
        and batch_first
        and not torch.jit.is_tracing()
        and not torch.compiler.is_compiling()
    ):
        whole = sys.modules[_RNN]._cudnn_lstm  # the CPU's, where the inputs lie there
        return whole(*arrays, return_sequences, inputs.device)
    return step_by_step(*args, **kwargs)
