"""Weights of each epoch, the best of them, and the authors' epochs beside ours."""

from __future__ import annotations

from dli import folders, tables
from dli.progress import best_epoch

#: The epoch the authors went back to, counted from 1, with its validation loss and
#: accuracy: the recorded notebooks of the book's repository, by name of the model.
AUTHORS = {
    "dense_sentiment_classifier": (2, 0.3486, 0.8447),
    "convolutional_sentiment_classifier": (3, 0.2577, 0.8959),
    "rnn_sentiment_classifier": (7, 0.5039, 0.7758),
    "lstm_sentiment_classifier": (2, 0.3486, 0.8476),
    "bi_lstm_sentiment_classifier": (4, 0.3308, 0.8604),
    "stacked_bi_lstm_sentiment_classifier": (2, 0.2957, 0.8783),
    "gru_sentiment_classifier": (2, 0.3419, 0.8490),
    "conv_lstm_stack_sentiment_classifier": (2, 0.3291, 0.8710),
    "multi_convnet_sentiment_classifier": (2, 0.2620, 0.8941),
}

#: What those notebooks recorded after each epoch, as far as they show it.
AUTHORS_EPOCHS = {
    "dense_sentiment_classifier": {
        "loss": (0.5612, 0.2851, 0.1158, 0.0237),
        "accuracy": (0.6892, 0.8841, 0.9646, 0.9961),
        "val_loss": (0.3630, 0.3486, 0.4252, 0.5304),
        "val_accuracy": (0.8398, 0.8447, 0.8337, 0.8340),
    },
    "convolutional_sentiment_classifier": {
        "loss": (0.4894, 0.2534, 0.1709, 0.1151),
        "val_loss": (0.2971, 0.2604, 0.2577, 0.2828),
        "val_accuracy": (0.8750, 0.8914, 0.8959, 0.8934),
    },
    "multi_convnet_sentiment_classifier": {
        "loss": (0.4853, 0.2460, 0.1719, 0.1230),
        "val_loss": (0.2925, 0.2620, 0.2776, 0.2922),
        "val_accuracy": (0.8782, 0.8941, 0.8882, 0.8943),
    },
}


def save_epochs(name: str):
    """The Keras callback that writes the weights after every epoch.

    Args:
        name: of the folder, below `model_output` beside the notebook.

    Returns:
        A `keras.callbacks.ModelCheckpoint`; its files are `epoch_01.weights.h5` ….
    """
    import keras

    folder = folders.writable(f"model_output/{name}")
    return keras.callbacks.ModelCheckpoint(
        folder / "epoch_{epoch:02d}.weights.h5", save_weights_only=True
    )


def load_best_epoch(model, history, saved) -> int | None:
    """Load the weights of the epoch with the lowest validation loss, and say which.

    The authors' epoch stands beside it, if the model bears the name of one of theirs.

    Args:
        model: the trained `keras.Model`.
        history: what `fit` returned, with validation and accuracy.
        saved: the callback of `save_epochs` that was given to `fit`.

    Returns:
        The epoch, counted from 1. None if the training diverged: then the weights
        stay, and a line says so.
    """
    losses = history.history["val_loss"]
    best = best_epoch(losses)
    if best is None:
        print("diverged: no epoch has a validation loss that is a number")
        return None
    model.load_weights(str(saved.filepath).format(epoch=best + 1))
    accuracy = history.history["val_accuracy"][best]
    lines = [["", "best epoch", "validation loss", "validation accuracy"]]
    runs = {"this run": (best + 1, losses[best], accuracy)}
    if model.name in AUTHORS:
        runs["the authors"] = AUTHORS[model.name]
    for run, (epoch, loss, accuracy) in runs.items():
        lines.append([run, str(epoch), f"{loss:.4f}", f"{accuracy:.4f}"])
    print(tables.text(lines))
    return best + 1


def epochs_beside_authors(name: str, history) -> None:
    """Show each epoch's losses and accuracies, the authors' beside them.

    Args:
        name: of the model; one of `AUTHORS_EPOCHS`.
        history: what `fit` returned.
    """
    from IPython.display import display

    theirs = AUTHORS_EPOCHS[name]
    lines = [["epoch"]]
    for metric in theirs:
        lines[0] += [metric, "authors"]
    epochs = max(len(history.epoch), len(next(iter(theirs.values()))))
    for epoch in range(epochs):
        lines.append([str(epoch + 1)])
        for metric, printed in theirs.items():
            for values in (history.history[metric], printed):
                known = epoch < len(values)
                lines[-1].append(f"{values[epoch]:.4f}" if known else "–")
    bundle = {
        "text/plain": tables.text(lines, right=True),
        "text/html": tables.html(lines),
    }
    display(bundle, raw=True)
