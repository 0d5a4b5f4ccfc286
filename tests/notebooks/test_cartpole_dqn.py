"""The Cart-Pole agent, as the notebook defines it, against plainer ways to do it."""

import ast
import random
from types import SimpleNamespace

import numpy as np
import pytest

from course import catalogue

DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
VALUES = {"env", "state_size", "n_actions"}  # assigned outside the hyperparameters


@pytest.fixture(scope="module")
def dqn():
    """What the notebook imports, sets and defines, without its runs and pictures."""
    names = {}
    for cell in catalogue.find("cartpole_dqn").cells():
        if "solution" in cell.tags:
            continue
        for node in ast.parse(cell.source).body:
            assigned = {ast.unparse(t) for t in getattr(node, "targets", ())}
            if (
                isinstance(node, DEFINES)
                or "parameters" in cell.tags
                or assigned & VALUES
            ):
                exec(compile(ast.unparse(node), cell.id, "exec"), names)
    return SimpleNamespace(**names)


@pytest.fixture
def agent(dqn):
    dqn.keras.utils.set_random_seed(7)
    return dqn.DQNAgent()


def puppet(policy):
    """An agent that follows a policy and keeps its memories in a list."""
    memories = []
    return SimpleNamespace(
        act=policy,
        remember=lambda *memory: memories.append(memory),
        memories=memories,
    )


def balancing():
    """An agent that would balance for far more than 200 steps."""
    return puppet(lambda state: int(state[2] + state[3] > 0))


def test_the_arithmetic_by_hand_is_the_networks(dqn, agent):
    states = np.random.default_rng(0).normal(size=(500, 4)).astype("float32")
    by_keras = dqn.keras.ops.convert_to_numpy(agent.model(states))
    by_hand = dqn.q_values(agent.weights, states)
    np.testing.assert_allclose(by_hand, by_keras, atol=1e-5)
    np.testing.assert_allclose(
        dqn.q_values(agent.weights, states[0]), by_hand[0], atol=1e-6
    )


def test_targets_are_those_of_a_loop_over_the_samples(dqn, agent):
    dqn.env.reset(seed=0)
    for _ in range(10):
        dqn.play(agent, dqn.env)  # falls, one an episode
    endured = balancing()
    dqn.play(endured, dqn.env)  # ends at the 200th step, with no fall
    memories = [*agent.memory, *endured.memories]
    assert sum(fell for *_, fell in memories) == 10
    assert not memories[-1][-1]

    def q(state):
        return dqn.keras.ops.convert_to_numpy(agent.model(state[None]))[0]

    expected = []
    for state, action, reward, next_state, fell in memories:
        target = q(state).copy()
        future = 0 if fell else dqn.discount_factor * q(next_state).max()
        target[action] = reward + future
        expected.append(target)

    states, targets = dqn.targets_for(agent.weights, memories)
    np.testing.assert_array_equal(states, [memory[0] for memory in memories])
    np.testing.assert_allclose(targets, expected, atol=1e-5)


def test_a_fall_costs_ten_and_is_the_end(dqn):
    agent = puppet(lambda state: 1)
    dqn.env.reset(seed=0)
    steps = dqn.play(agent, dqn.env)
    assert 5 < steps < 20
    assert len(agent.memories) == steps
    assert [memory[2] for memory in agent.memories] == [1] * (steps - 1) + [-10]
    assert [memory[4] for memory in agent.memories] == [False] * (steps - 1) + [True]


def test_the_200th_step_is_no_fall(dqn):
    agent = balancing()
    dqn.env.reset(seed=0)
    assert dqn.play(agent, dqn.env) == 200
    assert [memory[2] for memory in agent.memories] == [1] * 200
    assert not any(memory[4] for memory in agent.memories)


def test_the_200th_step_is_a_fall_where_that_is_asked_for(dqn):
    agent = balancing()
    dqn.env.reset(seed=0)
    assert dqn.play(agent, dqn.env, cap_is_fall=True) == 200
    assert agent.memories[-1][2] == -10
    assert agent.memories[-1][4]


def test_a_replay_is_32_steps_of_adam_and_one_of_epsilon(dqn, agent):
    memory = (np.ones(4, "float32"), 0, 1.0, np.ones(4, "float32"), False)
    for _ in range(dqn.batch_size):
        agent.remember(*memory)
    agent.train()  # not enough memories yet
    assert int(agent.model.optimizer.iterations) == 0
    assert agent.epsilon == 1

    agent.remember(*memory)
    before = agent.weights
    agent.train()
    assert int(agent.model.optimizer.iterations) == 32
    assert agent.epsilon == 0.995
    assert not np.allclose(before[0], agent.weights[0])
    np.testing.assert_array_equal(agent.weights[0], agent.model.get_weights()[0])


def test_epsilon_stays_at_its_floor(dqn, agent, monkeypatch):
    monkeypatch.setattr(agent.model, "train_on_batch", lambda *batch: None)
    for _ in range(40):
        agent.remember(np.zeros(4, "float32"), 0, 1.0, np.zeros(4, "float32"), False)
    replays = 0
    while agent.epsilon > dqn.epsilon_min and replays < 1_000:
        agent.train()
        replays += 1
    assert replays == 919
    floor = agent.epsilon
    agent.train()
    assert agent.epsilon == floor == pytest.approx(0.00998645)


def test_an_agent_explores_as_often_as_epsilon_says(dqn, agent, monkeypatch):
    monkeypatch.setattr(dqn.np, "argmax", lambda values: 5)  # no action: exploited
    random.seed(0)
    agent.epsilon = 0.25
    actions = [agent.act(np.zeros(4, "float32")) for _ in range(2_000)]
    assert set(actions) == {0, 1, 5}
    assert np.mean([action != 5 for action in actions]) == pytest.approx(0.25, abs=0.04)


def test_falls_in_the_memory(dqn):
    steps = [50] * 100 + [200] * 20  # 50 falls fit in, then fewer and fewer
    remembered = dqn.falls_remembered(steps)
    assert remembered[0] == 1 and remembered[39] == remembered[99] == 40
    assert remembered[104] == 20
    assert remembered[-1] == 0


def test_solved_is_the_mean_of_100_episodes(dqn):
    assert dqn.solved_in([0] * 50 + [200] * 100) == 148  # 2 of 100 at 0: 196
    assert np.isnan(dqn.solved_in([200] * 99))
    assert np.isnan(dqn.solved_in([194] * 300))
