"""The cart-pole game: chapter 13."""

from __future__ import annotations

import random
from collections import deque

import keras
import numpy as np
from keras.layers import Dense


class Agent:
    """A DQN that asks Keras for one state at a time."""

    def __init__(self, batch_size: int = 32):
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
