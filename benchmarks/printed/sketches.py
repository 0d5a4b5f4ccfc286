"""Sketches of apples: chapter 12."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers
from keras.layers import Conv2D, Dense, Dropout, Flatten
from keras.optimizers import RMSprop


class GAN:
    """Both networks, and the loop that trains them in turn."""

    batch_size, latent = 128, 32

    def __init__(self):
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
        model = keras.Sequential([keras.Input((28, 28, 1))])
        for kernels, strides in ((64, 2), (128, 2), (256, 2), (512, 1)):
            shape = {"strides": strides, "padding": "same"}
            model.add(Conv2D(kernels, 5, activation="relu", **shape))
            model.add(Dropout(0.4))
        model.add(Flatten())
        model.add(Dense(1, activation="sigmoid"))
        return model

    def _generator(self):
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
