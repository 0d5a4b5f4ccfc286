"""One side of the Cart-Pole DQN of chapter 13."""

from __future__ import annotations

import random
import time
from statistics import median

import gymnasium as gym
import keras
import numpy as np

from benchmarks import notebook
from benchmarks.child import SEED, peak_mb
from benchmarks.measure.network import fix_weights
from benchmarks.printed.cartpole import Agent

NOTEBOOK = "cartpole_dqn"
MARKER = "steps, epsilons, checkpoints = learn("
STEPS = 100  # of an episode


def dqn(spec: dict) -> dict:
    """Seconds of an episode of 100 steps and its replay, of one side of the DQN.

    The share of random actions is the lowest, as it is through most of a training.
    """
    ours, smoke = spec["side"] == "ours", spec.get("smoke")
    episodes = 2 if not ours else 4 if smoke else 40
    steps = 10 if smoke else STEPS
    keras.utils.set_random_seed(SEED)
    new_agent = _our_agents() if ours else Agent
    env = gym.make("CartPole-v1", max_episode_steps=200)
    agent = new_agent()
    agent.epsilon = 0.01
    _act(agent, env, 64)  # to have something to replay
    agent.train()
    seconds = []
    for _ in range(episodes):
        started = time.perf_counter()
        _act(agent, env, steps)
        acted = time.perf_counter()
        agent.train()
        seconds.append([acted - started, time.perf_counter() - acted])
    peak = peak_mb()
    return {
        "seconds": [sum(pair) for pair in seconds],
        "acting": median(pair[0] for pair in seconds),
        "replaying": median(pair[1] for pair in seconds),
        "steps": steps,
        "peak_mb": peak,
        "parameters": agent.model.count_params(),
        "backend": keras.backend.backend(),
        "replay of 1": _replay(new_agent, 1),
        "replay of 32": _replay(new_agent, 32),
    }


def _our_agents():
    """Makes the notebook's agents, which replay a given number of memories."""
    names, _ = notebook.prepare(NOTEBOOK, MARKER)

    def agent(batch_size: int = 32):
        names["batch_size"] = batch_size
        return names["DQNAgent"]()

    return agent


def _act(agent, env, steps: int) -> None:
    """Take a number of steps; where the pole falls, start again."""
    state, _ = env.reset(seed=SEED)
    for _ in range(steps):
        action = agent.act(state)
        next_state, reward, fell, capped, _ = env.step(action)
        agent.remember(state, action, -10.0 if fell else reward, next_state, fell)
        state = env.reset()[0] if fell or capped else next_state


def _replay(new_agent, memories: int) -> dict[str, list[float]]:
    """All weights before and after one replay of the same memories."""
    rng = np.random.default_rng(0)
    agent = new_agent(memories)
    fix_weights(agent.model)
    before = agent.model.get_weights()
    if hasattr(agent, "weights"):
        agent.weights = before
    for number in range(memories + 1):
        state, next_state = rng.normal(0, 1, (2, 4)).astype("float32")
        fell = number % 8 == 0
        agent.remember(state, number % 2, -10.0 if fell else 1.0, next_state, fell)
    random.seed(0)
    agent.train()
    return {"before": _flat(before), "after": _flat(agent.model.get_weights())}


def _flat(weights) -> list[float]:
    return np.concatenate([weight.ravel() for weight in weights]).tolist()
