"""A new order of the training data in every epoch, under a seed, with TensorFlow too.

`keras.utils.set_random_seed` sets TensorFlow's global seed. With it set, the shuffle
inside `Model.fit` starts from the same state in every epoch (tensorflow#35682), so that
every epoch repeats the very same mini-batches. The book's networks lose two to four
tenths of a per cent by that, and at batch size 1 it changes the picture altogether.
"""

from __future__ import annotations

_done = False


def reshuffle_every_epoch() -> None:
    """Let `Model.fit` draw a new order of arrays in every epoch, from NumPy.

    Call it once after `keras.utils.set_random_seed`; the orders follow that seed. Only
    TensorFlow needs it: with JAX and PyTorch, Keras reshuffles anyway, and nothing is
    done.
    """
    global _done
    import keras

    if _done or keras.backend.backend() != "tensorflow":
        return
    import wrapt

    wrapt.wrap_function_wrapper(
        "keras.src.trainers.data_adapters.array_data_adapter",
        "ArrayDataAdapter.get_tf_dataset",
        _reshuffling,
    )
    _done = True


def _reshuffling(get_tf_dataset, adapter, args, kwargs):
    """`get_tf_dataset`, with NumPy in the place of its `tf.random.shuffle`."""
    import numpy as np
    import tensorflow as tf

    generator = np.random.default_rng(np.random.randint(2**31))  # follows the seed

    def shuffle(indices):
        order = tf.numpy_function(generator.permutation, [indices], indices.dtype)
        return tf.ensure_shape(order, indices.shape)

    original, tf.random.shuffle = tf.random.shuffle, shuffle
    try:
        return get_tf_dataset(*args, **kwargs)
    finally:
        tf.random.shuffle = original
