"""Handwritten digits: chapters 5, 8, 9 and 10."""

from __future__ import annotations

import keras
import numpy as np
from keras.layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
)

from benchmarks.printed.fit import classifier
from dli.datasets import mnist


def digits(shape=(784,)):
    """MNIST as the nets take it: images of `shape`, labels one-hot."""
    return [
        (X.reshape(-1, *shape).astype("float32") / 255, keras.utils.to_categorical(y))
        for X, y in mnist.load_data()
    ]


def shallow_net():
    model = keras.Sequential([keras.Input((784,))])
    model.add(Dense(64, activation="sigmoid"))
    model.add(Dense(10, activation="softmax"))
    sgd = keras.optimizers.SGD(learning_rate=0.01)
    model.compile(loss="mean_squared_error", optimizer=sgd, metrics=["accuracy"])
    return model


def intermediate_net():
    model = keras.Sequential([keras.Input((784,))])
    model.add(Dense(64, activation="relu"))
    model.add(Dense(64, activation="relu"))
    model.add(Dense(10, activation="softmax"))
    sgd = keras.optimizers.SGD(learning_rate=0.1)
    model.compile(loss="categorical_crossentropy", optimizer=sgd, metrics=["accuracy"])
    return model


def deep_net():
    model = keras.Sequential([keras.Input((784,))])
    for _ in range(3):
        model.add(Dense(64, activation="relu"))
        model.add(BatchNormalization())
    model.add(Dropout(0.2))
    model.add(Dense(10, activation="softmax"))
    return classifier(model)


def tensorboard():
    """The callback that logs the deep net's training; in this folder."""
    return keras.callbacks.TensorBoard("logs/deep-net")


def lenet():
    model = keras.Sequential([keras.Input((28, 28, 1))])
    model.add(Conv2D(32, kernel_size=(3, 3), activation="relu"))
    model.add(Conv2D(64, kernel_size=(3, 3), activation="relu"))
    model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(Dropout(0.25))
    model.add(Flatten())
    model.add(Dense(128, activation="relu"))
    model.add(Dropout(0.5))
    model.add(Dense(10, activation="softmax"))
    return classifier(model)


def speed_net():
    """Five hidden layers of 30 sigmoid neurons, behind a first one."""
    model = keras.Sequential([keras.Input((784,))])
    for _ in range(6):
        model.add(Dense(30, activation="sigmoid"))
    model.add(Dense(10, activation="softmax"))
    sgd = keras.optimizers.SGD(learning_rate=0.01)
    model.compile(loss="categorical_crossentropy", optimizer=sgd, metrics=["accuracy"])
    return model


def speed_of_learning(epochs: int, n_digits: int = 1000):
    """The net, and the speed of its five hidden layers in each epoch."""
    (X, y), _ = digits()
    X, y = X[:n_digits], y[:n_digits]
    model, speeds = speed_net(), []
    for _ in range(epochs):
        before = [layer.get_weights()[0] for layer in model.layers[1:6]]
        model.fit(X, y, batch_size=1, epochs=1, verbose=1)
        after = [layer.get_weights()[0] for layer in model.layers[1:6]]
        moved = [np.linalg.norm(b - a) for a, b in zip(before, after)]
        speeds.append(np.array(moved) / (0.01 * len(X)))
    return model, np.array(speeds)
