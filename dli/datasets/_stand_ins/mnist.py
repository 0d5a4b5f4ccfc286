"""Stand-in of MNIST."""

import numpy as np

from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import drawing


def make() -> Arrays:
    """70,000 digits with MNIST's shapes and dtypes; see `drawing.varied`.

    They are made from the 1,797 handwritten digits of 8 × 8 pixels that come with
    scikit-learn (Alpaydin & Kaynak 1998), enlarged to 20 × 20.
    """
    from PIL import Image
    from sklearn.datasets import load_digits

    digits = load_digits()
    masters = np.zeros((len(digits.images), drawing.SIDE, drawing.SIDE), np.uint8)
    for master, image in zip(masters, digits.images):  # from 0 to 16
        small = Image.fromarray((image * 255 / 16).astype(np.uint8))
        large = np.asarray(small.resize((20, 20), Image.Resampling.BICUBIC), float)
        master[4:24, 4:24] = (2 * large - 150).clip(0, 255)  # sharper
    return drawing.varied(masters, digits.target, seed=5)
