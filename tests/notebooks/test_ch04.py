"""Chapter 4: Elo, tree search, rules and self-play against what is known.

Executed is the notebooks' own code: the cells tagged `definitions`.
"""

import math
import random
from functools import cache
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from course import catalogue


@cache
def definitions(name):
    """What the cells tagged `definitions` of a notebook define."""
    found = {}
    exec(catalogue.find(name).code("definitions"), found)
    return SimpleNamespace(**found)


@pytest.fixture
def reward():
    return definitions("learning_by_reward")


@pytest.fixture
def tree():
    return definitions("tree_search")


@pytest.fixture
def elo():
    return definitions("self_play_and_elo")


# Learning by reward


def test_the_ghost_is_met_on_its_square_and_when_places_are_exchanged(reward):
    right, left = 1, 3
    # the ghost at (2, 4) on its way to (2, 3)
    beside = (reward.NUMBER[2, 2], 2, 7 & ~(1 << reward.CHERRIES.index((2, 2))))
    assert reward.step(beside, right)[1] == reward.GHOST
    swap = (reward.NUMBER[2, 3], 2, beside[2])
    assert reward.step(swap, right)[1] == reward.GHOST  # through it
    assert reward.step(beside, left)[1] == 0  # a wall, and the ghost stays away


def test_a_cherry_counts_once_and_the_last_one_ends_the_game(reward):
    number = reward.CHERRIES.index((0, 6))
    state, points, over = reward.step((reward.NUMBER[0, 5], 0, 1 << number), 1)
    assert (points, over, state[2]) == (reward.CHERRY, True, 0)
    assert reward.step((reward.NUMBER[0, 5], 0, 7 & ~(1 << number)), 1)[1] == 0


def test_true_values_satisfy_bellman_and_perfect_play_gets_all_cherries(reward):
    exact = reward.true_values()
    for state in list(np.ndindex(exact.shape[:3]))[::37]:
        if state[2]:
            for action in range(4):
                following, points, over = reward.step(state, action)
                later = 0 if over else reward.discount * exact[following].max()
                assert exact[(*state, action)] == pytest.approx(
                    points + later, abs=1e-3
                )
    _, rewards, met = reward.show_off(exact)
    assert (sum(rewards), len(rewards), met) == (30, 15, 0)


@pytest.mark.parametrize("seed", range(3))
def test_the_agent_finds_the_exact_worth_of_the_start(reward, seed):
    Q, points, _ = reward.learn(seed)
    assert Q[reward.START].max() == pytest.approx(
        reward.true_values()[reward.START].max(), rel=0.02
    )
    assert sum(reward.show_off(Q)[1]) == 30
    assert points[-100:].mean() > points[:100].mean()


def test_neurons_of_the_books_networks(reward):
    counts = [reward.neurons_by_hand(*plan) for plan in reward.NETWORKS.values()]
    assert counts == [58_634, 448_401, 11_624_465]
    assert counts == [
        reward.neurons_by_keras(*plan) for plan in reward.NETWORKS.values()
    ]


def test_what_the_car_does_follows_from_its_rewards(reward):
    total, way = reward.best_drive(1, -0.5, -100)
    assert total == 11.5 and way[-1][0] == reward.LENGTH
    assert (reward.PARKED, 0) not in way
    assert (reward.PARKED, 0) in reward.best_drive(1, -0.5, -0.1)[1]
    assert reward.best_drive(1, -100, -100)[1][-1] == (reward.PARKED - 1, 0)


# Tree search


def test_tic_tac_toe_has_5478_positions_and_is_a_draw(tree):
    seen = set()

    def visit(state):
        if state not in seen:
            seen.add(state)
            if not tree.TicTacToe.lost(state):
                for move in tree.TicTacToe.moves(state):
                    visit(tree.after(state, move))

    visit(tree.TicTacToe.START)
    assert len(seen) == 5_478
    assert tree.perfect_value(tree.TicTacToe.START) == 0.5


def test_random_value_agrees_with_roll_outs(tree):
    rng = random.Random(0)
    state = tree.after(tree.TicTacToe.START, 1)
    mean = np.mean([tree.roll_out(tree.TicTacToe, state, rng) for _ in range(20_000)])
    assert mean == pytest.approx(tree.random_value(state), abs=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_the_search_plays_perfectly_where_minimax_knows(tree, seed):
    rng = random.Random(seed)
    for state in rng.sample(tree.positions(), 60):
        root = tree.tree_search(tree.TicTacToe, state, 1500, rng)
        chosen = tree.most_visited(root)
        assert chosen in tree.best_moves(state, tree.perfect_value)


def test_a_tree_adds_up(tree):
    root = tree.tree_search(tree.TicTacToe, (0, 0), 500, random.Random(0))
    assert root.visits == 500
    assert sum(child.visits for child in root.children.values()) == 500
    won_by_mover = sum(child.score for child in root.children.values())
    assert root.score == pytest.approx(500 - won_by_mover)


def test_a_lost_position_is_counted_against_the_player_to_move(tree):
    lost = (0b000011000, 0b000000111)
    assert tree.TicTacToe.lost(lost)
    assert tree.roll_out(tree.TicTacToe, lost, random.Random(0)) == 0
    won_in_one = (0b000000011, 0b000011000)
    root = tree.tree_search(tree.TicTacToe, won_in_one, 200, random.Random(0))
    assert tree.most_visited(root) == 0b100


def test_every_game_against_a_perfect_player_is_not_lost(tree):
    def perfect(state):
        return tree.best_moves(state, tree.perfect_value)[0]

    for ours in (True, False):
        games, won, drawn, lost = tree.every_game(perfect, ours=ours)
        assert lost == 0 and won + drawn == games


def _four_by_brute_force(squares):
    return any(
        all((c + i * dc, r + i * dr) in squares for i in range(4))
        for c, r in squares
        for dc, dr in ((1, 0), (0, 1), (1, 1), (1, -1))
    )


def test_connect_four_agrees_with_a_look_at_all_fours(tree):
    rng = random.Random(3)
    for _ in range(300):
        state = tree.ConnectFour.START
        while not tree.ConnectFour.lost(state) and tree.ConnectFour.moves(state):
            state = tree.after(state, rng.choice(tree.ConnectFour.moves(state)))
            bits = [i for i in range(49) if state[1] >> i & 1]
            squares = {divmod(i, 7) for i in bits}
            assert all(row < 6 for _, row in squares)
            assert tree.ConnectFour.lost(state) == _four_by_brute_force(squares)


def test_the_curated_list_wins_and_blocks(tree):
    def state_after(columns):
        state = tree.ConnectFour.START
        for column in columns:
            state = tree.after(
                state,
                next(
                    m
                    for m in tree.ConnectFour.moves(state)
                    if tree.column_of(m) == column
                ),
            )
        return state

    three_up = state_after([0, 6, 0, 6, 0])  # X has three in column 0; O to move
    assert [tree.column_of(m) for m in tree.curated(three_up)] == [0]
    win = state_after([0, 6, 0, 6, 0, 6])  # both have three; X to move wins
    assert [tree.column_of(m) for m in tree.curated(win)] == [0]
    assert len(tree.curated(tree.ConnectFour.START)) == 4


@pytest.mark.parametrize(("size", "legal"), [(1, 1), (2, 57), (3, 12_675)])
def test_legal_positions_of_small_go_boards(tree, size, legal):
    assert tree.legal_positions(size) == legal


# Self-play and Elo


@pytest.mark.parametrize(("share", "points"), [(0.6, 70), (0.8, 241), (0.92, 424)])
def test_elo_gaps(elo, share, points):
    assert round(elo.gap(share)) == points
    assert elo.expected_share(elo.gap(share)) == pytest.approx(share)
    found = elo.ratings({("A", "B"): (share, 100)}, "B", extra_draws=0)
    assert found["A"] == pytest.approx(elo.gap(share), abs=0.01)


def test_a_sweep_has_no_gap_but_a_least_one(elo):
    assert elo.gap(1) == math.inf
    for games in (5, 60, 100):
        assert elo.expected_share(elo.least_gap(games)) ** games == pytest.approx(0.05)


def test_ratings_recover_known_strengths(elo):
    true = {"A": 0, "B": 150, "C": 320, "D": -80}
    matches = {
        (a, b): (elo.expected_share(true[a] - true[b]), 50)
        for a, b in product(true, true)
        if a < b
    }
    found = elo.ratings(matches, "A", extra_draws=0)
    assert found == pytest.approx(true, abs=0.5)


def test_the_boards_rules_agree_with_a_look_at_all_fours(elo):
    rng = np.random.default_rng(0)
    boards, mover = np.zeros((64, elo.CELLS), np.int8), 1
    for _ in range(elo.CELLS):
        moves = elo.by_chance(boards, rng)
        after, won = elo.play(boards, moves)
        for before, board, move, is_won in zip(boards, after, moves, won):
            grid = -board.reshape(elo.ROWS, elo.COLUMNS)  # as the mover sees it
            squares = {(c, r) for r, c in zip(*np.nonzero(grid == 1))}
            assert (grid != 0).sum() == (before != 0).sum() + 1
            new = np.argwhere(grid.ravel() != before)
            assert len(new) == 1 and new[0, 0] % elo.COLUMNS == move
            assert is_won == _four_by_brute_force(squares)
        goes_on = ~won & elo.legal(after).any(axis=1)
        boards, mover = after[goes_on], -mover
        if not len(boards):
            break


def _minimax(elo, board, depth):
    """What a board is worth to the player to move, looking `depth` moves ahead."""
    best = -math.inf
    for move in np.flatnonzero(elo.legal(board[None])[0]):
        after, won = elo.play(board[None], np.array([move]))
        if won[0]:
            value = 1
        elif not elo.legal(after).any() or depth == 1:
            value = 0
        else:
            value = -_minimax(elo, after[0], depth - 1)
        best = max(best, value)
    return best


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_looking_ahead_is_minimax(elo, depth):
    rng = np.random.default_rng(depth)
    boards = elo.self_play(elo.no_idea, 6, rng)[0]
    boards = boards[rng.choice(len(boards), 30, replace=False)]
    found = elo.look_ahead(boards, elo.no_idea, depth).max(axis=1)
    assert found.tolist() == [_minimax(elo, board, depth) for board in boards]


def test_self_play_teaches_who_won(elo):
    boards, shares, values = elo.self_play(elo.no_idea, 20, np.random.default_rng(1))
    assert shares.sum(axis=1) == pytest.approx(1)
    assert not shares[~elo.legal(boards)].any()
    empty = ~boards.any(axis=1)
    assert empty.sum() == 20  # every game begins once
    forced = elo.look_ahead(boards, elo.no_idea, 1).max(axis=1) == 1
    assert forced.any() and (values[forced] > 0).all()  # who can win at once, does


def test_a_network_learns_from_its_games(elo):
    network = elo.new_network(0)
    before = network.get_weights()
    memory = []
    after = elo.next_generation(network, memory, np.random.default_rng(0))
    assert len(memory) == 1
    assert any(np.abs(a - b).max() > 1e-4 for a, b in zip(before, after))
    boards = memory[0][0]
    policy, value = elo.look(after, boards)
    assert policy.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert np.abs(value).max() <= 1


def test_a_match_of_a_player_against_itself_is_even(elo):
    score = elo.match(elo.by_chance, elo.by_chance, 2000, np.random.default_rng(0))
    assert score == pytest.approx(0.5, abs=0.04)
    assert (
        elo.match(
            elo.thinker(elo.no_idea), elo.by_chance, 200, np.random.default_rng(0)
        )
        > 0.8
    )


# Mean scores in seven Atari games: Mnih and others, "Playing Atari with Deep
# Reinforcement Learning" (2013), table 1; the last two rows are the best games.
SCORES_OF_2013 = """
            Beam Rider  Breakout  Enduro   Pong  Q*bert  Seaquest  Space Invaders
Sarsa              996       5.2     129    -19     614       665             271
Contingency       1743         6     159    -17     960       723             268
Human             7456        31     368     -3   18900     28010            3690
DQN               4092       168     470     20    1952      1705             581
HNeat             3616        52     106     19    1800       920            1720
DQN_best          5184       225     661     21    4500      1740            1075
"""


def test_dqn_of_2013_leads_in_six_games_and_beats_people_in_three():
    rows = [line.split() for line in SCORES_OF_2013.strip().splitlines()[1:]]
    scores = {name: np.array(found, float) for name, *found in rows}
    learners = np.max([scores["Sarsa"], scores["Contingency"]], axis=0)
    ahead = (scores["DQN"] > learners) & (scores["DQN_best"] > scores["HNeat"])
    assert (ahead.sum(), len(ahead)) == (6, 7)
    assert (scores["DQN"] > scores["Human"]).sum() == 3
