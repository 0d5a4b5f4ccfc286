"""The other side: each training as the book does it, on the same library versions.

Written by ourselves, short, from what the book and its authors' notebooks do: `compile`
and `fit` without further settings, `predict` and `fit` sample by sample in the DQN,
`predict` in the loop of the GAN, a corpus that is cut into words anew at each pass.
What no longer runs at all is replaced by its nearest relative, and nothing else.
"""

from __future__ import annotations

import random
import string
from collections import deque

import numpy as np

RECURRENT = {  # words · length · the layer that reads
    "rnn": (10_000, 100, "SimpleRNN"),
    "lstm": (10_000, 100, "LSTM"),
    "gru": (10_000, 100, "GRU"),
    "bi_lstm": (10_000, 200, "LSTM"),
}


# Digits: chapters 5, 8, 9 and 10


def digits(shape=(784,)):
    """MNIST as the nets take it: images of `shape`, labels one-hot."""
    import keras

    from dli.datasets import mnist

    return [
        (X.reshape(-1, *shape).astype("float32") / 255, keras.utils.to_categorical(y))
        for X, y in mnist.load_data()
    ]


def shallow_net():
    import keras
    from keras.layers import Dense

    model = keras.Sequential([keras.Input((784,))])
    model.add(Dense(64, activation="sigmoid"))
    model.add(Dense(10, activation="softmax"))
    sgd = keras.optimizers.SGD(learning_rate=0.01)
    model.compile(loss="mean_squared_error", optimizer=sgd, metrics=["accuracy"])
    return model


def intermediate_net():
    import keras
    from keras.layers import Dense

    model = keras.Sequential([keras.Input((784,))])
    model.add(Dense(64, activation="relu"))
    model.add(Dense(64, activation="relu"))
    model.add(Dense(10, activation="softmax"))
    sgd = keras.optimizers.SGD(learning_rate=0.1)
    model.compile(loss="categorical_crossentropy", optimizer=sgd, metrics=["accuracy"])
    return model


def deep_net():
    import keras
    from keras.layers import BatchNormalization, Dense, Dropout

    model = keras.Sequential([keras.Input((784,))])
    for _ in range(3):
        model.add(Dense(64, activation="relu"))
        model.add(BatchNormalization())
    model.add(Dropout(0.2))
    model.add(Dense(10, activation="softmax"))
    return _classifier(model)


def tensorboard():
    """The callback that logs the deep net's training; in this folder."""
    import keras

    return keras.callbacks.TensorBoard("logs/deep-net")


def lenet():
    import keras
    from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D

    model = keras.Sequential([keras.Input((28, 28, 1))])
    model.add(Conv2D(32, kernel_size=(3, 3), activation="relu"))
    model.add(Conv2D(64, kernel_size=(3, 3), activation="relu"))
    model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(Dropout(0.25))
    model.add(Flatten())
    model.add(Dense(128, activation="relu"))
    model.add(Dropout(0.5))
    model.add(Dense(10, activation="softmax"))
    return _classifier(model)


def _classifier(model):
    model.compile(
        loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"]
    )
    return model


def fit(model, data, epochs: int, batch_size: int = 128, callbacks=()):
    """Train as the book does, with Keras's own progress bar."""
    (X_train, y_train), (X_valid, y_valid) = data
    model.fit(
        X_train,
        y_train,
        batch_size=batch_size,
        epochs=epochs,
        verbose=1,
        validation_data=(X_valid, y_valid),
        callbacks=list(callbacks),
    )


def speed_net():
    """Five hidden layers of 30 sigmoid neurons, behind a first one."""
    import keras
    from keras.layers import Dense

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


# Prices: chapter 9


def prices():
    from dli.datasets import boston_housing

    return boston_housing.load_data()


def regression_net():
    import keras
    from keras.layers import BatchNormalization, Dense, Dropout

    model = keras.Sequential([keras.Input((13,))])
    model.add(Dense(32, activation="relu"))
    model.add(BatchNormalization())
    model.add(Dense(16, activation="relu"))
    model.add(BatchNormalization())
    model.add(Dropout(0.2))
    model.add(Dense(1, activation="linear"))
    model.compile(loss="mean_squared_error", optimizer="adam")
    return model


# Flowers: chapter 10


def flowers():
    """Flowers-17 between 0 and 1, as tflearn gave them; a tenth to validate with.

    The photographs are divided as in our notebook, so that both sides see the same.
    """
    import keras
    from sklearn.model_selection import train_test_split

    from dli.datasets import flowers17

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
    import keras
    from keras import layers

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
    return _classifier(model)


def vggnet():
    import keras
    from keras import layers

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
    return _classifier(model)


# Film reviews: chapter 11


def reviews(n_words: int, length: int, skip_top: int = 0):
    """IMDb, cut and padded in front to `length` ids."""
    from keras.utils import pad_sequences

    from dli.datasets import imdb

    return [
        (pad_sequences(X, maxlen=length, padding="pre", truncating="pre"), y)
        for X, y in imdb.load_data(num_words=n_words, skip_top=skip_top)
    ]


def dense_sentiment_net():
    import keras
    from keras.layers import Dense, Dropout, Embedding, Flatten

    model = keras.Sequential([keras.Input((100,))])
    model.add(Embedding(5_000, 64))
    model.add(Flatten())
    model.add(Dense(64, activation="relu"))
    model.add(Dropout(0.5))
    return _of_two(model)


def conv_sentiment_net():
    import keras
    from keras import layers

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
    import keras
    from keras import layers

    words, length, kind = RECURRENT[name]
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
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((200,))])
    model.add(layers.Embedding(10_000, 64))
    model.add(layers.SpatialDropout1D(0.2))
    model.add(layers.Bidirectional(layers.LSTM(64, dropout=0.2, return_sequences=True)))
    model.add(layers.Bidirectional(layers.LSTM(64, dropout=0.2)))
    return _of_two(model)


def conv_lstm_sentiment_net():
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((200,))])
    model.add(layers.Embedding(10_000, 64))
    model.add(layers.SpatialDropout1D(0.2))
    model.add(layers.Conv1D(64, 3, activation="relu"))
    model.add(layers.MaxPooling1D(4))
    model.add(layers.Bidirectional(layers.LSTM(64, dropout=0.2)))
    return _of_two(model)


def multi_conv_sentiment_net():
    import keras
    from keras import layers

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
    from keras.layers import Dense

    model.add(Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def checkpoints():
    """The weights after every epoch, which chapter 11 keeps; in this folder."""
    import keras

    path = "weights.{epoch:02d}.weights.h5"
    return keras.callbacks.ModelCheckpoint(path, save_weights_only=True)


# Eighteen books: chapter 11


def clean_sentences():
    """The corpus as sentences of clean words, phrases joined.

    `gutenberg.sents()` is no list: each loop over it cuts the books into words again.
    """
    from gensim.models.phrases import Phraser, Phrases
    from nltk import sent_tokenize, word_tokenize
    from nltk.corpus import gutenberg, stopwords

    len(gutenberg.words())
    # Book by book: on one string of 12 MB NLTK gives up where the machine is busy.
    first = sent_tokenize(gutenberg.raw(gutenberg.fileids()[0]))
    for fileid in gutenberg.fileids()[1:]:
        sent_tokenize(gutenberg.raw(fileid))
    word_tokenize(first[1])
    sents = gutenberg.sents()
    [w.lower() for w in sents[4] if w.lower() not in stopwords.words("english")]

    Phraser(Phrases(sents))
    lower = []
    for sent in sents:
        lower.append([w.lower() for w in sent if w not in list(string.punctuation)])
    Phraser(Phrases(lower))
    bigrams = Phraser(Phrases(lower, min_count=32, threshold=64))
    clean = []
    for sent in lower:
        clean.append(bigrams[sent])
    return clean, bigrams


def word_vectors(sentences):
    """word2vec on four workers."""
    from gensim.models import Word2Vec

    return Word2Vec(
        sentences=sentences,
        vector_size=64,
        sg=1,
        window=10,
        epochs=5,
        min_count=10,
        workers=4,
    ).wv


# Apples: chapter 12


class GAN:
    """Both networks, and the loop that trains them in turn."""

    batch_size, latent = 128, 32

    def __init__(self):
        import keras
        from keras.optimizers import RMSprop

        self.discriminator = self._discriminator()
        self.discriminator.compile(
            loss="binary_crossentropy",
            optimizer=RMSprop(learning_rate=0.0008, clipvalue=1.0),
            metrics=["accuracy"],
        )
        self.generator = self._generator()
        self.adversarial = keras.Sequential(
            [keras.Input((self.latent,)), self.generator, self.discriminator]
        )
        self.adversarial.compile(
            loss="binary_crossentropy",
            optimizer=RMSprop(learning_rate=0.0004, clipvalue=1.0),
            metrics=["accuracy"],
        )

    def _discriminator(self):
        import keras
        from keras.layers import Conv2D, Dense, Dropout, Flatten

        model = keras.Sequential([keras.Input((28, 28, 1))])
        for kernels, strides in ((64, 2), (128, 2), (256, 2), (512, 1)):
            shape = {"strides": strides, "padding": "same"}
            model.add(Conv2D(kernels, 5, activation="relu", **shape))
            model.add(Dropout(0.4))
        model.add(Flatten())
        model.add(Dense(1, activation="sigmoid"))
        return model

    def _generator(self):
        import keras
        from keras import layers

        model = keras.Sequential([keras.Input((self.latent,))])
        model.add(layers.Dense(7 * 7 * 64))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.Activation("relu"))
        model.add(layers.Reshape((7, 7, 64)))
        model.add(layers.Dropout(0.4))
        for kernels in (32, 16, 8):
            if kernels > 8:
                model.add(layers.UpSampling2D())
            model.add(layers.Conv2DTranspose(kernels, 5, padding="same"))
            model.add(layers.BatchNormalization(momentum=0.9))
            model.add(layers.Activation("relu"))
        model.add(layers.Conv2D(1, 5, padding="same", activation="sigmoid"))
        return model

    def iteration(self, sketches):
        """One round of both: losses and accuracies, the discriminator's first."""
        n = self.batch_size
        chosen = np.random.choice(len(sketches), n, replace=False)
        real = np.reshape(sketches[chosen], (n, 28, 28, 1))
        noise = np.random.uniform(-1.0, 1.0, size=[n, self.latent])
        fake = self.generator.predict(noise, verbose=0)
        labels = np.ones([2 * n, 1])
        labels[n:] = 0
        # The book sets this once. Under Keras 3 the discriminator then never learns.
        self.discriminator.trainable = True
        judged = self.discriminator.train_on_batch(np.concatenate([real, fake]), labels)
        self.discriminator.trainable = False
        noise = np.random.uniform(-1.0, 1.0, size=[n, self.latent])
        fooled = self.adversarial.train_on_batch(noise, np.ones([n, 1]))
        return [*judged, *fooled]


# Cart-Pole: chapter 13


class Agent:
    """A DQN that asks Keras for one state at a time."""

    def __init__(self, batch_size: int = 32):
        import keras
        from keras.layers import Dense

        self.batch_size = batch_size
        self.memory = deque(maxlen=2000)
        self.gamma, self.epsilon = 0.95, 1.0
        self.epsilon_decay, self.epsilon_min = 0.995, 0.01
        self.model = keras.Sequential([keras.Input((4,))])
        self.model.add(Dense(32, activation="relu"))
        self.model.add(Dense(32, activation="relu"))
        self.model.add(Dense(2, activation="linear"))
        adam = keras.optimizers.Adam(learning_rate=0.001)
        self.model.compile(loss="mse", optimizer=adam)

    def act(self, state) -> int:
        if np.random.rand() <= self.epsilon:
            return random.randrange(2)
        return int(np.argmax(self.model.predict(state.reshape(1, 4), verbose=0)[0]))

    def remember(self, *memory) -> None:
        self.memory.append(memory)

    def train(self) -> None:
        """Replay 32 memories: predict twice and fit once for each of them."""
        chosen = random.sample(self.memory, self.batch_size)
        for state, action, reward, next_state, done in chosen:
            state, next_state = state.reshape(1, 4), next_state.reshape(1, 4)
            target = reward
            if not done:
                best = np.amax(self.model.predict(next_state, verbose=0)[0])
                target = reward + self.gamma * best
            wanted = self.model.predict(state, verbose=0)
            wanted[0][action] = target
            self.model.fit(state, wanted, epochs=1, verbose=0)
        if self.epsilon > self.epsilon_min:
            self.epsilon *= self.epsilon_decay
