"""The IPython extension that our kernels load (`--ext=dli.kernel`).

It shortens what takes long at quick and at trained pace (`dli.kernel.pace`), lets Keras
on PyTorch train what is written for the other backends (`dli.kernel.pytorch`), sets
what the notebooks depend on (`dli.kernel.settings`), and says why the kernel before it
was ended (`dli.kernel.notes`). Importing `dli` alone changes nothing.
"""

import os

from dli.kernel import notes


def load_ipython_extension(shell=None) -> None:
    """Called by IPython when a kernel of ours starts."""
    activate()
    if shell is not None and (note := notes.unread()):
        shell.events.register("pre_run_cell", notes.once(shell, note))
    if shell is not None and (follow := _follower()):
        shell.events.register("pre_run_cell", _cell_begins(shell, follow))


def _follower():
    """Who is to know which cell runs: at trained pace, and while a notebook is kept."""
    from dli.kernel import pace

    if pace.current() == pace.Pace.TRAINED:
        from dli.kept import player

        return player
    if os.environ.get("DLI_KEEP"):
        from dli.kept import recorder

        return recorder
    return None


def _cell_begins(shell, follow):
    from dli.kept import cells

    def cell_begins(info) -> None:
        cells.begin(info.raw_cell)
        follow.cell_begins(info.raw_cell, shell.user_ns)

    return cell_begins


def activate() -> None:
    """Make Keras, gensim, scikit-learn and matplotlib do what the notebooks expect.

    They are changed when they are imported; the call may come before or after that,
    and more than once.
    """
    from dli.kernel import pace, pytorch, settings

    settings.activate()
    pace.activate()
    pytorch.activate()
    if os.environ.get("DLI_KEEP"):  # a recording
        from dli.kept import recorder

        recorder.activate()
