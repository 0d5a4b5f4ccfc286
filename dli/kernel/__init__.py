"""The IPython extension that our kernels load (`--ext=dli.kernel`).

It caps what takes long at quick pace (`dli.kernel.pace`), lets Keras on PyTorch train
what is written for the other backends (`dli.kernel.pytorch`), and sets what the
notebooks depend on (`dli.kernel.settings`). Importing `dli` alone changes nothing.
"""


def load_ipython_extension(shell=None) -> None:
    """Called by IPython when a kernel of ours starts."""
    activate()
    if shell is not None:
        shell.events.register("pre_run_cell", _cell_begins(shell))


def _cell_begins(shell):
    from dli.kept import cells, recorder

    def cell_begins(info) -> None:
        cells.begin(info.raw_cell)
        recorder.cell_begins(info.raw_cell, shell.user_ns)

    return cell_begins


def activate() -> None:
    """Make Keras, gensim, scikit-learn and matplotlib do what the notebooks expect.

    They are changed when they are imported; the call may come before or after that,
    and more than once.
    """
    from dli.kept import recorder
    from dli.kernel import pace, pytorch, settings

    settings.activate()
    pace.activate()
    pytorch.activate()
    recorder.activate()
