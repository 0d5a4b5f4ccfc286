"""Which names of a notebook the code of a cell depends on."""

from dli.kept import cells

CODE = """
%matplotlib inline
def learn(seed):
    weights = start(seed)
    def step():
        return weights * rate
    return step, [x for x in rows]

class Net:
    size = width
    def grow(self):
        self.size += growth

total, history = 0, []
for number in range(rounds):
    history.append(learn(number))
"""


def test_what_code_reads_of_the_notebook():
    read = set(cells.names(CODE))
    assert {"start", "rate", "rows", "width", "growth", "rounds"} <= read
    assert not {"weights", "step", "x", "self", "seed", "total"} & read


def test_what_a_cell_assigns():
    given = cells.assigned(CODE)
    assert {"learn", "Net", "total", "history", "number"} == given


def test_code_that_is_none_depends_on_nothing():
    assert cells.names("for") == [] and cells.assigned("for") == set()
