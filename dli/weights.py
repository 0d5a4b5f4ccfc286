"""Kept weights: what the recorded trainings left.

At *trained* pace a long training is shown for a few batches, and then its network gets
the weights of the recorded run. A call of `keras.Model.fit` needs nothing for that. A
cell that trains in a loop of its own, or with another library, ends in one line:

    keep(generator=generator, history=history)

which, at full pace, does nothing.
"""

from __future__ import annotations


def keep(**results) -> None:
    """What this cell's training leaves; at trained pace, what the recorded one left.

    The line stands at the left margin, right after the loop, before anything is
    computed from its results.

    Args:
        **results: networks of Keras or PyTorch, word vectors of gensim, and lists,
            dictionaries and arrays of numbers. At trained pace they are filled in
            place with what the recorded run left in them; at any other pace they stay
            as they are.

    Raises:
        TypeError: something else is to be kept (when the notebook is recorded).
    """
    from dli.kept import recorder

    recorder.note_cell(results)
