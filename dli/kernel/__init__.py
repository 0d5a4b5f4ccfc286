"""The IPython extension that our kernels load (`--ext=dli.kernel`).

It caps what takes long at quick pace (`dli.kernel.pace`), lets Keras on PyTorch train
what is written for the other backends (`dli.kernel.pytorch`), and sets what the
notebooks depend on (`dli.kernel.settings`). Importing `dli` alone changes nothing.
"""


def load_ipython_extension(shell=None) -> None:
    """Called by IPython when a kernel of ours starts."""
    activate()


def activate() -> None:
    """Make Keras, gensim, scikit-learn and matplotlib do what the notebooks expect.

    They are changed when they are imported; the call may come before or after that,
    and more than once.
    """
    from dli.kernel import pace, pytorch, settings

    settings.activate()
    pace.activate()
    pytorch.activate()
