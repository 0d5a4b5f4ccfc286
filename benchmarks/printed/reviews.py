"""Film reviews: chapter 11."""

from __future__ import annotations

import keras
from keras import layers
from keras.utils import pad_sequences

from benchmarks.parts import RECURRENT, TRAININGS
from dli.datasets import imdb


def reviews(n_words: int, length: int, skip_top: int = 0):
    """IMDb, cut and padded in front to `length` ids."""
    return [
        (pad_sequences(X, maxlen=length, padding="pre", truncating="pre"), y)
        for X, y in imdb.load_data(num_words=n_words, skip_top=skip_top)
    ]


def dense_sentiment_net():
    model = keras.Sequential([keras.Input((100,))])
    model.add(layers.Embedding(5_000, 64))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dropout(0.5))
    return _of_two(model)


def conv_sentiment_net():
    model = keras.Sequential([keras.Input((400,))])
    model.add(layers.Embedding(5_000, 64))
    model.add(layers.SpatialDropout1D(0.2))
    model.add(layers.Conv1D(256, 3, activation="relu"))
    model.add(layers.GlobalMaxPooling1D())
    model.add(layers.Dense(256, activation="relu"))
    model.add(layers.Dropout(0.2))
    return _of_two(model)


def recurrent_net(name: str):
    """The nets that read word by word: "rnn", "lstm", "gru", "bi_lstm"."""
    kind = RECURRENT[name]
    words, length = TRAININGS[name].data_arguments
    # Keras's own GRU has 768 parameters more than the book's.
    older = {"reset_after": False} if kind == "GRU" else {}
    reader = getattr(layers, kind)(256, dropout=0.2, **older)
    model = keras.Sequential([keras.Input((length,))])
    model.add(layers.Embedding(words, 64))
    model.add(layers.SpatialDropout1D(0.2))
    model.add(layers.Bidirectional(reader) if name == "bi_lstm" else reader)
    return _of_two(model)


def stacked_sentiment_net():
    """Two Bi-LSTMs, one on top of the other."""
    model = keras.Sequential([keras.Input((200,))])
    model.add(layers.Embedding(10_000, 64))
    model.add(layers.SpatialDropout1D(0.2))
    model.add(layers.Bidirectional(layers.LSTM(64, dropout=0.2, return_sequences=True)))
    model.add(layers.Bidirectional(layers.LSTM(64, dropout=0.2)))
    return _of_two(model)


def conv_lstm_sentiment_net():
    model = keras.Sequential([keras.Input((200,))])
    model.add(layers.Embedding(10_000, 64))
    model.add(layers.SpatialDropout1D(0.2))
    model.add(layers.Conv1D(64, 3, activation="relu"))
    model.add(layers.MaxPooling1D(4))
    model.add(layers.Bidirectional(layers.LSTM(64, dropout=0.2)))
    return _of_two(model)


def multi_conv_sentiment_net():
    review = keras.Input((400,))
    words = layers.SpatialDropout1D(0.2)(layers.Embedding(5_000, 64)(review))
    found = [
        layers.GlobalMaxPooling1D()(layers.Conv1D(256, width, activation="relu")(words))
        for width in (3, 2, 4)
    ]
    x = layers.concatenate(found)
    for neurons in (256, 64):
        x = layers.Dropout(0.2)(layers.Dense(neurons, activation="relu")(x))
    model = keras.Model(review, layers.Dense(1, activation="sigmoid")(x))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def _of_two(model):
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def checkpoints():
    """The weights after every epoch, which chapter 11 keeps; in this folder."""
    path = "weights.{epoch:02d}.weights.h5"
    return keras.callbacks.ModelCheckpoint(path, save_weights_only=True)
