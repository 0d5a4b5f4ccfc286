"""Full pace, trained pace and quick pace.

At full pace (the default) a notebook does what it says. With `DLI_PACE=trained` it does
too, but long trainings are shown for a few batches and then take what was kept of the
recorded run (`dli.kept.player`). With `DLI_PACE=quick` the same cells run on a small
share of the work: `keras.Model.fit`, `evaluate` and `predict` are capped here, and
loops under `dli.progress.track` end early. Results of the quick pace are never
comparable with the book; the scoreboard says so.
"""

from __future__ import annotations

import functools
import inspect
import math
import os
from contextlib import contextmanager
from enum import Enum
from itertools import islice

EPOCHS = 2  # of keras.Model.fit
BATCHES = 4  # an epoch, and of an evaluation
PREDICTIONS = 512  # rows really computed by keras.Model.predict
VALUES = 2_500_000  # input numbers at a time: 16 photographs of 224 × 224 pixels
ITERATIONS = 3  # of a loop under dli.progress.track
SENTENCES = 20_000  # that gensim's word2vec trains on, once
MAP_ROWS = 2_000  # points really placed by scikit-learn's t-SNE
MAP_ITERATIONS = 250  # the fewest it takes

_announced = False
_built: set[tuple] = set()  # forms of the networks that were trained as a graph


class Pace(str, Enum):  # noqa: UP042 (StrEnum came with Python 3.11)
    """How much of a notebook's work is done."""

    __str__ = str.__str__

    FULL = "full"
    TRAINED = "trained"
    QUICK = "quick"


def current() -> Pace:
    """The pace of this process, from `DLI_PACE`; full where it is not set.

    Raises:
        ValueError: `DLI_PACE` holds another word.
    """
    word = os.environ.get("DLI_PACE", "").strip().lower() or "full"
    try:
        return Pace(word)
    except ValueError:
        known = ", ".join(f"'{pace}'" for pace in Pace)
        raise ValueError(f"DLI_PACE is {word!r}; it takes {known}") from None


def is_quick() -> bool:
    """Whether this process runs at quick pace."""
    return current() == Pace.QUICK


def is_short() -> bool:
    """Whether the running cell does a small share of its work."""
    if current() == Pace.TRAINED:
        from dli.kept import player

        return player.is_short()
    return is_quick()


def cap(iterations: int) -> int:
    """How many of so many iterations a loop runs at this pace."""
    return min(iterations, ITERATIONS) if is_short() else iterations


def announce() -> None:
    """Say once a process that it runs at quick pace."""
    global _announced
    if not _announced and is_quick():
        print("quick pace: a small share of the work, results mean nothing")
        _announced = True


def activate() -> None:
    """Cap what takes long, when it is imported, at quick and at trained pace."""
    if current() == Pace.FULL:
        return
    try:
        import wrapt
    except ImportError:  # a bare Python before it is set up: no Keras to cap either
        return
    wrapt.register_post_import_hook(_cap_keras, "keras")
    wrapt.register_post_import_hook(_cap_word2vec, "gensim.models.word2vec")
    wrapt.register_post_import_hook(_cap_tsne, "sklearn.manifold")


def _cap_keras(keras) -> None:
    model = keras.Model
    if getattr(model.fit, "_dli_quick", False):  # done already
        return
    if not is_quick():
        model.fit = _capped(model.fit, _trained_fit)
        return
    for name, quick in (
        ("fit", _quick_fit),
        ("evaluate", _quick_evaluate),
        ("predict", _quick_predict),
    ):
        setattr(model, name, _capped(getattr(model, name), quick))


def _cap_word2vec(word2vec) -> None:
    model = word2vec.Word2Vec
    if not getattr(model.train, "_dli_quick", False):
        model.train = _capped(model.train, _quick_word2vec)


def _cap_tsne(manifold) -> None:
    model = manifold.TSNE
    if not getattr(model.fit_transform, "_dli_quick", False):
        model.fit_transform = _capped(model.fit_transform, _quick_tsne)


def _capped(method, quick):
    """`method` with its bound arguments (defaults filled in) handed to `quick`."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def wrapper(*args, **kwargs):
        announce()
        call = signature.bind(*args, **kwargs)
        call.apply_defaults()
        # `**kwargs` of the method itself would be one argument named "kwargs".
        return quick(lambda: method(*call.args, **call.kwargs), call.arguments)

    wrapper._dli_quick = True
    return wrapper


def _trained_fit(fit, arguments):
    from dli.kept import player

    return player.fit(fit, arguments, _quick_fit)


def _quick_fit(fit, arguments):
    rows = _few(arguments["x"], BATCHES * (arguments["batch_size"] or 32))
    last = arguments["initial_epoch"] + EPOCHS
    arguments["epochs"] = min(arguments["epochs"], last)
    if not _shorten(arguments, ("x", "y", "sample_weight"), rows):
        arguments["steps_per_epoch"] = _steps(
            arguments["x"], arguments["steps_per_epoch"]
        )
    validation = arguments["validation_data"]
    if isinstance(validation, (tuple, list)):
        arguments["validation_data"] = tuple(_head(part, rows) for part in validation)
    elif validation is not None:
        arguments["validation_steps"] = _steps(
            validation, arguments["validation_steps"]
        )
    with _step_by_step(arguments["self"]):
        return fit()


@contextmanager
def _step_by_step(model):
    """Spare a network a graph of its own that another of its form has been given.

    For the few batches of quick pace building it takes most of the time.
    """
    import keras

    form = type(model), *(tuple(weight.shape) for weight in model.weights)
    known = (
        bool(model.weights)
        and form in _built
        and keras.backend.backend() == "tensorflow"
    )
    _built.add(form)
    loops = any(isinstance(part, keras.layers.RNN) for part in model._flatten_layers())
    has_graph = getattr(model, "train_function", None) is not None
    at_once = getattr(model, "steps_per_execution", 1) > 1  # all these would be run
    if not known or has_graph or loops or at_once or model.run_eagerly:
        yield
        return
    model.run_eagerly, model.train_function, model.test_function = True, None, None
    try:
        yield
    finally:
        model.run_eagerly, model.train_function, model.test_function = False, None, None


def _quick_evaluate(evaluate, arguments):
    rows = _few(arguments["x"], BATCHES * (arguments["batch_size"] or 32))
    if not _shorten(arguments, ("x", "y", "sample_weight"), rows):
        arguments["steps"] = _steps(arguments["x"], arguments["steps"])
    return evaluate()


def _quick_predict(predict, arguments):
    """Predict the first rows; the others repeat them, so that shapes stay right."""
    import keras
    import numpy as np

    rows = _rows(arguments["x"])
    computed = _few(arguments["x"], PREDICTIONS)
    if rows is None or rows <= computed:
        return predict()
    _shorten(arguments, ("x",), computed)
    print(
        f"quick pace: predicted {computed:,} of {rows:,} rows, the others repeat these"
    )
    return keras.tree.map_structure(
        lambda part: np.resize(part, (rows, *part.shape[1:])), predict()
    )


def _quick_word2vec(train, arguments):
    """One epoch on the first sentences; the vocabulary is that of the whole corpus."""
    if not is_short():  # trained pace, and nothing to be kept
        return train()
    if arguments["corpus_iterable"] is not None:
        head = list(islice(arguments["corpus_iterable"], SENTENCES))
        arguments["corpus_iterable"] = head
        arguments["total_examples"], arguments["total_words"] = len(head), None
    arguments["epochs"] = min(arguments["epochs"], 1)
    return train()


def _quick_tsne(fit_transform, arguments):
    """Place the first rows in few steps; the others repeat them, shapes stay right."""
    if not is_short():
        return fit_transform()
    import numpy as np

    tsne, rows = arguments["self"], len(arguments["X"])
    arguments["X"] = arguments["X"][:MAP_ROWS]
    asked, tsne.max_iter = tsne.max_iter, min(tsne.max_iter, MAP_ITERATIONS)
    try:
        placed = fit_transform()
    finally:
        tsne.max_iter = asked
    if rows > MAP_ROWS:
        print(
            f"quick pace: placed {MAP_ROWS:,} of {rows:,} points, "
            "the others repeat these"
        )
    return np.resize(placed, (rows, placed.shape[1]))


def _steps(data, asked: int | None) -> int:
    """Batches of a dataset or a generator, one where they are large."""
    most = BATCHES
    for spec in _flat(getattr(data, "element_spec", ()))[:1]:  # of a tf.data.Dataset
        rows = spec.shape[0] or 32
        most = min(most, max(_few(spec, most * rows) // rows, 1))
    return min(asked or most, most)


def _few(data, rows: int) -> int:
    """At most `rows`, fewer where a row of `data` holds many numbers."""
    shapes = [getattr(part, "shape", ()) for part in _flat(data)]
    values = sum(math.prod(size or 1 for size in shape[1:]) for shape in shapes)
    return min(rows, max(VALUES // max(values, 1), 1))


def _flat(data) -> list:
    import keras

    return keras.tree.flatten(data)


def _shorten(arguments, names, rows: int) -> bool:
    """Keep the first `rows` rows of array arguments; False for other data."""
    if _rows(arguments["x"]) is None:
        return False
    for name in names:
        arguments[name] = _head(arguments[name], rows)
    return True


def _rows(data) -> int | None:
    """Rows of an array or of a structure of arrays; None for other data."""
    shapes = [getattr(part, "shape", None) for part in _flat(data)]
    if not shapes or any(not shape for shape in shapes):
        return None
    return int(shapes[0][0])


def _head(data, rows: int):
    import keras

    if data is None:
        return None
    return keras.tree.map_structure(lambda part: part[:rows], data)
