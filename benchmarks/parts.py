"""What is measured: the trainings that are compared, and how much of each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name


@dataclass(frozen=True)
class Training:
    """One training, as `trainings.toml` describes it; that file explains the fields."""

    title: str
    notebook: str
    net: str
    epochs: int
    data: str = ""
    arguments: tuple = ()
    data_arguments: tuple = ()
    callback: str = ""
    rows: tuple[int, int] | None = None
    batch_size: int = 128
    target: float = 1.0
    marker: str = "history = model.fit("
    reviews: bool = False
    backends: bool = False
    smoke: tuple[int, int] = (512, 256)

    def network(self):
        """The printed network, built."""
        return printed(self.net)(*self.arguments)


def printed(name: str):
    """A function of `benchmarks.printed`, from `module:function`.

    It is imported now, so that this module can be read without Keras.
    """
    return resolve_name(f"benchmarks.printed.{name}")


_TABLE = Path(__file__).with_name("trainings.toml").read_text("utf-8")
TRAININGS = {name: Training(**table) for name, table in tomllib.loads(_TABLE).items()}

RECURRENT = {  # of these trainings, the layer that reads
    "rnn": "SimpleRNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "bi_lstm": "LSTM",
}

LOOPS = {  # trainings that are not one `fit`, with their targets
    "gan": ("Generative adversarial network", 1.3),
    "dqn": ("Cart-Pole DQN", 100.0),
    "preprocessing": ("Natural language preprocessing", 3.0),
}

SCALED = ("intermediate", "lenet", "dense_sentiment", "conv_sentiment", "rnn")
FRACTIONS = (0.25, 0.5, 1.0)

DATA_SETS = {  # module of dli.datasets, and how a notebook asks it
    "mnist": "load_data()",
    "fashion_mnist": "load_data()",
    "boston_housing": "load_data()",
    "imdb": "load_data(num_words=10_000)",
    "quickdraw": 'load_data("apple")',
    "flowers17": "load_data()",
    "nltk_data": 'ensure("gutenberg", "stopwords", "punkt_tab")',
}

OTHERS = ("imports", "data_loads", "scaling")

ALL = (*TRAININGS, *LOOPS, *OTHERS)
