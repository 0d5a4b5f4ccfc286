"""What is measured: the trainings that are compared, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks import printed


@dataclass(frozen=True)
class Training:
    """One training, ours in a notebook and the printed one in `printed`."""

    title: str
    notebook: str  # as of `notebook.path_of`
    net: str  # builds the printed network, a function of `printed`
    data: tuple[str, tuple] | None  # function of `printed` and its arguments
    epochs: int  # the first warms up and is not counted
    rows: tuple[int, int] | None = None  # to train on, to validate with; None: all
    batch_size: int = 128
    target: float = 1.0  # printed seconds over ours
    marker: str = "history = model.fit("  # starts a line of the training cell
    reviews: bool = False  # quality is ROC AUC
    callback: str = ""  # of the printed side, a function of `printed`
    backends: bool = False  # ours is tried on every backend that is installed
    argument: str = ""  # of `net`
    smoke: tuple[int, int] = (512, 256)  # rows of a trial


def _recurrent(name: str, title: str, notebook: str, rows: int) -> Training:
    words, length, _ = printed.RECURRENT[name]
    return Training(
        title,
        notebook,
        "recurrent_net",
        ("reviews", (words, length)),
        epochs=3,
        rows=(rows, rows // 2),
        target=1.5,
        reviews=True,
        callback="checkpoints",
        backends=True,
        argument=name,
        smoke=(128, 128),
    )


def _mixed(title: str, notebook: str, net: str, data: tuple, rows: int) -> Training:
    return Training(
        title,
        f"{notebook}_sentiment_classifier",
        f"{net}_sentiment_net",
        ("reviews", data),
        epochs=3,
        rows=(rows, rows // 2),
        reviews=True,
        callback="checkpoints",
        smoke=(128, 128),
    )


TRAININGS = {
    "shallow": Training(
        "Shallow net",
        "shallow_net_in_keras",
        "shallow_net",
        ("digits", ()),
        epochs=10,
        target=2.0,
    ),
    "intermediate": Training(
        "Intermediate net",
        "intermediate_net_in_keras",
        "intermediate_net",
        ("digits", ()),
        epochs=7,
        target=2.0,
    ),
    "deep": Training(
        "Deep net",
        "deep_net_in_keras",
        "deep_net",
        ("digits", ()),
        epochs=7,
        target=2.0,
    ),
    "tensorboard": Training(
        "Deep net with TensorBoard",
        "deep_net_in_keras_with_tensorboard",
        "deep_net",
        ("digits", ()),
        epochs=7,
        callback="tensorboard",
    ),
    "deep_in_tensorflow": Training(
        "Deep net in TensorFlow",
        "deep_net_in_tensorflow",
        "deep_net",
        ("digits", ()),
        epochs=7,
    ),
    "speed_of_learning": Training(
        "Measuring speed of learning",
        "measuring_speed_of_learning",
        "speed_net",
        None,
        epochs=8,
        batch_size=1,
        target=5.0,
        marker="measured, history = train(",
        smoke=(1000, 0),
    ),
    "regression": Training(
        "Regression",
        "regression_in_keras",
        "regression_net",
        ("prices", ()),
        epochs=32,
        batch_size=8,
    ),
    "lenet": Training(
        "LeNet",
        "lenet_in_keras",
        "lenet",
        ("digits", ((28, 28, 1),)),
        epochs=3,
        rows=(6400, 1280),
    ),
    "alexnet": Training(
        "AlexNet",
        "alexnet_in_keras",
        "alexnet",
        ("flowers", ()),
        epochs=3,
        rows=(256, 64),
        batch_size=64,
        smoke=(64, 64),
    ),
    "vggnet": Training(
        "VGGNet",
        "vggnet_in_keras",
        "vggnet",
        ("flowers", ()),
        epochs=2,
        rows=(32, 32),
        batch_size=64,
        smoke=(8, 8),
    ),
    "dense_sentiment": Training(
        "Dense sentiment classifier",
        "dense_sentiment_classifier",
        "dense_sentiment_net",
        ("reviews", (5_000, 100, 50)),
        epochs=4,
        reviews=True,
        callback="checkpoints",
    ),
    "conv_sentiment": Training(
        "Convolutional sentiment classifier",
        "convolutional_sentiment_classifier",
        "conv_sentiment_net",
        ("reviews", (5_000, 400)),
        epochs=3,
        rows=(6400, 3200),
        reviews=True,
        callback="checkpoints",
    ),
    "rnn": _recurrent("rnn", "RNN", "rnn_sentiment_classifier", 3840),
    "lstm": _recurrent("lstm", "LSTM", "lstm_sentiment_classifier", 1280),
    "gru": _recurrent("gru", "GRU", "gru_sentiment_classifier", 1280),
    "bi_lstm": _recurrent("bi_lstm", "Bi-LSTM", "bi_lstm_sentiment_classifier", 384),
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
