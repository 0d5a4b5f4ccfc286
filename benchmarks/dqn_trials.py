"""Why does a solved Cart-Pole get lost again? The agent of chapter 13, in NumPy.

    python -m benchmarks.dqn_trials

Twelve seeds each of the notebook's agent, of one whose memory forgets nothing, of two
with a target network, and of one with a single step of Adam for a batch. About ten
minutes on one CPU core; `dqn_trials.md` keeps what came out.
"""

from __future__ import annotations

import random
from itertools import pairwise

import gymnasium as gym
import numpy as np

SEEDS = range(100, 112)
EPISODES, CAP, BATCH = 1_000, 200, 32
TRIALS = {
    "as in the book": {},
    "a memory that forgets nothing": {"memory_size": 10**6},
    "a target network, renewed every 5 episodes": {"renewed": 5},
    "a target network, renewed every 20 episodes": {"renewed": 20},
    "one step of Adam for a batch": {"together": True},
}


class Network:
    """4, 32, 32 and 2 neurons, with Adam as Keras sets it."""

    def __init__(self, rng):
        sizes = [4, 32, 32, 2]
        self.weights = []
        for below, above in pairwise(sizes):
            bound = np.sqrt(6 / (below + above))
            drawn = rng.uniform(-bound, bound, (below, above))
            self.weights += [drawn.astype("float32"), np.zeros(above, "float32")]
        self.means = [np.zeros_like(w) for w in self.weights]
        self.squares = [np.zeros_like(w) for w in self.weights]
        self.steps = 0

    def learn(self, x, y):
        """One step of Adam on the mean squared error."""
        w1, b1, w2, b2, w3, b3 = self.weights
        h1 = np.maximum(x @ w1 + b1, 0)
        h2 = np.maximum(h1 @ w2 + b2, 0)
        d3 = 2 * (h2 @ w3 + b3 - y) / y.size
        d2 = d3 @ w3.T * (h2 > 0)
        d1 = d2 @ w2.T * (h1 > 0)
        slopes = [x.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0)]
        self.steps += 1
        rate = 0.001 * np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        adam = zip(self.weights, self.means, self.squares, slopes)
        for weight, mean, square, slope in adam:
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope**2 - square)
            weight -= rate * mean / (np.sqrt(square) + 1e-7)


def q_values(weights, states):
    w1, b1, w2, b2, w3, b3 = weights
    hidden = np.maximum(states @ w1 + b1, 0)
    return np.maximum(hidden @ w2 + b2, 0) @ w3 + b3


def trial(seed, memory_size=2_000, renewed=0, together=False, episodes=EPISODES):
    """Steps of each episode of one training.

    Args:
        seed: of weights, games, explored actions and replayed memories.
        memory_size: steps that are remembered.
        renewed: episodes after which the target network is renewed; 0 for none.
        together: one step of Adam for a batch in place of one for each memory.
        episodes: how many.
    """
    drawn = random.Random(seed)
    net = Network(np.random.default_rng(seed))
    target = [w.copy() for w in net.weights]
    env = gym.make("CartPole-v1", max_episode_steps=CAP)
    env.reset(seed=seed)
    memory, lengths, epsilon = [], [], 1.0
    for episode in range(episodes):
        (state, _), over, steps = env.reset(), False, 0
        while not over:
            explores = drawn.random() <= epsilon
            best = drawn.randrange(2) if explores else q_values(net.weights, state)
            action = int(best if explores else np.argmax(best))
            following, reward, fell, capped, _ = env.step(action)
            memory.append((state, action, -10.0 if fell else reward, following, fell))
            state, steps, over = following, steps + 1, fell or capped
        lengths.append(steps)
        recent = memory[-memory_size:]
        if len(recent) <= BATCH:
            continue
        s, a, r, s2, fell = map(np.array, zip(*drawn.sample(recent, BATCH)))
        lessons = q_values(net.weights, s)
        teacher = target if renewed else net.weights
        following = q_values(teacher, s2).max(axis=1)
        lessons[np.arange(BATCH), a] = r + 0.95 * following * ~fell
        for rows in np.arange(BATCH).reshape(1 if together else BATCH, -1):
            net.learn(s[rows], lessons[rows])
        epsilon *= 0.995 if epsilon > 0.01 else 1
        if renewed and episode % renewed == 0:
            target = [w.copy() for w in net.weights]
    return lengths


def told(lengths):
    """Whether it was solved, its last mean, and its lowest mean after that."""
    means = np.convolve(lengths, np.ones(100) / 100, mode="valid")
    solved = np.flatnonzero(means >= 195)
    return len(solved) > 0, means[-1], means[solved[0] :].min() if len(solved) else None


def main():
    print("| agent | solved | last means of 100 | lowest after it was solved |")
    print("|---|---|---|---|")
    for name, changes in TRIALS.items():
        found = [told(trial(seed, **changes)) for seed in SEEDS]
        last = ", ".join(f"{mean:.0f}" for mean in sorted(mean for _, mean, _ in found))
        lowest = [low for *_, low in found if low is not None]
        low = f"{min(lowest):.0f}" if lowest else ""
        solved = f"{len(lowest)} of {len(found)}"
        print(f"| {name} | {solved} | {last} | {low} |", flush=True)


if __name__ == "__main__":
    main()
