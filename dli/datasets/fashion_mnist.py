"""Fashion-MNIST: 70,000 pictures of clothing (Xiao, Rasul & Vollgraf 2017)."""

import numpy as np

from dli.datasets._fetch import loader, recipes
from dli.datasets._stand_ins import fashion_mnist as made_up

Split = tuple[np.ndarray, np.ndarray]

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def load_data() -> tuple[Split, Split]:
    """Fashion-MNIST as `keras.datasets.fashion_mnist.load_data` gives it.

    Returns:
        `(X_train, y_train), (X_valid, y_valid)`: images, uint8 of shapes
        (60000, 28, 28) and (10000, 28, 28), 0 for the ground; labels 0 to 9 as in
        `CLASSES`, uint8 of shapes (60000,) and (10000,).

    Raises:
        DataUnavailable: no source has it and stand-ins are turned off, or the cache
            can't be written.
    """
    data = loader.arrays("fashion_mnist")
    return (data["x_train"], data["y_train"]), (data["x_test"], data["y_test"])


recipes.register("fashion_mnist", stand_in=made_up.make)
