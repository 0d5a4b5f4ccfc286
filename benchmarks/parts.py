"""What is measured: the trainings that are compared, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pkgutil import resolve_name


@dataclass(frozen=True)
class Training:
    """One training: ours in a notebook, and the printed one in `benchmarks.printed`.

    What the printed side uses is named `module:function`, so that this table can be
    read without Keras; `printed` finds it.
    """

    title: str
    notebook: str  # its id
    net: str  # builds the printed network
    data: str  # loads its data; empty: the notebook's training loads its own
    epochs: int  # the first warms up and is not counted
    arguments: tuple = ()  # of `net`
    data_arguments: tuple = ()
    callback: str = ""  # of the printed side
    rows: tuple[int, int] | None = None  # to train on, to validate with; None: all
    batch_size: int = 128
    target: float = 1.0  # printed seconds over ours
    marker: str = "history = model.fit("  # starts a line of the training cell
    reviews: bool = False  # quality is ROC AUC
    backends: bool = False  # ours is tried on every backend that is installed
    smoke: tuple[int, int] = (512, 256)  # rows of a trial

    def network(self):
        """The printed network, built."""
        return printed(self.net)(*self.arguments)


def printed(name: str):
    """A function of `benchmarks.printed`, from `module:function`."""
    return resolve_name(f"benchmarks.printed.{name}")


RECURRENT = {  # words · length · the layer that reads
    "rnn": (10_000, 100, "SimpleRNN"),
    "lstm": (10_000, 100, "LSTM"),
    "gru": (10_000, 100, "GRU"),
    "bi_lstm": (10_000, 200, "LSTM"),
}

_digits = partial(Training, data="digits:digits")
_flowers = partial(Training, data="flowers:flowers", batch_size=64)
_reviews = partial(
    Training, data="reviews:reviews", reviews=True, callback="reviews:checkpoints"
)


def _recurrent(name: str, title: str, rows: int) -> Training:
    words, length, _ = RECURRENT[name]
    return _reviews(
        title,
        f"{name}_sentiment_classifier",
        "reviews:recurrent_net",
        epochs=3,
        arguments=(name,),
        data_arguments=(words, length),
        rows=(rows, rows // 2),
        target=1.5,
        backends=True,
        smoke=(128, 128),
    )


def _mixed(title: str, notebook: str, net: str, data: tuple, rows: int) -> Training:
    return _reviews(
        title,
        f"{notebook}_sentiment_classifier",
        f"reviews:{net}_sentiment_net",
        epochs=3,
        data_arguments=data,
        rows=(rows, rows // 2),
        smoke=(128, 128),
    )


TRAININGS = {
    "shallow": _digits(
        "Shallow net",
        "shallow_net_in_keras",
        "digits:shallow_net",
        epochs=10,
        target=2.0,
    ),
    "intermediate": _digits(
        "Intermediate net",
        "intermediate_net_in_keras",
        "digits:intermediate_net",
        epochs=7,
        target=2.0,
    ),
    "deep": _digits(
        "Deep net", "deep_net_in_keras", "digits:deep_net", epochs=7, target=2.0
    ),
    "tensorboard": _digits(
        "Deep net with TensorBoard",
        "deep_net_in_keras_with_tensorboard",
        "digits:deep_net",
        epochs=7,
        callback="digits:tensorboard",
    ),
    "deep_in_tensorflow": _digits(
        "Deep net in TensorFlow", "deep_net_in_tensorflow", "digits:deep_net", epochs=7
    ),
    "speed_of_learning": Training(
        "Measuring speed of learning",
        "measuring_speed_of_learning",
        "digits:speed_net",
        data="",
        epochs=8,
        batch_size=1,
        target=5.0,
        marker="measured, history = train(",
        smoke=(1000, 0),
    ),
    "regression": Training(
        "Regression",
        "regression_in_keras",
        "prices:regression_net",
        data="prices:prices",
        epochs=32,
        batch_size=8,
    ),
    "lenet": _digits(
        "LeNet",
        "lenet_in_keras",
        "digits:lenet",
        epochs=3,
        data_arguments=((28, 28, 1),),
        rows=(6400, 1280),
    ),
    "alexnet": _flowers(
        "AlexNet",
        "alexnet_in_keras",
        "flowers:alexnet",
        epochs=3,
        rows=(256, 64),
        smoke=(64, 64),
    ),
    "vggnet": _flowers(
        "VGGNet",
        "vggnet_in_keras",
        "flowers:vggnet",
        epochs=2,
        rows=(32, 32),
        smoke=(8, 8),
    ),
    "dense_sentiment": _reviews(
        "Dense sentiment classifier",
        "dense_sentiment_classifier",
        "reviews:dense_sentiment_net",
        epochs=4,
        data_arguments=(5_000, 100, 50),
    ),
    "conv_sentiment": _reviews(
        "Convolutional sentiment classifier",
        "convolutional_sentiment_classifier",
        "reviews:conv_sentiment_net",
        epochs=3,
        data_arguments=(5_000, 400),
        rows=(6400, 3200),
    ),
    "rnn": _recurrent("rnn", "RNN", 3840),
    "lstm": _recurrent("lstm", "LSTM", 1280),
    "gru": _recurrent("gru", "GRU", 1280),
    "bi_lstm": _recurrent("bi_lstm", "Bi-LSTM", 384),
    "stacked_bi_lstm": _mixed(
        "Stacked Bi-LSTM", "stacked_bi_lstm", "stacked", (10_000, 200), 384
    ),
    "conv_lstm": _mixed(
        "Convolution and Bi-LSTM", "conv_lstm_stack", "conv_lstm", (10_000, 200), 1920
    ),
    "multi_conv": _mixed(
        "Convolutions side by side", "multi_convnet", "multi_conv", (5_000, 400), 1920
    ),
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
