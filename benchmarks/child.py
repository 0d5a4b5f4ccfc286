"""One measurement in a process of its own: memory and warm-up are its own too.

    python -m benchmarks.child '{"part": "shallow", "side": "ours"}' result.json

The process is started by `run` in an empty folder.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import flops, notebook, printed
from benchmarks.parts import DATA_SETS, FRACTIONS, TRAININGS

SEED = 42
DQN_STEPS = 100  # of an episode


def main(arguments: list[str]) -> None:
    spec = json.loads(arguments[0])
    result = _MEASURES.get(spec["part"], training)(spec)
    result.setdefault("peak_mb", peak_mb())
    Path(arguments[1]).write_text(json.dumps(result), encoding="utf-8")


def peak_mb() -> float:
    """The most memory this process has held so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says there includes the parent's memory
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1000
    import psutil

    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS: bytes


class Laps:
    """Watches `keras.Model.fit`: on how much data it trains, and how long it takes.

    Within the `with` block every fit is cut to `rows` and timed. Of one fit the epochs
    are the laps, with their validation; of several fits, one after the other, the laps
    go from the start of each to the start of the next.
    """

    def __init__(self, rows: tuple[int, int] | None):
        self.rows, self.starts, self.epochs = rows, [], []
        self.logs: dict = {}

    def __enter__(self):
        import keras

        self._keras, self.fit = keras, keras.Model.fit

        def fit(model, x, y=None, *args, validation_data=None, callbacks=(), **others):
            if self.rows and y is not None:
                x, y = (part[: self.rows[0]] for part in (x, y))
                if validation_data is not None:
                    validation_data = [part[: self.rows[1]] for part in validation_data]
                    validation_data = tuple(validation_data)
            self.model, self.x, self.y, self.valid = model, x, y, validation_data
            self.starts.append(time.perf_counter())
            watch = _watch(self)
            return self.fit(
                *(model, x, y, *args),
                validation_data=validation_data,
                callbacks=[*(callbacks or ()), watch],
                **others,
            )

        keras.Model.fit = fit
        return self

    def __exit__(self, *_):
        self._keras.Model.fit = self.fit
        self.end = time.perf_counter()

    @property
    def seconds(self) -> list[float]:
        """Seconds of each lap but the first, in which graphs are built."""
        if len(self.starts) > 1:
            laps = np.diff([*self.starts, self.end])
        else:
            laps = np.diff(self.epochs)[::2]
        return [float(lap) for lap in laps[1:]]


def _watch(laps: Laps):
    import keras

    class Watch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            laps.epochs.append(time.perf_counter())

        def on_epoch_end(self, epoch, logs=None):
            laps.epochs.append(time.perf_counter())
            laps.logs = {name: float(value) for name, value in (logs or {}).items()}

    return Watch()


def training(spec: dict) -> dict:
    """Seconds an epoch of one side of `parts.TRAININGS`, memory, quality, arithmetic.

    Both sides start from the same weights and see a new order of the data each epoch.
    """
    part = TRAININGS[spec["part"]]
    rows = part.smoke if spec.get("smoke") else part.rows
    epochs = 2 if spec.get("smoke") else part.epochs
    laps = Laps(rows)
    trained = {"printed": _train_printed, "ours": _train_ours}[spec["side"]]
    speeds = trained(part, epochs, laps)
    result = {"seconds": laps.seconds, "peak_mb": peak_mb(), **describe(laps, part)}
    if speeds is not None:
        result["quality"]["speed 5:3"] = float(speeds[:, 4].sum() / speeds[:, 2].sum())
    return result


def _train_printed(part, epochs: int, laps: Laps):
    import keras

    from dli.shuffling import reshuffle_every_epoch

    keras.utils.set_random_seed(SEED)
    reshuffle_every_epoch()
    if part.data is None:
        with laps:
            return printed.speed_of_learning(epochs)[1]
    function, arguments = part.data
    data = getattr(printed, function)(*arguments)
    arguments = (part.argument,) if part.argument else ()
    model = getattr(printed, part.net)(*arguments)
    callbacks = [getattr(printed, part.callback)()] if part.callback else []
    with laps:
        printed.fit(model, data, epochs, part.batch_size, callbacks)
    return None


def _train_ours(part, epochs: int, laps: Laps):
    _no_window()
    names, code = notebook.prepare(part.notebook, part.marker, {"epochs": epochs})
    with laps:
        exec(compile(code, part.notebook, "exec"), names)
    if part.data is not None:
        return None
    laps.x, laps.y = names["X"], names["y"]  # `fit` was given them as one data set
    return names["measured"]


def _no_window() -> None:
    import matplotlib

    matplotlib.use("agg")


def describe(laps: Laps, part) -> dict:
    """What a training has reached, and what it is: both sides should agree in that."""
    import keras

    model, names = laps.model, ("accuracy", "val_accuracy", "loss", "val_loss")
    quality = {name: laps.logs[name] for name in names if name in laps.logs}
    valid = laps.valid or (laps.x, laps.y)
    if part.reviews:
        from sklearn.metrics import roc_auc_score

        y_hat = model.predict(valid[0], batch_size=128, verbose=0).flatten()
        quality["ROC AUC"] = float(roc_auc_score(valid[1], y_hat))
    optimizer = model.optimizer
    trained = len(laps.x), len(laps.valid[0]) if laps.valid else 0
    return {
        "quality": quality,
        "rows": trained,
        "flops": flops.epoch(model, *trained),
        "parameters": model.count_params(),
        "backend": keras.backend.backend(),
        "arithmetic": model.dtype_policy.compute_dtype,
        "identity": {
            "optimizer": type(optimizer).__name__,
            "learning rate": round(float(optimizer.learning_rate), 9),
            "reference loss": reference_loss(model, valid[0][:64], valid[1][:64]),
        },
    }


def fix_weights(model) -> None:
    """Give a network weights that depend on nothing but their shapes."""
    rng = np.random.default_rng(0)
    for weight in model.weights:
        values = rng.normal(0, 0.05, weight.shape)
        if weight.path.endswith("variance"):
            values = np.abs(values) + 0.5
        weight.assign(values.astype("float32"))


def reference_loss(model, x, y) -> float:
    """The loss of `fix_weights` on some data: equal for equal networks and losses."""
    fix_weights(model)
    return float(np.atleast_1d(model.test_on_batch(x, y))[0])


def scaling(spec: dict) -> dict:
    """Seconds of an epoch, without validation, on shares of the data; our side."""
    part = TRAININGS[spec["net"]]
    rows = part.smoke if spec.get("smoke") else part.rows
    laps = Laps(rows)
    _no_window()
    names, code = notebook.prepare(part.notebook, part.marker, {"epochs": 1})
    with laps:
        exec(compile(code, part.notebook, "exec"), names)
    points = []
    for fraction in FRACTIONS:
        count = int(len(laps.x) * fraction)
        watch = Laps(None)
        laps.model.fit(
            *(laps.x[:count], laps.y[:count]),
            batch_size=part.batch_size,
            epochs=4,
            verbose=0,
            callbacks=[_watch(watch)],
        )
        points.append([count, median(np.diff(watch.epochs)[::2][1:].tolist())])
    return {"points": points}


def gan(spec: dict) -> dict:
    """Seconds an iteration of one side of the GAN."""
    import keras

    from dli.datasets import quickdraw

    iterations = 2 if spec.get("smoke") else 12
    if spec["side"] == "printed":
        keras.utils.set_random_seed(SEED)
        net = printed.GAN()
        iteration = net.iteration
        discriminator, adversarial = net.discriminator, net.adversarial
    else:
        _no_window()
        names: dict = {}
        stem = "generative_adversarial_network"
        for source, tags in notebook.code_cells(stem):
            if "definitions" in tags:
                exec(compile(source, stem, "exec"), names)
        discriminator, adversarial = names["discriminator"], names["adversarial"]
        iteration = _our_iteration(names)
    sketches = quickdraw.load_data("apple")
    sketches = sketches.reshape(-1, 28, 28, 1).astype("float32") / 255
    seconds, history = [], []
    for _ in range(iterations):
        started = time.perf_counter()
        history.append(iteration(sketches))
        seconds.append(time.perf_counter() - started)
    peak, means = peak_mb(), np.mean(history[1:], axis=0)
    generator = adversarial.layers[-2]
    noise = np.random.default_rng(0).uniform(-1, 1, (64, 32)).astype("float32")
    return {
        "seconds": seconds[1:],
        "peak_mb": peak,
        "quality": dict(zip(("D loss", "D accuracy", "A loss"), map(float, means))),
        # 256 sketches judged and learned from; 128 drawn; 128 drawn and learned from,
        # through a discriminator without gradients of its weights
        "flops": 256 * flops.training(discriminator)
        + 128 * (flops.forward(generator) + flops.training(generator))
        + 128 * 2 * flops.forward(discriminator),
        "parameters": adversarial.count_params(),
        "backend": keras.backend.backend(),
        "identity": {
            "discriminator": reference_loss(
                discriminator, sketches[:64], np.ones((64, 1))
            ),
            "adversarial": reference_loss(adversarial, noise, np.ones((64, 1))),
        },
    }


def _our_iteration(names: dict):
    rng, batch_size = names["rng"], names["batch_size"]

    def iteration(sketches):
        real = sketches[rng.integers(len(sketches), size=batch_size)]
        return [
            *names["discriminator_half_step"](real),
            *names["generator_half_step"](batch_size),
        ]

    return iteration


def dqn(spec: dict) -> dict:
    """Seconds of an episode of 100 steps and its replay, of one side of the DQN.

    The share of random actions is the lowest, as it is through most of a training.
    """
    import gymnasium as gym
    import keras

    ours = spec["side"] == "ours"
    episodes = 2 if not ours else 4 if spec.get("smoke") else 40
    steps = 10 if spec.get("smoke") else DQN_STEPS
    keras.utils.set_random_seed(SEED)
    agents = _our_agents() if ours else printed.Agent
    env = gym.make("CartPole-v1", max_episode_steps=200)
    agent = agents()
    agent.epsilon = 0.01
    _steps(agent, env, 64)  # to have something to replay
    agent.train()
    seconds = []
    for _ in range(episodes):
        started = time.perf_counter()
        _steps(agent, env, steps)
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
        "replay of 1": _replayed(agents, 1),
        "replay of 32": _replayed(agents, 32),
    }


def _our_agents():
    """Builds the notebook's agents, which replay as many memories as they are told."""
    _no_window()
    marker = "agent, steps, epsilons, saved = learn("
    names, _ = notebook.prepare("cartpole_dqn", marker)

    def agent(batch_size: int = 32):
        names["batch_size"] = batch_size
        return names["DQNAgent"]()

    return agent


def _steps(agent, env, steps: int) -> None:
    """So many steps, from one fall to the next start."""
    state, _ = env.reset(seed=SEED)
    for _ in range(steps):
        action = agent.act(state)
        next_state, reward, fell, capped, _ = env.step(action)
        agent.remember(state, action, -10.0 if fell else reward, next_state, fell)
        state = env.reset()[0] if fell or capped else next_state


def _replayed(agents, memories: int) -> dict:
    """Weights before and after one replay of the same memories."""
    rng = np.random.default_rng(0)
    agent = agents(memories)
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
    flat = [
        np.concatenate([w.ravel() for w in weights]).tolist()
        for weights in (before, agent.model.get_weights())
    ]
    return {"before": flat[0], "after": flat[1]}


def preprocessing(spec: dict) -> dict:
    """Seconds until the sentences are clean, and of word2vec, of one side."""
    from dli.datasets import nltk_data

    nltk_data.ensure("gutenberg", "stopwords", "punkt_tab")
    result: dict = {}
    if spec["side"] == "printed":
        from gensim.models.phrases import Phraser, Phrases  # noqa: F401 before timing

        started = time.perf_counter()
        clean, bigrams = printed.clean_sentences()
        result["seconds"] = [time.perf_counter() - started]
        train = lambda: printed.word_vectors(clean)  # noqa: E731
    else:
        stem = "natural_language_preprocessing"
        names, code, seconds = _our_sentences(stem)
        clean, bigrams = names["clean_sents"], names["lower_bigrams"]
        result["seconds"] = [seconds]

        def train():
            exec(compile(code, stem, "exec"), names)
            return names["vectors"]

    result["quality"] = {
        "tokens": sum(map(len, clean)),
        "phrases": len(bigrams.phrasegrams),
    }
    if spec.get("word2vec"):
        started = time.perf_counter()
        vectors = train()
        result["word2vec"] = time.perf_counter() - started
        result["quality"]["vocabulary"] = len(vectors)
        result["quality"]["father : dog"] = float(vectors.similarity("father", "dog"))
    return result


def _our_sentences(stem: str):
    """The notebook's cells from the corpus to clean sentences, timed."""
    _no_window()
    cells, code = notebook.cut(stem, "model = Word2Vec(")
    names: dict = {"__name__": "__main__"}
    started = None
    for source, tags in cells:
        if "beyond-the-book" in tags:
            continue
        exec(compile(source, stem, "exec"), names)
        if "nltk_data.ensure(" in source:  # imports and parameters lie behind
            started = time.perf_counter()
    return names, code, time.perf_counter() - started


def imports(spec: dict) -> dict:
    """Seconds of one import in a bare process, and whether it brought Keras along."""
    code = (
        "import sys, time; started = time.perf_counter(); import {0}; "
        "print(time.perf_counter() - started, 'keras' in sys.modules)"
    )
    command = [sys.executable, "-c", code.format(spec["module"])]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, keras = shown.split()
    return {"seconds": [float(seconds)], "keras": keras == "True"}


def data_loads(spec: dict) -> dict:
    """Seconds to load a data set that an earlier process has loaded before."""
    name = spec["data"]
    module = importlib.import_module(f"dli.datasets.{name}")
    started = time.perf_counter()
    eval(f"module.{DATA_SETS[name]}", {"module": module})
    return {"seconds": [time.perf_counter() - started]}


def matrix_products(spec: dict) -> dict:
    """The machine's float32 peak: the best of some products of large matrices."""
    import tensorflow as tf

    best = 0.0
    for n in (1024,) if spec.get("smoke") else (2048, 3072, 4096):
        a, b = np.random.default_rng(0).random((2, n, n), dtype="float32")
        for one, other in ((a, b), (tf.constant(a), tf.constant(b))):
            for _ in range(5):
                started = time.perf_counter()
                np.asarray(one @ other)
                best = max(best, 2 * n**3 / (time.perf_counter() - started))
    return {"gflops": best / 1e9}


def own_products(spec: dict) -> dict:
    """GFLOP/s of TensorFlow's bare products, in the sizes that some trainings need.

    Of recurrent nets: the state of 128 reviews times the weights of all gates, step
    after step. Of the GAN: the discriminator's convolutions, forwards and backwards.
    """
    repeats = 1 if spec.get("smoke") else 8
    kinds = {name: kind for name, (_, _, kind) in printed.RECURRENT.items()}
    found = {
        name: _state_products(flops.GATES[k], repeats) for name, k in kinds.items()
    }
    return {"gflops": found | {"gan": _convolutions(repeats)}}


def _state_products(gates: int, repeats: int) -> float:
    import tensorflow as tf

    steps, batch, units = 50, 128, 256
    state = tf.random.normal((batch, units))
    weights = tf.random.normal((units, units * gates)) / units

    @tf.function
    def run():
        h = state
        for _ in range(steps):  # each waits for the one before it
            h = tf.matmul(h, weights)[:, :units]
        return h

    work = 2 * steps * batch * units * units * gates
    return work / _best(run, repeats) / 1e9


def _convolutions(repeats: int) -> float:
    import tensorflow as tf

    work = seconds = 0.0
    for layer in printed.GAN().discriminator.layers:
        if type(layer).__name__ != "Conv2D" or layer.input.shape[-1] == 1:
            continue  # the first has hardly any work
        w, stride = tf.constant(layer.kernel), (1, *layer.strides, 1)
        for batch, to_weights in ((256, True), (128, False)):
            x = tf.random.normal((batch, *layer.input.shape[1:]))
            y = tf.nn.conv2d(x, w, stride, "SAME")
            how = {"out_backprop": y, "strides": stride, "padding": "SAME"}
            ways = [
                partial(tf.nn.conv2d, x, w, stride, "SAME"),
                partial(tf.raw_ops.Conv2DBackpropInput, input_sizes=x.shape, filter=w),
                partial(tf.raw_ops.Conv2DBackpropFilter, input=x, filter_sizes=w.shape),
            ][: 2 + to_weights]
            for number, way in enumerate(ways):
                way = partial(way, **how) if number else way
                seconds += _best(tf.function(way), repeats)
                work += 2 * int(np.prod(w.shape) * np.prod(y.shape[:3]))
    return work / seconds / 1e9


def _best(run, repeats: int) -> float:
    """Seconds of the quickest of some runs."""
    run()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        run().numpy()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


_MEASURES = {
    "gan": gan,
    "dqn": dqn,
    "preprocessing": preprocessing,
    "imports": imports,
    "data_loads": data_loads,
    "scaling": scaling,
    "matrix_products": matrix_products,
    "own_products": own_products,
}

if __name__ == "__main__":
    os.environ.pop("DLI_PACE", None)
    main(sys.argv[1:])
