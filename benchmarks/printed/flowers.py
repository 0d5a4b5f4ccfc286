"""Photographs of flowers: chapter 10."""

from __future__ import annotations

import keras
from keras import layers
from sklearn.model_selection import train_test_split

from benchmarks.printed.fit import classifier
from dli.datasets import flowers17


def flowers():
    """Flowers-17 between 0 and 1, as tflearn returned them; a tenth to validate with.

    The photographs are divided as in our notebook, so that both sides see the same.
    """
    X, y = flowers17.load_data()
    X = X.astype("float32") / 255
    X_train, X_valid, y_train, y_valid = train_test_split(
        X,
        keras.utils.to_categorical(y),
        test_size=0.1,
        stratify=y,
        random_state=42,
    )
    return (X_train, y_train), (X_valid, y_valid)


def alexnet():
    model = keras.Sequential([keras.Input((224, 224, 3))])
    model.add(layers.Conv2D(96, kernel_size=11, strides=4, activation="relu"))
    model.add(layers.MaxPooling2D(pool_size=3, strides=2))
    model.add(layers.BatchNormalization())
    model.add(layers.Conv2D(256, kernel_size=5, activation="relu"))
    model.add(layers.MaxPooling2D(pool_size=3, strides=2))
    model.add(layers.BatchNormalization())
    for kernels in (256, 384, 384):
        model.add(layers.Conv2D(kernels, kernel_size=3, activation="relu"))
    model.add(layers.MaxPooling2D(pool_size=3, strides=2))
    model.add(layers.BatchNormalization())
    model.add(layers.Flatten())
    for _ in range(2):
        model.add(layers.Dense(4096, activation="tanh"))
        model.add(layers.Dropout(0.5))
    model.add(layers.Dense(17, activation="softmax"))
    return classifier(model)


def vggnet():
    model = keras.Sequential([keras.Input((224, 224, 3))])
    for convolutions, kernels in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(convolutions):
            model.add(layers.Conv2D(kernels, kernel_size=3, activation="relu"))
        model.add(layers.MaxPooling2D(pool_size=2, strides=2))
        model.add(layers.BatchNormalization())
    model.add(layers.Flatten())
    for _ in range(2):
        model.add(layers.Dense(4096, activation="relu"))
        model.add(layers.Dropout(0.5))
    model.add(layers.Dense(17, activation="softmax"))
    return classifier(model)
