"""The settings that the book's listings print, in the notebooks that take them over.

No output shows a dropout rate or the number of epochs, so the code is read: the cell of
the parameters, and each call that builds or compiles a network, with the parameters'
values in place of their names. Exercises are left out, and cells beyond the book.
"""

import ast

import pytest

from course import catalogue
from dli import pretrained

BEYOND = {"exercise", "solution", "beyond-the-book"}


def parameters(notebook):
    """Names and values of the parameters cell."""
    names = {}
    exec(catalogue.find(notebook).code("parameters"), names)
    return names


def calls(notebook, *functions):
    """Each call of these functions, in order: its positional and keyword arguments.

    Arguments that depend on more than the parameters stay source text.
    """
    names = parameters(notebook)

    def value(node):
        try:
            return eval(ast.unparse(node), {}, names)
        except NameError:
            return ast.unparse(node)

    found = []
    for cell in catalogue.find(notebook).cells():
        if cell.tags & BEYOND:
            continue
        nodes = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Call)]
        for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset)):
            if ast.unparse(node.func).split(".")[-1] in functions:
                found.append(
                    (
                        [value(argument) for argument in node.args],
                        {word.arg: value(word.value) for word in node.keywords},
                    )
                )
    return found


def first_arguments(notebook, function):
    """The first positional argument of each call of a function."""
    return [given[0] for given, _ in calls(notebook, function) if given]


def compiled_with(notebook):
    """The optimizers that networks are compiled with, as they are written."""
    return {words["optimizer"] for _, words in calls(notebook, "compile")}


def holds(notebook, **printed):
    """Compare the parameters of a notebook with the printed ones."""
    names = parameters(notebook)
    assert {name: names.get(name) for name in printed} == printed


def test_deep_net():
    holds("deep_net_in_keras", batch_size=128, epochs=20)
    assert compiled_with("deep_net_in_keras") == {"adam"}


def test_regression():
    holds("regression_in_keras", batch_size=8, epochs=32, dropout_rate=0.2)
    assert first_arguments("regression_in_keras", "Dense") == [32, 16, 1]
    assert len(calls("regression_in_keras", "Dropout")) == 1


def test_alexnet():
    kernels = [
        (given[0], words["kernel_size"], words.get("strides", 1))
        for given, words in calls("alexnet_in_keras", "Conv2D")
    ]
    assert kernels == [(96, 11, 4), (256, 5, 1), (256, 3, 1), (384, 3, 1), (384, 3, 1)]
    pools = [words for _, words in calls("alexnet_in_keras", "MaxPooling2D")]
    assert pools == [{"pool_size": 3, "strides": 2}] * 3
    assert first_arguments("alexnet_in_keras", "Dense")[:2] == [4096, 4096]
    assert first_arguments("alexnet_in_keras", "Dropout") == [0.5, 0.5]


def test_vggnet():
    code = catalogue.find("vggnet_in_keras").code()
    assert "(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)" in " ".join(code.split())
    assert first_arguments("vggnet_in_keras", "Dense")[0] == 4096
    assert "for d in (1, 2):" in code  # two such layers, each with its dropout
    assert first_arguments("vggnet_in_keras", "Dropout") == [0.5]


def test_transfer_learning():
    holds(
        "transfer_learning_in_keras",
        batch_size=32,
        steps_per_epoch=15,
        epochs=16,
        dropout_rate=0.5,
    )
    turned = first_arguments("transfer_learning_in_keras", "RandomRotation")
    assert turned == [30 / 360]  # as a share of a full turn
    assert pretrained.SHAPE == (224, 224, 3)


def test_word2vec_takes_all_but_the_four_workers():
    holds("natural_language_preprocessing", vector_size=64, epochs=5, min_count=10)
    ((_, words),) = calls("natural_language_preprocessing", "Word2Vec")
    assert words["workers"] == 1  # several workers would make each run another one


def test_map_of_words():
    ((_, words),) = calls("natural_language_preprocessing", "TSNE")
    assert (words["n_components"], words["max_iter"]) == (2, 1000)
    ((_, words),) = calls("natural_language_preprocessing", "sample")
    assert words["n"] == "min(5000, len(coords))"
    assert (
        "width=800,\n    height=800,"
        in catalogue.find("natural_language_preprocessing").code()
    )


def test_dense_sentiment_classifier():
    name = "dense_sentiment_classifier"
    holds(name, epochs=4, batch_size=128, n_words=5_000, skip_top=50)
    holds(name, review_length=100, n_dimensions=64, n_dense=64, dropout=0.5)


CLASSIFIERS = {
    "convolutional": {
        **{"epochs": 4, "n_words": 5_000, "review_length": 400, "n_filters": 256},
        **{"width": 3, "n_dense": 256, "dropout": 0.2},
    },
    "rnn": {
        **{"epochs": 16, "n_words": 10_000, "review_length": 100, "n_rnn": 256},
        "drop_rnn": 0.2,
    },
    "lstm": {
        **{"epochs": 4, "n_words": 10_000, "review_length": 100, "n_lstm": 256},
        "drop_lstm": 0.2,
    },
    "bi_lstm": {
        **{"epochs": 6, "n_words": 10_000, "review_length": 200, "n_lstm": 256},
        "drop_lstm": 0.2,
    },
    "stacked_bi_lstm": {
        **{"epochs": 4, "n_words": 10_000, "review_length": 200, "n_lstm_1": 64},
        **{"n_lstm_2": 64, "drop_lstm": 0.2},
    },
    "multi_convnet": {
        **{"epochs": 4, "n_words": 5_000, "review_length": 400, "n_filters": 256},
        **{"widths": (3, 2, 4), "n_dense_1": 256, "n_dense_2": 64, "dropout": 0.2},
    },
}


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_other_sentiment_classifiers(kind):
    name = f"{kind}_sentiment_classifier"
    holds(name, batch_size=128, n_dimensions=64, drop_embedding=0.2)
    holds(name, **CLASSIFIERS[kind])
    assert compiled_with(name) == {"adam"}


def test_gan():
    name = "generative_adversarial_network"
    holds(name, iterations=2000, batch_size=128, dropout_rate=0.4)
    assert first_arguments(name, "Dropout") == [0.4] * 5  # four and one


def test_cartpole():
    holds("cartpole_dqn", memory_size=2_000, discount_factor=0.95, learning_rate=0.001)
    holds("cartpole_dqn", epsilon_start=1.0, epsilon_decay=0.995, epsilon_min=0.01)
    holds("cartpole_dqn", batch_size=32, n_episodes=1_000)
    assert first_arguments("cartpole_dqn", "Dense") == [32, 32, "n_actions"]


def test_cartpole_saves_every_fifty_episodes():
    holds("cartpole_dqn", save_every=50)


def test_pytorchs_random_network():
    holds("pytorch", steps=1_000, n_random=32)
    sizes = [given for given, _ in calls("pytorch", "Linear")]
    assert sizes[:2] == [[784, 100], [100, 10]]


def test_tensorflow_computes_at_once():
    """Without graph or session, as the loop of *Deep Net in TensorFlow* takes it."""
    tensorflow = pytest.importorskip("tensorflow")
    assert tensorflow.executing_eagerly()
    assert (2 * tensorflow.constant(3.0)).numpy() == 6


def test_a_setting_of_another_value_is_seen():
    with pytest.raises(AssertionError):
        holds("deep_net_in_keras", batch_size=64)
