"""Two reviews in one row, and the pictures of what a network makes of them."""

import numpy as np
import pytest

from dli import cells, recurrent

FIRST = np.array([[0, 0, 1, 2, 3, 4], [1, 2, 3, 4, 5, 6]])
SECOND = 10 * FIRST


def test_the_last_words_of_both_stand_at_the_end():
    rows = recurrent.two_in_one(FIRST, SECOND, 2, 3)
    assert rows.tolist() == [[0, 3, 4, 20, 30, 40], [0, 5, 6, 40, 50, 60]]


@pytest.mark.parametrize(("n_first", "n_second"), [(6, 0), (0, 6), (0, 0)])
def test_one_of_them_alone(n_first, n_second):
    rows = recurrent.two_in_one(FIRST, SECOND, n_first, n_second)
    wanted = FIRST if n_first else SECOND if n_second else 0 * FIRST
    assert rows.tolist() == wanted.tolist()


@pytest.mark.parametrize(("n_first", "n_second"), [(4, 3), (-1, 2), (2, -1)])
def test_too_many_words_are_refused(n_first, n_second):
    with pytest.raises(ValueError, match="do not fit"):
        recurrent.two_in_one(FIRST, SECOND, n_first, n_second)


def test_when_the_second_review_overtakes_the_first():
    assert recurrent.overtaken(([0, 5, 10], [80, 60, 55], [50, 60, 70])) == 5
    assert recurrent.overtaken(([0, 5], [80, 70], [50, 60])) is None


def shown(monkeypatch, module):
    told = []
    monkeypatch.setattr(module.figures, "show", lambda fig, alt: told.append(alt))
    return told


def test_the_picture_says_when(monkeypatch):
    told = shown(monkeypatch, recurrent)
    curves = ([0, 5, 10], [80.4, 60, 55], [50, 60, 70])
    never = ([0, 5], [80, 70], [50, 60])
    recurrent.show_memory({"RNN": curves, "LSTM": never}, 50)
    assert "RNN: for the first review it goes from 80 to 55%" in told[0]
    assert "5 words weigh as much as the 50 before" in told[0]
    assert "LSTM" in told[0] and "none of these counts weighs" in told[0]


@pytest.mark.parametrize(
    ("draw", "names"), [(cells.lstm, cells.LSTM), (cells.gru, cells.GRU)]
)
def test_every_number_of_a_cell_is_on_its_drawing(draw, names):
    from matplotlib.figure import Figure

    numbers = {name: round(0.13 + 0.1 * k, 2) for k, name in enumerate(names)}
    ax = Figure().subplots()
    alt = draw(ax, numbers)
    written = " ".join(text.get_text() for text in ax.texts)
    for number in numbers.values():
        assert f"{number:.2f}" in alt
        assert f"{number:.2f}" in written
    with pytest.raises(KeyError):
        draw(Figure().subplots(), {"before": 1.0})
