"""House prices: chapter 9."""

from __future__ import annotations

import keras
from keras.layers import BatchNormalization, Dense, Dropout

from dli.datasets import boston_housing


def prices():
    return boston_housing.load_data()


def regression_net():
    model = keras.Sequential([keras.Input((13,))])
    model.add(Dense(32, activation="relu"))
    model.add(BatchNormalization())
    model.add(Dense(16, activation="relu"))
    model.add(BatchNormalization())
    model.add(Dropout(0.2))
    model.add(Dense(1, activation="linear"))
    model.compile(loss="mean_squared_error", optimizer="adam")
    return model
