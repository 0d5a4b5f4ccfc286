"""What the companion notebooks to *Deep Learning Illustrated* import.

`dli.seed` makes a run repeatable, `dli.datasets` loads the data, `dli.book` keeps the
scoreboard, `dli.progress` shows a training under way, and `dli.figures`,
`dli.diagrams` and `dli.tables` show pictures and tables with their text. Importing any
of them changes nothing elsewhere; what our Jupyter kernels change is in `dli.kernel`.
What runs, records and checks the notebooks is the package `course`.
"""

__version__ = "2.0.0"


def seed(number: int) -> None:
    """Let every draw of a run follow one number, so that a rerun repeats it.

    Seeds Python, NumPy, and Keras and PyTorch where they have been imported: call it
    after the imports. With Keras on TensorFlow every epoch also gets an order of its
    own (see `dli.shuffling`). `DLI_SEED` in the environment takes the number's place:
    `course seeds` repeats a notebook so.

    Args:
        number: any whole number from 0 to 2³² − 1.

    Raises:
        ValueError: the number is outside that range.
    """
    import os
    import random
    import sys

    number = int(os.environ.get("DLI_SEED") or number)
    if not 0 <= number < 2**32:
        raise ValueError(f"a seed is a whole number from 0 to 2³² − 1, not {number}")
    random.seed(number)
    if "numpy" in sys.modules or "keras" in sys.modules:
        import numpy

        numpy.random.seed(number)
    if "torch" in sys.modules:
        import torch

        torch.manual_seed(number)
    if "keras" in sys.modules:
        import keras

        from dli import shuffling

        keras.utils.set_random_seed(number)
        shuffling.reshuffle_every_epoch()
